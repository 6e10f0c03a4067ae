internal import SentiRNN
public import SentiTensor
public import SentiTraining

/// What is written of, and what is to be written, as token ids.
public struct GenerationExample: Hashable, Sendable {
  /// What is written of.
  public let source: GenerationSource
  /// The tokens to write, without start and end.
  public let target: [Int32]

  /// Creates an example.
  ///
  /// - Parameters:
  ///   - source: What is written of.
  ///   - target: The tokens to write, without start and end.
  public init(source: GenerationSource, target: [Int32]) {
    self.source = source
    self.target = target
  }
}

/// What keeps a net that writes from learning its examples by heart.
public struct GenerationRegularization: Hashable, Codable, Sendable {
  /// The share of tokens that are read as unknown, on both sides.
  public var wordDropout = 0.0
  /// The dropout of tokens' vectors, one mask for all places of a token in a batch.
  public var embeddingDropout = 0.2
  /// The dropout of the outputs of recurrent layers, one mask for all steps of a sequence.
  ///
  /// - SeeAlso: Gal and Ghahramani 2016, <https://arxiv.org/abs/1512.05287>.
  public var layerDropout = 0.3
  /// The dropout of recurrent weights, the same ones at every step of a batch.
  ///
  /// - SeeAlso: Merity et al. 2018, <https://arxiv.org/abs/1708.02182>.
  public var recurrentDropout = 0.0
  /// The dropout of what the output layer reads.
  public var readoutDropout = 0.3
  /// The share of probability spread evenly over all tokens in the loss.
  public var labelSmoothing = 0.1
  /// The share of tokens that are fed back as the net would have written them, at the end of the
  /// training; it grows from 0 in a straight line, epoch by epoch.
  ///
  /// - SeeAlso: Bengio et al. 2015, <https://arxiv.org/abs/1506.03099>; in two passes over all steps:
  ///   Duckworth et al. 2019, <https://arxiv.org/abs/1906.04331>.
  public var scheduledSampling = 0.0
  /// The probability that a merge of subwords is left out.
  ///
  /// - SeeAlso: Provilkov et al. 2020, <https://arxiv.org/abs/1910.13267>.
  public var subwordDropout = 0.0

  /// Creates the defaults.
  public init() {}

  /// Nothing dropped, nothing smoothed.
  public static var none: GenerationRegularization {
    var none = GenerationRegularization()
    (none.embeddingDropout, none.layerDropout, none.readoutDropout) = (0, 0, 0)
    none.labelSmoothing = 0
    return none
  }

  var dropout: DecoderDropout? {
    guard max(embeddingDropout, layerDropout, readoutDropout) > 0 else { return nil }
    return DecoderDropout(
      embedding: Dropout(rate: embeddingDropout), layers: Dropout(rate: layerDropout),
      readout: Dropout(rate: readoutDropout))
  }
}

/// The token ids with a meaning of their own.
public struct GenerationTokens: Hashable, Codable, Sendable {
  /// The token that words outside of the vocabulary are read as.
  public var unknown: Int32 = 1
  /// The token that writing starts with.
  public var start: Int32 = 2
  /// The token that ends a text.
  public var end: Int32 = 3

  /// The ids of `SentiText`'s special tokens.
  public init() {}
}

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
  public func termCount(of example: GenerationExample) -> Int { example.target.count + 1 }

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
      parameters, droppingRecurrent: Dropout(rate: regularization.recurrentDropout),
      using: &generator)
  }

  /// Makes empty scratch memory.
  public func makeWorkspace() -> GenerationGradients<Float> { GenerationGradients(network) }

  /// Adds the gradient of the cross-entropy of some examples, and answers sums over the tokens that
  /// are written.
  public func addGradients(
    of examples: [GenerationExample], share: Int, of batch: Void, scale: Double,
    parameters: Parameters<Float>, weights: GenerationNetwork.Weights<Float>,
    workspace: inout GenerationGradients<Float>, gradients: inout Parameters<Float>,
    generator: inout SeededGenerator
  ) -> TrainingTally {
    workspace.add(
      examples, scale: scale, regularization: regularization, tokens: tokens,
      parameters: parameters, weights: weights, gradients: &gradients, generator: &generator)
  }
}

/// Forward and backward through a net that writes, with the memory that they share.
public struct GenerationGradients<Scalar: MatrixScalar>: Sendable {
  /// The rows of logits that are computed at once: they stay in the second-level cache's reach.
  static var outputBlock: Int { 256 }

  private let network: GenerationNetwork
  private var source: SourcePass<Scalar>
  private var pass: DecoderPass<Scalar>
  private var logits: Matrix<Scalar>

  /// Creates empty scratch memory.
  ///
  /// - Parameter network: The net.
  public init(_ network: GenerationNetwork) {
    self.network = network
    source = SourcePass(network)
    pass = DecoderPass(network.decoder)
    logits = Matrix(rowCount: 0, columnCount: network.configuration.decoder.vocabularySize)
  }

  /// Adds the gradient of the cross-entropy of some examples.
  ///
  /// - Parameters:
  ///   - examples: The examples.
  ///   - scale: What each token's loss is multiplied by.
  ///   - regularization: What is dropped and smoothed.
  ///   - tokens: The special tokens.
  ///   - parameters: The parameters.
  ///   - weights: The packed parameters.
  ///   - gradients: Receives the gradient, added.
  ///   - generator: The source of randomness for dropout.
  /// - Returns: Sums over the tokens that are written.
  /// - Complexity: O(tokens), three times that of reading and writing them.
  public mutating func add(
    _ examples: [GenerationExample], scale: Double, regularization: GenerationRegularization,
    tokens: GenerationTokens, parameters: Parameters<Scalar>,
    weights: GenerationNetwork.Weights<Scalar>, gradients: inout Parameters<Scalar>,
    generator: inout SeededGenerator
  ) -> TrainingTally {
    let (batch, entered) = read(
      examples, regularization, tokens, parameters, weights, keepsActivations: true, &generator)
    let (readout, output) = (pass.readout, network.decoder.output)
    var readoutGradient = Matrix<Scalar>(
      rowCount: readout.rowCount, columnCount: readout.columnCount)
    let sums = judge(
      readout, batch.classes, weights, smoothing: regularization.labelSmoothing, scale: scale
    ) { rows, logitsGradient in
      let gradient = output.backward(
        logitsGradient, input: readout.rows(rows.map { Int32($0) }), weights.decoder.output,
        gradients: &gradients)
      readoutGradient.replaceRows(from: rows.lowerBound, with: gradient)
    }
    let below = pass.backward(readoutGradient, batch.decoder, weights.decoder, &gradients)
    leave(below, entered, batch, weights, &gradients)
    return tally(batch, sums)
  }

  /// The sums of some examples as they are written without anything dropped.
  ///
  /// - Parameters:
  ///   - examples: The examples.
  ///   - tokens: The special tokens.
  ///   - parameters: The parameters.
  ///   - weights: The packed parameters.
  /// - Returns: Sums over the tokens that are written; the loss is not smoothed.
  public mutating func tally(
    of examples: [GenerationExample], tokens: GenerationTokens, parameters: Parameters<Scalar>,
    weights: GenerationNetwork.Weights<Scalar>
  ) -> TrainingTally {
    var generator = SeededGenerator(seed: 0)
    return tally(
      of: examples, regularization: .none, tokens: tokens, parameters: parameters, weights: weights,
      generator: &generator)
  }

  /// The sums that ``add(_:scale:regularization:tokens:parameters:weights:gradients:generator:)``
  /// answers, without the way back.
  mutating func tally(
    of examples: [GenerationExample], regularization: GenerationRegularization,
    tokens: GenerationTokens, parameters: Parameters<Scalar>,
    weights: GenerationNetwork.Weights<Scalar>, generator: inout SeededGenerator
  ) -> TrainingTally {
    let (batch, _) = read(
      examples, regularization, tokens, parameters, weights, keepsActivations: false, &generator)
    let smoothing = regularization.labelSmoothing
    return tally(
      batch, judge(pass.readout, batch.classes, weights, smoothing: smoothing) { _, _ in })
  }

  /// Reads examples forward, up to what the output layer will read; answers the batch, and what the
  /// entry made of its vectors.
  private mutating func read(
    _ examples: [GenerationExample], _ regularization: GenerationRegularization,
    _ tokens: GenerationTokens, _ parameters: Parameters<Scalar>,
    _ weights: GenerationNetwork.Weights<Scalar>, keepsActivations: Bool,
    _ generator: inout SeededGenerator
  ) -> (batch: Batch, entered: Matrix<Scalar>) {
    let dropout = regularization.dropout
    let dropWords = { (ids: [Int32], generator: inout SeededGenerator) in
      guard regularization.wordDropout > 0 else { return ids }
      return Dropout.replacing(
        ids, share: regularization.wordDropout, by: tokens.unknown, using: &generator)
    }
    source.forward(
      examples.map(\.source), network.wordVectors(parameters), weights.encoder,
      keepsActivations: keepsActivations, dropout: dropout, using: &generator, reading: dropWords)
    var batch = Batch(examples, source.sequences, tokens)
    batch.decoder.ids = dropWords(batch.decoder.ids, &generator)
    let entered = enter(&batch, weights)
    let vectors = WordVectors.parameters(network.decoder.embedding, parameters)
    if regularization.scheduledSampling > 0 {
      pass.forward(
        batch.decoder, vectors, weights.decoder, keepsActivations: false, using: &generator)
      let written = judge(pass.readout, batch.classes, weights) { _, _ in }
      batch.feedBack(
        written.greatest, share: regularization.scheduledSampling, using: &generator)
    }
    pass.forward(
      batch.decoder, vectors, weights.decoder, keepsActivations: keepsActivations, dropout: dropout,
      using: &generator)
    return (batch, entered)
  }

  // MARK: Parts of a pass

  /// A batch in the order of its targets.
  private struct Batch {
    var decoder: DecoderBatch<Scalar>
    /// The right token of each position, `[N]`.
    var classes: [Int32]
    /// The vectors that the decoder speaks of, in packed order, `[B, C]`.
    var vectors = Matrix<Scalar>(rowCount: 0, columnCount: 0)

    init(
      _ examples: [GenerationExample], _ sources: PackedSequences, _ tokens: GenerationTokens
    ) {
      let packed = PackedSequences(lengths: examples.map { $0.target.count + 1 })
      let places = sources.places
      decoder = DecoderBatch(
        tokens: packed, ids: packed.packed(examples.map { [tokens.start] + $0.target }),
        states: DecoderStates(lower: [], upper: []), sources: packed.order.map { places[$0] })
      classes = packed.packed(examples.map { $0.target + [tokens.end] })
    }

    /// Puts some of the tokens that were written in the place of those that are read.
    mutating func feedBack(
      _ written: [Int32], share: Double, using generator: inout SeededGenerator
    ) {
      let tokens = decoder.tokens
      for step in 1..<max(1, tokens.timeStepCount) {
        for sequence in 0..<tokens.stepSizes[step] where generator.uniform() < share {
          decoder.ids[tokens.position(step: step, sequence: sequence)] =
            written[tokens.position(step: step - 1, sequence: sequence)]
        }
      }
    }
  }

  /// The sums of a batch of which the readouts were judged.
  private func tally(_ batch: Batch, _ sums: (loss: Double, greatest: [Int32])) -> TrainingTally {
    TrainingTally(
      lossSum: sums.loss,
      correctCount: zip(sums.greatest, batch.classes).count { $0 == $1 },
      exampleCount: batch.classes.count,
      tokenCount: source.sequences.tokenCount + batch.classes.count)
  }

  /// Brings the vectors in; answers what the entry made of them.
  private func enter(
    _ batch: inout Batch, _ weights: GenerationNetwork.Weights<Scalar>
  ) -> Matrix<Scalar> {
    batch.vectors = source.vectors.rows(batch.decoder.sources)
    let (entered, states) = network.decoder.enter(batch.vectors, weights.decoder.entry)
    batch.decoder.states = states
    if network.decoder.configuration.entry != .initialState { batch.decoder.entered = entered }
    if let outputs = source.outputs() {
      batch.decoder.memory = network.decoder.memory(outputs, source.sequences, weights.decoder)
    }
    return entered
  }

  /// Takes the gradients of what came in back to the entry and the encoder.
  private mutating func leave(
    _ below: (entered: Matrix<Scalar>, memory: Matrix<Scalar>?), _ entered: Matrix<Scalar>,
    _ batch: Batch, _ weights: GenerationNetwork.Weights<Scalar>,
    _ gradients: inout Parameters<Scalar>
  ) {
    let kernels = Kernels<Scalar>.best
    var enteredGradient = below.entered
    if network.configuration.decoder.entry == .initialState {
      Activation.tanh.backward(&enteredGradient, outputs: entered)
    }
    let gradient = network.decoder.entry.backward(
      enteredGradient, input: batch.vectors, weights.decoder.entry, gradients: &gradients)
    var vectorGradient = Matrix<Scalar>(
      rowCount: source.vectors.rowCount, columnCount: source.vectors.columnCount)
    kernels.scatterAdd(gradient, to: batch.decoder.sources, of: &vectorGradient)
    source.backward(vectorGradient, below.memory, weights.encoder, &gradients)
  }

  /// Judges the readouts block by block; `body` takes the rows and the gradient of their logits.
  private mutating func judge(
    _ readout: Matrix<Scalar>, _ classes: [Int32], _ weights: GenerationNetwork.Weights<Scalar>,
    smoothing: Double = 0, scale: Double = 0, _ body: (Range<Int>, Matrix<Scalar>) -> Void
  ) -> (loss: Double, greatest: [Int32]) {
    var (loss, greatest) = (0.0, [Int32]())
    for start in stride(from: 0, to: readout.rowCount, by: Self.outputBlock) {
      let rows = start..<min(readout.rowCount, start + Self.outputBlock)
      network.decoder.output.forward(readout, rows: rows, weights.decoder.output, into: &logits)
      let judged = Kernels<Scalar>.best.crossEntropy(
        &logits, classes: Array(classes[rows]), smoothing: smoothing, scale: scale)
      loss = judged.losses.reduce(loss, +)
      greatest += judged.greatest
      body(rows, logits)
    }
    return (loss, greatest)
  }
}

extension PackedSequences {
  /// For each of the caller's sequences its place in the packed order.
  var places: [Int32] {
    var places = [Int32](repeating: 0, count: batchSize)
    for (place, index) in order.enumerated() { places[index] = Int32(place) }
    return places
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
