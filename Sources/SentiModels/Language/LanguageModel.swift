internal import Glibc
internal import SentiRNN
public import SentiTensor
internal import SentiText
internal import SentiTraining

/// A language model: how probable texts are, how they may go on, and what a classifier can start from.
///
///     let model = try LanguageModel(contentsOf: "reviews.safetensors")
///     print(model.perplexity(of: ["The lid does not fit."]).perToken)
public struct LanguageModel: Sendable {
  /// What turns texts into token ids, and token ids into texts.
  public let codec: TextCodec
  /// The net.
  public let network: LanguageModelNetwork
  /// Its parameters.
  public let parameters: Parameters<Float>
  /// What people should know of the model.
  public var card = ModelCard()

  /// Creates a model.
  ///
  /// - Parameters:
  ///   - codec: What turns texts into token ids, and back.
  ///   - network: The net.
  ///   - parameters: Its parameters.
  /// - Precondition: The net has as many tokens as the codec, and the parameters are its.
  public init(codec: TextCodec, network: LanguageModelNetwork, parameters: Parameters<Float>) {
    precondition(
      network.configuration.vocabularySize == codec.vocabularySize
        && parameters.layout == network.layout,
      "a net of \(network.configuration.vocabularySize) tokens with \(codec.vocabularySize)")
    self.codec = codec
    self.network = network
    self.parameters = parameters
  }

  /// How well texts are predicted.
  public struct Perplexity: Hashable, Sendable {
    /// The sum of the negative logarithms of all probabilities, in nats, the mean of all directions.
    public var nats: Double
    /// The number of tokens that were predicted, the ends of the texts included.
    public var tokenCount: Int
    /// How many of them are words outside of the vocabulary, which are predicted as one token.
    public var unknownCount: Int
    /// The number of UTF-8 bytes of the texts.
    public var byteCount: Int

    /// Starts with no texts.
    public init() { (nats, tokenCount, unknownCount, byteCount) = (0, 0, 0, 0) }

    /// Collects sums.
    init(nats: Double, tokenCount: Int, unknownCount: Int, byteCount: Int) {
      self.nats = nats
      self.tokenCount = tokenCount
      self.unknownCount = unknownCount
      self.byteCount = byteCount
    }

    /// exp of the mean loss of a token: of a word, where the model's tokens are words.
    public var perToken: Double { exp(nats / Double(tokenCount)) }
    /// exp of the mean loss of a byte, which does not depend on how texts are cut into tokens.
    public var perByte: Double { exp(nats / Double(byteCount)) }
    /// The bits that a byte of the texts takes, log2 of ``perByte``.
    public var bitsPerByte: Double { nats / Double(byteCount) / log(2) }

    /// Adds the sums of other texts.
    public mutating func add(_ other: Perplexity) {
      nats += other.nats
      tokenCount += other.tokenCount
      unknownCount += other.unknownCount
      byteCount += other.byteCount
    }
  }

  /// Measures how well texts are predicted, each read on its own from its first word.
  ///
  /// - Parameters:
  ///   - texts: The texts.
  ///   - threadCount: The number of threads; the result depends on it in the last bits at most.
  /// - Returns: The sums over all texts.
  /// - Complexity: O(tokens · V · E).
  public func perplexity(of texts: [String], threadCount: Int = 1) -> Perplexity {
    let examples = texts.map { LanguageModelExample($0, codec) }
    let tally = network.tally(of: examples, parameters: parameters, threadCount: threadCount)
    let unknown = GenerationTokens().unknown
    return Perplexity(
      nats: tally.lossSum / Double(network.projections.count),
      tokenCount: examples.reduce(0) { $0 + $1.predictionCount },
      unknownCount: examples.reduce(0) { $0 + $1.tokens.count { $0 == unknown } },
      byteCount: texts.reduce(0) { $0 + $1.utf8.count })
  }
}

extension LanguageModelNetwork {
  /// The number of texts that a thread evaluates at once.
  private static var textsAtOnce: Int { 16 }
  /// The steps whose states are in memory at once.
  private static var windowSize: Int { 64 }

  /// Sums of the cross-entropy of all words by the whole softmax, in all directions.
  ///
  /// - Parameters:
  ///   - examples: The texts.
  ///   - parameters: The parameters.
  ///   - threadCount: The number of threads.
  /// - Returns: The sums; a term for each word and direction.
  func tally(
    of examples: [LanguageModelExample], parameters: Parameters<Float>, threadCount: Int
  ) -> EpochMetrics {
    var generator = SeededGenerator(seed: 0)
    let weights = weights(parameters, weightDropout: Dropout(rate: 0), using: &generator)
    let task = LanguageModelTask(
      self, regularization: .none, candidateCount: 1,
      truncation: Truncation(updateInterval: Self.windowSize))
    let sorted = examples.sorted { $0.tokens.count < $1.tokens.count }
    let batches = stride(from: 0, to: sorted.count, by: Self.textsAtOnce).map {
      Array(sorted[$0..<min($0 + Self.textsAtOnce, sorted.count)])
    }
    let tallies = concurrentlyMapped(batches, threadCount: threadCount) { batch in
      projections.indices.reduce(into: EpochMetrics()) { tally, direction in
        var pass = LanguageModelPass(task, batch, direction: direction, parameters: parameters)
        tally.add(pass.tally(weights: weights))
      }
    }
    return tallies.reduce(into: EpochMetrics()) { $0.add($1) }
  }
}

extension LanguageModelExample {
  /// Numbers the tokens of a text.
  init(_ text: String, _ codec: TextCodec) { self.init(tokens: codec.encode(text)) }
}
