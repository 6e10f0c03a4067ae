public import SentiTensor
internal import SentiText
internal import SentiTraining

extension GenerationModel {
  /// The newest version of the model format that this package reads, and the one that it writes.
  public static let formatVersion = 1

  private enum Key {
    static let sourceCodec = "senti.source_codec"
    static let targetCodec = "senti.target_codec"
    static let sourceVocabulary = "source_vocabulary"
    static let vocabulary = "vocabulary"
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
    let kinds = kind.map { [$0] } ?? Kind.allCases
    let file = try ModelFile(
      contentsOf: path, formatVersion: Self.formatVersion, kinds: kinds.map(\.rawValue))
    let configuration: GenerationConfiguration = try file.value(ModelFile.Key.architecture)
    let target = try Self.codec(file, Key.targetCodec, Key.vocabulary)
    var source: TextCodec?
    if configuration.encoder != nil {
      source =
        try file.text(Key.sourceCodec) == Key.shared
        ? target : try Self.codec(file, Key.sourceCodec, Key.sourceVocabulary)
    }
    try Self.check(configuration, source, target, path)
    let network = GenerationNetwork(configuration)
    self.init(
      sourceCodec: source, targetCodec: target, network: network,
      parameters: try file.parameters(network.layout), card: try file.value(ModelFile.Key.card))
  }

  /// Writes a model file: weights, vocabularies, settings and card in one `.safetensors` file.
  ///
  /// - Parameters:
  ///   - path: Where to write; the file appears whole or not at all.
  ///   - storedType: The type of the stored weights; half precision halves the file.
  ///   - overwriting: Whether a file that exists is replaced.
  /// - Throws: ``ModelError/archive(_:)``, where the file exists or cannot be written.
  public func write(
    to path: String, storedType: SafetensorsArchive.ElementType = .float16,
    overwriting: Bool = false
  ) throws(ModelError) {
    let (target, isShared) = (targetCodec.bytes, network.sharesVocabulary)
    var metadata = [
      ModelFile.Key.kind: kind.rawValue,
      ModelFile.Key.architecture: MetadataJSON.encoded(network.configuration),
      ModelFile.Key.card: MetadataJSON.encoded(card),
      ModelFile.Key.icuVersion: ICUVersion.linked.icu,
      ModelFile.Key.unicodeVersion: ICUVersion.linked.unicode,
      Key.targetCodec: targetCodec.kind.rawValue,
    ]
    if let sourceCodec {
      metadata[Key.sourceCodec] = isShared ? Key.shared : sourceCodec.kind.rawValue
    }
    var writer = SafetensorsWriter(formatVersion: Self.formatVersion, metadata: metadata)
    for slot in network.layout.slots { writer.append(parameters[slot], slot, as: storedType) }
    writer.append(target, named: Key.vocabulary)
    if let sourceCodec, !isShared {
      writer.append(sourceCodec.bytes, named: Key.sourceVocabulary)
    }
    try ModelFile.archive { () throws(ArchiveError) in
      try writer.write(to: path, overwriting: overwriting)
    }
  }

  private static func codec(
    _ file: ModelFile, _ key: String, _ tensor: String
  ) throws(ModelError) -> TextCodec {
    let name = try file.text(key)
    guard let kind = TextCodec.Kind(rawValue: name) else {
      throw .inconsistent(
        path: file.archive.path, what: key, expected: "words or subwords", found: name)
    }
    return try TextCodec(kind, try file.bytes(tensor), path: file.archive.path)
  }

  /// Whatever exceeds these is damage, and must not lead to sizes that overflow.
  private static var greatestSize: Int { 65_536 }
  private static var greatestLayerCount: Int { 64 }

  private static func check(
    _ configuration: GenerationConfiguration, _ source: TextCodec?, _ target: TextCodec,
    _ path: String
  ) throws(ModelError) {
    func require(_ what: String, _ expected: Int, _ found: Int) throws(ModelError) {
      guard expected == found else {
        throw .inconsistent(path: path, what: what, expected: "\(expected)", found: "\(found)")
      }
    }
    let (encoder, decoder) = (configuration.encoder, configuration.decoder)
    try require(
      "number of tokens in the vocabulary", decoder.vocabularySize, target.vocabularySize)
    var sizes = [decoder.vectorSize, decoder.embeddingSize, decoder.hiddenSize]
    var layers = [decoder.layerCount]
    if let encoder, let source {
      try require(
        "number of tokens in the source's vocabulary", encoder.vocabularySize,
        source.vocabularySize)
      sizes += [encoder.embeddingSize, encoder.hiddenSize]
      layers.append(encoder.layerCount)
    }
    guard sizes.allSatisfy((1...greatestSize).contains),
      layers.allSatisfy((1...greatestLayerCount).contains)
    else {
      throw .inconsistent(
        path: path, what: "architecture",
        expected: "sizes from 1 to \(greatestSize), 1 to \(greatestLayerCount) layers",
        found: "\(sizes), \(layers) layers")
    }
    if let encoder {
      try require(
        "width of the decoder's vector", encoder.hiddenSize * (encoder.isBidirectional ? 2 : 1),
        decoder.vectorSize)
      if encoder.sharesEmbedding {
        try require("width of shared vectors", decoder.embeddingSize, encoder.embeddingSize)
        try require("number of shared tokens", decoder.vocabularySize, encoder.vocabularySize)
      }
    } else if decoder.attention != nil {
      throw .inconsistent(
        path: path, what: "architecture", expected: "no attention without an encoder",
        found: "attention")
    }
  }
}

extension GenerationNetwork {
  /// Whether both halves have one vocabulary.
  var sharesVocabulary: Bool { configuration.encoder?.sharesEmbedding == true }
}
