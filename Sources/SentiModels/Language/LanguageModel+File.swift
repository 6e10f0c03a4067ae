public import SentiTensor
internal import SentiText

extension LanguageModel {
  /// The newest version of the model format that this package reads.
  public static let formatVersion = 1

  /// What a file of a language model says that it is.
  package static let kind = "language-model"

  /// Loads a model file.
  ///
  /// - Parameter path: A `.safetensors` file that ``write(to:storedType:overwriting:)`` wrote.
  /// - Throws: ``ModelError``, which names the file and what is wrong with it.
  public init(contentsOf path: String) throws(ModelError) { try self.init(.file(path)) }

  /// Loads a model from wherever it is.
  ///
  /// - Parameter source: Where from.
  /// - Throws: ``ModelError``, which names the source and what is wrong with it.
  public init(_ source: ModelSource) throws(ModelError) {
    let file = try ModelFile(
      source, formatVersion: Self.formatVersion, kinds: [Self.kind])
    let configuration: LanguageModelConfiguration = try file.value(ModelFile.Key.architecture)
    let codec = try file.codec(
      named: ModelFile.Key.codec, in: ModelFile.Key.vocabulary, defaultUnit: .words)
    try file.require(
      "number of tokens in the vocabulary", configuration.vocabularySize, codec.vocabularySize)
    try file.requirePossible(
      sizes: [configuration.embeddingSize, configuration.hiddenSize],
      layers: [configuration.layerCount])
    guard configuration.isPossible else {
      throw file.inconsistent(
        "architecture", expected: "one layer in two directions",
        found: "\(configuration.layerCount) layers")
    }
    let counts = codec.counts
    guard counts.contains(where: { $0 > 0 }) else {
      throw file.inconsistent("vocabulary", expected: "words that occurred", found: "none")
    }
    let network = LanguageModelNetwork(configuration, counts: counts)
    self.init(codec: codec, network: network, parameters: try file.parameters(network.layout))
    card = try file.value(ModelFile.Key.card)
  }

  /// Writes a model file: weights, vocabulary, settings and card in one `.safetensors` file.
  ///
  /// - Parameters:
  ///   - path: Where to write; the file appears whole or not at all.
  ///   - storedType: The type of the stored weights.
  ///   - overwriting: Whether a file that exists is replaced.
  /// - Throws: ``ModelError/archive(_:)``, where the file exists or cannot be written.
  public func write(
    to path: String, storedType: SafetensorsArchive.ElementType = .float16,
    overwriting: Bool = false
  ) throws(ModelError) {
    var metadata = ModelFile.metadata(
      kind: Self.kind, architecture: network.configuration, card: card, builtWith: codec.versions)
    metadata[ModelFile.Key.codec] = codec.unit.rawValue
    try ModelFile.write(
      to: path, metadata: metadata,
      weights: StoredWeights(parameters, precision: .full, as: storedType),
      vocabularies: [ModelFile.Key.vocabulary: codec.bytes],
      overwriting: overwriting)
  }
}

extension TextCodec {
  /// How often each token occurred, by its id; once each where the codec does not know.
  fileprivate var counts: [Int] {
    switch self {
    case .words(let pipeline): pipeline.vocabulary.entries.map(\.count)
    case .subwords, .characters: [Int](repeating: 1, count: vocabularySize)
    }
  }

  /// The libraries that cut words as the codec expects them.
  fileprivate var versions: ICUVersion {
    switch self {
    case .words(let pipeline): pipeline.vocabulary.header.versions
    case .subwords, .characters: .linked
    }
  }
}
