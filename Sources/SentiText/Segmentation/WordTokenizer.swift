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
  /// What is taken as one token although the rules would cut it.
  public let joinedTokens: JoinedTokens
  let boundaries: WordBoundaries

  /// Prepares the rules of a locale.
  ///
  /// - Parameters:
  ///   - locale: The locale, such as "fi" or "ja_JP"; empty for the rules that all languages share.
  ///   - joinedTokens: What is taken as one token although the rules would cut it.
  /// - Throws: `ICUError.unknownLocale` for a language that ICU does not know, and
  ///   `ICUError.failure` when ICU's data is missing.
  public init(locale: String = "", joinedTokens: JoinedTokens = []) throws(ICUError) {
    self.locale = locale
    self.joinedTokens = joinedTokens
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
    tokens(wellFormed: text.utf8.span).map { token in
      Token(byteRange: text.originalRange(of: token.byteRange), kind: token.kind)
    }
  }

  /// The tokens of any bytes; what is not UTF-8 is read as U+FFFD and counted.
  ///
  /// - Complexity: O(n).
  public func tokens(utf8 bytes: Span<UInt8>) -> (tokens: [Token], replacementCount: Int) {
    guard !UTF8Decoding.isValid(bytes) else { return (tokens(wellFormed: bytes), 0) }
    let text = AlignedText(repairing: bytes)
    return (tokens(in: text), text.replacementCount)
  }

  /// The tokens of UTF-16; an unpaired surrogate is read as U+FFFD and counted.
  ///
  /// - Returns: The tokens, whose ranges count UTF-16 units, and how many surrogates were unpaired.
  /// - Complexity: O(n).
  public func tokens(utf16 units: Span<UInt16>) -> (tokens: [Token], replacementCount: Int) {
    let text = AlignedText(repairingUTF16: units)
    return (tokens(in: text), text.replacementCount)
  }

  /// The tokens of a string one after the other, each found when it is asked for.
  public func lazyTokens(in text: String) -> TokenSequence {
    TokenSequence(text: text, tokenizer: self)
  }

  func tokens(wellFormed bytes: Span<UInt8>) -> [Token] {
    let tokens = boundaries.tokens(in: bytes)
    return joinedTokens.isEmpty ? tokens : joinedTokens.joined(tokens, in: bytes)
  }

  /// A checksum of how this tokenizer cuts a set of test sentences.
  ///
  /// ICU's rules change between versions (`@` joins letters in 72 and no longer in 73.2). A vocabulary
  /// records the checksum of the tokenizer that cut its texts; where that of another machine is equal,
  /// the rules that texts meet are the same there.
  public var boundaryChecksum: UInt64 {
    let text = BoundaryProbe.text
    var places: [UInt8] = []
    for token in tokens(wellFormed: text.utf8.span) {
      let end = token.byteRange.upperBound
      places += [UInt8(truncatingIfNeeded: end), UInt8(truncatingIfNeeded: end >> 8)]
    }
    return ByteHash.fnv1a(places.span, 0..<places.count)
  }
}
