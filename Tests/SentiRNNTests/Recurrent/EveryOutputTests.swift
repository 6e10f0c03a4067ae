import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

/// A cost that uses several outputs has a gradient through each of them, not only the last.
@Suite("Gradients through every output")
struct EveryOutputTests {
  static let lengths = [4, 2]

  /// The gradients of the inputs and of the parameters when the cost sees some positions only.
  static func gradients(
    _ cell: CellConfiguration, positions: Set<Int>
  ) -> (Matrix<Double>, [Double]) {
    let problem = StackProblem<Double>(cell, lengths: lengths)
    var (_, workspace) = problem.run(keepsActivations: true)
    workspace.resetGradients()
    var seen = problem.outputWeights
    for row in 0..<seen.rowCount where !positions.contains(row) {
      for column in 0..<seen.columnCount { seen[row, column] = 0 }
    }
    workspace.addOutputGradient(seen, problem.sequences)
    var gradients = Parameters<Double>(layout: problem.parameters.layout)
    problem.stack.backward(
      StackInput(problem.input), over: problem.sequences,
      weights: problem.stack.weights(problem.parameters, isForTraining: true),
      gradients: &gradients, workspace: &workspace)
    return (workspace.inputGradient, gradients.values)
  }

  /// Each output alone reaches its own input and, through time, the first one of its sequence; and the
  /// gradient of the whole cost is the sum of what the outputs give one by one.
  @Test(arguments: CellConfiguration.allCases)
  func theWholeIsTheSumOfEachOutputsOwn(_ cell: CellConfiguration) {
    let sequences = PackedSequences(lengths: Self.lengths)
    let all = Set(0..<sequences.tokenCount)
    let (whole, wholeOfParameters) = Self.gradients(cell, positions: all)
    var sum = [Double](repeating: 0, count: whole.elementCount)
    var sumOfParameters = [Double](repeating: 0, count: wholeOfParameters.count)
    for sequence in 0..<sequences.batchSize {
      for step in 0..<sequences.lengths[sequence] {
        let position = sequences.position(step: step, sequence: sequence)
        let (inputs, parameters) = Self.gradients(cell, positions: [position])
        let first = sequences.position(step: 0, sequence: sequence)
        // All units of a ReLU may be off.
        if cell != .rnn(.relu) {
          #expect(inputs.row(position).contains { abs($0) > 1e-9 })
          #expect(inputs.row(first).contains { abs($0) > 1e-9 })
        }
        sum = zip(sum, inputs.elements).map { $0 + $1 }
        sumOfParameters = zip(sumOfParameters, parameters).map { $0 + $1 }
      }
    }
    #expect(mismatch(sum, whole.elements, absolute: 1e-12) == nil)
    #expect(mismatch(sumOfParameters, wholeOfParameters, absolute: 1e-12) == nil)
  }
}
