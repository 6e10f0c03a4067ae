internal import Foundation
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

  /// The names of a model file's metadata and of the tensor that holds the vocabulary.
  enum Key {
    static let kind = "senti.kind"
    static let architecture = "senti.architecture"
    static let labels = "senti.labels"
    static let calibration = "senti.calibration"
    static let card = "senti.card"
    static let precision = "senti.precision"
    static let tokenizer = "senti.tokenizer"
    static let icuVersion = "senti.icu_version"
    static let unicodeVersion = "senti.unicode_version"
    static let vocabulary = "vocabulary"
  }

  /// Loads a model file.
  ///
  /// - Parameter path: A `.safetensors` file that ``write(to:storedType:overwriting:)`` wrote.
  /// - Throws: ``ModelError``, which names the file and what is wrong with it.
  public init(contentsOf path: String) throws(ModelError) {
    let archive = try Self.archive(path) { () throws(ArchiveError) in
      let archive = try SafetensorsArchive(contentsOf: path)
      try archive.requireFormatVersion(atMost: Self.formatVersion)
      try archive.verifyChecksum()
      return archive
    }
    try Self.requireKind(archive)
    let configuration: SentimentConfiguration = try Self.decoded(archive, Key.architecture)
    let labels: [String] = try Self.decoded(archive, Key.labels)
    let pipeline = try Self.pipeline(archive)
    try Self.check(configuration, labels, pipeline, path)
    let network = SentimentNetwork(configuration)
    let precision = try Self.precision(archive)
    let elements = { @Sendable (slot: ParameterSlot) throws(ArchiveError) -> [Float] in
      try archive.parameter(slot)
    }
    let embedding = network.embedding.weights
    let (wordVectors, weights) = try Self.archive(path) { () throws(ArchiveError) in
      try Self.check(network.layout, archive)
      return (
        try archive.matrix(named: embedding.name, shape: embedding.shape),
        try network.scoringWeights(precision: precision) { slot throws(ArchiveError) in
          try Self.finite(elements(slot), slot, path)
        }
      )
    }
    self.init(
      labels: labels, pipeline: pipeline, network: network, wordVectors: wordVectors,
      weights: weights, precision: precision, temperature: try Self.temperature(archive),
      card: try Self.decoded(archive, Key.card)
    ) {
      // Names, shapes and types were checked above, and the mapped file cannot change.
      do { return try Parameters(layout: network.layout, elements: elements) } catch {
        preconditionFailure("\(error)")
      }
    }
  }

  /// The English model that comes with the package.
  ///
  /// - Throws: ``ModelError``, where the file is not where the build put it.
  public static func bundledEnglish() throws(ModelError) -> SentimentClassifier {
    try bundled(at: bundledEnglishPath)
  }

  static func bundled(at path: String) throws(ModelError) -> SentimentClassifier {
    guard FileManager.default.fileExists(atPath: path) else {
      throw .bundledModelMissing(path: path)
    }
    return try SentimentClassifier(contentsOf: path)
  }

  /// The path of the English model that comes with the package.
  public static var bundledEnglishPath: String {
    Bundle.module.bundlePath + "/english.safetensors"
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
    var metadata = metadata
    if precision != .full { metadata[Key.precision] = precision.rawValue }
    var writer = SafetensorsWriter(
      formatVersion: precision == .full ? 1 : Self.formatVersion, metadata: metadata)
    let parameters = parameters
    for slot in network.layout.slots {
      writer.append(parameters[slot], slot, as: storedType ?? precision.storedType)
    }
    writer.append(pipeline.vocabulary.serialized(), named: Key.vocabulary)
    try Self.archive(path) { () throws(ArchiveError) in
      try writer.write(to: path, overwriting: overwriting)
    }
  }

  // MARK: Parts of a file

  /// What a file says about the model, besides what its format asks for.
  var metadata: [String: String] {
    let header = pipeline.vocabulary.header
    return [
      Key.kind: Self.kind,
      Key.architecture: Self.encoded(network.configuration),
      Key.labels: Self.encoded(labels),
      Key.calibration: Self.encoded(temperature),
      Key.card: Self.encoded(card),
      Key.tokenizer: header.normalization.description,
      Key.icuVersion: header.versions.icu,
      Key.unicodeVersion: header.versions.unicode,
    ]
  }

  private static func archive<Result>(
    _ path: String, _ body: () throws(ArchiveError) -> Result
  ) throws(ModelError) -> Result {
    do { return try body() } catch { throw .archive(error) }
  }

  private static func requireKind(_ archive: SafetensorsArchive) throws(ModelError) {
    let found = try Self.archive(archive.path) { () throws(ArchiveError) in
      try archive.requireMetadata(Key.kind)
    }
    guard found == kind else {
      throw .otherKind(path: archive.path, expected: kind, found: found)
    }
  }

  private static func pipeline(_ archive: SafetensorsArchive) throws(ModelError) -> TextPipeline {
    let bytes: [UInt8] = try Self.archive(archive.path) { () throws(ArchiveError) in
      try archive.values(named: Key.vocabulary)
    }
    let vocabulary: Vocabulary
    do { vocabulary = try Vocabulary(parsing: bytes, path: archive.path) } catch {
      throw .vocabulary(error)
    }
    do { return try TextPipeline(vocabulary: vocabulary) } catch {
      throw .tokenizer(path: archive.path, error)
    }
  }

  private static func check(
    _ configuration: SentimentConfiguration, _ labels: [String], _ pipeline: TextPipeline,
    _ path: String
  ) throws(ModelError) {
    func require(_ what: String, _ expected: Int, _ found: Int) throws(ModelError) {
      guard expected == found else {
        throw .inconsistent(path: path, what: what, expected: "\(expected)", found: "\(found)")
      }
    }
    try require("number of labels", configuration.classCount, labels.count)
    try require(
      "number of words in the vocabulary", configuration.vocabularySize, pipeline.vocabulary.count)
    let sizes = [configuration.classCount, configuration.embeddingSize, configuration.hiddenSize]
    guard sizes.allSatisfy((1...greatestSize).contains),
      (1...greatestLayerCount).contains(configuration.layerCount), !configuration.pooling.isEmpty
    else {
      throw .inconsistent(
        path: path, what: "architecture",
        expected: "sizes from 1 to \(greatestSize), 1 to \(greatestLayerCount) layers, a pooling",
        found:
          "\(sizes), \(configuration.layerCount) layers, \(configuration.pooling.count) poolings")
    }
  }

  /// Whatever exceeds these is damage, and must not lead to sizes that overflow.
  private static var greatestSize: Int { 65_536 }
  private static var greatestLayerCount: Int { 64 }

  /// Finds all parameters in the file before memory is taken for them.
  private static func check(
    _ layout: ParameterLayout, _ archive: SafetensorsArchive
  ) throws(ArchiveError) {
    for slot in layout.slots {
      let found = try archive.tensor(named: slot.name).shape
      guard found == slot.shape else {
        throw .unexpectedTensor(
          path: archive.path, tensor: slot.name, expected: "shape \(slot.shape)",
          found: "\(found)")
      }
    }
  }

  /// The elements of a parameter, none of which is infinite or not a number.
  private static func finite(
    _ elements: [Float], _ slot: ParameterSlot, _ path: String
  ) throws(ArchiveError) -> [Float] {
    if let index = elements.firstIndex(where: { !$0.isFinite }) {
      throw .unexpectedTensor(
        path: path, tensor: slot.name, expected: "finite numbers",
        found: "\(elements[index]) at \(index)")
    }
    return elements
  }

  private static func precision(
    _ archive: SafetensorsArchive
  ) throws(ModelError) -> WeightPrecision {
    guard let name = archive.metadata[Key.precision] else { return .full }
    guard let precision = WeightPrecision(rawValue: name) else {
      throw .inconsistent(
        path: archive.path, what: "precision",
        expected: WeightPrecision.allCases.map(\.rawValue).joined(separator: ", "), found: name)
    }
    return precision
  }

  private static func temperature(_ archive: SafetensorsArchive) throws(ModelError) -> Double {
    let temperature: Double = try decoded(archive, Key.calibration)
    guard temperature > 0 && temperature.isFinite else {
      throw .inconsistent(
        path: archive.path, what: "temperature", expected: "a number above 0",
        found: "\(temperature)")
    }
    return temperature
  }

  static func encoded(_ value: some Encodable) -> String { MetadataJSON.encoded(value) }

  private static func decoded<Value: Decodable>(
    _ archive: SafetensorsArchive, _ key: String
  ) throws(ModelError) -> Value {
    let text = try Self.archive(archive.path) { () throws(ArchiveError) in
      try archive.requireMetadata(key)
    }
    do { return try MetadataJSON.decoded(text) } catch {
      throw .malformedMetadata(path: archive.path, key: key, reason: "\(error)")
    }
  }
}

extension WeightPrecision {
  /// The type in which a model file holds matrices.
  var storedType: SafetensorsArchive.ElementType {
    switch self {
    case .full: .float16
    case .bfloat16: .brainFloat16
    case .integer8: .integer8
    }
  }
}
