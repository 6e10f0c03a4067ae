/// Finds word boundaries: the fast way where the tables reach, ICU's elsewhere.
struct WordBoundaries: Sendable {
  /// The fast way; nil when the linked ICU's rules are not of the form that it knows.
  let scanner: WordScanner?
  private let breakers: BreakerPool

  /// Opens ICU's iterator for a locale, and asks it for the tables.
  init(locale: String, usesTables: Bool = true) throws(ICUError) {
    breakers = try BreakerPool(.word, locale: locale)
    scanner = usesTables ? breakers.prototypeRules().map(WordScanner.init) : nil
  }

  /// Calls `body` with all tokens of well-formed UTF-8, a batch after the other.
  func forEachBatch(in bytes: Span<UInt8>, _ body: (TokenBatch) -> Void) {
    let batch = TokenBatch(byteCount: bytes.count)
    guard let scanner else { return cut(bytes, 0..<bytes.count, batch, body) }
    var start = 0
    while start < bytes.count {
      let (end, foreignEnd) = scanner.scan(bytes, from: start, into: batch)
      if batch.count > 0 { body(batch) }
      if foreignEnd > end { cut(bytes, end..<foreignEnd, batch, body) }
      start = foreignEnd
    }
  }

  /// Cuts a stretch between two certain boundaries by ICU.
  private func cut(
    _ bytes: Span<UInt8>, _ stretch: Range<Int>, _ batch: TokenBatch, _ body: (TokenBatch) -> Void
  ) {
    breakers.withBreaker { breaker in
      var start = stretch.lowerBound
      while start < stretch.upperBound {
        let end = TextPieces.end(of: bytes, start..<stretch.upperBound)
        cut(bytes, start..<end, breaker, batch, body)
        start = end
      }
    }
  }

  private func cut(
    _ bytes: Span<UInt8>, _ piece: Range<Int>, _ breaker: Breaker, _ batch: TokenBatch,
    _ body: (TokenBatch) -> Void
  ) {
    var units: [UInt16] = []
    units.reserveCapacity(piece.count)
    units.appendUTF16(bytes, piece)
    var start = piece.lowerBound
    var startUnit = 0
    batch.restart(at: start)
    breaker.forEachBoundary(in: units.span) { endUnit, ruleStatus in
      if batch.isFull {
        body(batch)
        batch.restart(at: start)
      }
      let end = start + units[startUnit..<endUnit].utf8Length
      let kind = TokenKind(ruleStatus: ruleStatus, bytes, start..<end)
      batch.append(length: end - start, kind: kind)
      (start, startUnit) = (end, endUnit)
    }
    if batch.count > 0 { body(batch) }
  }
}

/// Pieces of a long text that have the same word boundaries as the whole.
enum TextPieces {
  /// The size that a piece has at least, unless the text ends: large enough that the cost of a
  /// piece disappears, small enough that its UTF-16 stays in the second-level cache.
  static let minimumSize = 16_384

  /// The size at which a piece ends whatever its bytes: ICU counts units in 32 bits.
  static let maximumSize = 1 << 30

  /// Where the first piece of a stretch ends.
  ///
  /// Behind a line feed is a boundary whatever surrounds it (rule WB3a), and so is the place between
  /// a space and an ASCII letter; no rule looks across either.
  static func end(of bytes: Span<UInt8>, _ stretch: Range<Int>) -> Int {
    var index = stretch.lowerBound + minimumSize
    let limit = min(stretch.upperBound, stretch.lowerBound + maximumSize)
    while index < limit {
      if isSafeBoundary(bytes, index) { return index }
      index += 1
    }
    return scalarBoundary(bytes, atOrBefore: limit)
  }

  private static func isSafeBoundary(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
    let previous = bytes[index - 1]
    if previous == UInt8(ascii: "\n") { return true }
    return previous == UInt8(ascii: " ") && (0x61...0x7A).contains(bytes[index] | 0x20)
  }

  private static func scalarBoundary(_ bytes: Span<UInt8>, atOrBefore limit: Int) -> Int {
    var index = limit
    while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index -= 1 }
    return index
  }
}
