import SentiRNN
import SentiTensor
import SentiTestSupport

/// A problem of several layers that is computed piece by piece, and what came of it.
enum PiecewiseProblem {
  static let lengths = [7, 3, 0, 10, 10]

  /// A problem with dropout between layers, whose loss is of the outputs alone, or of the final states
  /// too.
  static func make<Scalar: MatrixScalar>(
    _ kind: CellConfiguration, hiddenSize: Int = 4, lengths: [Int] = Self.lengths,
    sharesInputs: Bool = false, usesFinalStates: Bool = false
  ) -> StackProblem<Scalar> {
    var problem = StackProblem<Scalar>(
      kind, inputSize: 4, hiddenSize: hiddenSize, layerCount: 2, isResidual: true, lengths: lengths,
      seed: 5)
    if !usesFinalStates {
      problem.finalWeights = problem.stack.zeroState(batchSize: lengths.count)
    }
    var generator = SeededGenerator(seed: 6)
    let mask: Matrix<Scalar>? = Dropout(rate: 0.4).lockedMask(
      batchSize: lengths.count, width: problem.stack.outputSize, using: &generator)
    problem.masks = mask.map { [$0] } ?? []
    if sharesInputs {
      problem.inputRows = (0..<problem.input.rowCount).map { Int32($0 * 7 % 5) }
      problem.input = problem.input.slice(0..<5)
    }
    return problem
  }

  struct Found<Scalar: MatrixScalar> {
    var outputs: Matrix<Scalar>
    var parameters: Parameters<Scalar>
    var input: Matrix<Scalar>
    var elementCounts: [Int] = []
    var windows: [Range<Int>] = []
    /// What each window's backward pass gave of the states before it.
    var initialStates: [StackState<Scalar>] = []

    init(_ problem: StackProblem<Scalar>) {
      outputs = problem.outputWeights
      parameters = Parameters(layout: problem.parameters.layout)
      input = Matrix(rowCount: problem.input.rowCount, columnCount: problem.input.columnCount)
    }
  }
}
