public import SentiTensor
internal import SentiText
internal import SentiTraining

extension Forecaster {
  /// The newest version of the model format that this package reads.
  public static let formatVersion = 1

  /// What a file says that holds one.
  package static let kind = "forecaster"

  private static let seriesKey = "senti.series"

  /// What a file holds beside the net's shape.
  private struct Description: Codable {
    var step: TimeStep
    var fields: SeriesFields
    var heldOutCount: Int
    var seriesIDs: [String]
    var correction: ConformalCorrection
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
  /// - Parameter source: Where the file is.
  /// - Throws: ``ModelError``, which names the file and what is wrong with it.
  public init(_ source: ModelSource) throws(ModelError) {
    let file = try ModelFile(source, formatVersion: Self.formatVersion, kinds: [Self.kind])
    let configuration: ForecasterConfiguration = try file.value(ModelFile.Key.architecture)
    let description: Description = try file.value(Self.seriesKey)
    try Self.require(configuration, in: file)
    try Self.require(description, configuration, in: file)
    let network = ForecasterNetwork(configuration)
    self.init(
      network, parameters: try file.parameters(network.layout), step: description.step,
      seriesIDs: description.seriesIDs, correction: description.correction)
    fields = description.fields
    heldOutCount = description.heldOutCount
    card = try file.value(ModelFile.Key.card)
  }

  private static func require(
    _ shape: ForecasterConfiguration, in file: ModelFile
  ) throws(ModelError) {
    try file.requirePossible(
      sizes: [
        shape.hiddenSize, shape.windowSize, shape.horizon, shape.season, shape.levels.count,
      ],
      layers: [shape.layerCount, shape.memberCount])
    guard QuantileLevels.areLevels(shape.levels.values), shape.calendar.count <= 4,
      (0...shape.windowSize).contains(shape.lagCount),
      (0...Int(Int32.max)).contains(shape.seriesCount),
      (0...ModelLimits.greatestSize).contains(shape.embeddingSize),
      shape.covariates.count <= SeriesFields.covariateLimit,
      shape.covariates.allSatisfy(\.isPossible)
    else {
      throw file.inconsistent(
        "architecture", expected: "levels in order, and no more lags than times",
        found: "\(shape.levels.values), \(shape.lagCount) lags of \(shape.windowSize)")
    }
    try file.requirePossible(
      sizes: [shape.outputSize, shape.hiddenSize + shape.directCount], layers: [])
  }

  private static func require(
    _ description: Description, _ shape: ForecasterConfiguration, in file: ModelFile
  ) throws(ModelError) {
    try file.require(
      "number of series", shape.embedsSeries ? shape.seriesCount : 0, description.seriesIDs.count)
    let widths = description.correction.widths
    try file.require("number of corrected steps", shape.horizon, widths.count)
    guard
      widths.allSatisfy({ $0.count == shape.levels.medianIndex && $0.allSatisfy(\.isFinite) })
    else {
      throw file.inconsistent(
        "corrections", expected: "\(shape.levels.medianIndex) numbers a step",
        found: "\(widths.map(\.count))")
    }
    guard description.heldOutCount >= 0, description.step.isPossible else {
      throw file.inconsistent(
        "series", expected: "a step above 0", found: "\(description.step)")
    }
  }

  /// Writes a model file: weights, settings, corrections and card in one `.safetensors` file.
  ///
  /// - Parameters:
  ///   - path: Where to write; the file appears whole or not at all.
  ///   - storedType: The type of the stored weights.
  ///   - overwriting: Whether a file that exists is replaced.
  /// - Throws: ``ModelError/archive(_:)``, where the file exists or cannot be written.
  public func write(
    to path: String, storedType: SafetensorsArchive.ElementType = .float32,
    overwriting: Bool = false
  ) throws(ModelError) {
    try ModelFile.write(
      to: path, metadata: metadata,
      weights: StoredWeights(parameters, precision: .full, as: storedType), vocabularies: [:],
      overwriting: overwriting)
  }

  /// What a file says beside the weights.
  var metadata: [String: String] {
    var metadata = ModelFile.metadata(
      kind: Self.kind, architecture: network.configuration, card: card, builtWith: .linked)
    metadata[Self.seriesKey] = MetadataJSON.encoded(
      Description(
        step: step, fields: fields, heldOutCount: heldOutCount, seriesIDs: seriesIDs,
        correction: correction))
    return metadata
  }
}

extension Covariate {
  /// Whether numbers can be scaled by it.
  fileprivate var isPossible: Bool { center.isFinite && deviation.isFinite && deviation > 0 }
}

extension TimeStep {
  /// Whether times go forward by it.
  fileprivate var isPossible: Bool {
    switch self {
    case .number(let distance): distance > 0 && distance.isFinite
    case .seconds(let count), .months(let count): (1...Int(Int32.max)).contains(count)
    }
  }
}
