internal import Synchronization

/// Consecutive tokens of a text, as many as were found in one step.
///
/// One batch is filled again and again while a text is read, so that a token costs no allocation. It is
/// a class, because the references that copies of a value would count cost as much as a short text.
///
/// Used by one thread at a time: `TokenBatchPool` lends each to one caller, and every other one belongs
/// to the iterator that made it; hence `@unchecked Sendable` is sound.
final class TokenBatch: @unchecked Sendable {
  /// Where the first token begins, in bytes.
  private(set) var start = 0
  /// How many tokens there are.
  var count = 0
  /// Where they end, in bytes from the start; the rest of the array is room.
  var ends: [UInt32]
  /// Their kinds, as raw values.
  var kinds: [UInt8]
  /// The iterator that cuts what the tables do not reach; opened when first needed.
  var breaker: Breaker?

  /// Makes room for the tokens of a window.
  init() {
    let capacity = WordScanner.windowRoom
    ends = [UInt32](repeating: 0, count: capacity)
    kinds = [UInt8](repeating: 0, count: capacity)
  }

  /// Empties the batch, or takes the tokens that were written into it; the first begins at a place.
  func restart(at start: Int, count: Int = 0) {
    self.start = start
    self.count = count
  }

  /// Where a token lies.
  func range(at index: Int) -> Range<Int> {
    (index == 0 ? start : start + Int(ends[index - 1]))..<(start + Int(ends[index]))
  }

  /// Calls `body` with each token's place and kind.
  func forEach(_ body: (Range<Int>, TokenKind) -> Void) {
    var position = start
    for index in 0..<count {
      let end = start + Int(ends[index])
      if let kind = TokenKind(rawValue: kinds[index]) { body(position..<end, kind) }
      position = end
    }
  }
}

/// Idle batches, so that a short text costs no allocation of its own.
final class TokenBatchPool: Sendable {
  private let idle = Mutex<[TokenBatch]>([])

  /// Lends a batch to `body`, and to nobody else meanwhile.
  func withBatch(_ body: (TokenBatch) -> Void) {
    let batch = idle.withLock { $0.popLast() } ?? TokenBatch()
    body(batch)
    idle.withLock { $0.append(batch) }
  }
}
