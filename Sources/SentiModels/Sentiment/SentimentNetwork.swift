public import SentiRNN
public import SentiTensor

/// The shape of a sentiment net.
public struct SentimentConfiguration: Hashable, Codable, Sendable {
  /// The number of token ids, V.
  public var vocabularySize: Int
  /// The number of classes, C.
  public var classCount = 2
  /// The width of a word vector, E.
  public var embeddingSize = 128
  /// The recurrent cell.
  public var cell = CellConfiguration.gru
  /// The number of hidden units of each direction, H.
  public var hiddenSize = 256
  /// The number of recurrent layers, L.
  public var layerCount = 1
  /// Whether every layer also reads backwards.
  public var isBidirectional = false
  /// What a text is summed up by, side by side: all three, as in ULMFiT.
  public var pooling: [Pooling] = [.last, .max, .mean]

  /// Creates the default shape for a vocabulary.
  ///
  /// - Parameter vocabularySize: The number of token ids, V.
  public init(vocabularySize: Int) { self.vocabularySize = vocabularySize }
}

/// A sequence-to-vector net: word vectors, recurrent layers, pooling over time, one dense layer.
///
///     tokens -> [D, E] -> [N, H] each direction -> [B, P·H·directions] -> [B, C]
///
/// Knows token ids and classes, no text; ``SentimentClassifier`` is the face for texts.
public struct SentimentNetwork: Sendable {
  static let embeddingPrefix = EncoderPrefix.embedding
  static let encoderPrefix = EncoderPrefix.layers
  static let outputPrefix = "output."

  /// The net's shape.
  public let configuration: SentimentConfiguration

  /// Where the parameters are.
  public let layout: ParameterLayout

  /// The word vectors.
  public let embedding: Embedding

  /// The recurrent layers.
  public let encoder: RecurrentStack

  /// The layer from pooled states to classes.
  public let output: Dense

  /// Lays out a net.
  ///
  /// - Parameter configuration: The net's shape.
  public init(_ configuration: SentimentConfiguration) {
    precondition(!configuration.pooling.isEmpty, "a sentiment net needs at least one pooling")
    var layout = ParameterLayout()
    embedding = Embedding(
      vocabularySize: configuration.vocabularySize, embeddingSize: configuration.embeddingSize,
      prefix: Self.embeddingPrefix, layout: &layout)
    (encoder, output) = Self.layers(configuration, layout: &layout)
    self.configuration = configuration
    self.layout = layout
  }

  /// Lays out all but the word vectors.
  static func layers(
    _ configuration: SentimentConfiguration, layout: inout ParameterLayout
  ) -> (encoder: RecurrentStack, output: Dense) {
    let encoder = RecurrentStack(
      StackConfiguration(
        configuration.cell, inputSize: configuration.embeddingSize,
        hiddenSize: configuration.hiddenSize, layerCount: configuration.layerCount,
        isBidirectional: configuration.isBidirectional),
      prefix: encoderPrefix, layout: &layout)
    let output = Dense(
      inputSize: configuration.pooling.count * encoder.outputSize,
      outputSize: configuration.classCount, prefix: outputPrefix, layout: &layout)
    return (encoder, output)
  }

  /// Fresh parameters.
  ///
  /// - Parameters:
  ///   - seed: The seed of the initial weights.
  ///   - longestMemory: How many words gates remember at the beginning, at least 3, by chrono
  ///     initialization; nil: a few.
  /// - Returns: Parameters that follow from the arguments alone.
  /// - Precondition: With `longestMemory` the cell has gates.
  public func initialParameters<Scalar: MatrixScalar>(
    seed: UInt64, longestMemory: Int? = nil
  ) -> Parameters<Scalar> {
    var parameters = Parameters<Scalar>(layout: layout)
    var generator = SeededGenerator(seed: seed)
    embedding.initialize(&parameters, using: &generator)
    encoder.initialize(&parameters, using: &generator)
    output.initialize(&parameters, using: &generator)
    if let longestMemory {
      encoder.initializeChronoBiases(
        &parameters, maxTimescale: longestMemory, using: &generator)
    }
    return parameters
  }

  /// The parameters in the kernels' order.
  public struct Weights<Scalar: MatrixScalar>: Sendable {
    var encoder: StackWeights<Scalar>
    var output: Dense.Weights<Scalar>
  }

  /// Packs the parameters.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - isForTraining: Whether gradients will be asked for.
  ///   - precision: How the recurrent layers' matrices are rounded; full for training.
  /// - Returns: The packed parameters.
  public func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, isForTraining: Bool, precision: WeightPrecision = .full
  ) -> Weights<Scalar> {
    Weights(
      encoder: encoder.weights(
        parameters, isForTraining: isForTraining, precision: precision),
      output: output.weights(parameters))
  }

  /// Packs the parameters for training, with recurrent weights dropped.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - dropout: What is dropped of each recurrent matrix.
  ///   - generator: The source of randomness.
  /// - Returns: The packed parameters; made anew for each batch.
  public func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, weightDropout dropout: Dropout,
    using generator: inout SeededGenerator
  ) -> Weights<Scalar> {
    Weights(
      encoder: encoder.weights(parameters, weightDropout: dropout, using: &generator),
      output: output.weights(parameters))
  }

  /// Packs the parameters of all but the word vectors for scoring.
  ///
  /// - Parameters:
  ///   - type: The type of element.
  ///   - precision: How the recurrent layers' matrices are rounded.
  ///   - elements: Answers the elements of a parameter.
  /// - Returns: The packed parameters.
  /// - Throws: What `elements` throws.
  func scoringWeights<Scalar: MatrixScalar, Failure>(
    _ type: Scalar.Type = Scalar.self, precision: WeightPrecision,
    elements: (ParameterSlot) throws(Failure) -> [Scalar]
  ) throws(Failure) -> Weights<Scalar> {
    var layout = ParameterLayout()
    let layers = Self.layers(configuration, layout: &layout)
    let parameters = try Parameters(layout: layout, elements: elements)
    return Weights(
      encoder: layers.encoder.weights(parameters, isForTraining: false, precision: precision),
      output: layers.output.weights(parameters))
  }

  /// Sets the pooled vectors of all directions side by side: first pooling first, in it the forward
  /// direction first.
  func features<Scalar: MatrixScalar>(_ poolings: [TemporalPooling<Scalar>]) -> Matrix<Scalar> {
    let parts = configuration.pooling.flatMap { kind in poolings.map { $0.features(kind) } }
    return Matrix(concatenating: parts)
  }

  /// Adds the gradient of ``features(_:)`` to that of the states of one direction.
  ///
  /// - Parameters:
  ///   - featureGradient: The gradient of the features, `[B, P·H·directions]`.
  ///   - direction: The direction.
  ///   - pooling: What the direction's states were pooled by.
  ///   - sequences: The lengths of the piece.
  ///   - piece: Which piece of the texts, as ``TemporalPooling`` counts them.
  ///   - hiddenGradient: The gradient of the piece's states, `[B + N, H]`.
  func poolBackward<Scalar: MatrixScalar>(
    _ featureGradient: Matrix<Scalar>, direction: Int, _ pooling: TemporalPooling<Scalar>,
    over sequences: PackedSequences, piece: Int = 0, to hiddenGradient: inout Matrix<Scalar>
  ) {
    let (width, directionCount) = (configuration.hiddenSize, encoder.layers[0].count)
    for (index, kind) in configuration.pooling.enumerated() {
      let column = (index * directionCount + direction) * width
      pooling.backward(
        kind, featureGradient.columns(column..<column + width), sequences, piece: piece,
        to: &hiddenGradient)
    }
  }
}
