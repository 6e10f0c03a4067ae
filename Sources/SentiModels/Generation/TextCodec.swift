internal import SentiTensor
public import SentiText

/// What the tokens of a text are.
public enum TextUnit: String, CaseIterable, Hashable, Codable, Sendable {
  case words, subwords, characters
}

/// Text to token ids and back, for nets that read and write: words, subwords or characters.
public enum TextCodec: Sendable {
  /// Words of a vocabulary; all others are unknown.
  case words(TextPipeline)
  /// Byte pairs, which know every text.
  case subwords(BytePairEncoding)
  /// Unicode scalars; those that the training did not have are unknown.
  case characters(CharacterEncoding)

  /// What the tokens are.
  public var unit: TextUnit {
    switch self {
    case .words: .words
    case .subwords: .subwords
    case .characters: .characters
    }
  }

  /// The number of token ids.
  public var vocabularySize: Int {
    switch self {
    case .words(let pipeline): pipeline.vocabulary.count
    case .subwords(let encoding): encoding.count
    case .characters(let encoding): encoding.vocabulary.count
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
    case .characters(let encoding): encoding.encode(text).map { Int32($0.rawValue) }
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
    case .characters(let encoding): return encoding.decode(ids)
    }
  }

  /// What a model file holds of the codec.
  var bytes: [UInt8] {
    switch self {
    case .words(let pipeline): pipeline.vocabulary.serialized()
    case .subwords(let encoding): encoding.tokenizerJSON()
    case .characters(let encoding): encoding.vocabulary.serialized()
    }
  }

  /// Reads what a model file holds.
  init(_ unit: TextUnit, _ bytes: [UInt8], path: String) throws(ModelError) {
    do {
      switch unit {
      case .words:
        self = .words(try TextPipeline(vocabulary: try Vocabulary(parsing: bytes, path: path)))
      case .subwords:
        self = .subwords(try BytePairEncoding(tokenizerJSON: bytes, path: path))
      case .characters:
        self = .characters(
          try CharacterEncoding(vocabulary: try Vocabulary(parsing: bytes, path: path)))
      }
    } catch let error as VocabularyError {
      throw .vocabulary(error)
    } catch let error as ICUError {
      throw .tokenizer(path: path, error)
    } catch {
      throw .malformedMetadata(path: path, key: unit.rawValue, reason: "\(error)")
    }
  }
}

/// How the token ids of a training's texts are made.
public struct TextCodecOptions: Hashable, Codable, Sendable {
  /// What the tokens are.
  public var unit = TextUnit.subwords
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
    switch unit {
    case .words: return .words(try words(of: texts))
    case .subwords:
      var trainer = try BytePairTrainer()
      for text in texts { trainer.add(" " + text) }
      return .subwords(
        try trainer.encoding(size: max(maximumSize, 260), minimumCount: minimumCount))
    case .characters:
      var counter = try CharacterCounter()
      for text in texts { counter.add(text) }
      return .characters(
        try counter.encoding(minimumCount: minimumCount, maximumSize: maximumSize))
    }
  }

  private func words(of texts: some Sequence<String>) throws(ICUError) -> TextPipeline {
    guard let normalization = Normalization(description: normalization) else {
      preconditionFailure("normalization \(normalization)")
    }
    var builder = try VocabularyBuilder(normalization: normalization)
    for text in texts { builder.add(text) }
    return try TextPipeline(
      vocabulary: builder.vocabulary(minimumCount: minimumCount, maximumSize: maximumSize))
  }
}

extension ModelFile {
  /// The codec whose bytes a tensor holds.
  func codec(_ unit: TextUnit, in tensor: String) throws(ModelError) -> TextCodec {
    let bytes: [UInt8] = try Self.archive { () throws(ArchiveError) in
      try archive.values(named: tensor)
    }
    return try TextCodec(unit, bytes, path: archive.path)
  }

  /// The codec whose unit stands in the metadata.
  ///
  /// - Parameters:
  ///   - key: Where its unit stands.
  ///   - tensor: What holds its bytes.
  ///   - defaultUnit: The unit where the key is missing; it must be there where nil.
  /// - Returns: The codec.
  /// - Throws: ``ModelError``, where the key is missing or unknown, or the bytes are damaged.
  func codec(
    named key: String, in tensor: String, defaultUnit: TextUnit? = nil
  ) throws(ModelError) -> TextCodec {
    if let defaultUnit, archive.metadata[key] == nil { return try codec(defaultUnit, in: tensor) }
    let name = try text(key)
    guard let unit = TextUnit(rawValue: name) else {
      throw inconsistent(key, expected: "words, subwords or characters", found: name)
    }
    return try codec(unit, in: tensor)
  }
}
