internal import SentiRNN
public import SentiTensor
public import SentiTraining

/// A net that writes as the trainer sees it.
public struct GenerationTask: TrainableModel {
  /// The net.
  public let network: GenerationNetwork
  /// What keeps it from overfitting.
  public var regularization: GenerationRegularization
  /// The special tokens.
  public let tokens: GenerationTokens

  /// Creates a task.
  ///
  /// - Parameters:
  ///   - network: The net.
  ///   - regularization: What keeps it from overfitting.
  ///   - tokens: The special tokens.
  public init(
    _ network: GenerationNetwork, regularization: GenerationRegularization,
    tokens: GenerationTokens = GenerationTokens()
  ) {
    self.network = network
    self.regularization = regularization
    self.tokens = tokens
  }

  /// Where the parameters are.
  public var layout: ParameterLayout { network.layout }

  /// The number of tokens that are read and written, the ends included.
  public func tokenCount(of example: GenerationExample) -> Int {
    example.source.tokenCount + example.target.count + 1
  }

  /// The number of tokens that are written, the end included: the loss is their mean.
  public func lossTermCount(of example: GenerationExample) -> Int { example.target.count + 1 }

  /// Packs the parameters for one step.
  public func trainingWeights(
    _ parameters: Parameters<Float>
  ) -> GenerationNetwork.Weights<Float> {
    network.weights(parameters, isForTraining: true)
  }

  /// Packs the parameters for one step, with some recurrent weights dropped.
  public func trainingWeights(
    _ parameters: Parameters<Float>, using generator: inout SeededGenerator
  ) -> GenerationNetwork.Weights<Float> {
    guard regularization.recurrentDropout > 0 else { return trainingWeights(parameters) }
    return network.weights(
      parameters, weightDropout: Dropout(rate: regularization.recurrentDropout),
      using: &generator)
  }

  /// Makes empty scratch memory.
  public func makeWorkspace() -> GenerationGradients<Float> { GenerationGradients(self) }

  /// Adds the gradient of the cross-entropy of some examples; returns sums over the tokens that are
  /// written.
  public func addGradients(
    of shard: BatchShard<GenerationTask>, workspace: inout GenerationGradients<Float>,
    gradients: inout Parameters<Float>, generator: inout SeededGenerator
  ) -> EpochMetrics {
    workspace.add(
      shard.examples, scale: shard.scale, parameters: shard.parameters, weights: shard.weights,
      gradients: &gradients, generator: &generator)
  }
}

/// Forward and backward through a generator with teacher forcing, with the memory that they share.
public struct GenerationGradients<Scalar: MatrixScalar>: Sendable {
  /// The rows of logits that are computed at once: they stay in the second-level cache's reach.
  static var outputBlock: Int { 256 }

  private var task: GenerationTask
  private var source: SourcePass<Scalar>
  private var pass: DecoderPass<Scalar>
  private var logits: Matrix<Scalar>

  private var network: GenerationNetwork { task.network }

  /// Creates empty scratch memory.
  ///
  /// - Parameter task: The net, and what is dropped and smoothed.
  public init(_ task: GenerationTask) {
    self.task = task
    source = SourcePass(task.network)
    pass = DecoderPass(task.network.decoder)
    logits = Matrix(
      rowCount: 0, columnCount: task.network.configuration.decoder.vocabularySize)
  }

  /// Adds the gradient of the cross-entropy of some examples.
  ///
  /// - Parameters:
  ///   - examples: The examples.
  ///   - scale: What each token's loss is multiplied by.
  ///   - parameters: The parameters.
  ///   - weights: The packed parameters.
  ///   - gradients: Receives the gradient, added.
  ///   - generator: The source of randomness for dropout.
  /// - Returns: Sums over the tokens that are written.
  /// - Complexity: O(tokens), three times that of reading and writing them.
  public mutating func add(
    _ examples: [GenerationExample], scale: Double, parameters: Parameters<Scalar>,
    weights: GenerationNetwork.Weights<Scalar>, gradients: inout Parameters<Scalar>,
    generator: inout SeededGenerator
  ) -> EpochMetrics {
    let batch = forward(
      examples, parameters, weights: weights, mode: .training, using: &generator)
    let (readout, output) = (pass.readout, network.decoder.output)
    var readoutGradient = Matrix<Scalar>(
      rowCount: readout.rowCount, columnCount: readout.columnCount)
    var sums = LossSums()
    let smoothing = task.regularization.labelSmoothing
    forEachBlock(of: readout, weights: weights) { rows, logits in
      sums.add(
        Kernels.best.crossEntropy(
          &logits, classes: Array(batch.classes[rows]), smoothing: smoothing, scale: scale))
      let gradient = output.backward(
        logits, input: readout.rows(rows.map { Int32($0) }), weights.decoder.output,
        gradients: &gradients)
      readoutGradient.replaceRows(from: rows.lowerBound, with: gradient)
    }
    let below = pass.backward(
      readoutGradient, batch.decoder, weights: weights.decoder, gradients: &gradients)
    backward(below, to: batch, weights: weights, gradients: &gradients)
    return metrics(batch, sums)
  }

  /// The metrics of some examples with nothing dropped.
  ///
  /// - Parameters:
  ///   - examples: The examples.
  ///   - parameters: The parameters.
  ///   - weights: The packed parameters.
  /// - Returns: Sums over the tokens that are written; the loss is not smoothed.
  public mutating func metrics(
    of examples: [GenerationExample], parameters: Parameters<Scalar>,
    weights: GenerationNetwork.Weights<Scalar>
  ) -> EpochMetrics {
    let regularization = task.regularization
    task.regularization = .none
    defer { task.regularization = regularization }
    var generator = SeededGenerator(seed: 0)
    return metrics(
      of: examples, parameters: parameters, weights: weights, generator: &generator)
  }

  /// The sums that ``add(_:scale:parameters:weights:gradients:generator:)`` returns, without the
  /// backward pass.
  mutating func metrics(
    of examples: [GenerationExample], parameters: Parameters<Scalar>,
    weights: GenerationNetwork.Weights<Scalar>, generator: inout SeededGenerator
  ) -> EpochMetrics {
    let batch = forward(
      examples, parameters, weights: weights, mode: .inference, using: &generator)
    return metrics(
      batch,
      loss(of: batch.classes, weights: weights, smoothing: task.regularization.labelSmoothing))
  }

  /// Reads examples forward, up to what the output layer will read.
  private mutating func forward(
    _ examples: [GenerationExample], _ parameters: Parameters<Scalar>,
    weights: GenerationNetwork.Weights<Scalar>, mode: PassMode,
    using generator: inout SeededGenerator
  ) -> Batch {
    let regularization = task.regularization
    var reading = SourcePass<Scalar>.Mode(pass: mode, dropout: regularization.dropout)
    if regularization.wordDropout > 0 {
      reading.wordDropout = (regularization.wordDropout, task.tokens.unknown)
    }
    source.forward(
      examples.map(\.source), network.wordVectors(parameters), weights: weights.encoder,
      mode: reading, using: &generator)
    var batch = Batch(examples, source.sequences, task.tokens)
    batch.decoder.ids = reading.dropWords(batch.decoder.ids, using: &generator)
    enter(&batch, weights)
    let vectors = WordVectors.parameters(network.decoder.embedding, parameters)
    if regularization.scheduledSampling > 0 {
      pass.forward(
        batch.decoder, vectors, weights: weights.decoder, mode: .inference, using: &generator)
      let written = loss(of: batch.classes, weights: weights)
      batch.feedBack(
        written.argmax, rate: regularization.scheduledSampling, using: &generator)
    }
    pass.forward(
      batch.decoder, vectors, weights: weights.decoder, mode: mode,
      dropout: regularization.dropout, using: &generator)
    return batch
  }

  // MARK: Parts of a pass

  /// A batch in the order of its targets.
  private struct Batch {
    var decoder: DecoderBatch<Scalar>
    /// The right token of each position, `[N]`.
    var classes: [Int32]
    /// The vectors that the decoder speaks of, in packed order, `[B, C]`.
    var vectors = Matrix<Scalar>(rowCount: 0, columnCount: 0)
    /// What the entry made of them.
    var entered = Matrix<Scalar>(rowCount: 0, columnCount: 0)

    init(
      _ examples: [GenerationExample], _ sources: PackedSequences, _ tokens: GenerationTokens
    ) {
      let packed = PackedSequences(lengths: examples.map { $0.target.count + 1 })
      let places = sources.places
      decoder = DecoderBatch(
        tokens: packed, ids: packed.packed(examples.map { [tokens.start] + $0.target }),
        states: DecoderStates(lower: StackState(layers: []), upper: nil),
        sources: packed.order.map { places[$0] })
      classes = packed.packed(examples.map { $0.target + [tokens.end] })
    }

    /// Puts some of the tokens that were written in the place of those that are read.
    mutating func feedBack(
      _ written: [Int32], rate: Double, using generator: inout SeededGenerator
    ) {
      let tokens = decoder.tokens
      for step in 1..<max(1, tokens.timeStepCount) {
        for sequence in 0..<tokens.stepSizes[step] where generator.uniform() < rate {
          decoder.ids[tokens.position(step: step, sequence: sequence)] =
            written[tokens.position(step: step - 1, sequence: sequence)]
        }
      }
    }
  }

  private func metrics(_ batch: Batch, _ sums: LossSums) -> EpochMetrics {
    EpochMetrics(
      lossSum: sums.loss,
      correctCount: zip(sums.argmax, batch.classes).count { $0 == $1 },
      exampleCount: batch.classes.count,
      tokenCount: source.sequences.tokenCount + batch.classes.count)
  }

  /// Brings the vectors in.
  private func enter(_ batch: inout Batch, _ weights: GenerationNetwork.Weights<Scalar>) {
    batch.vectors = source.vectors.rows(batch.decoder.sources)
    let (entered, states) = network.decoder.enter(batch.vectors, weights.decoder.entry)
    batch.entered = entered
    batch.decoder.states = states
    if network.decoder.configuration.entry != .initialState { batch.decoder.entered = entered }
    if let outputs = source.outputs() {
      batch.decoder.memory = network.decoder.memory(outputs, source.sequences, weights.decoder)
    }
  }

  /// Takes the gradients of what came in back to the entry and the encoder.
  private mutating func backward(
    _ below: (entered: Matrix<Scalar>, memory: Matrix<Scalar>?), to batch: Batch,
    weights: GenerationNetwork.Weights<Scalar>, gradients: inout Parameters<Scalar>
  ) {
    let kernels = Kernels<Scalar>.best
    var enteredGradient = below.entered
    if network.configuration.decoder.entry == .initialState {
      Activation.tanh.backward(&enteredGradient, outputs: batch.entered)
    }
    let gradient = network.decoder.entry.backward(
      enteredGradient, input: batch.vectors, weights.decoder.entry, gradients: &gradients)
    var vectorGradient = Matrix<Scalar>(
      rowCount: source.vectors.rowCount, columnCount: source.vectors.columnCount)
    kernels.scatterAdd(gradient, to: batch.decoder.sources, of: &vectorGradient)
    source.backward(
      vectorGradient, below.memory, weights: weights.encoder, gradients: &gradients)
  }

  // MARK: Loss

  /// The loss of a pass's readouts, and the most probable token of each.
  private struct LossSums {
    var loss = 0.0
    var argmax: [Int32] = []

    mutating func add(_ block: (losses: [Double], argmax: [Int32])) {
      loss = block.losses.reduce(loss, +)
      argmax += block.argmax
    }
  }

  /// The loss of the last pass's readouts.
  private mutating func loss(
    of classes: [Int32], weights: GenerationNetwork.Weights<Scalar>, smoothing: Double = 0
  ) -> LossSums {
    var sums = LossSums()
    forEachBlock(of: pass.readout, weights: weights) { rows, logits in
      sums.add(
        Kernels.best.crossEntropy(
          &logits, classes: Array(classes[rows]), smoothing: smoothing, scale: 0))
    }
    return sums
  }

  /// Computes the logits of readouts block by block.
  private mutating func forEachBlock(
    of readout: Matrix<Scalar>, weights: GenerationNetwork.Weights<Scalar>,
    _ body: (Range<Int>, inout Matrix<Scalar>) -> Void
  ) {
    var logits = Matrix<Scalar>(rowCount: 0, columnCount: self.logits.columnCount)
    swap(&logits, &self.logits)
    for start in stride(from: 0, to: readout.rowCount, by: Self.outputBlock) {
      let rows = start..<min(readout.rowCount, start + Self.outputBlock)
      network.decoder.output.forward(readout, rows: rows, weights.decoder.output, into: &logits)
      body(rows, &logits)
    }
    swap(&logits, &self.logits)
  }
}

extension GenerationNetwork {
  /// Where the vectors of the encoder's tokens are; nil where there is no encoder.
  func wordVectors<Scalar: MatrixScalar>(_ parameters: Parameters<Scalar>) -> WordVectors<Scalar>? {
    encoder.map { .parameters($0.embedding, parameters) }
  }
}

extension DecoderNetwork {
  /// What the entry makes of vectors, and the states before the first step, which are made of it or
  /// zeros.
  func enter<Scalar: MatrixScalar>(
    _ vectors: Matrix<Scalar>, _ weights: Dense.Weights<Scalar>
  ) -> (entered: Matrix<Scalar>, states: DecoderStates<Scalar>) {
    var entered = entry.forward(vectors, weights)
    guard configuration.entry == .initialState else {
      return (entered, zeroStates(batchSize: vectors.rowCount))
    }
    Kernels<Scalar>.best.activate(&entered, .tanh)
    return (entered, states(entered))
  }

  /// Prepares an encoder's outputs for the attention; nil where there is none.
  func memory<Scalar: MatrixScalar>(
    _ outputs: Matrix<Scalar>, _ sequences: PackedSequences, _ weights: Weights<Scalar>
  ) -> AttentionMemory<Scalar>? {
    guard let attention, let weights = weights.attention else { return nil }
    return attention.memory(outputs, sequences, weights)
  }
}
