public import SentiRNN
public import SentiTensor

/// The shape of a language model.
public struct LanguageModelConfiguration: Hashable, Codable, Sendable {
  /// The number of token ids, V.
  public var vocabularySize: Int
  /// The width of a word vector, E.
  public var embeddingSize = 256
  /// The recurrent cell.
  public var cell = CellConfiguration.lstm
  /// The number of hidden units of each direction, H.
  public var hiddenSize = 1024
  /// The number of recurrent layers, L.
  public var layerCount = 1
  /// Whether a second net reads from the last word to the first, on the same word vectors.
  public var isBidirectional = false

  /// Creates the default shape for a vocabulary.
  ///
  /// - Parameter vocabularySize: The number of token ids, V.
  public init(vocabularySize: Int) { self.vocabularySize = vocabularySize }

  /// Whether a net of this shape can predict: a layer above the first must not see the other
  /// direction, which knows the word.
  public var isPossible: Bool { layerCount == 1 || !isBidirectional }
}

/// A net that predicts the next word at every step: word vectors, recurrent layers, a projection to
/// the width of a word vector, and a softmax whose weights are the word vectors.
///
///     tokens -> [D, E] -> [N, H] -> [N, E] -> [N, V]
///
/// In training the softmax is sampled; the perplexity is that of the whole one. With two directions
/// each is a language model of its own: the second predicts the word before. The word vectors and the
/// recurrent layers have the names that they have in a ``SentimentNetwork``, which can start from them.
///
/// - SeeAlso: tied weights: Press and Wolf 2017, <https://arxiv.org/abs/1608.05859>; pre-training of
///   classifiers: Howard and Ruder 2018, <https://arxiv.org/abs/1801.06146>.
public struct LanguageModelNetwork: Sendable {
  /// The net's shape.
  public let configuration: LanguageModelConfiguration
  /// Where the parameters are.
  public let layout: ParameterLayout
  /// The word vectors, which are the softmax's weights too.
  public let embedding: Embedding
  /// The recurrent layers.
  public let encoder: RecurrentStack
  /// The layer from the states of each direction to the width of a word vector.
  public let projections: [Dense]
  /// The softmax over all words.
  public let softmax: SampledSoftmax

  /// Lays out a net.
  ///
  /// - Parameters:
  ///   - configuration: The net's shape.
  ///   - counts: How often each token occurred, by which the sampled softmax draws.
  /// - Precondition: The shape is possible, and there is a count for each token, one of them above 0.
  public init(_ configuration: LanguageModelConfiguration, counts: [Int]) {
    precondition(
      configuration.isPossible && counts.count == configuration.vocabularySize,
      "\(configuration) with \(counts.count) counts")
    var layout = ParameterLayout()
    embedding = Embedding(
      vocabularySize: configuration.vocabularySize, embeddingSize: configuration.embeddingSize,
      prefix: EncoderPrefix.embedding, layout: &layout)
    encoder = RecurrentStack(
      StackConfiguration(
        configuration.cell, inputSize: configuration.embeddingSize,
        hiddenSize: configuration.hiddenSize, layerCount: configuration.layerCount,
        isBidirectional: configuration.isBidirectional),
      prefix: EncoderPrefix.layers, layout: &layout)
    projections = (configuration.isBidirectional ? ["forward", "reverse"] : ["forward"]).map {
      Dense(
        inputSize: configuration.hiddenSize, outputSize: configuration.embeddingSize,
        prefix: "projection.\($0).", layout: &layout)
    }
    softmax = SampledSoftmax(
      sharing: embedding.weights, sampler: CandidateSampler(counts: counts), prefix: "softmax.",
      layout: &layout)
    self.configuration = configuration
    self.layout = layout
  }

  /// Fresh parameters.
  ///
  /// - Parameter seed: The seed of the initial weights.
  /// - Returns: Parameters that follow from the seed alone.
  public func initialParameters<Scalar: MatrixScalar>(seed: UInt64) -> Parameters<Scalar> {
    var parameters = Parameters<Scalar>(layout: layout)
    var generator = SeededGenerator(seed: seed)
    embedding.initialize(&parameters, using: &generator)
    encoder.initialize(&parameters, using: &generator)
    for projection in projections { projection.initialize(&parameters, using: &generator) }
    softmax.initialize(&parameters, using: &generator)
    return parameters
  }

  /// The parameters of one direction in the kernels' order.
  struct DirectionWeights<Scalar: MatrixScalar>: Sendable {
    var stack: StackWeights<Scalar>
    var projection: Dense.Weights<Scalar>
  }

  /// The parameters in the kernels' order, forward direction first.
  public struct Weights<Scalar: MatrixScalar>: Sendable {
    var directions: [DirectionWeights<Scalar>]
  }

  /// Packs the parameters for training, with recurrent weights dropped.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - dropout: What is dropped of each recurrent matrix.
  ///   - generator: The source of randomness.
  /// - Returns: The packed parameters.
  public func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, weightDropout dropout: Dropout,
    using generator: inout SeededGenerator
  ) -> Weights<Scalar> {
    let encoder = encoder.weights(parameters, weightDropout: dropout, using: &generator)
    return Weights(
      directions: projections.enumerated().map { index, projection in
        DirectionWeights(
          stack: encoder.direction(index), projection: projection.weights(parameters))
      })
  }
}
