internal import SentiTensor
internal import SentiText
internal import SentiTraining

/// A model's file while it is read: what files of all kinds have in common.
struct ModelFile {
  /// The names of metadata, and of the tensor that holds a vocabulary, that all kinds have.
  enum Key {
    static let kind = "senti.kind"
    static let architecture = "senti.architecture"
    static let card = "senti.card"
    static let icuVersion = "senti.icu_version"
    static let unicodeVersion = "senti.unicode_version"
    static let precision = "senti.precision"
    /// The kind of a language model's tokens; words where it is missing.
    static let codec = "senti.codec"
    static let vocabulary = "vocabulary"
  }

  let archive: SafetensorsArchive
  /// Whether the bytes are the program's own, which a test checks and nothing damages: so a text waits
  /// for the word vectors that it needs, not for all to be read.
  let isBundled: Bool

  /// Opens a file, checks its version, checksum and kind.
  init(_ source: ModelSource, formatVersion: Int, kinds: [String]) throws(ModelError) {
    let isBundled = source.bundledModel != nil
    self.isBundled = isBundled
    archive = try Self.archive { () throws(ArchiveError) in
      let archive = try source.archive()
      try archive.requireFormatVersion(atMost: formatVersion)
      if !isBundled { try archive.verifyChecksum() }
      return archive
    }
    let found = try text(Key.kind)
    guard kinds.contains(found) else {
      throw .otherKind(path: archive.path, expected: kinds.joined(separator: " or "), found: found)
    }
  }

  // MARK: Parts

  /// The text of some metadata.
  func text(_ key: String) throws(ModelError) -> String {
    try Self.archive { () throws(ArchiveError) in try archive.requireMetadata(key) }
  }

  /// The value of some metadata.
  func value<Value: Decodable>(_ key: String) throws(ModelError) -> Value {
    let text = try text(key)
    do { return try MetadataJSON.decoded(text) } catch {
      throw .malformedMetadata(path: archive.path, key: key, reason: "\(error)")
    }
  }

  /// The elements of a parameter, none of which is infinite or not a number.
  func elements(_ slot: ParameterSlot) throws(ArchiveError) -> [Float] {
    let elements = try archive.parameter(slot)
    guard let index = elements.firstIndex(where: { !$0.isFinite }) else { return elements }
    throw .unexpectedTensor(
      path: archive.path, tensor: slot.name, expected: "finite numbers",
      found: "\(elements[index]) at \(index)")
  }

  /// Reads parameters.
  func parameters(_ layout: ParameterLayout) throws(ModelError) -> Parameters<Float> {
    try requireTensors(layout)
    return try Self.archive { () throws(ArchiveError) in
      try Parameters(layout: layout) { (slot: ParameterSlot) throws(ArchiveError) in
        try elements(slot)
      }
    }
  }

  /// How the net computes.
  func precision() throws(ModelError) -> WeightPrecision {
    guard let name = archive.metadata[Key.precision] else { return .full }
    guard let precision = WeightPrecision(rawValue: name) else {
      throw inconsistent(
        "precision", expected: WeightPrecision.allCases.map(\.rawValue).joined(separator: ", "),
        found: name)
    }
    return precision
  }

  static func archive<Result>(
    _ body: () throws(ArchiveError) -> Result
  ) throws(ModelError) -> Result {
    do { return try body() } catch { throw .archive(error) }
  }

  // MARK: Checks

  /// What to throw where the parts of the file do not fit each other.
  func inconsistent(_ what: String, expected: String, found: String) -> ModelError {
    .inconsistent(path: archive.path, what: what, expected: expected, found: found)
  }

  /// Refuses a number that is another than it must be.
  func require(_ what: String, _ expected: Int, _ found: Int) throws(ModelError) {
    guard expected == found else {
      throw inconsistent(what, expected: "\(expected)", found: "\(found)")
    }
  }

  /// Refuses sizes and numbers of layers beyond ``ModelLimits``, before a product of them overflows.
  func requirePossible(sizes: [Int], layers: [Int]) throws(ModelError) {
    guard sizes.allSatisfy((1...ModelLimits.greatestSize).contains),
      layers.allSatisfy((1...ModelLimits.greatestLayerCount).contains)
    else {
      throw inconsistent(
        "architecture",
        expected: "sizes from 1 to \(ModelLimits.greatestSize), 1 to "
          + "\(ModelLimits.greatestLayerCount) layers",
        found: "\(sizes), \(layers) layers")
    }
  }

  /// Finds all parameters in the file before memory is taken for them.
  func requireTensors(_ layout: ParameterLayout) throws(ModelError) {
    for slot in layout.slots {
      let found = try Self.archive { () throws(ArchiveError) in
        try archive.tensor(named: slot.name).shape
      }
      guard found == slot.shape else {
        throw .archive(
          .unexpectedTensor(
            path: archive.path, tensor: slot.name, expected: "shape \(slot.shape)",
            found: "\(found)"))
      }
    }
  }

  // MARK: Writing

  /// What all kinds say of a model.
  static func metadata(
    kind: String, architecture: some Encodable, card: ModelCard, builtWith versions: ICUVersion
  ) -> [String: String] {
    [
      Key.kind: kind,
      Key.architecture: MetadataJSON.encoded(architecture),
      Key.card: MetadataJSON.encoded(card),
      Key.icuVersion: versions.icu,
      Key.unicodeVersion: versions.unicode,
    ]
  }

  /// Writes a file.
  ///
  /// - Parameters:
  ///   - path: Where to write; the file appears whole or not at all.
  ///   - metadata: What the file says of the model.
  ///   - weights: The net's parameters, and how they are stored.
  ///   - vocabularies: Tensors of bytes, in order.
  ///   - overwriting: Whether a file that exists is replaced.
  /// - Throws: ``ModelError/archive(_:)``, where the file exists or cannot be written.
  static func write(
    to path: String, metadata: [String: String], weights: StoredWeights,
    vocabularies: KeyValuePairs<String, [UInt8]>, overwriting: Bool
  ) throws(ModelError) {
    var metadata = metadata
    if weights.precision != .full { metadata[Key.precision] = weights.precision.rawValue }
    var writer = SafetensorsWriter(
      formatVersion: weights.precision == .full ? 1 : 2, metadata: metadata)
    for slot in weights.parameters.layout.slots {
      writer.append(weights.parameters[slot], slot, as: weights.storedType)
    }
    for (name, bytes) in vocabularies { writer.append(bytes, named: name) }
    try archive { () throws(ArchiveError) in try writer.write(to: path, overwriting: overwriting) }
  }
}

/// A net's parameters, and how a file stores them.
struct StoredWeights {
  /// The parameters.
  let parameters: Parameters<Float>
  /// How the net computes; a file of rounded weights has version 2 of the format.
  let precision: WeightPrecision
  /// The type in which matrices are stored.
  let storedType: SafetensorsArchive.ElementType

  /// Stores in a type; the precision's where nil.
  init(
    _ parameters: Parameters<Float>, precision: WeightPrecision,
    as storedType: SafetensorsArchive.ElementType?
  ) {
    self.parameters = parameters
    self.precision = precision
    self.storedType = storedType ?? precision.storedType
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
