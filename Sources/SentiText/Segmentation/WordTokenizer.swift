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

/// Sentences that differ wherever the word boundary rules of two ICU versions are known to differ.
enum BoundaryProbe {
  /// The signs of ASCII between letters, digits and spaces, and sentences of many scripts.
  static let text: String = {
    let signs = (0x21...0x7E).map { String(Unicode.Scalar(UInt8($0))) }
    let contexts = signs.map { "a\($0)b 1\($0)2 a\($0)1 \($0)\($0) a\($0) \($0)a\n" }
    return contexts.joined() + sentences
  }()

  /// Sentences of scripts without spaces, in each of which the dictionaries have choices.
  static let unspaced = """
    \u{5357}\u{4EAC}\u{5E02}\u{957F}\u{6C5F}\u{5927}\u{6865}\u{3002}\u{7814}\u{7A76}\u{751F}\u{547D}\u{8D77}\u{6E90}\u{FF0C}\u{9F98}\u{9F98}\u{9F98}
    \u{3059}\u{3082}\u{3082}\u{3082}\u{3082}\u{3082}\u{3082}\u{3082}\u{306E}\u{3046}\u{3061}\u{3002}\u{6771}\u{4EAC}\u{90FD}\u{30B9}\u{30AB}\u{30A4}\u{30C4}\u{30EA}\u{30FC}\u{3067}\u{3059}
    \u{0E15}\u{0E32}\u{0E01}\u{0E25}\u{0E21}\u{0E44}\u{0E1B}\u{0E2B}\u{0E32}\u{0E21}\u{0E40}\u{0E2B}\u{0E2A}\u{0E35} \u{0E01}\u{0E23}\u{0E38}\u{0E07}\u{0E40}\u{0E17}\u{0E1E}\u{0E2F} \u{0E40}\u{0E23}\u{0E47}\u{0E27}\u{0E46} a\u{0E01}\u{0E32}\u{0E23}\u{0E40}\u{0E23}\u{0E35}\u{0E22}\u{0E19}1

    """

  private static let sentences = """
    Don\u{2019}t \u{201C}stop\u{201D}: l\u{2019}\u{E9}t\u{E9}, stra\u{DF}e\u{2026} \u{1F468}\u{200D}\u{1F469}
    \u{0E20}\u{0E32}\u{0E29}\u{0E32}\u{0E44}\u{0E17}\u{0E22}\u{0E2A}\u{0E19}\u{0E38}\u{0E01}\u{0E21}\u{0E32}\u{0E01}
    \u{8FD9}\u{90E8}\u{7535}\u{5F71}\u{771F}\u{4E0D}\u{9519}\u{3002}\u{6620}\u{753B}\u{306F}\u{3068}\u{3066}\u{3082}
    \u{30C6}\u{30EC}\u{30D3} \u{D55C}\u{AD6D}\u{C5B4} \u{5D0}\u{5F4}\u{5D1} \u{627}\u{644}\u{641}
    \u{939}\u{93F}\u{928}\u{94D}\u{926}\u{940} \u{1F1E9}\u{1F1EA}\u{1F1EB} e\u{301} \u{1F44D}\u{1F3FD} 1\u{FE0F}\u{20E3}
    """
}
