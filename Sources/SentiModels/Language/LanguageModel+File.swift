public import SentiTensor
internal import SentiText

extension LanguageModel {
  /// The newest version of the model format that this package reads.
  public static let formatVersion = 1

  static let kind = "language-model"

  /// Loads a model file.
  ///
  /// - Parameter path: A `.safetensors` file that ``write(to:storedType:overwriting:)`` wrote.
  /// - Throws: ``ModelError``, which names the file and what is wrong with it.
  public init(contentsOf path: String) throws(ModelError) {
    let file = try ModelFile(
      .file(path), formatVersion: Self.formatVersion, kinds: [Self.kind])
    let configuration: LanguageModelConfiguration = try file.value(ModelFile.Key.architecture)
    guard case .words(let pipeline) = try file.codec(.words, in: ModelFile.Key.vocabulary) else {
      preconditionFailure("words of subwords")
    }
    try file.require(
      "number of words in the vocabulary", configuration.vocabularySize, pipeline.vocabulary.count)
    try file.requirePossible(
      sizes: [configuration.embeddingSize, configuration.hiddenSize],
      layers: [configuration.layerCount])
    guard configuration.isPossible else {
      throw file.inconsistent(
        "architecture", expected: "one layer in two directions",
        found: "\(configuration.layerCount) layers")
    }
    let counts = pipeline.vocabulary.counts
    guard counts.contains(where: { $0 > 0 }) else {
      throw file.inconsistent("vocabulary", expected: "words that occurred", found: "none")
    }
    let network = LanguageModelNetwork(configuration, counts: counts)
    self.init(
      pipeline: pipeline, network: network, parameters: try file.parameters(network.layout))
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
    let metadata = ModelFile.metadata(
      kind: Self.kind, architecture: network.configuration, card: card,
      builtWith: pipeline.vocabulary.header.versions)
    try ModelFile.write(
      to: path, metadata: metadata,
      weights: StoredWeights(parameters, precision: .full, as: storedType),
      vocabularies: [ModelFile.Key.vocabulary: pipeline.vocabulary.serialized()],
      overwriting: overwriting)
  }
}

extension Vocabulary {
  /// How often each token occurred, by its id.
  var counts: [Int] { entries.map(\.count) }
}
