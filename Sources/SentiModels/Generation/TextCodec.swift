internal import SentiTensor
public import SentiText

/// Text to token ids and back, for nets that read and write: words or subwords.
public enum TextCodec: Sendable {
  /// Words of a vocabulary; all others are unknown.
  case words(TextPipeline)
  /// Byte pairs, which know every text.
  case subwords(BytePairEncoding)

  /// The name of each kind in files.
  enum Kind: String {
    case words, subwords
  }

  var kind: Kind {
    switch self {
    case .words: .words
    case .subwords: .subwords
    }
  }

  /// The number of token ids.
  public var vocabularySize: Int {
    switch self {
    case .words(let pipeline): pipeline.vocabulary.count
    case .subwords(let encoding): encoding.count
    }
  }

  /// The token ids of a text.
  ///
  /// A text of subwords is read behind a space, so that its first word has the tokens that it has
  /// elsewhere.
  ///
  /// - Parameter text: The text.
  /// - Returns: The ids, without start and end.
  public func encode(_ text: String) -> [Int32] {
    switch self {
    case .words(let pipeline): pipeline.tokenIDs(Array(text.utf8)[...])
    case .subwords(let encoding): encoding.encode(" " + text).map { Int32($0.rawValue) }
    }
  }

  /// The token ids of a text, with some merges of subwords left out by chance.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - dropout: The probability that a merge is left out.
  ///   - generator: The source of randomness.
  /// - Returns: The ids, without start and end.
  func encode(
    _ text: String, dropout: Double, using generator: inout some RandomNumberGenerator
  ) -> [Int32] {
    guard dropout > 0, case .subwords(let encoding) = self else { return encode(text) }
    return encoding.encode(" " + text, dropout: dropout, using: &generator)
      .map { Int32($0.rawValue) }
  }

  /// The text of token ids.
  ///
  /// - Parameter tokens: The ids; special ones have no text.
  /// - Returns: The text.
  public func decode(_ tokens: [Int32]) -> String {
    let ids = tokens.map { TokenID(rawValue: UInt32($0)) }
    switch self {
    case .words(let pipeline): return pipeline.decode(ids)
    case .subwords(let encoding):
      let text = encoding.decode(ids)
      return text.first == " " ? String(text.dropFirst()) : text
    }
  }

  /// What a model file holds of the codec.
  var bytes: [UInt8] {
    switch self {
    case .words(let pipeline): pipeline.vocabulary.serialized()
    case .subwords(let encoding): encoding.tokenizerJSON()
    }
  }

  /// Reads what a model file holds.
  init(_ kind: Kind, _ bytes: [UInt8], path: String) throws(ModelError) {
    do {
      switch kind {
      case .words:
        self = .words(try TextPipeline(vocabulary: try Vocabulary(parsing: bytes, path: path)))
      case .subwords:
        self = .subwords(try BytePairEncoding(tokenizerJSON: bytes, path: path))
      }
    } catch let error as VocabularyError {
      throw .vocabulary(error)
    } catch let error as ICUError {
      throw .tokenizer(path: path, error)
    } catch {
      throw .malformedMetadata(path: path, key: kind.rawValue, reason: "\(error)")
    }
  }
}

/// How the token ids of a training's texts are made.
public struct TextCodecOptions: Hashable, Codable, Sendable {
  /// Whether words are cut into byte pairs.
  public var usesSubwords = true
  /// The most tokens, special ones included.
  public var maximumSize = 8000
  /// How often a word, or a pair of bytes, must occur to get a number of its own.
  public var minimumCount = 2
  /// How texts of words are normalized, as `Normalization` writes it.
  public var normalization = Normalization(form: .nfc).description

  /// Creates the default options.
  public init() {}

  /// Learns a codec of texts.
  ///
  /// - Parameter texts: The texts.
  /// - Returns: The codec.
  /// - Throws: `ICUError`.
  func codec(of texts: some Sequence<String>) throws(ICUError) -> TextCodec {
    if usesSubwords {
      var trainer = try BytePairTrainer()
      for text in texts { trainer.add(" " + text) }
      return .subwords(
        try trainer.encoding(size: max(maximumSize, 260), minimumCount: minimumCount))
    }
    guard let normalization = Normalization(description: normalization) else {
      preconditionFailure("normalization \(normalization)")
    }
    var builder = try VocabularyBuilder(normalization: normalization)
    for text in texts { builder.add(text) }
    return .words(
      try TextPipeline(
        vocabulary: builder.vocabulary(minimumCount: minimumCount, maximumSize: maximumSize)))
  }
}

extension ModelFile {
  /// The codec whose bytes a tensor holds.
  func codec(_ kind: TextCodec.Kind, in tensor: String) throws(ModelError) -> TextCodec {
    let bytes: [UInt8] = try Self.archive { () throws(ArchiveError) in
      try archive.values(named: tensor)
    }
    return try TextCodec(kind, bytes, path: archive.path)
  }

  /// The codec whose kind stands in the metadata.
  ///
  /// - Parameters:
  ///   - key: Where its kind stands.
  ///   - tensor: What holds its bytes.
  ///   - defaultKind: The kind where the key is missing; it must be there where nil.
  /// - Returns: The codec.
  /// - Throws: ``ModelError``, where the key is missing or unknown, or the bytes are damaged.
  func codec(
    named key: String, in tensor: String, defaultKind: TextCodec.Kind? = nil
  ) throws(ModelError) -> TextCodec {
    if let defaultKind, archive.metadata[key] == nil { return try codec(defaultKind, in: tensor) }
    let name = try text(key)
    guard let kind = TextCodec.Kind(rawValue: name) else {
      throw inconsistent(key, expected: "words or subwords", found: name)
    }
    return try codec(kind, in: tensor)
  }
}
