internal import SentiRNN
public import SentiTensor
public import SentiTraining

/// A text as token ids, and its class.
public struct SentimentExample: Hashable, Sendable {
  /// The token ids.
  public let tokens: [Int32]
  /// The class, counted from 0.
  public let label: Int

  /// Creates an example.
  ///
  /// - Parameters:
  ///   - tokens: The token ids.
  ///   - label: The class, counted from 0.
  public init(tokens: [Int32], label: Int) {
    self.tokens = tokens
    self.label = label
  }
}

/// What keeps a sentiment net from learning its examples by heart.
public struct SentimentRegularization: Hashable, Codable, Sendable {
  /// The share of tokens that are read as unknown, so that no single word decides.
  public var wordDropout = 0.1
  /// The dropout of word vectors, one mask for all places of a word in a batch.
  ///
  /// - SeeAlso: Gal and Ghahramani 2016, <https://arxiv.org/abs/1512.05287>.
  public var embeddingDropout = 0.3
  /// The dropout of pooled states before the output.
  public var outputDropout = 0.5
  /// The share of probability spread evenly over all classes in the loss.
  public var labelSmoothing = 0.0
  /// How far word vectors are moved against the net, relative to their norm; 0: not at all.
  ///
  /// Each batch is learned twice, the second time with its word vectors moved by this share of their
  /// norm in the direction in which the loss grows fastest: Miyato et al. 2017,
  /// <https://arxiv.org/abs/1605.07725>, with one move for all places of a word in a batch.
  public var adversarialShare = 0.0

  /// Creates the defaults.
  public init() {}

  /// Nothing dropped, nothing smoothed.
  public static var none: SentimentRegularization {
    var none = SentimentRegularization()
    none.wordDropout = 0
    none.embeddingDropout = 0
    none.outputDropout = 0
    return none
  }
}

/// A sentiment net as the trainer sees it.
public struct SentimentTask: TrainableModel {
  /// The net.
  public let network: SentimentNetwork
  /// What keeps it from overfitting.
  public let regularization: SentimentRegularization
  /// The token that a dropped word is read as.
  public let unknownToken: Int32

  /// Creates a task.
  ///
  /// - Parameters:
  ///   - network: The net.
  ///   - regularization: What keeps it from overfitting.
  ///   - unknownToken: The token that a dropped word is read as.
  public init(
    _ network: SentimentNetwork, regularization: SentimentRegularization, unknownToken: Int32
  ) {
    self.network = network
    self.regularization = regularization
    self.unknownToken = unknownToken
  }

  /// Where the parameters are.
  public var layout: ParameterLayout { network.layout }

  /// The number of tokens of a text.
  public func tokenCount(of example: SentimentExample) -> Int { example.tokens.count }

  /// Packs the parameters for one step.
  public func trainingWeights(
    _ parameters: Parameters<Float>
  ) -> SentimentNetwork.Weights<Float> {
    network.weights(parameters, isForTraining: true)
  }

  /// Makes empty scratch memory.
  public func makeWorkspace() -> SentimentGradients<Float> { SentimentGradients(network) }

  /// Adds the gradient of the cross-entropy of some examples, and answers their sums.
  public func addGradients(
    of examples: [SentimentExample], scale: Double, parameters: Parameters<Float>,
    weights: SentimentNetwork.Weights<Float>, workspace: inout SentimentGradients<Float>,
    gradients: inout Parameters<Float>, generator: inout SeededGenerator
  ) -> TrainingTally {
    workspace.add(
      examples, scale: scale, regularization: regularization, unknownToken: unknownToken,
      parameters: parameters, weights: weights, gradients: &gradients, generator: &generator)
  }
}

/// Forward and backward through a sentiment net, with the memory that they share.
public struct SentimentGradients<Scalar: MatrixScalar>: Sendable {
  private let network: SentimentNetwork
  private var stack: StackWorkspace<Scalar>
  private var poolings: [TemporalPooling<Scalar>]
  private var rows: Matrix<Scalar>
  private var rowGradient: Matrix<Scalar>

  /// Creates empty scratch memory.
  ///
  /// - Parameter network: The net.
  public init(_ network: SentimentNetwork) {
    self.network = network
    stack = StackWorkspace(network.encoder)
    poolings = network.encoder.layers[0].map { _ in
      TemporalPooling(hiddenSize: network.configuration.hiddenSize)
    }
    rows = Matrix(rowCount: 0, columnCount: network.configuration.embeddingSize)
    rowGradient = rows
  }

  /// Adds the gradient of the cross-entropy of some examples.
  ///
  /// - Parameters:
  ///   - examples: The examples.
  ///   - scale: What each example's loss is multiplied by.
  ///   - regularization: What is dropped and smoothed.
  ///   - unknownToken: The token that a dropped word is read as.
  ///   - parameters: The parameters.
  ///   - weights: The packed parameters.
  ///   - gradients: Receives the gradient, added.
  ///   - generator: The source of randomness for dropout.
  /// - Returns: Sums over the examples.
  /// - Complexity: O(tokens), three times that of scoring.
  public mutating func add(
    _ examples: [SentimentExample], scale: Double, regularization: SentimentRegularization,
    unknownToken: Int32, parameters: Parameters<Scalar>,
    weights: SentimentNetwork.Weights<Scalar>, gradients: inout Parameters<Scalar>,
    generator: inout SeededGenerator
  ) -> TrainingTally {
    let sequences = PackedSequences(lengths: examples.map(\.tokens.count))
    let ids = Dropout.replacing(
      sequences.packed(examples.map(\.tokens)), share: regularization.wordDropout, by: unknownToken,
      using: &generator)
    let tokens = DistinctTokens(ids, vocabularySize: network.configuration.vocabularySize)
    network.embedding.forward(tokens.tokens, parameters, into: &rows)
    let rowMask = Dropout(rate: regularization.embeddingDropout).drop(&rows, using: &generator)

    let isAdversarial = regularization.adversarialShare > 0
    let batch = Batch(
      sequences: sequences, inputRows: tokens.rows,
      classes: sequences.order.map { examples[$0].label },
      scale: isAdversarial ? scale / 2 : scale, regularization: regularization)
    let tally = learn(batch, weights, rowMask, &gradients, &generator)
    network.embedding.backward(tokens.tokens, rowGradient, gradients: &gradients)
    if isAdversarial {
      moveRows(by: regularization.adversarialShare)
      _ = learn(batch, weights, rowMask, &gradients, &generator)
      network.embedding.backward(tokens.tokens, rowGradient, gradients: &gradients)
    }
    return tally
  }

  /// What the passes over a batch have in common.
  private struct Batch {
    let sequences: PackedSequences
    let inputRows: [Int32]
    let classes: [Int]
    let scale: Double
    let regularization: SentimentRegularization
  }

  /// Forward and backward from the looked-up rows; leaves their gradient.
  private mutating func learn(
    _ batch: Batch, _ weights: SentimentNetwork.Weights<Scalar>, _ rowMask: Matrix<Scalar>?,
    _ gradients: inout Parameters<Scalar>, _ generator: inout SeededGenerator
  ) -> TrainingTally {
    let smoothing = batch.regularization.labelSmoothing
    var features = forward(batch.inputRows, batch.sequences, weights)
    let dropout = Dropout(rate: batch.regularization.outputDropout)
    let featureMask = dropout.drop(&features, using: &generator)
    let logits = network.output.forward(features, weights.output)
    let loss = SoftmaxCrossEntropy(logits: logits)

    var featureGradient = network.output.backward(
      loss.logitsGradient(batch.classes, scale: batch.scale, smoothing: smoothing),
      input: features, weights.output, gradients: &gradients)
    Dropout.apply(featureMask, to: &featureGradient)
    backward(featureGradient, batch.sequences, weights, &gradients)
    Dropout.apply(rowMask, to: &rowGradient)
    return TrainingTally(
      lossSum: loss.lossSum(batch.classes, smoothing: smoothing),
      correctCount: zip(batch.classes, logits.greatestColumns).count { $0 == $1 },
      exampleCount: batch.classes.count, tokenCount: batch.sequences.tokenCount)
  }

  /// Moves the looked-up rows along their gradient by a share of their norm.
  private mutating func moveRows(by share: Double) {
    let norm = rowGradient.norm
    guard norm > 0 else { return }
    let count = rows.rowCount
    let scale = [Scalar](repeating: Scalar(share * rows.norm / norm), count: count)
    Kernels<Scalar>.best.addRows(of: rowGradient, rows: 0..<count, scaledBy: scale, to: &rows)
  }

  /// Runs encoder and pooling on looked-up rows.
  private mutating func forward(
    _ inputRows: [Int32], _ sequences: PackedSequences, _ weights: SentimentNetwork.Weights<Scalar>
  ) -> Matrix<Scalar> {
    network.encoder.forward(
      rows, inputRows: inputRows, sequences: sequences, weights: weights.encoder,
      keepsActivations: true, workspace: &stack)
    for direction in poolings.indices {
      poolings[direction].start(batchSize: sequences.batchSize)
      poolings[direction].add(stack.layers[stack.layers.count - 1][direction].hidden, sequences)
    }
    return network.features(poolings)
  }

  /// Propagates the gradient of pooled states down to the looked-up rows.
  private mutating func backward(
    _ featureGradient: Matrix<Scalar>, _ sequences: PackedSequences,
    _ weights: SentimentNetwork.Weights<Scalar>, _ gradients: inout Parameters<Scalar>
  ) {
    let (top, hiddenSize) = (stack.layers.count - 1, network.configuration.hiddenSize)
    stack.resetGradients()
    var column = 0
    for pooling in network.configuration.pooling {
      for direction in poolings.indices {
        poolings[direction].backward(
          pooling, featureGradient.columns(column..<column + hiddenSize), sequences,
          to: &stack.layers[top][direction].hiddenGradient)
        column += hiddenSize
      }
    }
    rowGradient.resizeToZeros(rowCount: rows.rowCount)
    network.encoder.backward(
      rows, sequences: sequences, weights: weights.encoder, gradients: &gradients,
      inputGradient: &rowGradient, workspace: &stack)
  }
}
