internal import CSentiText

/// Finds the word boundaries of common scripts without ICU, and those of ICU.
final class WordScanner: Sendable {
  private let rules: WordRules
  private let isPlain: Bool

  /// Takes rules that an ICU was asked for.
  ///
  /// - Parameters:
  ///   - rules: The rules.
  ///   - isPlain: Whether only the loops that every machine has are used; for comparison.
  init(_ rules: WordRules, isPlain: Bool = false) {
    self.rules = rules
    self.isPlain = isPlain
  }

  /// How many tokens a batch needs room for.
  static let windowRoom = Int(CSentiText_windowRoom)

  /// Fills a batch with the tokens from a known boundary on.
  ///
  /// - Returns: Where the tokens end, and where the stretch behind them ends that only ICU can cut;
  ///   both are equal when there is none.
  func scan(
    _ bytes: Span<UInt8>, from start: Int, into batch: TokenBatch
  ) -> (end: Int, foreignEnd: Int) {
    let window = unsafe bytes.withUnsafeBufferPointer { text in
      unsafe rules.classes.withUnsafeBufferPointer { classes in
        unsafe rules.kinds.withUnsafeBufferPointer { kinds in
          unsafe scan(text, start, classes, kinds, batch)
        }
      }
    }
    guard let window else { return (start, start) }
    batch.restart(at: start, count: Int(window.tokenCount))
    return (Int(window.end), Int(window.foreignEnd))
  }

  private func scan(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ classes: UnsafeBufferPointer<UInt8>,
    _ kinds: UnsafeBufferPointer<UInt8>, _ batch: TokenBatch
  ) -> CSentiText_Window? {
    guard let textStart = text.baseAddress, let classes = classes.baseAddress,
      let kinds = kinds.baseAddress
    else { return nil }
    precondition(
      batch.ends.count >= Self.windowRoom, "room for \(batch.ends.count) tokens only")
    var rules = unsafe CSentiText_Rules(
      classes: classes, kinds: kinds, wordKind: TokenKind.word.rawValue,
      numberKind: TokenKind.number.rawValue, isPlain: isPlain)
    return unsafe CSentiText_scan(
      &rules, textStart, Int64(start), Int64(text.count), &batch.ends, &batch.kinds)
  }
}
