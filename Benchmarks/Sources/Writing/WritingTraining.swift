internal import Dispatch
internal import SentiModels
internal import SentiRNN
internal import SentiTensor
internal import SentiTraining

/// A net that writes, trained by the package's own trainer on one batch.
struct WritingTraining {
  /// The time of each step.
  var seconds: [Double] = []

  private let work: WritingWork
  private var trainer: Trainer<GenerationTask>

  init(_ work: WritingWork, threadCount: Int) {
    var settings = TrainingSettings()
    settings.epochCount = 1 << 30
    settings.tokenBudget = 1 << 40
    settings.schedule = .constant
    settings.threadCount = threadCount
    self.work = work
    trainer = Trainer(
      GenerationTask(work.network, regularization: .none), settings: settings,
      state: TrainingState(
        parameters: work.network.initialParameters(seed: 1), settings: settings))
  }

  /// One step: an epoch of one batch.
  mutating func run() throws { _ = try trainer.runEpoch(work.examples) { _ in true } }

  /// The operations of a step's products; a multiply-add is two, and a weight matrix has three.
  ///
  /// Inputs of the lowest layers are projected once for each distinct token.
  var operationCount: Int {
    let (decoder, shape) = (work.network.decoder, work.network.configuration.decoder)
    let targets = work.examples.map { [2] + $0.target }
    let sources = work.examples.map { example in
      if case .tokens(let tokens) = example.source { tokens } else { [Int32]() }
    }
    let (written, read) = (work.tokenCount, sources.joined().count)
    var sum = work.examples.count * decoder.entry.inputSize * decoder.entry.outputSize
    sum += products(decoder.lower, read: written, distinct: Set(targets.joined()).count)
    sum += written * decoder.readout.inputSize * decoder.readout.outputSize
    sum += written * shape.embeddingSize * shape.vocabularySize
    if let upper = decoder.upper { sum += products(upper, read: written, distinct: written) }
    if let encoder = work.network.encoder {
      sum += products(encoder.stack, read: read, distinct: Set(sources.joined()).count)
    }
    if let attention = decoder.attention {
      sum += written * shape.hiddenSize * attention.query.outputSize
      sum += zip(sources, targets).reduce(0) { sum, pair in
        sum + 2 * pair.0.count * pair.1.count * attention.valueSize
      }
    }
    return 3 * 2 * sum
  }

  private func products(_ stack: RecurrentStack, read: Int, distinct: Int) -> Int {
    stack.layers.enumerated().reduce(0) { sum, level in
      sum
        + level.element.reduce(0) {
          let gates = $1.cell.configuration.gateCount * $1.cell.hiddenSize
          let inputs = level.offset == 0 ? distinct : read
          return $0 + gates * (inputs * $1.cell.inputSize + read * $1.cell.hiddenSize)
        }
    }
  }
}

/// One recurrent layer as wide as the decoder's, trained on the batch's lengths on each thread.
struct EngineTraining {
  private let threadCount: Int
  private let stack: RecurrentStack
  private let parameters: Parameters<Float>
  private let sequences: PackedSequences
  private let input: Matrix<Float>
  private let outputGradient: Matrix<Float>

  init(_ work: WritingWork, threadCount: Int) {
    var (layout, generator) = (ParameterLayout(), SeededGenerator(seed: 1))
    let size = work.network.configuration.decoder.hiddenSize
    self.threadCount = threadCount
    stack = RecurrentStack(
      StackConfiguration(.gru, inputSize: size, hiddenSize: size), prefix: "layer.",
      layout: &layout)
    var parameters = Parameters<Float>(layout: layout)
    stack.initialize(&parameters, using: &generator)
    self.parameters = parameters
    sequences = PackedSequences(lengths: work.examples.map { $0.target.count + 1 })
    let count = sequences.tokenCount
    input = Matrix(
      rowCount: count, columnCount: size,
      elements: (0..<count * size).map { _ in Float(generator.normal()) })
    outputGradient = input
  }

  /// The operations of one thread's products.
  var operationCount: Int {
    let cell = stack.layers[0][0].cell
    return 3 * 2 * sequences.tokenCount * cell.configuration.gateCount * cell.hiddenSize
      * (cell.inputSize + cell.hiddenSize)
  }

  /// Packing, forward, backward and Adam, on each thread.
  func run() {
    DispatchQueue.concurrentPerform(iterations: threadCount) { _ in
      var (parameters, workspace) = (parameters, StackWorkspace<Float>(stack))
      var gradients = Parameters<Float>(layout: parameters.layout)
      var optimizer = Optimizer<Float>(.adam(), layout: parameters.layout)
      let weights = stack.weights(parameters, isForTraining: true)
      stack.forward(
        StackInput(input), over: sequences, weights: weights, mode: .training,
        workspace: &workspace)
      workspace.resetGradients()
      workspace.addOutputGradient(outputGradient, sequences)
      stack.backward(
        StackInput(input), over: sequences, weights: weights, gradients: &gradients,
        workspace: &workspace)
      optimizer.update(&parameters, gradients, learningRate: 0.001)
    }
  }
}
