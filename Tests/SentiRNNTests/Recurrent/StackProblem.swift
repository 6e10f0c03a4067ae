import SentiRNN
import SentiTensor
import SentiTestSupport

/// A stack of layers with its inputs, and a weighted sum of all that comes out as its loss.
///
/// Outputs of the highest layer and final states of all layers are in the sum, so that a gradient
/// flows back through each of them.
struct StackProblem<Scalar: MatrixScalar> {
  let stack: RecurrentStack
  let sequences: PackedSequences
  var parameters: Parameters<Scalar>
  /// The distinct inputs, `[D, I]`, and for each position its row.
  var input: Matrix<Scalar>
  var inputRows: [Int32]?
  var initialStates: StackState<Scalar>
  var outputWeights: Matrix<Scalar>
  var finalWeights: StackState<Scalar>
  /// What outputs between layers are multiplied by, `[B, 2H]` for each layer but the highest.
  var masks: [Matrix<Scalar>] = []
  /// The dropout of recurrent weights, from a seed that is the same for every run.
  var recurrentDropout: Dropout?

  /// Makes up everything but the stack's shape.
  init(
    _ cell: CellConfiguration, inputSize: Int = 5, hiddenSize: Int = 4, layerCount: Int = 1,
    isBidirectional: Bool = false, isResidual: Bool = false, normalizesBatches: Bool = false,
    lengths: [Int], seed: UInt64 = 1
  ) {
    var layout = ParameterLayout()
    var shape = StackConfiguration(
      cell, inputSize: inputSize, hiddenSize: hiddenSize, layerCount: layerCount,
      isBidirectional: isBidirectional)
    shape.isResidual = isResidual
    shape.normalizesBatches = normalizesBatches
    stack = RecurrentStack(shape, prefix: "", layout: &layout)
    sequences = PackedSequences(lengths: lengths)
    var generator = SeededGenerator(seed: seed)
    parameters = generator.parameters(layout, deviation: 0.5)
    input = generator.matrix(sequences.tokenCount, inputSize)
    outputWeights = generator.matrix(sequences.tokenCount, stack.outputSize)
    initialStates = stack.zeroState(batchSize: lengths.count)
    finalWeights = initialStates
    initialStates = randomStates(&generator)
    finalWeights = randomStates(&generator)
  }

  private func randomStates(_ generator: inout SeededGenerator) -> StackState<Scalar> {
    var states: StackState<Scalar> = stack.zeroState(batchSize: sequences.batchSize)
    for (level, direction) in states.places {
      let (rows, width) = (sequences.batchSize, states[level][direction].cell.columnCount)
      states[level][direction].hidden = generator.matrix(rows, stack.hiddenSize)
      states[level][direction].cell = generator.matrix(rows, width)
    }
    return states
  }

  /// The inputs as a stack reads them.
  var stackInput: StackInput<Scalar> { StackInput(input, indices: inputRows) }

  // MARK: Forward

  /// What comes out: the highest layer's outputs, and the final states of all layers.
  struct Result {
    var outputs: Matrix<Scalar>
    var finalStates: StackState<Scalar>
  }

  /// Whether a run is one of training: where what is computed differs from inference.
  var differsInTraining: Bool { recurrentDropout != nil || !stack.batchNormalizations.isEmpty }

  func weights(
    isForTraining: Bool, kernels: Kernels<Scalar>
  ) -> StackWeights<Scalar> {
    guard let recurrentDropout, isForTraining else {
      return stack.weights(parameters, isForTraining: isForTraining, kernels: kernels)
    }
    var generator = SeededGenerator(seed: 12)
    return stack.weights(
      parameters, weightDropout: recurrentDropout, using: &generator, kernels: kernels)
  }

  func run(
    kernels: Kernels<Scalar> = .best, keepsActivations: Bool? = nil
  ) -> (Result, StackWorkspace<Scalar>) {
    var workspace = StackWorkspace<Scalar>(stack)
    workspace.masks = masks
    let keepsActivations = keepsActivations ?? differsInTraining
    stack.forward(
      stackInput, over: sequences, from: initialStates,
      weights: weights(isForTraining: keepsActivations, kernels: kernels),
      mode: keepsActivations ? .training : .inference, workspace: &workspace)
    let finalStates = workspace.finalState(sequences)
    return (
      Result(outputs: workspace.outputs(sequences), finalStates: finalStates), workspace
    )
  }

  var result: Result { run().0 }

  func loss(of result: Result) -> Double {
    var sum = Self.product(outputWeights, result.outputs)
    for (level, direction) in result.finalStates.places {
      let (weights, state) = (finalWeights[level][direction], result.finalStates[level][direction])
      sum += Self.product(weights.hidden, state.hidden) + Self.product(weights.cell, state.cell)
    }
    return sum
  }

  private static func product(_ left: Matrix<Scalar>, _ right: Matrix<Scalar>) -> Double {
    weightedSum(left.elements.map { Double($0) }, right.elements.map { Double($0) })
  }

  // MARK: Backward

  /// The gradients of the loss.
  struct Gradients {
    var parameters: Parameters<Scalar>
    var input: Matrix<Scalar>
    var initialStates: StackState<Scalar>
  }

  func gradients(kernels: Kernels<Scalar> = .best) -> Gradients {
    var (_, workspace) = run(kernels: kernels, keepsActivations: true)
    workspace.resetGradients()
    workspace.addOutputGradient(outputWeights, sequences)
    for (level, direction) in finalWeights.places {
      let weights = finalWeights[level][direction]
      for sequence in 0..<sequences.batchSize {
        let row = sequences.finalStateRow(of: sequence)
        workspace.layers[level][direction].hiddenGradient.add(weights.hidden.row(sequence), to: row)
        workspace.layers[level][direction].cellGradient.add(weights.cell.row(sequence), to: row)
      }
    }
    var gradients = Parameters<Scalar>(layout: parameters.layout)
    stack.backward(
      stackInput, over: sequences, weights: weights(isForTraining: true, kernels: kernels),
      gradients: &gradients, workspace: &workspace)
    var states = initialStates
    for (level, direction) in states.places {
      let (layer, initial) = (workspace.layers[level][direction], 0..<sequences.batchSize)
      states[level][direction].hidden = layer.hiddenGradient.slice(initial)
      if layer.cell.columnCount > 0 {
        states[level][direction].cell = layer.cellGradient.slice(initial)
      }
    }
    return Gradients(parameters: gradients, input: workspace.inputGradient, initialStates: states)
  }
}

extension StackState<Double> {
  /// The elements of all states in a fixed order.
  var elements: [Double] {
    layers.joined().flatMap { $0.hidden.elements + $0.cell.elements }
  }

  /// States of the same shapes with other elements.
  func replacing(_ elements: [Double]) -> Self {
    var (states, rest) = (self, elements[...])
    func take(_ matrix: Matrix<Double>) -> Matrix<Double> {
      defer { rest = rest.dropFirst(matrix.elementCount) }
      return Matrix(
        rowCount: matrix.rowCount, columnCount: matrix.columnCount,
        elements: [Double](rest.prefix(matrix.elementCount)))
    }
    for (level, direction) in places {
      states[level][direction].hidden = take(states[level][direction].hidden)
      states[level][direction].cell = take(states[level][direction].cell)
    }
    return states
  }
}

extension StackState {
  /// All layers and directions.
  var places: [(Int, Int)] {
    layers.indices.flatMap { level in layers[level].indices.map { (level, $0) } }
  }
}

extension Matrix {
  /// Adds to the elements of one row.
  mutating func add(_ values: [Scalar], to row: Int) {
    for (column, value) in values.enumerated() { self[row, column] += value }
  }
}
