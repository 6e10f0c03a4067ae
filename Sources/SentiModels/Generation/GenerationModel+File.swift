public import SentiTensor
internal import SentiText
internal import SentiTraining

extension GenerationModel {
  /// The newest version of the model format that this package reads.
  ///
  /// Version 2 adds rounded weights; files in full precision are written in version 1.
  public static let formatVersion = 2

  private enum Key {
    static let sourceCodec = "senti.source_codec"
    static let targetCodec = "senti.target_codec"
    static let sourceVocabulary = "source_vocabulary"
    /// What the source's codec is called where it is the target's too.
    static let shared = "shared"
  }

  /// Loads a model file.
  ///
  /// - Parameters:
  ///   - path: A `.safetensors` file that ``write(to:storedType:overwriting:)`` wrote.
  ///   - kind: What the model must be; nil: either.
  /// - Throws: ``ModelError``, which names the file and what is wrong with it.
  public init(contentsOf path: String, kind: Kind? = nil) throws(ModelError) {
    try self.init(.file(path), kind: kind)
  }

  /// Loads a model file from wherever it is.
  ///
  /// - Parameters:
  ///   - source: Where from.
  ///   - kind: What the model must be; nil: either.
  /// - Throws: ``ModelError``, which names the source and what is wrong with it.
  public init(_ source: ModelSource, kind: Kind? = nil) throws(ModelError) {
    let kinds = kind.map { [$0] } ?? Kind.allCases
    let file = try ModelFile(
      source, formatVersion: Self.formatVersion, kinds: kinds.map(\.rawValue))
    let configuration: GenerationConfiguration = try file.value(ModelFile.Key.architecture)
    let target = try file.codec(named: Key.targetCodec, in: ModelFile.Key.vocabulary)
    var sourceCodec: TextCodec?
    if configuration.encoder != nil {
      sourceCodec =
        try file.text(Key.sourceCodec) == Key.shared
        ? target : try file.codec(named: Key.sourceCodec, in: Key.sourceVocabulary)
    }
    try Self.check(configuration, source: sourceCodec, target: target, in: file)
    let network = GenerationNetwork(configuration)
    self.init(
      sourceCodec: sourceCodec, targetCodec: target, network: network,
      parameters: try file.parameters(network.layout), precision: try file.precision(),
      card: try file.value(ModelFile.Key.card))
  }

  /// Writes a model file: weights, vocabularies, settings and card in one `.safetensors` file.
  ///
  /// - Parameters:
  ///   - path: Where to write; the file appears whole or not at all.
  ///   - storedType: The type of the stored weights; the one of ``precision`` where nil: half
  ///     precision for a net that computes in full, which halves the file.
  ///   - overwriting: Whether a file that exists is replaced.
  /// - Throws: ``ModelError/archive(_:)``, where the file exists or cannot be written.
  public func write(
    to path: String, storedType: SafetensorsArchive.ElementType? = nil,
    overwriting: Bool = false
  ) throws(ModelError) {
    try ModelFile.write(
      to: path, metadata: metadata,
      weights: StoredWeights(parameters, precision: precision, as: storedType),
      vocabularies: vocabularies, overwriting: overwriting)
  }

  // MARK: Parts of a file

  /// What a file says about the model, besides what its format asks for.
  var metadata: [String: String] {
    var metadata = ModelFile.metadata(
      kind: kind.rawValue, architecture: network.configuration, card: card, builtWith: .linked)
    metadata[Key.targetCodec] = targetCodec.unit.rawValue
    metadata[Key.sourceCodec] =
      network.sharesVocabulary ? Key.shared : sourceCodec?.unit.rawValue
    return metadata
  }

  /// The bytes of the vocabularies, each by the name that it has in a file.
  var vocabularies: KeyValuePairs<String, [UInt8]> {
    guard let sourceCodec, !network.sharesVocabulary else {
      return [ModelFile.Key.vocabulary: targetCodec.bytes]
    }
    return [
      ModelFile.Key.vocabulary: targetCodec.bytes, Key.sourceVocabulary: sourceCodec.bytes,
    ]
  }

  private static func check(
    _ configuration: GenerationConfiguration, source: TextCodec?, target: TextCodec,
    in file: ModelFile
  ) throws(ModelError) {
    let (encoder, decoder) = (configuration.encoder, configuration.decoder)
    try file.require(
      "number of tokens in the vocabulary", decoder.vocabularySize, target.vocabularySize)
    var sizes = [decoder.vectorSize, decoder.embeddingSize, decoder.hiddenSize]
    var layers = [decoder.layerCount]
    if let encoder, let source {
      try file.require(
        "number of tokens in the source's vocabulary", encoder.vocabularySize,
        source.vocabularySize)
      sizes += [encoder.embeddingSize, encoder.hiddenSize]
      layers.append(encoder.layerCount)
    }
    try file.requirePossible(sizes: sizes, layers: layers)
    if let encoder {
      try file.require(
        "width of the decoder's vector", encoder.hiddenSize * (encoder.isBidirectional ? 2 : 1),
        decoder.vectorSize)
      if encoder.sharesEmbedding {
        try file.require("width of shared vectors", decoder.embeddingSize, encoder.embeddingSize)
        try file.require("number of shared tokens", decoder.vocabularySize, encoder.vocabularySize)
      }
    } else if decoder.attention != nil {
      throw file.inconsistent(
        "architecture", expected: "no attention without an encoder", found: "attention")
    }
  }
}

extension GenerationNetwork {
  /// Whether both halves have one vocabulary.
  var sharesVocabulary: Bool { configuration.encoder?.sharesEmbedding == true }
}

extension GenerationModel.Kind {
  /// Looks what kind of model a file holds.
  ///
  /// - Parameter source: Where the file is; nil: it says that it holds another kind of model.
  /// - Throws: ``ModelError``, where the file cannot be read.
  public init?(of source: ModelSource) throws(ModelError) {
    self.init(rawValue: try source.kind())
  }
}
