import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

/// Numbers at the edges: what a layer makes of them, and that they stay where they are.
@Suite("Recurrent layers on bad input")
struct BadInputTests {
  @Test(arguments: CellConfiguration.allCases)
  func oneUnitAndOneInputHaveTheirGradients(_ kind: CellConfiguration) {
    let problem = StackProblem<Double>(
      kind, inputSize: 1, hiddenSize: 1, layerCount: 2, isBidirectional: true, lengths: [3, 1, 0],
      seed: 3)
    #expect(RecurrentStackTests.gradientFailure(problem) == nil)
  }

  /// Around the widths of all vectors; sums of odd sizes must not see what lies behind them.
  @Test(arguments: [2, 3, 5, 7, 13, 15, 17, 31, 33])
  func unitsOfOddNumbersHaveTheGradientsOfDoubles(_ hiddenSize: Int) {
    for kind in CellConfiguration.allCases {
      let single = StackProblem<Float>(
        kind, inputSize: hiddenSize, hiddenSize: hiddenSize, lengths: [2, 4, 1])
      let double = StackProblem<Double>(
        kind, inputSize: hiddenSize, hiddenSize: hiddenSize, lengths: [2, 4, 1])
      let (left, right) = (single.gradients(), double.gradients())
      #expect(
        mismatch(
          left.parameters.values, right.parameters.values, absolute: 2e-3, relative: 2e-3) == nil,
        "\(kind)")
    }
  }

  /// Half of the smallest normal number, everywhere: nothing overflows, and nothing becomes NaN.
  @Test(arguments: CellConfiguration.allCases)
  func denormalNumbersStayFinite(_ kind: CellConfiguration) {
    let tiny = Float.leastNormalMagnitude / 2
    var problem = StackProblem<Float>(kind, layerCount: 2, lengths: [5, 3])
    problem.parameters = Parameters(
      layout: problem.parameters.layout,
      values: problem.parameters.values.map { $0 < 0 ? -tiny : tiny })
    problem.input = Matrix(
      rowCount: 8, columnCount: 5, elements: [Float](repeating: tiny, count: 40))
    let result = problem.result
    #expect(result.outputs.elements.allSatisfy { $0.isFinite })
    let gradients = problem.gradients()
    #expect(gradients.parameters.values.allSatisfy { $0.isFinite })
    #expect(gradients.input.elements.allSatisfy { $0.isFinite })
  }

  @Test(
    arguments: CellConfiguration.allCases,
    [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude])
  func aSequencesBadNumbersChangeNoOther(_ kind: CellConfiguration, _ poison: Float) {
    let healthy = StackProblem<Float>(
      kind, hiddenSize: 9, layerCount: 2, isBidirectional: true, lengths: [4, 4, 2])
    var problem = healthy
    let place = problem.sequences.position(step: 1, sequence: 0)
    problem.input[place, 2] = poison
    let (found, expected) = (problem.result.outputs, healthy.result.outputs)
    for (step, size) in problem.sequences.stepSizes.enumerated() {
      for sequence in 1..<size {
        let position = problem.sequences.position(step: step, sequence: sequence)
        #expect(bits(found.row(position)) == bits(expected.row(position)))
      }
    }
    if poison.isNaN { #expect(found.row(place).allSatisfy { $0.isNaN }) }
  }

  /// What the trainer asks before it moves a weight: where the first bad number is.
  @Test(arguments: CellConfiguration.allCases)
  func aBadInputMakesTheGradientNotFinite(_ kind: CellConfiguration) {
    var problem = StackProblem<Float>(kind, lengths: [4, 2])
    problem.input[1, 1] = .nan
    let gradients = problem.gradients().parameters
    #expect(!gradients.norm.isFinite)
    #expect(gradients.firstNonFiniteName == "weight_ih_l0")
  }

  // MARK: Shapes

  @Test func theMessageNamesBothShapes() async {
    let inputs = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var problem = StackProblem<Float>(.gru, lengths: [2])
      problem.input = Matrix(rowCount: 3, columnCount: 5)
      _ = problem.result
    }
    #expect(Self.text(inputs).contains("3 inputs for 2 positions"))
    let states = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var problem = StackProblem<Float>(.gru, lengths: [2])
      problem.initialStates[0][0].hidden = Matrix(rowCount: 2, columnCount: 4)
      _ = problem.result
    }
    #expect(Self.text(states).contains("states [[[2, 4]]] for [1] layers of [1, 4]"))
    let gradients = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var problem = StackProblem<Float>(.gru, lengths: [2])
      problem.outputWeights = Matrix(rowCount: 1, columnCount: 4)
      _ = problem.gradients()
    }
    #expect(Self.text(gradients).contains("gradient [1, 4] of outputs [2, 4]"))
    let narrow = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let problem = StackProblem<Float>(.gru, lengths: [2])
      var (_, workspace) = problem.run(keepsActivations: true)
      workspace.layers[0][0].hiddenGradient = Matrix(rowCount: 3, columnCount: 2)
      var gradients = Parameters<Float>(layout: problem.parameters.layout)
      problem.stack.backward(
        StackInput(problem.input), over: problem.sequences,
        weights: problem.stack.weights(problem.parameters, isForTraining: true),
        gradients: &gradients, workspace: &workspace)
    }
    #expect(Self.text(narrow).contains("gradients [3, 2] of hidden"))
    let products = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var target = Matrix<Float>(rowCount: 1, columnCount: 3)
      Kernels.best.multiply(
        MatrixBlock(Matrix(rowCount: 1, columnCount: 4), rows: 0..<1),
        by: PackedMatrix(depth: 2, columnCount: 3), into: &target)
    }
    #expect(Self.text(products).contains("product [1, 4] · [2, 3] into [1, 3]"))
  }

  private static func text(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }
}
