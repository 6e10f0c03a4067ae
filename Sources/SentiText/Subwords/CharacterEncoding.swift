/// Text to characters and back: each Unicode scalar of a vocabulary is a token.
///
///     var counter = try CharacterCounter()
///     counter.add("a tale of two cities")
///     let encoding = try counter.encoding(minimumCount: 1)
///     encoding.decode(encoding.encode("tea"))  // tea
///
/// Texts are brought to NFC first. A character that the vocabulary lacks is `<unk>`, which has no text.
public struct CharacterEncoding: Sendable {
  /// The characters, behind the special tokens.
  public let vocabulary: Vocabulary
  private let normalizer: Normalizer
  /// The number of each character.
  private let ids: [Unicode.Scalar: TokenID]

  /// Reads and writes the characters of a vocabulary.
  ///
  /// - Parameter vocabulary: Words of one scalar each; longer ones are never read.
  /// - Throws: `ICUError.failure` when ICU's data is missing.
  public init(vocabulary: Vocabulary) throws(ICUError) {
    self.vocabulary = vocabulary
    normalizer = try Normalizer(vocabulary.header.normalization)
    let special = vocabulary.header.specialTokenCount
    let numbered = vocabulary.entries.enumerated().dropFirst(special).compactMap { index, entry in
      let scalars = entry.word.unicodeScalars
      return scalars.count == 1
        ? (scalars[scalars.startIndex], TokenID(rawValue: UInt32(index))) : nil
    }
    ids = Dictionary(numbered) { first, _ in first }
  }

  /// The numbers of a text's characters.
  ///
  /// - Complexity: O(text).
  public func encode(_ text: String) -> [TokenID] {
    normalizer.normalized(text).string.unicodeScalars.map { ids[$0] ?? .unknown }
  }

  /// The text of numbers; special tokens have none.
  public func decode(_ ids: some Sequence<TokenID>) -> String {
    ids.reduce(into: "") { text, id in
      if !vocabulary.isSpecial(id) { text += vocabulary.word(for: id) ?? "" }
    }
  }
}

/// Counts the characters of texts, for an encoding of those that are frequent.
public struct CharacterCounter: Sendable {
  private static let normalization = Normalization(form: .nfc)
  private let normalizer: Normalizer
  private var counts: [Unicode.Scalar: Int] = [:]

  /// Counts nothing yet.
  ///
  /// - Throws: `ICUError.failure` when ICU's data is missing.
  public init() throws(ICUError) {
    normalizer = try Normalizer(Self.normalization)
  }

  /// Counts the characters of a text.
  ///
  /// - Complexity: O(text).
  public mutating func add(_ text: String) {
    for scalar in normalizer.normalized(text).string.unicodeScalars {
      counts[scalar, default: 0] += 1
    }
  }

  /// The encoding of the characters that are frequent, by falling count, and by their number where counts
  /// are equal.
  ///
  /// - Parameters:
  ///   - minimumCount: How often a character must occur.
  ///   - maximumSize: The most tokens, special ones included; nil: any number.
  /// - Returns: The encoding.
  /// - Throws: `ICUError.failure` when ICU's data is missing.
  public func encoding(
    minimumCount: Int, maximumSize: Int? = nil
  ) throws(ICUError) -> CharacterEncoding {
    let ranked = counts.filter { $0.value >= minimumCount }.sorted {
      ($1.value, $0.key.value) < ($0.value, $1.key.value)
    }
    let limit = maximumSize.map { max(0, $0 - SpecialTokens.names.count) } ?? ranked.count
    return try CharacterEncoding(
      vocabulary: Vocabulary(
        words: ranked.prefix(limit).map { String($0.key) }, normalization: Self.normalization))
  }
}
