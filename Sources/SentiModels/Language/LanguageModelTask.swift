public import SentiRNN
public import SentiTensor
public import SentiTraining

/// How a language model is kept from learning its texts by heart.
public struct LanguageModelRegularization: Hashable, Codable, Sendable {
  /// The fraction of words that are read as unknown.
  public var wordDropout = 0.0
  /// The dropout of word vectors, one mask for all places of a word in a batch.
  public var embeddingDropout = 0.1
  /// The dropout of recurrent weights, the same ones at every step of a batch.
  ///
  /// - SeeAlso: Merity et al. 2018, <https://arxiv.org/abs/1708.02182>.
  public var recurrentDropout = 0.0
  /// The dropout of states before the projection, one mask for all steps of a text.
  public var outputDropout = 0.2

  /// Creates the defaults.
  public init() {}

  /// Nothing dropped.
  public static var none: LanguageModelRegularization {
    var none = LanguageModelRegularization()
    none.embeddingDropout = 0
    none.outputDropout = 0
    return none
  }
}

/// A text of a language model as token ids, without start and end.
public struct LanguageModelExample: Hashable, Sendable {
  /// The token ids.
  public let tokens: [Int32]

  /// Creates an example.
  ///
  /// - Parameter tokens: The token ids, without start and end.
  public init(tokens: [Int32]) { self.tokens = tokens }

  /// The number of words to predict, the end included.
  var predictionCount: Int { tokens.count + 1 }

  /// The tokens as a direction reads them.
  func read(from direction: Int) -> [Int32] { direction == 0 ? tokens : tokens.reversed() }
}

/// A language model as the trainer sees it.
public struct LanguageModelTask: TrainableModel {
  /// The net.
  public let network: LanguageModelNetwork
  /// What keeps it from overfitting.
  public let regularization: LanguageModelRegularization
  /// How many wrong words the softmax draws for a window of steps.
  public let candidateCount: Int
  /// How far gradients reach back: a text is learned window by window, with the state carried over.
  public let truncation: Truncation
  /// The tokens with a meaning of their own.
  public let special = GenerationTokens()

  /// Creates a task.
  ///
  /// - Parameters:
  ///   - network: The net.
  ///   - regularization: What keeps it from overfitting.
  ///   - candidateCount: How many wrong words the softmax draws for a window of steps, from 1.
  ///   - truncation: How far gradients reach back.
  public init(
    _ network: LanguageModelNetwork,
    regularization: LanguageModelRegularization = LanguageModelRegularization(),
    candidateCount: Int, truncation: Truncation
  ) {
    precondition(candidateCount > 0, "\(candidateCount) candidates")
    self.network = network
    self.regularization = regularization
    self.candidateCount = candidateCount
    self.truncation = truncation
  }

  /// Where the parameters are.
  public var layout: ParameterLayout { network.layout }

  /// The number of steps of a text.
  public func tokenCount(of example: LanguageModelExample) -> Int { example.predictionCount }

  /// The number of words that are predicted of a text, in all directions.
  public func lossTermCount(of example: LanguageModelExample) -> Int {
    example.predictionCount * network.projections.count
  }

  /// Packs the parameters for one step.
  public func trainingWeights(
    _ parameters: Parameters<Float>
  ) -> LanguageModelNetwork.Weights<Float> {
    var generator = SeededGenerator(seed: 0)
    return network.weights(parameters, weightDropout: Dropout(rate: 0), using: &generator)
  }

  /// Packs the parameters for one step, some recurrent ones dropped.
  public func trainingWeights(
    _ parameters: Parameters<Float>, using generator: inout SeededGenerator
  ) -> LanguageModelNetwork.Weights<Float> {
    network.weights(
      parameters, weightDropout: Dropout(rate: regularization.recurrentDropout), using: &generator)
  }

  /// Makes nothing: a batch's memory is made for its lengths.
  public func makeWorkspace() {}

  /// Adds the gradient of the sampled cross-entropy of all words of some texts.
  public func addGradients(
    of shard: BatchShard<LanguageModelTask>, workspace: inout Void,
    gradients: inout Parameters<Float>, generator: inout SeededGenerator
  ) -> EpochMetrics {
    var metrics = EpochMetrics()
    for direction in network.projections.indices {
      var pass = LanguageModelPass(
        self, shard.examples, direction: direction, parameters: shard.parameters)
      pass.drop(using: &generator)
      metrics.add(
        pass.addGradients(
          scale: shard.scale, weights: shard.weights, gradients: &gradients,
          generator: &generator))
    }
    return metrics
  }
}

/// One direction of a language model over a batch of texts, in windows of time with carried states.
struct LanguageModelPass<Scalar: MatrixScalar> {
  private let network: LanguageModelNetwork
  private let regularization: LanguageModelRegularization
  private let candidateCount: Int
  private let special: GenerationTokens
  private let direction: Int
  private let parameters: Parameters<Scalar>
  /// The tokens that are read.
  private var batch: PackedBatch
  private let sequenceRows: [Int32]
  /// The token to predict at each position, `[N]`.
  private let targets: [Int]
  private var windows: TruncatedBackpropagation<Scalar>
  private var outputMask: Matrix<Scalar>?
  private var dropsEmbedding = false

  init(
    _ task: LanguageModelTask, _ examples: [LanguageModelExample], direction: Int,
    parameters: Parameters<Scalar>
  ) {
    network = task.network
    regularization = task.regularization
    candidateCount = task.candidateCount
    special = task.special
    self.direction = direction
    self.parameters = parameters
    let (start, end) = (special.start, special.end)
    batch = PackedBatch(examples.map { [start] + $0.read(from: direction) })
    let sequences = batch.sequences
    sequenceRows = sequences.sequenceRows
    targets = sequences.packed(examples.map { $0.read(from: direction) + [end] }).map { Int($0) }
    windows = TruncatedBackpropagation(
      network.encoder.stream(direction), sequences, task.truncation)
  }

  /// Chooses what is dropped.
  mutating func drop(using generator: inout SeededGenerator) {
    batch.ids = Dropout.wordDropout(
      batch.ids, rate: regularization.wordDropout, unknown: special.unknown, using: &generator)
    outputMask = Dropout(rate: regularization.outputDropout).lockedMask(
      batchSize: batch.batchSize, width: network.configuration.hiddenSize, using: &generator)
    dropsEmbedding = true
  }

  /// Adds the gradient of the sampled cross-entropy of all words.
  mutating func addGradients(
    scale: Double, weights: LanguageModelNetwork.Weights<Scalar>,
    gradients: inout Parameters<Scalar>, generator: inout SeededGenerator
  ) -> EpochMetrics {
    let weights = weights.directions[direction]
    let words = batch.unique(vocabularySize: network.configuration.vocabularySize)
    // [D, E]
    var input = vectors(words.values)
    let mask =
      dropsEmbedding
      ? Dropout(rate: regularization.embeddingDropout).drop(&input, using: &generator) : nil
    var inputGradient = Matrix<Scalar>(rowCount: input.rowCount, columnCount: input.columnCount)
    var tally = EpochMetrics(tokenCount: direction == 0 ? batch.tokenCount : 0)
    while !windows.isFinished {
      // [n, H]
      var outputs = windows.forward(
        StackInput(input, indices: words.inverse), weights: weights.stack)
      let rows = Array(sequenceRows[windows.positions])
      Dropout.apply(outputMask, to: &outputs, rows: rows)
      // [n, E]
      let predicted = network.projections[direction].forward(outputs, weights.projection)
      let (lossSum, gradient) = network.softmax.loss(
        predicted, classes: Array(targets[windows.positions]),
        candidates: network.softmax.sampler.draw(candidateCount, using: &generator), scale: scale,
        parameters: parameters, gradients: &gradients)
      var outputGradient = network.projections[direction].backward(
        gradient, input: outputs, weights.projection, gradients: &gradients)
      Dropout.apply(outputMask, to: &outputGradient, rows: rows)
      windows.backward(
        outputGradient, weights: weights.stack, gradients: &gradients,
        inputGradient: &inputGradient)
      tally.lossSum += lossSum
      tally.exampleCount += windows.positions.count
      windows.advance()
    }
    Dropout.apply(mask, to: &inputGradient)
    network.embedding.backward(words.values, inputGradient, gradients: &gradients)
    return tally
  }

  /// The cross-entropy of all words by the whole softmax.
  mutating func tally(weights: LanguageModelNetwork.Weights<Scalar>) -> EpochMetrics {
    let weights = weights.directions[direction]
    let words = batch.unique(vocabularySize: network.configuration.vocabularySize)
    let input = vectors(words.values)
    var tally = EpochMetrics()
    while !windows.isFinished {
      let outputs = windows.forward(
        StackInput(input, indices: words.inverse), weights: weights.stack)
      let predicted = network.projections[direction].forward(outputs, weights.projection)
      tally.add(self.tally(of: predicted, Array(targets[windows.positions])))
      windows.advance()
    }
    return tally
  }

  /// The rows whose logits of all words are in memory at once.
  private static var rowsAtOnce: Int { 256 }

  private func tally(of predicted: Matrix<Scalar>, _ targets: [Int]) -> EpochMetrics {
    var tally = EpochMetrics()
    for start in stride(from: 0, to: predicted.rowCount, by: Self.rowsAtOnce) {
      let rows = start..<min(start + Self.rowsAtOnce, predicted.rowCount)
      let logarithms = network.softmax.logProbabilities(
        predicted.rows(rows.map { Int32($0) }), parameters: parameters)
      for (row, target) in targets[rows].enumerated() {
        tally.lossSum -= Double(logarithms[row, target])
      }
      tally.exampleCount += rows.count
    }
    return tally
  }

  private func vectors(_ tokens: [Int32]) -> Matrix<Scalar> {
    var input = Matrix<Scalar>(
      rowCount: 0, columnCount: network.configuration.embeddingSize)
    network.embedding.forward(tokens, parameters, into: &input)
    return input
  }
}
