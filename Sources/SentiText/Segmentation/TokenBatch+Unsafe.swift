internal import Synchronization

/// Consecutive tokens of a text, as many as were found in one step.
///
/// One batch is filled again and again while a text is read, so that a token costs no allocation. Its
/// memory is its own, because counting the references to arrays costs as much as a short text.
///
/// Used by one thread at a time: `TokenBatchPool` lends each to one caller, and every other one belongs
/// to the iterator that made it; hence `@unchecked Sendable` is sound.
@safe final class TokenBatch: @unchecked Sendable {
  /// The tokens where they lie, valid until the batch changes.
  @unsafe struct Storage {
    fileprivate(set) var start = 0
    fileprivate(set) var count = 0
    fileprivate var capacity: Int
    fileprivate(set) var ends: UnsafeMutablePointer<UInt32>
    fileprivate(set) var kinds: UnsafeMutablePointer<UInt8>
  }

  let storage: UnsafeMutablePointer<Storage>
  /// The iterator that cuts what the tables do not reach; opened when first needed.
  var breaker: Breaker?

  /// Makes room for the tokens of a window.
  init() {
    let capacity = WordScanner.windowRoom
    unsafe storage = .allocate(capacity: 1)
    unsafe storage.initialize(
      to: Storage(
        capacity: capacity, ends: .allocate(capacity: capacity),
        kinds: .allocate(capacity: capacity)))
  }

  deinit {
    unsafe storage.pointee.ends.deallocate()
    unsafe storage.pointee.kinds.deallocate()
    unsafe storage.deallocate()
  }

  /// Where the first token begins, in bytes.
  var start: Int { unsafe storage.pointee.start }
  /// How many tokens there are.
  var count: Int { unsafe storage.pointee.count }

  /// How many bytes the tokens cover.
  var byteCount: Int { count == 0 ? 0 : Int(unsafe storage.pointee.ends[count - 1]) }

  /// Empties the batch; its first token begins at a place.
  func restart(at start: Int) {
    unsafe storage.pointee.start = start
    unsafe storage.pointee.count = 0
  }

  /// Where a token lies.
  func range(at index: Int) -> Range<Int> {
    precondition(0 <= index && index < count, "token \(index) of \(count)")
    let before = index == 0 ? 0 : Int(unsafe storage.pointee.ends[index - 1])
    return (start + before)..<(start + Int(unsafe storage.pointee.ends[index]))
  }

  /// The kind of a token, as a raw value.
  func rawKind(at index: Int) -> UInt8 {
    precondition(0 <= index && index < count, "token \(index) of \(count)")
    return unsafe storage.pointee.kinds[index]
  }

  /// Puts another kind in place of a token's.
  func setKind(_ kind: TokenKind, at index: Int) {
    precondition(0 <= index && index < count, "token \(index) of \(count)")
    unsafe storage.pointee.kinds[index] = kind.rawValue
  }

  /// Calls `body` with each token's place and kind.
  func forEach(_ body: (Range<Int>, TokenKind) -> Void) {
    for index in 0..<count {
      if let kind = TokenKind(rawValue: rawKind(at: index)) { body(range(at: index), kind) }
    }
  }

  /// Adds the tokens that `body` writes, ends and kinds, and of which it returns the number.
  func append(
    addingCapacity capacity: Int,
    _ body: (UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt8>) -> Int
  ) {
    if unsafe count + capacity > storage.pointee.capacity { grow(by: capacity) }
    let count = count
    unsafe storage.pointee.count +=
      body(storage.pointee.ends + count, storage.pointee.kinds + count)
  }

  private func grow(by capacity: Int) {
    let larger = unsafe 2 * storage.pointee.capacity + capacity
    let ends = UnsafeMutablePointer<UInt32>.allocate(capacity: larger)
    let kinds = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    unsafe ends.moveInitialize(from: storage.pointee.ends, count: count)
    unsafe kinds.moveInitialize(from: storage.pointee.kinds, count: count)
    unsafe storage.pointee.ends.deallocate()
    unsafe storage.pointee.kinds.deallocate()
    unsafe (storage.pointee.ends, storage.pointee.kinds) = unsafe (ends, kinds)
    unsafe storage.pointee.capacity = larger
  }
}

/// Idle batches, so that a short text costs no allocation of its own.
///
/// One batch lies ready at the cost of one exchange, which is all that a single thread needs.
final class TokenBatchPool: Sendable {
  /// The address of a batch that the pool owns; 0 while it is lent.
  private let ready = Atomic<UInt>(0)
  private let idle = IdlePool<TokenBatch>()

  deinit {
    unsafe takeReady()?.release()
  }

  /// Lends a batch to `body`, and to nobody else meanwhile.
  ///
  /// Inlined, because the references that a closure captures would be counted.
  @inline(__always)
  func withBatch<Result>(_ body: (TokenBatch) -> Result) -> Result {
    let batch = unsafe takeReady() ?? .passRetained(idle.take() ?? TokenBatch())
    // No reference is counted on the way, because that costs as much as the words of a line.
    let result = unsafe batch._withUnsafeGuaranteedRef { body($0) }
    unsafe giveBack(batch)
    return result
  }

  private func takeReady() -> Unmanaged<TokenBatch>? {
    let address = ready.exchange(0, ordering: .acquiring)
    return unsafe UnsafeRawPointer(bitPattern: address).map { unsafe .fromOpaque($0) }
  }

  private func giveBack(_ batch: Unmanaged<TokenBatch>) {
    let address = unsafe UInt(bitPattern: batch.toOpaque())
    if !ready.compareExchange(expected: 0, desired: address, ordering: .releasing).exchanged {
      unsafe idle.giveBack(batch.takeRetainedValue())
    }
  }
}
