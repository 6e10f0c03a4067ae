import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("A stack, step by step")
struct StackStepperTests {
  /// Three sequences of four steps, two layers.
  static func problem(_ kind: CellConfiguration) -> StackProblem<Float> {
    StackProblem<Float>(kind, hiddenSize: 19, layerCount: 2, lengths: [4, 4, 4])
  }

  static func steps(_ problem: StackProblem<Float>) -> StackStepper<Float> {
    StackStepper(problem.stack, state: problem.initialStates)
  }

  static func stateBits(_ steps: StackStepper<Float>, row: Int) -> [[UInt32]] {
    steps.state.layers.joined().flatMap {
      [bits($0.hidden.row(row)), bits($0.cell.row(row))]
    }
  }

  @Test(arguments: CellConfiguration.allCases)
  func stepsAreThoseOfTheStack(_ kind: CellConfiguration) {
    let problem = Self.problem(kind)
    let weights = StackStepper.weights(problem.stack, problem.parameters)
    let whole = problem.result
    var steps = Self.steps(problem)
    for step in 0..<4 {
      let found = steps.step(
        StackInput(problem.input.slice(3 * step..<3 * step + 3)), beamIndices: [0, 1, 2],
        weights: weights)
      let expected = whole.outputs.slice(3 * step..<3 * step + 3)
      #expect(mismatch(found, expected, absolute: 1e-5) == nil)
    }
    for (found, expected) in zip(steps.state.layers, whole.finalStates.layers) {
      #expect(mismatch(found[0].hidden, expected[0].hidden, absolute: 1e-5) == nil)
      #expect(mismatch(found[0].cell, expected[0].cell, absolute: 1e-5) == nil)
    }
  }

  @Test(arguments: CellConfiguration.allCases)
  func rowsThatShareAStateHaveTheBitsOfRowsAlone(_ kind: CellConfiguration) {
    let problem = Self.problem(kind)
    let weights = StackStepper.weights(problem.stack, problem.parameters)
    let parents: [Int32] = [2, 0, 0, 2, 2]
    var together = Self.steps(problem)
    _ = together.step(
      StackInput(problem.input.slice(0..<3)), beamIndices: [0, 1, 2], weights: weights)
    let outputs = together.step(
      StackInput(problem.input.slice(3..<8)), beamIndices: parents, weights: weights)
    for (row, parent) in parents.enumerated() {
      var alone = Self.steps(problem)
      _ = alone.step(
        StackInput(problem.input.slice(Int(parent)..<Int(parent) + 1)), beamIndices: [parent],
        weights: weights)
      let output = alone.step(
        StackInput(problem.input.slice(3 + row..<4 + row)), beamIndices: [0], weights: weights)
      #expect(bits(output) == bits(outputs.row(row)))
      #expect(Self.stateBits(alone, row: 0) == Self.stateBits(together, row: row))
    }
  }

  @Test(arguments: CellConfiguration.allCases)
  func inputsThatWereProjectedBeforeGiveTheSameBits(_ kind: CellConfiguration) {
    let problem = Self.problem(kind)
    let weights = StackStepper.weights(problem.stack, problem.parameters)
    let rows: [Int32] = [5, 1, 5]
    var (direct, prepared) = (Self.steps(problem), Self.steps(problem))
    let projected = prepared.project(problem.input, weights: weights)
    for parents in [[0, 1, 2], [1, 1, 0]] as [[Int32]] {
      let expected = direct.step(
        StackInput(problem.input.rows(rows)), beamIndices: parents, weights: weights)
      let found = prepared.step(
        StackInput(projected: projected, indices: rows), beamIndices: parents, weights: weights)
      #expect(bits(found) == bits(expected))
    }
    #expect(projected.rowCount == problem.input.rowCount)
    #expect(bits(projected) == bits(prepared.project(problem.input, weights: weights)))
  }

  /// Inputs of which a part was multiplied elsewhere: with weights that stand in another matrix.
  @Test(arguments: CellConfiguration.allCases)
  func productsThatAreGivenAreAdded(_ kind: CellConfiguration) {
    let problem = Self.problem(kind)
    let slot = problem.stack.layers[0][0].cell.parameters.inputWeights
    let whole = StackStepper.weights(problem.stack, problem.parameters)
    let part = StackStepper.weights(problem.stack, problem.parameters, inputColumns: 0..<2)
    let rest = PackedMatrix(problem.parameters, slot, columns: 2..<5)
    let input = problem.input.slice(0..<3)
    var products = Matrix<Float>(rowCount: 3, columnCount: slot.rowCount)
    rest.kernels.multiply(
      MatrixBlock(input, rows: 0..<3, columns: 2..<2 + rest.depth), by: rest, into: &products)
    var (one, other) = (Self.steps(problem), Self.steps(problem))
    let expected = one.step(
      StackInput(input), beamIndices: [2, 0, 0], weights: whole)
    let found = other.step(
      StackInput(input.columns(0..<2), adding: products), beamIndices: [2, 0, 0], weights: part)
    #expect(mismatch(found, expected, absolute: 1e-5) == nil)
  }

  @Test func stopsAtAStackThatCannotBeStepped() async {
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(.gru, isBidirectional: true, lengths: [1])
      _ = StackStepper(problem.stack, state: problem.initialStates)
    }
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(
        .gru, inputSize: 4, layerCount: 2, isResidual: true, lengths: [1])
      _ = StackStepper(problem.stack, state: problem.initialStates)
    }
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(.gru, layerCount: 2, normalizesBatches: true, lengths: [1])
      _ = StackStepper(problem.stack, state: problem.initialStates)
    }
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(.gru, lengths: [1])
      _ = StackStepper<Float>(problem.stack, state: StackState(layers: []))
    }
  }
}
