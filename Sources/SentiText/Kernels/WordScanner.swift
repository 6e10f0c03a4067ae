internal import CSentiText

/// Finds the word boundaries of common scripts without ICU, and those of ICU.
struct WordScanner: Sendable {
  /// How many bytes one call looks at, at most.
  static let windowSize = Int(CSentiText_windowSize)

  private let rules: WordRules

  /// Takes rules that an ICU was asked for.
  init(_ rules: WordRules) {
    self.rules = rules
  }

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
      batch.lengths.count >= min(text.count - start, Self.windowSize),
      "\(batch.lengths.count) tokens of room for \(text.count - start) bytes")
    var rules = unsafe CSentiText_Rules(
      classes: classes, kinds: kinds, wordKind: TokenKind.word.rawValue,
      numberKind: TokenKind.number.rawValue)
    return unsafe CSentiText_scan(
      &rules, textStart, Int64(start), Int64(text.count), &batch.lengths, &batch.kinds)
  }
}
