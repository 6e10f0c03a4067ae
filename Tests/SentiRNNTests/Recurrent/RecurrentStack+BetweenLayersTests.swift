import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

/// What lies between layers: residual connections, batch normalization, dropout; and dropped
/// recurrent weights.
@Suite("Between recurrent layers")
struct RecurrentStackBetweenLayersTests {
  static let kinds = [CellConfiguration.gru, .lstm]

  // MARK: Gradients

  @Test(arguments: kinds, [false, true])
  func residualGradientsAreThoseOfFiniteDifferences(
    _ kind: CellConfiguration, _ isBidirectional: Bool
  ) {
    let problem = StackProblem<Double>(
      kind, inputSize: isBidirectional ? 6 : 3, hiddenSize: 3, layerCount: 3,
      isBidirectional: isBidirectional, isResidual: true, lengths: [2, 4, 0], seed: 7)
    #expect(RecurrentStackTests.gradientFailure(problem) == nil)
  }

  /// The input is read twice, by the lowest layer and beside it, and its rows are shared.
  @Test func residualGradientsOfSharedInputsAreThoseOfFiniteDifferences() {
    var problem = StackProblem<Double>(
      .gru, inputSize: 4, layerCount: 2, isResidual: true, lengths: [3, 5], seed: 8)
    problem.input = problem.input.slice(0..<3)
    problem.inputRows = [2, 0, 1, 1, 2, 2, 0, 2]
    #expect(RecurrentStackTests.gradientFailure(problem) == nil)
  }

  @Test(arguments: kinds, [false, true])
  func normalizedGradientsAreThoseOfFiniteDifferences(_ kind: CellConfiguration, _ isResidual: Bool)
  {
    let problem = StackProblem<Double>(
      kind, inputSize: 4, layerCount: 3, isResidual: isResidual, normalizesBatches: true,
      lengths: [2, 4, 0, 3], seed: 9)
    #expect(RecurrentStackTests.gradientFailure(problem) == nil)
  }

  /// What batch normalization comes together with; residual connections are among everything.
  enum Companion: CaseIterable {
    case bothDirections, lockedMasks, droppedRecurrentWeights, sharedInputs, everything
  }

  @Test(arguments: kinds, Companion.allCases)
  func normalizedGradientsInCompanyAreThoseOfFiniteDifferences(
    _ kind: CellConfiguration, _ companion: Companion
  ) {
    func has(_ other: Companion) -> Bool { companion == other || companion == .everything }
    let isBidirectional = has(.bothDirections)
    var problem = StackProblem<Double>(
      kind, inputSize: isBidirectional ? 6 : 3, hiddenSize: 3, layerCount: 3,
      isBidirectional: isBidirectional, isResidual: companion == .everything,
      normalizesBatches: true, lengths: [2, 4, 0, 3], seed: 12)
    if has(.lockedMasks) {
      let width = problem.stack.outputSize
      problem.masks = [
        Self.mask(rows: 4, width: width), Self.mask(rows: 4, width: width, seed: 2),
      ]
    }
    if has(.droppedRecurrentWeights) { problem.recurrentDropout = Dropout(rate: 0.4) }
    if has(.sharedInputs) {
      problem.input = problem.input.slice(0..<3)
      problem.inputRows = [2, 0, 1, 1, 2, 2, 0, 2, 1]
    }
    #expect(RecurrentStackTests.gradientFailure(problem) == nil)
  }

  @Test(arguments: CellConfiguration.allCases)
  func gradientsWithDroppedRecurrentWeightsAreThoseOfFiniteDifferences(_ kind: CellConfiguration) {
    var problem = StackProblem<Double>(kind, layerCount: 2, lengths: [2, 4], seed: 10)
    problem.recurrentDropout = Dropout(rate: 0.4)
    #expect(RecurrentStackTests.gradientFailure(problem) == nil)
    let gradients = problem.gradients().parameters
    let dropped = gradients[problem.stack.layers[0][0].cell.parameters.recurrentWeights]
    #expect(dropped.contains(0))
    #expect(dropped.contains { $0 != 0 })
  }

  @Test func gradientsWithLockedMasksAreThoseOfFiniteDifferences() {
    var problem = StackProblem<Double>(
      .lstm, layerCount: 2, isBidirectional: true, isResidual: true, lengths: [3, 1], seed: 11)
    problem.masks = [Self.mask(rows: 2, width: 8)]
    #expect(RecurrentStackTests.gradientFailure(problem) == nil)
  }

  static func mask<Scalar: MatrixScalar>(
    rows: Int, width: Int, seed: UInt64 = 1
  ) -> Matrix<Scalar> {
    var generator = SeededGenerator(seed: seed)
    return Dropout(rate: 0.5).lockedMask(batchSize: rows, width: width, using: &generator)
      ?? Matrix(rowCount: 0, columnCount: width)
  }

  // MARK: Residual connections

  /// A layer whose weights are zero gives zero, so that the layer above reads the input alone.
  @Test func aLayerReadsWhatTheLayerBelowReadAndGave() {
    var residual = StackProblem<Double>(
      .rnn, inputSize: 4, layerCount: 2, isResidual: true, lengths: [3, 2])
    let upper = StackProblem<Double>(.rnn, inputSize: 4, lengths: [3, 2])
    for slot in residual.parameters.layout.slots where slot.name.hasSuffix("_l0") {
      residual.parameters[slot] = [Double](repeating: 0, count: slot.range.count)
    }
    var single = upper
    for slot in upper.parameters.layout.slots {
      let name = slot.name.replacing("_l0", with: "_l1")
      let above = residual.parameters.layout.slot(named: name) ?? slot
      single.parameters[slot] = residual.parameters[above]
    }
    single.input = residual.input
    single.initialStates = StackState(layers: [residual.initialStates[1]])
    #expect(single.result.outputs == residual.result.outputs)
  }

  @Test func layersOfOtherWidthsAreNotAdded() {
    let plain = StackProblem<Double>(.gru, inputSize: 5, layerCount: 2, lengths: [3])
    var residual = StackProblem<Double>(
      .gru, inputSize: 5, layerCount: 2, isResidual: true, lengths: [3])
    residual.parameters = plain.parameters
    residual.initialStates = plain.initialStates
    #expect(residual.result.outputs == plain.result.outputs)
    let (three, threeResidual) = (
      StackProblem<Double>(.gru, inputSize: 5, layerCount: 3, lengths: [3]),
      StackProblem<Double>(.gru, inputSize: 5, layerCount: 3, isResidual: true, lengths: [3])
    )
    #expect(three.parameters.values == threeResidual.parameters.values)
    #expect(three.result.outputs != threeResidual.result.outputs)
  }

  // MARK: Batch normalization

  static func normalized(_ lengths: [Int]) -> StackProblem<Double> {
    var problem = StackProblem<Double>(
      .rnn, layerCount: 2, normalizesBatches: true, lengths: lengths, seed: 3)
    var generator = SeededGenerator(seed: 3)
    problem.stack.initialize(&problem.parameters, using: &generator)
    return problem
  }

  @Test func namesTheStatisticsLikePyTorch() {
    let problem = Self.normalized([2])
    let names = problem.parameters.layout.slots.map(\.name).filter { $0.hasPrefix("batch") }
    #expect(
      names == [
        "batch_norm_l0.weight", "batch_norm_l0.bias", "batch_norm_l0.running_mean",
        "batch_norm_l0.running_var",
      ])
  }

  /// Momentum 1 takes a batch's statistics over: mean and unbiased variance of the real tokens.
  @Test func runningStatisticsAreThoseOfTheRealTokens() {
    var problem = Self.normalized([4, 1, 0])
    let (_, workspace) = problem.run(keepsActivations: true)
    let normalization = problem.stack.batchNormalizations[0]
    let lower = workspace.layers[0][0].hidden.slice(3..<8)
    problem.stack.updateRunningStatistics(&problem.parameters, [workspace], momentum: 1)
    for column in 0..<4 {
      let values = (0..<5).map { lower[$0, column] }
      let mean = values.reduce(0, +) / 5
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
      #expect(abs(problem.parameters[normalization.runningMean][column] - mean) < 1e-12)
      #expect(abs(problem.parameters[normalization.runningVariance][column] - variance) < 1e-12)
    }
  }

  @Test func runningStatisticsMoveByATenth() {
    var problem = Self.normalized([4])
    let normalization = problem.stack.batchNormalizations[0]
    let (_, workspace) = problem.run(keepsActivations: true)
    var whole = problem.parameters
    problem.stack.updateRunningStatistics(&whole, [workspace], momentum: 1)
    problem.stack.updateRunningStatistics(&problem.parameters, [workspace])
    let (found, full) = (
      problem.parameters[normalization.runningVariance], whole[normalization.runningVariance]
    )
    #expect(zip(found, full).allSatisfy { abs($0 - (0.9 + 0.1 * $1)) < 1e-12 })
  }

  @Test func aBatchOfNoTokensMovesNothing() {
    var problem = Self.normalized([0])
    let (_, workspace) = problem.run(keepsActivations: true)
    let before = problem.parameters.values
    problem.stack.updateRunningStatistics(&problem.parameters, [workspace])
    #expect(problem.parameters.values == before)
  }

  /// In inference a sequence's outputs are the same bits alone and beside others.
  @Test func inferenceDoesNotDependOnTheBatch() {
    let problem = Self.normalized([4, 2])
    var alone = StackProblem<Double>(
      .rnn, layerCount: 2, normalizesBatches: true, lengths: [4], seed: 3)
    alone.parameters = problem.parameters
    alone.input = problem.input.rows(
      (0..<4).map { Int32(problem.sequences.position(step: $0, sequence: 0)) })
    alone.initialStates = problem.initialStates.prefix(1)
    let (both, _) = problem.run(keepsActivations: false)
    let (one, _) = alone.run(keepsActivations: false)
    for step in 0..<4 {
      let position = problem.sequences.position(step: step, sequence: 0)
      #expect(one.outputs.row(step) == both.outputs.row(position))
    }
    let (trained, _) = problem.run(keepsActivations: true)
    #expect(trained.outputs != both.outputs)
  }

  // MARK: Dropout

  /// awd-lstm-lm's test: what is dropped is the way from the states before, which are zero first.
  @Test(arguments: CellConfiguration.allCases)
  func droppedRecurrentWeightsChangeTheSecondStepFirst(_ kind: CellConfiguration) {
    var problem = StackProblem<Float>(kind, hiddenSize: 9, lengths: [3])
    problem.initialStates = problem.stack.zeroState(batchSize: 1)
    let whole = problem.run(keepsActivations: true).0.outputs
    problem.recurrentDropout = Dropout(rate: 0.9)
    let dropped = problem.run(keepsActivations: true).0.outputs
    #expect(bits(whole.row(0)) == bits(dropped.row(0)))
    #expect(bits(whole.row(1)) != bits(dropped.row(1)))
    problem.recurrentDropout = Dropout(rate: 0)
    #expect(bits(problem.run(keepsActivations: true).0.outputs) == bits(whole))
  }

  @Test func aLockedMaskIsTheSameAtEveryStep() {
    let sequences = PackedSequences(lengths: [3, 1, 2])
    var matrix = Matrix<Float>(
      rowCount: 6, columnCount: 5, elements: [Float](repeating: 1, count: 30))
    let mask: Matrix<Float> = Self.mask(rows: 3, width: 5)
    Dropout.apply(mask, to: &matrix, rows: sequences.sequenceRows)
    for (step, size) in sequences.stepSizes.enumerated() {
      for sequence in 0..<size {
        let position = sequences.position(step: step, sequence: sequence)
        #expect(matrix.row(position) == mask.row(sequence))
      }
    }
    #expect(mask.elements.contains(0) && mask.elements.contains(2))
    #expect(mask.row(0) != mask.row(1) || mask.row(1) != mask.row(2))
  }

  /// A stack with a mask is a layer, its outputs multiplied by the mask, and another layer.
  @Test(arguments: kinds)
  func aLockedMaskIsOnTheWayFromLayerToLayer(_ kind: CellConfiguration) {
    var stack = StackProblem<Double>(kind, layerCount: 2, lengths: [3, 2])
    let whole = stack.result.outputs
    stack.masks = [Self.mask(rows: 2, width: 4)]
    func layer(_ level: Int, inputSize: Int) -> StackProblem<Double> {
      var layer = StackProblem<Double>(kind, inputSize: inputSize, lengths: [3, 2])
      for slot in layer.parameters.layout.slots {
        let name = slot.name.replacing("_l0", with: "_l\(level)")
        let own = stack.parameters.layout.slot(named: name) ?? slot
        layer.parameters[slot] = stack.parameters[own]
      }
      layer.initialStates = StackState(layers: [stack.initialStates[level]])
      return layer
    }
    var (lower, upper) = (layer(0, inputSize: 5), layer(1, inputSize: 4))
    lower.input = stack.input
    upper.input = lower.result.outputs
    Dropout.apply(stack.masks[0], to: &upper.input, rows: stack.sequences.sequenceRows)
    #expect(stack.result.outputs == upper.result.outputs)
    #expect(stack.result.outputs != whole)
  }

  @Test func stopsAtAMaskOfAnotherMatrix() async {
    await #expect(processExitsWith: .failure) {
      var layout = ParameterLayout()
      let cell = RecurrentCell(
        .gru, inputSize: 2, hiddenSize: 3, prefix: "", suffix: "", layout: &layout)
      _ = RecurrentWeights(
        cell, Parameters<Float>(layout: layout), packing: WeightPacking(isForTraining: true),
        recurrentMask: [1])
    }
  }
}
