internal import SentiRNN
public import SentiTensor
public import SentiText

/// Says whether a text is favourable: a tokenizer, a vocabulary and a recurrent net in one value.
///
///     let classifier = try SentimentClassifier.bundledEnglish()
///     let prediction = classifier.prediction(for: "Slow at first, but what an ending!")
///     print(prediction.label, prediction.probability)
///
/// A text has the same probabilities, to the bit, alone and in any batch, at any thread count. Texts
/// are read whole, whatever their length. Once a pile of texts was read, what the net makes of frequent
/// words lies ready for all threads (``FrequentWords``). Safe to use from any thread.
public struct SentimentClassifier: Sendable {
  /// The labels, in the order of the net's classes.
  public let labels: [String]

  /// The tokenizer and the vocabulary.
  public let pipeline: TextPipeline

  /// The net.
  public let network: SentimentNetwork

  /// How the recurrent layers compute; less than full precision is faster and smaller.
  public let precision: WeightPrecision

  /// What logits are divided by so that probabilities are honest.
  ///
  /// - SeeAlso: Guo et al. 2017, <https://arxiv.org/abs/1706.04599>.
  public var temperature: Double

  /// What people should know of the model.
  public var card: ModelCard

  let wordVectors: WordVectors<Float>
  let weights: SentimentNetwork.Weights<Float>
  private let frequentWords: FrequentWords<Float>
  private let sharedGradients = SharedTable<InputGradientNetwork<Float>>(rowCount: 1)
  /// Loads the parameters of a layout by their names, of all or of some.
  private let loadParameters: @Sendable (ParameterLayout) -> Parameters<Float>
  /// What the file says of itself, its checksum among it; empty for a classifier made in memory.
  private let fileMetadata: [String: String]

  /// The most tokens that one thread reads in one step; bounds memory, not results.
  static let batchTokenBudget = 16_384

  /// Puts a classifier together.
  ///
  /// - Parameters:
  ///   - labels: One label for each class of the net.
  ///   - pipeline: The tokenizer; its vocabulary is as large as the net's.
  ///   - network: The net.
  ///   - parameters: The net's parameters.
  ///   - precision: How the recurrent layers compute.
  ///   - temperature: What logits are divided by; 1 leaves them as they are.
  ///   - card: What people should know of the model.
  public init(
    labels: [String], pipeline: TextPipeline, network: SentimentNetwork,
    parameters: Parameters<Float>, precision: WeightPrecision = .full, temperature: Double = 1,
    card: ModelCard = ModelCard()
  ) {
    precondition(
      labels.count == network.configuration.classCount
        && pipeline.vocabulary.count == network.configuration.vocabularySize,
      "\(labels.count) labels and \(pipeline.vocabulary.count) words for a net of "
        + "\(network.configuration.classCount) classes and "
        + "\(network.configuration.vocabularySize) words")
    self.init(
      labels: labels, pipeline: pipeline, network: network,
      wordVectors: .parameters(network.embedding, parameters),
      weights: network.weights(parameters, isForTraining: false, precision: precision),
      precision: precision, temperature: temperature, card: card
    ) { layout in
      guard layout != parameters.layout else { return parameters }
      return Parameters(layout: layout) { slot in
        parameters.layout.slot(named: slot.name).map { parameters[$0] } ?? []
      }
    }
  }

  /// Puts a classifier together whose word vectors may stay in their file.
  init(
    labels: [String], pipeline: TextPipeline, network: SentimentNetwork,
    wordVectors: WordVectors<Float>, weights: SentimentNetwork.Weights<Float>,
    precision: WeightPrecision, temperature: Double, card: ModelCard,
    fileMetadata: [String: String] = [:],
    loadParameters: @escaping @Sendable (ParameterLayout) -> Parameters<Float>
  ) {
    self.labels = labels
    self.pipeline = pipeline
    self.network = network
    self.precision = precision
    self.wordVectors = wordVectors
    self.weights = weights
    frequentWords = FrequentWords(network)
    self.temperature = temperature
    self.card = card
    self.fileMetadata = fileMetadata
    self.loadParameters = loadParameters
  }

  /// A name for the model that another has only if it answers alike: weights, words, settings and
  /// labels make it.
  ///
  /// - Returns: 16 hexadecimal digits.
  /// - Complexity: O(1) for a classifier from a file, whose checksum is known; else O(parameters).
  public var fingerprint: String {
    var hash = XXHash64()
    let metadata = fileMetadata.isEmpty ? self.metadata : fileMetadata
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      hash.append(Array("\(key)\0\(value)\0".utf8))
    }
    hash.append(Array("\(temperature)\0\(precision.rawValue)\0".utf8))
    if fileMetadata.isEmpty {
      hash.append(pipeline.vocabulary.serialized())
      for value in parameters.values {
        hash.append((0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) })
      }
    }
    let digits = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The net's parameters.
  ///
  /// - Complexity: O(1) for a classifier that was put together in memory; else the file is read.
  public var parameters: Parameters<Float> { loadParameters(network.layout) }

  /// The net with gradients of its inputs, in full precision whatever the model's; made once.
  var inputGradientNetwork: InputGradientNetwork<Float> {
    let make = {
      InputGradientNetwork(network, wordVectors: wordVectors, loadParameters: loadParameters)
    }
    // Where two threads are the first ones, both make it, and it is the same.
    return sharedGradients.table(reading: 1, make) ?? make()
  }

  /// The classifier with rounded weights, as it comes back from a file of that precision.
  ///
  /// - Parameter precision: How matrices are rounded, in memory, in computing and in the file.
  /// - Returns: A classifier whose probabilities differ a little from this one's.
  public func rounded(to precision: WeightPrecision) -> SentimentClassifier {
    SentimentClassifier(
      labels: labels, pipeline: pipeline, network: network,
      parameters: parameters.rounded(to: precision.storedType), precision: precision,
      temperature: temperature, card: card)
  }

  // MARK: Predicting

  /// Classifies a text.
  ///
  /// - Parameter text: The text, of any length.
  /// - Returns: What the net says of it.
  /// - Complexity: O(tokens), in memory that does not grow with them beyond four bytes a token.
  public func prediction(for text: String) -> SentimentPrediction {
    prediction(forUTF8: Array(text.utf8))
  }

  /// Classifies a text in UTF-8; ill-formed parts are read as U+FFFD.
  ///
  /// - Parameter bytes: The text.
  /// - Returns: What the net says of it.
  public func prediction(forUTF8 bytes: [UInt8]) -> SentimentPrediction {
    predictions(forTokens: [pipeline.tokenIDs(bytes[...])])[0]
  }

  /// Classifies many texts at once.
  ///
  /// - Parameters:
  ///   - texts: The texts, of any length.
  ///   - threadCount: The number of threads to use; results do not depend on it.
  /// - Returns: One prediction a text, in order.
  /// - Precondition: `threadCount` is at least 1.
  /// - SeeAlso: ``SentimentScorer``, for more texts than memory holds.
  public func predictions(for texts: [String], threadCount: Int = 1) -> [SentimentPrediction] {
    predictions(forUTF8: texts.map { Array($0.utf8) }, threadCount: threadCount)
  }

  /// Classifies many texts in UTF-8 at once; ill-formed parts are read as U+FFFD.
  ///
  /// - Parameters:
  ///   - texts: The texts.
  ///   - threadCount: The number of threads to use; results do not depend on it.
  /// - Returns: One prediction a text, in order.
  /// - Precondition: `threadCount` is at least 1.
  public func predictions(
    forUTF8 texts: [[UInt8]], threadCount: Int = 1
  ) -> [SentimentPrediction] {
    let tokens = concurrentlyMapped(texts, threadCount: threadCount) { pipeline.tokenIDs($0[...]) }
    return predictions(forTokens: tokens, threadCount: threadCount)
  }

  /// The token ids of a text in UTF-8, for those who make batches of their own.
  ///
  /// They are those that ``prediction(forUTF8:)`` reads; ill-formed parts are read as U+FFFD.
  ///
  /// - Parameter bytes: The text.
  /// - Returns: Ids of the pipeline's vocabulary, for ``predictions(forTokens:threadCount:)``.
  /// - Complexity: O(n).
  public func tokenIDs(forUTF8 bytes: [UInt8]) -> [Int32] {
    pipeline.tokenIDs(bytes[...])
  }

  /// Classifies texts that are token ids already.
  ///
  /// Texts are sorted by length and scored in batches of a bounded number of tokens.
  ///
  /// - Parameters:
  ///   - texts: Token ids of the pipeline's vocabulary, as `pipeline.encode(_:)` gives them.
  ///   - threadCount: The number of threads to use; results do not depend on it.
  /// - Returns: One prediction a text, in order.
  /// - Precondition: Every id is from 0 to below `pipeline.vocabulary.count`; `threadCount` is at least
  ///   1.
  public func predictions(
    forTokens texts: [[Int32]], threadCount: Int = 1
  ) -> [SentimentPrediction] {
    let logits = logits(forTokens: texts, threadCount: threadCount)
    return zip(logits, texts).map { prediction($0, tokens: $1) }
  }

  /// The logits of texts that are token ids already, before the temperature.
  ///
  /// - Parameters:
  ///   - texts: Token ids of the pipeline's vocabulary, as `pipeline.encode(_:)` gives them.
  ///   - threadCount: The number of threads to use; results do not depend on it.
  /// - Returns: For each text, in order, one logit a label.
  /// - Precondition: Every id is from 0 to below `pipeline.vocabulary.count`; `threadCount` is at least
  ///   1.
  public func logits(forTokens texts: [[Int32]], threadCount: Int = 1) -> [[Float]] {
    requireKnown(texts)
    let batches = ScoringLimits.batches(
      texts.map(\.count),
      chunk: network.encoder.canStream ? SentimentNetwork.chunkLength : Int.max,
      budget: Self.batchTokenBudget)
    let scored = concurrentlyMapped(batches, threadCount: threadCount) { batch in
      logits(ofBatch: batch.map { texts[$0] })
    }
    var ordered = [[Float]](repeating: [], count: texts.count)
    for (batch, rows) in zip(batches, scored) {
      for (row, index) in batch.enumerated() { ordered[index] = rows.row(row) }
    }
    return ordered
  }

  /// Refuses token ids beyond the vocabulary.
  private func requireKnown(_ texts: [[Int32]]) {
    let ids = 0..<Int32(pipeline.vocabulary.count)
    for (index, text) in texts.enumerated() {
      guard let id = text.first(where: { !ids.contains($0) }) else { continue }
      preconditionFailure("token id \(id) in text \(index), of a vocabulary of \(ids.count)")
    }
  }

  /// The logits of texts that are scored together, `[B, C]`.
  private func logits(ofBatch texts: [[Int32]]) -> Matrix<Float> {
    var workspace = SentimentNetwork.ScoringWorkspace<Float>(network)
    return network.logits(
      texts, wordVectors: wordVectors, weights: weights, frequentWords: frequentWords,
      workspace: &workspace)
  }

  private func prediction(_ logits: [Float], tokens: [Int32]) -> SentimentPrediction {
    prediction(logits, tokenCount: tokens.count, unknownCount: unknownCount(in: tokens))
  }

  /// The prediction that logits stand for.
  func prediction(
    _ logits: [Float], tokenCount: Int, unknownCount: Int
  ) -> SentimentPrediction {
    SentimentPrediction(
      labels: labels, probabilities: Calibration.probabilities(logits, temperature: temperature),
      tokenCount: tokenCount, unknownCount: unknownCount)
  }

  /// The number of tokens that the vocabulary lacks.
  func unknownCount(in tokens: [Int32]) -> Int {
    let unknown = Int32(pipeline.vocabulary.unknownID.rawValue)
    return tokens.count { $0 == unknown }
  }
}

extension TextPipeline {
  /// The token ids of a text in UTF-8 as the net wants them.
  ///
  /// A long text is cut as one that comes in pieces is, so that both have the same tokens.
  func tokenIDs(_ bytes: ArraySlice<UInt8>) -> [Int32] {
    guard bytes.count > TextPieceStream.maximumByteCount else {
      return encode(utf8: bytes.span).map { Int32($0.rawValue) }
    }
    var stream = TextPieceStream(normalization: normalization)
    let pieces = stream.pieces(adding: bytes) + [stream.finish()].compactMap(\.self)
    return pieces.flatMap { tokenIDs($0.utf8[...]) }
  }

  /// The tokens of a piece of a text with their places in the text.
  ///
  /// - Parameters:
  ///   - bytes: The piece, in UTF-8.
  ///   - byteOffset: Where it begins in the text.
  /// - Returns: The tokens, in order.
  func placedTokens(_ bytes: [UInt8], from byteOffset: Int) -> [PlacedToken] {
    tokens(utf8: bytes.span).tokens.map { token in
      let range = token.token.byteRange
      return PlacedToken(
        id: Int32(token.id.rawValue),
        byteRange: range.lowerBound + byteOffset..<range.upperBound + byteOffset)
    }
  }

  /// The tokens of a text in UTF-8, those of ``tokenIDs(_:)``, with their places in the text.
  func placedTokens(_ bytes: [UInt8]) -> [PlacedToken] {
    guard bytes.count > TextPieceStream.maximumByteCount else {
      return placedTokens(bytes, from: 0)
    }
    var stream = TextPieceStream(normalization: normalization)
    let pieces = stream.pieces(adding: bytes[...]) + [stream.finish()].compactMap(\.self)
    return pieces.flatMap { placedTokens($0.utf8, from: $0.byteOffset) }
  }
}

/// A token with its place in a text.
struct PlacedToken: Hashable, Sendable {
  let id: Int32
  /// The place, in UTF-8 bytes; what normalization made of one word may be several tokens of one place.
  let byteRange: Range<Int>
}
