internal import SentiRNN
internal import SentiTensor

/// One recurrent layer and a linear output, with the memory of a batch.
struct MemoryNet {
  let stack: RecurrentStack
  let output: Dense
  let layout: ParameterLayout
  private var workspace: StackWorkspace<Float>

  init(_ cell: CellConfiguration, _ task: MemoryTask, hiddenSize: Int) {
    var layout = ParameterLayout()
    stack = RecurrentStack(
      StackConfiguration(cell, inputSize: task.inputSize, hiddenSize: hiddenSize), prefix: "rnn.",
      layout: &layout)
    output = Dense(
      inputSize: hiddenSize, outputSize: task.outputSize, prefix: "output.", layout: &layout)
    self.layout = layout
    workspace = StackWorkspace(stack)
  }

  /// Weights before training; gates begin with memories of up to `longestMemory` steps.
  func initialParameters(longestMemory: Int, seed: UInt64) -> Parameters<Float> {
    var (parameters, generator) = (Parameters<Float>(layout: layout), SeededGenerator(seed: seed))
    stack.initialize(&parameters, using: &generator)
    output.initialize(&parameters, using: &generator)
    if stack.configuration.cell.hasGates {
      stack.initializeChronoBiases(
        &parameters, maxTimescale: longestMemory, using: &generator)
    }
    return parameters
  }

  /// The mean loss over a batch.
  mutating func loss(of batch: MemoryBatch, _ parameters: Parameters<Float>) -> Double {
    run(batch, parameters, isForTraining: false)
    var none = Parameters<Float>(layout: layout)
    return judge(batch, parameters, &none, addsGradients: false)
  }

  /// Adds the gradient of the mean loss over a batch, and answers that loss.
  mutating func addGradients(
    of batch: MemoryBatch, _ parameters: Parameters<Float>, _ gradients: inout Parameters<Float>
  ) -> Double {
    let weights = run(batch, parameters, isForTraining: true)
    workspace.resetGradients()
    let loss = judge(batch, parameters, &gradients, addsGradients: true)
    stack.backward(
      StackInput(batch.input, indices: batch.inputRows), over: batch.sequences, weights: weights,
      gradients: &gradients,
      workspace: &workspace)
    return loss
  }

  /// The norm over the batch of the gradient of the state before each time step, and of the last:
  /// where it vanishes towards the start, nothing is learned of what was read there.
  ///
  /// - Parameter batchSize: The number of sequences, which are all of one length.
  /// - Returns: T + 1 norms, the first state's first.
  func stateGradientNorms(batchSize: Int) -> [Double] {
    let gradient = workspace.layers[0][0].hiddenGradient
    let (elements, width) = (gradient.elements, batchSize * gradient.columnCount)
    return stride(from: 0, to: elements.count, by: width).map { start in
      elements[start..<start + width].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
  }

  @discardableResult
  private mutating func run(
    _ batch: MemoryBatch, _ parameters: Parameters<Float>, isForTraining: Bool
  ) -> StackWeights<Float> {
    let weights = stack.weights(parameters, isForTraining: isForTraining)
    stack.forward(
      StackInput(batch.input, indices: batch.inputRows), over: batch.sequences, weights: weights,
      mode: isForTraining ? .training : .inference, workspace: &workspace)
    return weights
  }

  private mutating func judge(
    _ batch: MemoryBatch, _ parameters: Parameters<Float>, _ gradients: inout Parameters<Float>,
    addsGradients: Bool
  ) -> Double {
    let weights = output.weights(parameters)
    switch batch.answer {
    case .sums(let sums):
      let states = workspace.layers[0][0].finalState(batch.sequences).hidden
      let answers = output.forward(states, weights)
      var (gradient, loss) = (answers, 0.0)
      for (sequence, sum) in sums.enumerated() {
        let error = answers[sequence, 0] - sum
        loss += Double(error * error) / Double(sums.count)
        gradient[sequence, 0] = 2 * error / Float(sums.count)
      }
      guard addsGradients else { return loss }
      let stateGradient = output.backward(gradient, input: states, weights, gradients: &gradients)
      for sequence in sums.indices {
        let row = batch.sequences.finalStateRow(of: sequence)
        for unit in 0..<stack.hiddenSize {
          workspace.layers[0][0].hiddenGradient[row, unit] += stateGradient[sequence, unit]
        }
      }
      return loss
    case .symbols(let classes):
      let states = workspace.outputs(batch.sequences)
      let scores = SoftmaxCrossEntropy(logits: output.forward(states, weights))
      let scale = 1 / Double(classes.count)
      guard addsGradients else { return scores.lossSum(classes) * scale }
      let stateGradient = output.backward(
        scores.logitsGradient(classes, scale: scale), input: states, weights,
        gradients: &gradients)
      workspace.addOutputGradient(stateGradient, batch.sequences)
      return scores.lossSum(classes) * scale
    }
  }
}
