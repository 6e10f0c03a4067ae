/// Text to numbers and back: normalization, word boundaries and a vocabulary.
///
///     let vocabulary = try Vocabulary(contentsOf: "vocab/english.vocab")
///     let pipeline = try TextPipeline(vocabulary: vocabulary)
///     let ids = pipeline.encode("A film that's hard to forget.")
///
/// White space has no number; punctuation, numbers and emoji have one like words. A value may be used
/// from any number of threads, and the same text gives the same numbers on each.
public struct TextPipeline: Sendable {
  /// The vocabulary.
  public let vocabulary: Vocabulary
  private let normalizer: Normalizer
  private let tokenizer: WordTokenizer
  private let memory = TextMemory()

  /// Prepares the normalization and the locale that the vocabulary records.
  ///
  /// - Throws: `ICUError` when the locale is unknown or ICU's data is missing.
  public init(vocabulary: Vocabulary) throws(ICUError) {
    self.vocabulary = vocabulary
    normalizer = try Normalizer(vocabulary.header.normalization)
    tokenizer = try WordTokenizer(locale: vocabulary.header.locale)
  }

  /// The normalization, as the vocabulary records it.
  public var normalization: Normalization { normalizer.normalization }

  /// Whether the linked ICU cuts test sentences as the one did that the vocabulary was made with.
  ///
  /// Vocabularies record a checksum of how the sentences were cut. Where a file has none, ICU of the
  /// same versions is known to cut alike, and of others nothing is known: nil.
  public var cutsAsRecorded: Bool? {
    let header = vocabulary.header
    guard let checksum = header.boundaryChecksum else { return header.isOfLinkedICU ? true : nil }
    return checksum == tokenizer.boundaryChecksum
  }

  // MARK: Encoding

  /// The numbers of a text's words.
  ///
  /// - Complexity: O(n); no `String` a word.
  public func encode(_ text: String) -> [TokenID] {
    encode(utf8: text.utf8.span)
  }

  /// The numbers of the words of a text in UTF-8; ill-formed parts are read as U+FFFD.
  ///
  /// - Complexity: O(n); no `String` a word, and one allocation for a text that needs no rewriting.
  public func encode(utf8 bytes: Span<UInt8>) -> [TokenID] {
    var text = memory.take()
    text.replaceAll(with: bytes)
    normalizer.normalize(&text)
    let ids = ids(text.utf8.span)
    memory.giveBack(text)
    return ids
  }

  private func ids(_ bytes: Span<UInt8>) -> [TokenID] {
    var ids: [TokenID] = []
    tokenizer.boundaries.forEachBatch(in: bytes) { batch in
      if ids.isEmpty {
        // A word and its space make some 5 bytes in English; a short text is one batch.
        ids.reserveCapacity(batch.count + (bytes.count - batch.byteCount) / 4)
      }
      vocabulary.table.append(numbersOf: batch, in: bytes, unknown: .unknown, to: &ids)
    }
    return ids
  }

  // MARK: Tokens

  /// The words of a text: place in the original, kind, normalized text and number.
  public func tokens(in text: String) -> [EncodedToken] {
    tokens(normalizer.normalized(text))
  }

  /// The words of a text in UTF-8, and how many ill-formed parts were read as U+FFFD.
  public func tokens(
    utf8 bytes: Span<UInt8>
  ) -> (tokens: [EncodedToken], replacementCount: Int) {
    let text = normalizer.normalized(utf8: bytes)
    return (tokens(text), text.replacementCount)
  }

  private func tokens(_ text: AlignedText) -> [EncodedToken] {
    var tokens: [EncodedToken] = []
    let words = tokenizer.tokens(wellFormed: text.utf8.span)
    tokens.reserveCapacity(words.count)
    for word in words where word.kind != .space {
      let range = word.byteRange
      let token = Token(byteRange: text.originalRange(of: range), kind: word.kind)
      tokens.append(
        EncodedToken(
          token: token, text: String(decoding: text.utf8[range], as: UTF8.self),
          id: vocabulary.id(forUTF8: text.utf8.span, range) ?? .unknown))
    }
    return tokens
  }

  // MARK: Decoding

  /// The words of numbers, joined as a person would write them.
  ///
  /// Padding, start and end have no words, and neither has anything behind the first end.
  ///
  /// - Parameters:
  ///   - ids: The numbers.
  ///   - detokenizer: The rules of spaces and capitals; English without capitals unless given.
  /// - Returns: The text.
  public func decode(
    _ ids: some Sequence<TokenID>, by detokenizer: Detokenizer = Detokenizer()
  ) -> String {
    let words = ids.prefix { $0 != .end }.filter { $0 != .padding && $0 != .start }
    return detokenizer.text(of: words.map { vocabulary.word(for: $0) ?? SpecialTokens.names[1] })
  }
}

/// A word of a text with its number.
public struct EncodedToken: Hashable, Sendable {
  /// The word's place in the original text, and its kind.
  public let token: Token
  /// The word as normalized.
  public let text: String
  /// The word's number; `TokenID.unknown` when the vocabulary lacks it.
  public let id: TokenID
}

/// Texts that were read, whose memory serves those that come.
private final class TextMemory: Sendable {
  /// Texts whose bytes or edits occupy more bytes are not kept.
  private static let maximumSize = 1 << 20
  private let idle = IdlePool<AlignedText>()

  /// A text to be replaced.
  func take() -> AlignedText {
    idle.take() ?? AlignedText("")
  }

  func giveBack(_ text: AlignedText) {
    guard max(text.utf8.capacity, text.alignment.memorySize) <= Self.maximumSize else { return }
    idle.giveBack(text)
  }
}
