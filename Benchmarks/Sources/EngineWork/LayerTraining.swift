internal import SentiRNN
package import SentiTensor
internal import SentiTraining

/// One recurrent layer trained on a dense batch, on one thread: packing, forward, backward, Adam.
///
/// The cost is the sum of all outputs, so that every state has a gradient.
package struct LayerTraining: Sendable {
  private let stack: RecurrentStack
  private let batch: DenseBatch
  private let outputGradient: Matrix<Float>
  private var parameters: Parameters<Float>
  private var gradients: Parameters<Float>
  private var optimizer: Optimizer<Float>
  private var workspace: StackWorkspace<Float>

  /// Makes a layer with weights drawn from a seed.
  package init(_ cell: CellConfiguration, _ shape: NetShape) {
    var (layout, generator) = (ParameterLayout(), SeededGenerator(seed: 1))
    stack = RecurrentStack(
      StackConfiguration(cell, inputSize: shape.hiddenSize, hiddenSize: shape.hiddenSize),
      prefix: "encoder.", layout: &layout)
    parameters = Parameters(layout: layout)
    stack.initialize(&parameters, using: &generator)
    gradients = Parameters(layout: layout)
    optimizer = Optimizer(.adam(), layout: layout)
    workspace = StackWorkspace(stack)
    batch = DenseBatch(input: shape.denseInput(&generator), sequences: shape.denseSequences)
    let count = batch.sequences.tokenCount * shape.hiddenSize
    outputGradient = Matrix(
      rowCount: batch.sequences.tokenCount, columnCount: shape.hiddenSize,
      elements: [Float](repeating: 1 / Float(count), count: count))
  }

  /// The number of tokens of a step.
  package var tokenCount: Int { batch.sequences.tokenCount }

  /// The floating-point operations of a step's products; a multiply-add is two.
  ///
  /// Three products a weight matrix: forward, to the inputs, and to the weights. Gates, sums and
  /// Adam are not counted.
  package var operationCount: Int {
    let cell = stack.layers[0][0].cell
    let weightCount =
      cell.configuration.gateCount * cell.hiddenSize * (cell.inputSize + cell.hiddenSize)
    return 3 * 2 * tokenCount * weightCount
  }

  /// One step.
  package mutating func run() {
    let weights = stack.weights(parameters, isForTraining: true)
    stack.forward(
      StackInput(batch.input), over: batch.sequences, weights: weights, mode: .training,
      workspace: &workspace)
    gradients.setToZero()
    workspace.resetGradients()
    workspace.addOutputGradient(outputGradient, batch.sequences)
    stack.backward(
      StackInput(batch.input), over: batch.sequences, weights: weights, gradients: &gradients,
      workspace: &workspace)
    optimizer.update(&parameters, gradients, learningRate: 0.001)
  }
}
