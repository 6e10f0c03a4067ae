import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("A stack, step by step")
struct StackStepsTests {
  /// Three sequences of four steps, two layers.
  static func problem(_ kind: CellKind) -> StackProblem<Float> {
    StackProblem<Float>(kind, hiddenSize: 19, layerCount: 2, lengths: [4, 4, 4])
  }

  static func steps(_ problem: StackProblem<Float>) -> StackSteps<Float> {
    StackSteps(problem.stack, states: problem.initialStates.map { $0[0] })
  }

  static func stateBits(_ steps: StackSteps<Float>, row: Int) -> [[UInt32]] {
    steps.states.flatMap { [bits($0.hidden.row(row)), bits($0.cell.row(row))] }
  }

  @Test(arguments: CellKind.allCases)
  func stepsAreThoseOfTheStack(_ kind: CellKind) {
    let problem = Self.problem(kind)
    let weights = StackSteps.weights(problem.stack, problem.parameters)
    let whole = problem.result
    var steps = Self.steps(problem)
    for step in 0..<4 {
      let found = steps.take(
        problem.input.slice(3 * step..<3 * step + 3), parents: [0, 1, 2], weights)
      let expected = whole.outputs.slice(3 * step..<3 * step + 3)
      #expect(mismatch(found, expected, absolute: 1e-5) == nil)
    }
    for (found, expected) in zip(steps.states, whole.finalStates) {
      #expect(mismatch(found.hidden, expected[0].hidden, absolute: 1e-5) == nil)
      #expect(mismatch(found.cell, expected[0].cell, absolute: 1e-5) == nil)
    }
  }

  @Test(arguments: CellKind.allCases)
  func rowsThatShareAStateHaveTheBitsOfRowsAlone(_ kind: CellKind) {
    let problem = Self.problem(kind)
    let weights = StackSteps.weights(problem.stack, problem.parameters)
    let parents: [Int32] = [2, 0, 0, 2, 2]
    var together = Self.steps(problem)
    _ = together.take(problem.input.slice(0..<3), parents: [0, 1, 2], weights)
    let outputs = together.take(problem.input.slice(3..<8), parents: parents, weights)
    for (row, parent) in parents.enumerated() {
      var alone = Self.steps(problem)
      _ = alone.take(
        problem.input.slice(Int(parent)..<Int(parent) + 1), parents: [parent], weights)
      let output = alone.take(problem.input.slice(3 + row..<4 + row), parents: [0], weights)
      #expect(bits(output) == bits(outputs.row(row)))
      #expect(Self.stateBits(alone, row: 0) == Self.stateBits(together, row: row))
    }
  }

  @Test(arguments: CellKind.allCases)
  func inputsThatWereProjectedBeforeGiveTheSameBits(_ kind: CellKind) {
    let problem = Self.problem(kind)
    let weights = StackSteps.weights(problem.stack, problem.parameters)
    let rows: [Int32] = [5, 1, 5]
    var (direct, prepared) = (Self.steps(problem), Self.steps(problem))
    let projected = prepared.project(problem.input, weights)
    for parents in [[0, 1, 2], [1, 1, 0]] as [[Int32]] {
      let expected = direct.take(problem.input.rows(rows), parents: parents, weights)
      let found = prepared.take(projected: projected, rows: rows, parents: parents, weights)
      #expect(bits(found) == bits(expected))
    }
    #expect(projected.rowCount == problem.input.rowCount)
    #expect(bits(projected) == bits(prepared.project(problem.input, weights)))
  }

  /// Inputs of which a part was multiplied elsewhere: with weights that stand in another matrix.
  @Test(arguments: CellKind.allCases)
  func productsThatAreGivenAreAdded(_ kind: CellKind) {
    let problem = Self.problem(kind)
    let slot = problem.stack.layers[0][0].cell.parameters.inputWeights
    let whole = StackSteps.weights(problem.stack, problem.parameters)
    let part = StackSteps.weights(problem.stack, problem.parameters, inputColumns: 0..<2)
    let rest = PackedMatrix(problem.parameters, slot, columns: 2..<5)
    let input = problem.input.slice(0..<3)
    var products = Matrix<Float>(rowCount: 3, columnCount: slot.rowCount)
    rest.kernels.multiply(input, rows: 0..<3, column: 2, by: rest, into: &products)
    var (one, other) = (Self.steps(problem), Self.steps(problem))
    let expected = one.take(input, parents: [2, 0, 0], whole)
    let found = other.take(
      input.columns(0..<2), adding: products, parents: [2, 0, 0], part)
    #expect(mismatch(found, expected, absolute: 1e-5) == nil)
  }

  @Test func stopsAtAStackThatCannotBeStepped() async {
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(.gru, isBidirectional: true, lengths: [1])
      _ = StackSteps(problem.stack, states: problem.initialStates.map { $0[0] })
    }
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(
        .gru, inputSize: 4, layerCount: 2, isResidual: true, lengths: [1])
      _ = StackSteps(problem.stack, states: problem.initialStates.map { $0[0] })
    }
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(.gru, layerCount: 2, normalizesBatches: true, lengths: [1])
      _ = StackSteps(problem.stack, states: problem.initialStates.map { $0[0] })
    }
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(.gru, lengths: [1])
      _ = StackSteps<Float>(problem.stack, states: [])
    }
  }
}
