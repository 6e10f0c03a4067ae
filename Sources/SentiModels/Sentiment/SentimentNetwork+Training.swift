internal import SentiRNN
public import SentiTensor
public import SentiTraining

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
      parameters, weightDropout: Dropout(rate: regularization.recurrentDropout),
      using: &generator)
  }

  /// Twice where word vectors are perturbed.
  public var passesPerBatch: Int { regularization.adversarialShare > 0 ? 2 : 1 }

  /// Makes empty scratch memory.
  public func makeWorkspace() -> SentimentGradients<Float> { SentimentGradients(self) }

  /// Makes an empty batch.
  public func makeBatch() -> SentimentBatch<Float> { SentimentBatch(self) }

  /// Looks up and projects the distinct words of a batch, some of them dropped.
  public func prepare(
    _ batch: inout SentimentBatch<Float>, shards: [[SentimentExample]],
    parameters: Parameters<Float>, weights: SentimentNetwork.Weights<Float>,
    generator: inout SeededGenerator, threadCount: Int
  ) {
    batch.prepare(
      shards, parameters: parameters, weights: weights, generator: &generator,
      threadCount: threadCount)
  }

  /// Perturbs the word vectors of a batch in the direction in which the loss grows fastest.
  public func prepareNextPass(
    _ batch: inout SentimentBatch<Float>, weights: SentimentNetwork.Weights<Float>,
    threadCount: Int
  ) {
    batch.perturb(weights: weights, threadCount: threadCount)
  }

  /// Adds the gradient of the cross-entropy of some examples; returns their sums.
  public func addGradients(
    of shard: BatchShard<SentimentTask>, workspace: inout SentimentGradients<Float>,
    gradients: inout Parameters<Float>, generator: inout SeededGenerator
  ) -> EpochMetrics {
    workspace.add(
      shard.index, of: shard.batch, scale: shard.scale, weights: shard.weights,
      gradients: &gradients, generator: &generator)
  }

  /// Adds the gradient of the distinct words of a batch.
  public func addSharedGradients(
    of batch: inout SentimentBatch<Float>, workspaces: [SentimentGradients<Float>],
    weights: SentimentNetwork.Weights<Float>, gradients: inout Parameters<Float>, threadCount: Int
  ) {
    batch.addGradients(
      from: workspaces, weights: weights, gradients: &gradients, threadCount: threadCount)
  }
}

/// The distinct words of a batch that is divided among threads.
public struct SentimentBatch<Scalar: MatrixScalar>: Sendable {
  private let task: SentimentTask
  private var tokens: [Int32] = []
  private var mask: Matrix<Scalar>?
  fileprivate var projection: BatchProjection<Scalar>
  fileprivate var shards: [Shard] = []

  /// What is each thread's own.
  fileprivate struct Shard {
    /// The examples in packed order.
    let examples: [SentimentExample]
    let sequences: PackedSequences
    /// For each position its word among those of the batch.
    let indices: [Int32]
  }

  /// Creates an empty batch.
  ///
  /// - Parameter task: The net, and what is dropped.
  public init(_ task: SentimentTask) {
    self.task = task
    projection = BatchProjection(task.network.encoder)
  }

  /// Looks up and projects the distinct words of a batch, some of them dropped.
  ///
  /// - Parameters:
  ///   - examples: Each thread's examples.
  ///   - parameters: The parameters.
  ///   - weights: The packed parameters.
  ///   - generator: The source of randomness for dropout.
  ///   - threadCount: The number of threads.
  /// - Complexity: O(tokens + vocabulary), and the product of the distinct ones.
  public mutating func prepare(
    _ examples: [[SentimentExample]], parameters: Parameters<Scalar>,
    weights: SentimentNetwork.Weights<Scalar>, generator: inout SeededGenerator, threadCount: Int
  ) {
    let (network, regularization) = (task.network, task.regularization)
    let batches = examples.map { PackedBatch($0.map(\.tokens)) }
    let ids = Dropout.wordDropout(
      batches.flatMap(\.ids), rate: regularization.wordDropout, unknown: task.unknownToken,
      using: &generator)
    var end = 0
    let positions = batches.map { batch in
      end += batch.tokenCount
      return end - batch.tokenCount..<end
    }
    let words = UniqueTokens(
      shards: positions.map { ids[$0] }, vocabularySize: network.configuration.vocabularySize)
    shards = batches.indices.map { shard in
      let sequences = batches[shard].sequences
      return Shard(
        examples: sequences.order.map { examples[shard][$0] }, sequences: sequences,
        indices: Array(words.inverse[positions[shard]]))
    }
    tokens = words.values
    projection.exclusive = words.exclusive
    network.embedding.forward(
      tokens, parameters, threadCount: threadCount, into: &projection.input)
    mask = Dropout(rate: regularization.embeddingDropout).drop(
      &projection.input, using: &generator)
    projection.project(weights: weights.encoder, threadCount: threadCount)
  }

  /// Adds the gradient of the distinct words, once all threads have added theirs.
  ///
  /// - Parameters:
  ///   - threads: What each thread left.
  ///   - weights: The packed parameters.
  ///   - gradients: Receives the gradient, added.
  ///   - threadCount: The number of threads.
  public mutating func addGradients(
    from threads: [SentimentGradients<Scalar>], weights: SentimentNetwork.Weights<Scalar>,
    gradients: inout Parameters<Scalar>, threadCount: Int
  ) {
    projection.backward(
      from: threads.map(\.stack), weights: weights.encoder, gradients: &gradients,
      threadCount: threadCount)
    Dropout.apply(mask, to: &projection.gradient)
    task.network.embedding.backward(
      tokens, projection.gradient, gradients: &gradients, threadCount: threadCount)
  }

  /// Moves the word vectors along their gradient by a fraction of their norm, and projects them anew.
  ///
  /// - Parameters:
  ///   - weights: The packed parameters.
  ///   - threadCount: The number of threads.
  /// - SeeAlso: ``SentimentRegularization/adversarialShare``.
  public mutating func perturb(weights: SentimentNetwork.Weights<Scalar>, threadCount: Int) {
    let norm = projection.gradient.norm
    if norm > 0 {
      let (count, size) = (projection.input.rowCount, task.regularization.adversarialShare)
      let scales = [Scalar](
        repeating: Scalar(size * projection.input.norm / norm), count: count)
      Kernels<Scalar>.best.addRows(
        of: projection.gradient, rows: 0..<count, scaledBy: scales, to: &projection.input)
    }
    projection.project(weights: weights.encoder, threadCount: threadCount)
  }
}

/// Forward and backward through a sentiment net, with the memory of one thread.
public struct SentimentGradients<Scalar: MatrixScalar>: Sendable {
  private let task: SentimentTask
  fileprivate var stack: StackWorkspace<Scalar>
  private var poolings: [TemporalPooling<Scalar>]

  private var network: SentimentNetwork { task.network }

  /// Creates empty scratch memory.
  ///
  /// - Parameter task: The net, what is dropped, and the loss.
  public init(_ task: SentimentTask) {
    self.task = task
    let network = task.network
    stack = StackWorkspace(network.encoder)
    poolings = network.encoder.layers[0].map { _ in
      TemporalPooling(
        hiddenSize: network.configuration.hiddenSize, kinds: network.configuration.pooling)
    }
  }

  /// Adds the gradient of the cross-entropy of a shard's examples, but for what their batch shares.
  ///
  /// - Parameters:
  ///   - shard: Which shard of the batch.
  ///   - batch: The batch, prepared.
  ///   - scale: What each example's loss is multiplied by.
  ///   - weights: The packed parameters.
  ///   - gradients: Receives the gradient, added.
  ///   - generator: The source of randomness for dropout.
  /// - Returns: Sums over the examples.
  /// - Complexity: O(tokens), three times that of scoring.
  public mutating func add(
    _ shard: Int, of batch: SentimentBatch<Scalar>, scale: Double,
    weights: SentimentNetwork.Weights<Scalar>, gradients: inout Parameters<Scalar>,
    generator: inout SeededGenerator
  ) -> EpochMetrics {
    let (own, regularization) = (batch.shards[shard], task.regularization)
    let sequences = own.sequences
    let input = StackInput(batch.projection, shard: shard, indices: own.indices)
    stack.drawMasks(
      Dropout(rate: regularization.layerDropout), batchSize: sequences.batchSize, using: &generator)
    network.encoder.forward(
      input, over: sequences, weights: weights.encoder, mode: .training, workspace: &stack)
    var features = pool(sequences)
    let mask = Dropout(rate: regularization.outputDropout).drop(&features, using: &generator)
    let logits = network.output.forward(features, weights.output)

    // Each pass over a batch is a part of its loss.
    let cost = task.loss.cost(
      of: own.examples, logits: logits, scale: scale / Double(task.passesPerBatch),
      smoothing: regularization.labelSmoothing)
    var featureGradient = network.output.backward(
      cost.logitsGradient, input: features, weights.output, gradients: &gradients)
    Dropout.apply(mask, to: &featureGradient)
    poolBackward(featureGradient, sequences)
    network.encoder.backward(
      input, over: sequences, weights: weights.encoder, gradients: &gradients, workspace: &stack)
    return EpochMetrics(
      lossSum: cost.sum,
      correctCount: zip(own.examples, logits.argmax()).count { $0.label == $1 },
      exampleCount: own.examples.count, tokenCount: sequences.tokenCount)
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
    let top = stack.layers.count - 1
    stack.resetGradients()
    for direction in poolings.indices {
      network.poolBackward(
        featureGradient, direction: direction, poolings[direction], over: sequences,
        to: &stack.layers[top][direction].hiddenGradient)
    }
  }
}
