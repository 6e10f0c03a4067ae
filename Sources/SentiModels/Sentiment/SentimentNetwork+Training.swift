internal import SentiRNN
public import SentiTensor
public import SentiTraining

/// A text as token ids, and its class.
public struct SentimentExample: Hashable, Sendable {
  /// The token ids.
  public let tokens: [Int32]
  /// The class, counted from 0.
  public let label: Int
  /// A teacher's probability of each class, in the order of the classes; nil: the label alone.
  public let softLabel: [Double]?
  /// The weight of the example in the loss.
  public let weight: Double

  /// Creates an example.
  ///
  /// - Parameters:
  ///   - tokens: The token ids.
  ///   - label: The class, counted from 0.
  ///   - softLabel: A teacher's probability of each class; nil: none.
  ///   - weight: The weight in the loss.
  public init(tokens: [Int32], label: Int, softLabel: [Double]? = nil, weight: Double = 1) {
    self.tokens = tokens
    self.label = label
    self.softLabel = softLabel
    self.weight = weight
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
  /// The dropout of what a layer hands to the one above, one mask a text for all of its words.
  ///
  /// - SeeAlso: Gal and Ghahramani 2016, <https://arxiv.org/abs/1512.05287>.
  public var layerDropout = 0.0
  /// The dropout of recurrent weights, the same ones for all words of a batch.
  ///
  /// - SeeAlso: Merity et al. 2018, <https://arxiv.org/abs/1708.02182>.
  public var recurrentDropout = 0.0
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
  /// The loss.
  public let loss: SentimentLoss

  /// Creates a task.
  ///
  /// - Parameters:
  ///   - network: The net.
  ///   - regularization: What keeps it from overfitting.
  ///   - unknownToken: The token that a dropped word is read as.
  ///   - loss: The loss.
  public init(
    _ network: SentimentNetwork, regularization: SentimentRegularization, unknownToken: Int32,
    loss: SentimentLoss = SentimentLoss()
  ) {
    self.network = network
    self.regularization = regularization
    self.unknownToken = unknownToken
    self.loss = loss
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

  /// Packs the parameters for one step, some recurrent ones dropped.
  public func trainingWeights(
    _ parameters: Parameters<Float>, using generator: inout SeededGenerator
  ) -> SentimentNetwork.Weights<Float> {
    guard regularization.recurrentDropout > 0 else { return trainingWeights(parameters) }
    return network.weights(
      parameters, droppingRecurrent: Dropout(rate: regularization.recurrentDropout),
      using: &generator)
  }

  /// Makes empty scratch memory.
  public func makeWorkspace() -> SentimentGradients<Float> { SentimentGradients(network) }

  /// Makes an empty batch.
  public func makeBatch() -> SentimentBatch<Float> { SentimentBatch(network) }

  /// Looks up and projects the distinct words of a batch, some of them dropped.
  public func prepare(
    _ batch: inout SentimentBatch<Float>, shares: [[SentimentExample]],
    parameters: Parameters<Float>, weights: SentimentNetwork.Weights<Float>,
    generator: inout SeededGenerator, threadCount: Int
  ) {
    batch.prepare(
      shares, regularization: regularization, unknownToken: unknownToken, parameters: parameters,
      weights: weights, generator: &generator, threadCount: threadCount)
  }

  /// Adds the gradient of the cross-entropy of some examples, and answers their sums.
  public func addGradients(
    of examples: [SentimentExample], share: Int, of batch: SentimentBatch<Float>, scale: Double,
    parameters: Parameters<Float>, weights: SentimentNetwork.Weights<Float>,
    workspace: inout SentimentGradients<Float>, gradients: inout Parameters<Float>,
    generator: inout SeededGenerator
  ) -> TrainingTally {
    workspace.add(
      examples, share: share, of: batch, scale: scale, regularization: regularization,
      loss: loss, weights: weights, gradients: &gradients, generator: &generator)
  }

  /// Adds the gradient of the distinct words of a batch; answers whether they were then moved against
  /// the net, to be learned once more.
  public func addSharedGradients(
    of batch: inout SentimentBatch<Float>, workspaces: [SentimentGradients<Float>],
    weights: SentimentNetwork.Weights<Float>, gradients: inout Parameters<Float>, threadCount: Int
  ) -> Bool {
    batch.addGradients(
      from: workspaces, adversarialShare: regularization.adversarialShare, weights: weights,
      gradients: &gradients, threadCount: threadCount)
  }
}

/// The distinct words of a batch that is divided among threads.
public struct SentimentBatch<Scalar: MatrixScalar>: Sendable {
  private let network: SentimentNetwork
  private var tokens: [Int32] = []
  private var mask: Matrix<Scalar>?
  private var isMoved = false
  fileprivate var inputs: SharedInputs<Scalar>
  /// What is each thread's own: the lengths, and the row of ``inputs`` for each position.
  fileprivate var shares: [(sequences: PackedSequences, rows: [Int32])] = []

  /// Creates an empty batch.
  ///
  /// - Parameter network: The net.
  public init(_ network: SentimentNetwork) {
    self.network = network
    inputs = SharedInputs(network.encoder)
  }

  /// Looks up and projects the distinct words of a batch, some of them dropped.
  ///
  /// - Parameters:
  ///   - examples: Each thread's examples.
  ///   - regularization: What is dropped.
  ///   - unknownToken: The token that a dropped word is read as.
  ///   - parameters: The parameters.
  ///   - weights: The packed parameters.
  ///   - generator: The source of randomness for dropout.
  ///   - threadCount: The number of threads.
  /// - Complexity: O(tokens + vocabulary), and the product of the distinct ones.
  public mutating func prepare(
    _ examples: [[SentimentExample]], regularization: SentimentRegularization,
    unknownToken: Int32, parameters: Parameters<Scalar>,
    weights: SentimentNetwork.Weights<Scalar>, generator: inout SeededGenerator, threadCount: Int
  ) {
    let sequences = examples.map { PackedSequences(lengths: $0.map(\.tokens.count)) }
    let ids = Dropout.replacing(
      zip(sequences, examples).flatMap { $0.packed($1.map(\.tokens)) },
      share: regularization.wordDropout, by: unknownToken, using: &generator)
    var end = 0
    let positions = sequences.map { sequences in
      end += sequences.tokenCount
      return end - sequences.tokenCount..<end
    }
    let distinct = DistinctTokens(
      shares: positions.map { ids[$0] }, vocabularySize: network.configuration.vocabularySize)
    shares = zip(sequences, positions).map { ($0, Array(distinct.rows[$1])) }
    tokens = distinct.tokens
    inputs.owned = distinct.owned
    network.embedding.forward(tokens, parameters, threadCount: threadCount, into: &inputs.input)
    mask = Dropout(rate: regularization.embeddingDropout).drop(&inputs.input, using: &generator)
    isMoved = false
    inputs.project(weights: weights.encoder, threadCount: threadCount)
  }

  /// Adds the gradient of the distinct words, once all threads have added theirs; then moves them
  /// against the net, if that is asked for and was not done.
  ///
  /// - Parameters:
  ///   - threads: What each thread left.
  ///   - adversarialShare: How far words are moved; see
  ///     ``SentimentRegularization/adversarialShare``.
  ///   - weights: The packed parameters.
  ///   - gradients: Receives the gradient, added.
  ///   - threadCount: The number of threads.
  /// - Returns: Whether words were moved, so that the threads are to go over them once more.
  public mutating func addGradients(
    from threads: [SentimentGradients<Scalar>], adversarialShare: Double,
    weights: SentimentNetwork.Weights<Scalar>, gradients: inout Parameters<Scalar>,
    threadCount: Int
  ) -> Bool {
    inputs.backward(
      from: threads.map(\.stack), weights: weights.encoder, gradients: &gradients,
      threadCount: threadCount)
    Dropout.apply(mask, to: &inputs.gradient)
    network.embedding.backward(
      tokens, inputs.gradient, gradients: &gradients, threadCount: threadCount)
    guard adversarialShare > 0 && !isMoved else { return false }
    move(by: adversarialShare)
    inputs.project(weights: weights.encoder, threadCount: threadCount)
    isMoved = true
    return true
  }

  /// Moves the word vectors along their gradient by a share of their norm.
  private mutating func move(by share: Double) {
    let norm = inputs.gradient.norm
    guard norm > 0 else { return }
    let count = inputs.input.rowCount
    let scales = [Scalar](repeating: Scalar(share * inputs.input.norm / norm), count: count)
    Kernels<Scalar>.best.addRows(
      of: inputs.gradient, rows: 0..<count, scaledBy: scales, to: &inputs.input)
  }
}

/// Forward and backward through a sentiment net, with the memory of one thread.
public struct SentimentGradients<Scalar: MatrixScalar>: Sendable {
  private let network: SentimentNetwork
  fileprivate var stack: StackWorkspace<Scalar>
  private var poolings: [TemporalPooling<Scalar>]

  /// Creates empty scratch memory.
  ///
  /// - Parameter network: The net.
  public init(_ network: SentimentNetwork) {
    self.network = network
    stack = StackWorkspace(network.encoder)
    poolings = network.encoder.layers[0].map { _ in
      TemporalPooling(
        hiddenSize: network.configuration.hiddenSize, kinds: network.configuration.pooling)
    }
  }

  /// Adds the gradient of the cross-entropy of some examples, but for what their batch shares.
  ///
  /// - Parameters:
  ///   - examples: The examples.
  ///   - share: Which share of the batch they are.
  ///   - batch: The batch, prepared.
  ///   - scale: What each example's loss is multiplied by.
  ///   - regularization: What is dropped and smoothed.
  ///   - loss: The loss.
  ///   - weights: The packed parameters.
  ///   - gradients: Receives the gradient, added.
  ///   - generator: The source of randomness for dropout.
  /// - Returns: Sums over the examples.
  /// - Complexity: O(tokens), three times that of scoring.
  public mutating func add(
    _ examples: [SentimentExample], share: Int, of batch: SentimentBatch<Scalar>, scale: Double,
    regularization: SentimentRegularization, loss: SentimentLoss = SentimentLoss(),
    weights: SentimentNetwork.Weights<Scalar>, gradients: inout Parameters<Scalar>,
    generator: inout SeededGenerator
  ) -> TrainingTally {
    let (sequences, rows) = batch.shares[share]
    let ordered = sequences.order.map { examples[$0] }
    stack.drawMasks(
      Dropout(rate: regularization.layerDropout), batchSize: sequences.batchSize, using: &generator)
    network.encoder.forward(
      batch.inputs, inputRows: rows, sequences: sequences, weights: weights.encoder,
      keepsActivations: true, workspace: &stack)
    var features = pool(sequences)
    let mask = Dropout(rate: regularization.outputDropout).drop(&features, using: &generator)
    let logits = network.output.forward(features, weights.output)

    // Learned twice, by half each time, where words are moved.
    let factor = regularization.adversarialShare > 0 ? scale / 2 : scale
    let cost = loss.cost(
      of: ordered, logits: logits, scale: factor, smoothing: regularization.labelSmoothing)
    var featureGradient = network.output.backward(
      cost.logitsGradient, input: features, weights.output, gradients: &gradients)
    Dropout.apply(mask, to: &featureGradient)
    poolBackward(featureGradient, sequences)
    network.encoder.backward(
      batch.inputs, share: share, sequences: sequences, weights: weights.encoder,
      gradients: &gradients, workspace: &stack)
    return TrainingTally(
      lossSum: cost.sum,
      correctCount: zip(ordered, logits.greatestColumns).count { $0.label == $1 },
      exampleCount: ordered.count, tokenCount: sequences.tokenCount)
  }

  /// The pooled states of the highest layer.
  private mutating func pool(_ sequences: PackedSequences) -> Matrix<Scalar> {
    for direction in poolings.indices {
      poolings[direction].start(batchSize: sequences.batchSize)
      poolings[direction].add(stack.layers[stack.layers.count - 1][direction].hidden, sequences)
    }
    return network.features(poolings)
  }

  /// Propagates the gradient of pooled states to the states.
  private mutating func poolBackward(
    _ featureGradient: Matrix<Scalar>, _ sequences: PackedSequences
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
  }
}
