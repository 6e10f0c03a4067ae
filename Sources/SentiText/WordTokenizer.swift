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
  let boundaries: WordBoundaries

  /// Prepares the rules of a locale.
  ///
  /// - Throws: `ICUError.unknownLocale` for a language that ICU does not know, and
  ///   `ICUError.failure` when ICU's data is missing.
  public init(locale: String = "") throws(ICUError) {
    self.locale = locale
    boundaries = try WordBoundaries(locale: locale)
  }

  /// The tokens of a string, spaces included; together they cover it.
  ///
  /// - Complexity: O(n).
  public func tokens(in text: String) -> [Token] {
    tokens(wellFormed: text.utf8.span)
  }

  /// The tokens of a part of a string; ranges count from the part's beginning.
  ///
  /// - Complexity: O(n).
  public func tokens(in text: Substring) -> [Token] {
    tokens(wellFormed: text.utf8.span)
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
    guard !UTF8Decoding.isValid(bytes) else { return (tokens(wellFormed: bytes), 0) }
    let text = AlignedText(repairing: bytes)
    return (tokens(in: text), text.replacementCount)
  }

  private func tokens(wellFormed bytes: Span<UInt8>) -> [Token] {
    var tokens: [Token] = []
    // In English a word and its space make some five bytes.
    tokens.reserveCapacity(bytes.count * 2 / 5)
    boundaries.forEachBatch(in: bytes) { batch in
      tokens.append(addingCapacity: batch.count) { output in
        batch.forEach { output.append(Token(byteRange: $0, kind: $1)) }
      }
    }
    return tokens
  }

  /// Calls `body` with every token of well-formed UTF-8, spaces included.
  func forEachToken(in bytes: Span<UInt8>, _ body: (Range<Int>, TokenKind) -> Void) {
    boundaries.forEachBatch(in: bytes) { $0.forEach(body) }
  }
}
