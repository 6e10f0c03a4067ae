internal import SentiRNN
public import SentiTensor
internal import SentiText
internal import SentiTraining

extension SentimentClassifier {
  /// The newest version of the model format that this package reads.
  ///
  /// Version 2 adds rounded weights; files in full precision are written in version 1.
  public static let formatVersion = 2

  static let kind = "sentiment"

  /// The names of metadata that only files of this kind have.
  private enum Key {
    static let labels = "senti.labels"
    static let calibration = "senti.calibration"
    static let tokenizer = "senti.tokenizer"
  }

  /// Loads a model file.
  ///
  /// - Parameter path: A `.safetensors` file that ``write(to:storedType:overwriting:)`` wrote.
  /// - Throws: ``ModelError``, which names the file and what is wrong with it.
  public init(contentsOf path: String) throws(ModelError) {
    try self.init(.file(path))
  }

  /// Loads a model file from wherever it is.
  ///
  /// A file is read whole and may change, be replaced or go away afterwards. Bytes in memory and
  /// bundled models are not copied.
  ///
  /// - Parameter source: Where from.
  /// - Throws: ``ModelError``, which names the source and what is wrong with it.
  public init(_ source: ModelSource) throws(ModelError) {
    let file = try ModelFile(source, formatVersion: Self.formatVersion, kinds: [Self.kind])
    let configuration: SentimentConfiguration = try file.value(ModelFile.Key.architecture)
    let labels: [String] = try file.value(Key.labels)
    let codec = try file.codec(.words, in: ModelFile.Key.vocabulary)
    guard case .words(let pipeline) = codec else { preconditionFailure("words of subwords") }
    try Self.check(configuration, labels: labels, pipeline: pipeline, in: file)
    let network = SentimentNetwork(configuration)
    try file.requireTensors(network.layout)
    let precision = try file.precision()
    let embedding = network.embedding.weights
    let (wordVectors, weights) = try ModelFile.archive { () throws(ArchiveError) in
      let wordVectors = try file.archive.matrix(named: embedding.name, shape: embedding.shape)
      // They stay as they are; only to say which of them is wrong are all of them converted.
      if !file.isBundled && !wordVectors.isFinite { _ = try file.elements(embedding) }
      return (
        wordVectors,
        try network.scoringWeights(precision: precision) { slot throws(ArchiveError) in
          try file.elements(slot)
        }
      )
    }
    let archive = file.archive
    self.init(
      labels: labels, pipeline: pipeline, network: network, wordVectors: .archived(wordVectors),
      weights: weights, precision: precision, temperature: try Self.temperature(file),
      card: try file.value(ModelFile.Key.card), fileMetadata: archive.metadata
    ) { layout in
      // Names, shapes and types were checked above, and the archive cannot change.
      do {
        return try Parameters(layout: layout) { slot throws(ArchiveError) in
          try archive.parameter(slot)
        }
      } catch {
        preconditionFailure("\(error)")
      }
    }
  }

  /// The English model that comes with the package, ``BundledModel/english``.
  ///
  /// - Throws: ``ModelError``, where ICU's data is missing.
  public static func bundledEnglish() throws(ModelError) -> SentimentClassifier {
    try SentimentClassifier(.bundled(.english))
  }

  /// The fast English model that comes with the package, ``BundledModel/englishSmall``.
  ///
  /// - Throws: ``ModelError``, where ICU's data is missing.
  public static func bundledEnglishSmall() throws(ModelError) -> SentimentClassifier {
    try SentimentClassifier(.bundled(.englishSmall))
  }

  /// Writes a model file: weights, vocabulary, settings and card in one `.safetensors` file.
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
      vocabularies: [ModelFile.Key.vocabulary: pipeline.vocabulary.serialized()],
      overwriting: overwriting)
  }

  // MARK: Parts of a file

  /// What a file says about the model, besides what its format asks for.
  var metadata: [String: String] {
    let header = pipeline.vocabulary.header
    var metadata = ModelFile.metadata(
      kind: Self.kind, architecture: network.configuration, card: card,
      builtWith: header.versions)
    metadata[Key.labels] = MetadataJSON.encoded(labels)
    metadata[Key.calibration] = MetadataJSON.encoded(temperature)
    metadata[Key.tokenizer] = header.normalization.description
    return metadata
  }

  private static func check(
    _ configuration: SentimentConfiguration, labels: [String], pipeline: TextPipeline,
    in file: ModelFile
  ) throws(ModelError) {
    try file.require("number of labels", configuration.classCount, labels.count)
    try file.require(
      "number of words in the vocabulary", configuration.vocabularySize, pipeline.vocabulary.count)
    try file.requirePossible(
      sizes: [configuration.classCount, configuration.embeddingSize, configuration.hiddenSize],
      layers: [configuration.layerCount])
    guard !configuration.pooling.isEmpty else {
      throw file.inconsistent("architecture", expected: "a pooling", found: "none")
    }
  }

  private static func temperature(_ file: ModelFile) throws(ModelError) -> Double {
    let temperature: Double = try file.value(Key.calibration)
    guard temperature > 0 && temperature.isFinite else {
      throw file.inconsistent(
        "temperature", expected: "a number above 0", found: "\(temperature)")
    }
    return temperature
  }
}
