/// Cuts text into words, punctuation marks and spaces by Unicode's word boundaries (UAX #29), with
/// ICU's dictionaries for Thai, Lao, Khmer, Burmese, Chinese and Japanese.
///
///     let tokenizer = try WordTokenizer()
///     let text = "It's 3.5 stars \u{2B50}"
///     for token in tokenizer.tokens(in: text) { print(token.kind, token.byteRange) }
///
/// A value may be used from any number of threads.
public struct WordTokenizer: Sendable {
  /// The locale whose rules are followed; empty for the rules that all languages share.
  public let locale: String
  private let breakers: BreakerPool

  /// Prepares the rules of a locale.
  ///
  /// - Throws: `ICUError.unknownLocale` for a language that ICU does not know, and
  ///   `ICUError.failure` when ICU's data is missing.
  public init(locale: String = "") throws(ICUError) {
    self.locale = locale
    breakers = try BreakerPool(.word, locale: locale)
  }

  /// The tokens of a string, spaces included; together they cover it.
  ///
  /// - Complexity: O(n).
  public func tokens(in text: some StringProtocol) -> [Token] {
    tokens(in: AlignedText(text))
  }

  /// The tokens of a rewritten text; ranges refer to the original.
  ///
  /// - Complexity: O(n).
  public func tokens(in text: AlignedText) -> [Token] {
    var tokens: [Token] = []
    forEachToken(in: text.utf8.span) { range, kind in
      tokens.append(Token(byteRange: text.originalRange(of: range), kind: kind))
    }
    return tokens
  }

  /// The tokens of any bytes; what is not UTF-8 is read as U+FFFD and counted.
  ///
  /// - Complexity: O(n).
  public func tokens(utf8 bytes: Span<UInt8>) -> (tokens: [Token], replacementCount: Int) {
    let text = AlignedText(repairing: bytes)
    return (tokens(in: text), text.replacementCount)
  }

  /// Calls `body` with every token of well-formed UTF-8, spaces included.
  func forEachToken(in bytes: Span<UInt8>, _ body: (Range<Int>, TokenKind) -> Void) {
    breakers.withBreaker { breaker in
      var start = 0
      while start < bytes.count {
        let end = TextPieces.end(of: bytes, from: start)
        Self.cut(bytes, start..<end, breaker, body)
        start = end
      }
    }
  }

  private static func cut(
    _ bytes: Span<UInt8>, _ piece: Range<Int>, _ breaker: Breaker,
    _ body: (Range<Int>, TokenKind) -> Void
  ) {
    var units: [UInt16] = []
    units.reserveCapacity(piece.count)
    units.appendUTF16(bytes, piece)
    var start = piece.lowerBound
    var startUnit = 0
    breaker.forEachBoundary(in: units.span) { endUnit, ruleStatus in
      let end = start + units[startUnit..<endUnit].utf8Length
      body(start..<end, TokenKind(ruleStatus: ruleStatus, bytes, start..<end))
      (start, startUnit) = (end, endUnit)
    }
  }
}

/// Pieces of a long text that have the same word boundaries as the whole.
enum TextPieces {
  /// The size that a piece has at least, unless the text ends: large enough that the cost of a
  /// piece disappears, small enough that its UTF-16 stays in the second-level cache.
  static let minimumSize = 16_384

  /// The size at which a piece ends whatever its bytes: ICU counts units in 32 bits.
  static let maximumSize = 1 << 30

  /// Where the piece that begins at an index ends.
  ///
  /// A line feed is a boundary on both sides whatever surrounds it (rules WB3a and WB3b), and so is
  /// the place between a space and an ASCII letter; no rule looks across either.
  static func end(of bytes: Span<UInt8>, from start: Int) -> Int {
    var index = start + minimumSize
    let limit = min(bytes.count, start + maximumSize)
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
