import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Backpropagation through time in pieces")
struct TimePiecesTests {
  static let lengths = [7, 3, 0, 10, 10]

  /// A problem whose loss is of the outputs alone.
  static func problem<Scalar: MatrixScalar>(
    _ kind: CellKind, hiddenSize: Int = 4, lengths: [Int] = Self.lengths, sharesInputs: Bool = false
  ) -> StackProblem<Scalar> {
    var problem = StackProblem<Scalar>(
      kind, inputSize: 4, hiddenSize: hiddenSize, layerCount: 2, isResidual: true, lengths: lengths,
      seed: 5)
    problem.finalWeights = problem.stack.zeroStates(batchSize: lengths.count)
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

    init(_ problem: StackProblem<Scalar>) {
      outputs = problem.outputWeights
      parameters = Parameters(layout: problem.parameters.layout)
      input = Matrix(rowCount: problem.input.rowCount, columnCount: problem.input.columnCount)
    }
  }

  static func truncated<Scalar>(
    _ problem: StackProblem<Scalar>, _ truncation: Truncation
  ) -> Found<Scalar> {
    var found = Found(problem)
    var windows = TruncatedBackpropagation(
      problem.stack, problem.sequences, initialStates: problem.initialStates, truncation)
    let weights = problem.stack.weights(problem.parameters, isForTraining: true)
    while !windows.isFinished {
      let positions = windows.positions
      let outputs = windows.forward(
        problem.input, inputRows: problem.inputRows, weights: weights)
      for (index, position) in positions.enumerated() {
        for column in 0..<outputs.columnCount {
          found.outputs[position, column] = outputs[index, column]
        }
      }
      windows.backward(
        problem.outputWeights.slice(positions), weights: weights, gradients: &found.parameters,
        inputGradient: &found.input)
      found.elementCounts.append(windows.elementCount)
      found.windows.append(windows.steps)
      windows.advance()
    }
    return found
  }

  // MARK: Truncated

  @Test(arguments: CellKind.allCases)
  func aWindowThatCoversTheSequencesGivesTheFullGradientToTheBit(_ kind: CellKind) {
    let problem: StackProblem<Float> = Self.problem(kind)
    let full = problem.gradients()
    let found = Self.truncated(problem, Truncation(updateInterval: 10))
    #expect(found.windows == [0..<10])
    #expect(bits(found.parameters.values) == bits(full.parameters.values))
    #expect(bits(found.input) == bits(full.input))
    #expect(bits(found.outputs) == bits(problem.result.outputs))
  }

  /// Each window's new outputs reach back to the start, so that their gradients sum to the full one.
  @Test(arguments: [1, 2, 3, 7], [false, true])
  func updatesThatReachBackToTheStartSumToTheFullGradient(_ interval: Int, _ sharesInputs: Bool) {
    for kind in [CellKind.rnn, .gruResetBefore, .lstmPeephole] {
      let problem: StackProblem<Double> = Self.problem(kind, sharesInputs: sharesInputs)
      let full = problem.gradients()
      let found = Self.truncated(problem, Truncation(updateInterval: interval, reach: 13))
      #expect(found.windows.first == 0..<interval)
      #expect(found.windows.last?.upperBound == 10)
      #expect(
        mismatch(found.parameters.values, full.parameters.values, absolute: 1e-11) == nil)
      #expect(mismatch(found.input, full.input, absolute: 1e-11) == nil)
    }
  }

  /// The state is carried, so that no output knows of windows.
  @Test(arguments: [(1, 1), (2, 2), (3, 3), (4, 4), (2, 5), (3, 4)])
  func outputsAreThoseOfOneRunToTheBit(_ interval: Int, _ reach: Int) {
    for kind in [CellKind.rnnELU, .gru, .lstm, .lstmLayerNorm] {
      let problem: StackProblem<Float> = Self.problem(kind)
      let found = Self.truncated(problem, Truncation(updateInterval: interval, reach: reach))
      #expect(bits(found.outputs) == bits(problem.result.outputs))
    }
  }

  /// Only the last output is in the loss: inputs more than k2 steps back have no gradient.
  @Test(arguments: [(1, 1), (1, 4), (2, 4), (5, 5), (3, 7)])
  func gradientsReachAsFarAsTheyMay(_ interval: Int, _ reach: Int) {
    var problem: StackProblem<Double> = Self.problem(.gru, lengths: [10])
    for position in 0..<9 {
      for column in 0..<4 { problem.outputWeights[position, column] = 0 }
    }
    let found = Self.truncated(problem, Truncation(updateInterval: interval, reach: reach))
    let isReached = (0..<10).map { found.input.row($0).contains { $0 != 0 } }
    #expect(isReached == (0..<10).map { $0 >= 10 - reach })
    let full = problem.gradients()
    #expect((0..<10).allSatisfy { full.input.row($0).contains { $0 != 0 } })
  }

  @Test func memoryDoesNotGrowWithTheSequence() {
    func counts(_ length: Int) -> (truncated: Int, full: Int) {
      let problem: StackProblem<Float> = Self.problem(
        .lstm, hiddenSize: 48, lengths: [length, length / 2], sharesInputs: true)
      let found = Self.truncated(problem, Truncation(updateInterval: 10, reach: 20))
      let (_, workspace) = problem.run(keepsActivations: true)
      return (found.elementCounts.max() ?? 0, workspace.elementCount)
    }
    let (short, long) = (counts(60), counts(600))
    #expect(long.truncated == short.truncated)
    #expect(long.full > 4 * short.full)
    #expect(long.full > 5 * long.truncated)
  }

  /// Of every sequence, wherever it ends: inside of a window, between two, at the end, or at once.
  @Test(
    arguments: [CellKind.rnn, .gru, .lstm], [(1, 1), (4, 4), (2, 5), (3, 7), (10, 10)])
  func theFinalStatesAreThoseOfTheWholeRun(
    _ kind: CellKind, _ window: (interval: Int, reach: Int)
  ) {
    let problem: StackProblem<Float> = Self.problem(kind, lengths: [3, 10, 0, 6, 10, 8, 1])
    var windows = TruncatedBackpropagation(
      problem.stack, problem.sequences, initialStates: problem.initialStates,
      Truncation(updateInterval: window.interval, reach: window.reach))
    let weights = problem.stack.weights(problem.parameters, isForTraining: true)
    while !windows.isFinished {
      _ = windows.forward(problem.input, inputRows: nil, weights: weights)
      windows.advance()
    }
    #expect(windows.finalStates == problem.result.finalStates)
  }

  @Test func batchesWithoutStepsAreFinishedAtOnce() {
    for lengths in [[], [0, 0]] {
      let problem: StackProblem<Float> = Self.problem(.gru, lengths: lengths)
      let windows = TruncatedBackpropagation<Float>(
        problem.stack, problem.sequences, Truncation(updateInterval: 4))
      #expect(windows.isFinished)
    }
  }

  @Test func stopsAtTruncationsThatAreNone() async {
    await #expect(processExitsWith: .failure) { _ = Truncation(updateInterval: 0) }
    await #expect(processExitsWith: .failure) { _ = Truncation(updateInterval: 3, reach: 2) }
  }

  @Test func stopsAtLayersThatReadBackwards() async {
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(.gru, isBidirectional: true, lengths: [3])
      _ = TruncatedBackpropagation<Float>(
        problem.stack, problem.sequences, Truncation(updateInterval: 1))
    }
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(.gru, isBidirectional: true, lengths: [3])
      _ = CheckpointedBackpropagation<Float>(problem.stack, problem.sequences)
    }
  }

  // MARK: Checkpointed

  static func checkpointed<Scalar>(
    _ problem: StackProblem<Scalar>, pieceLength: Int?
  ) -> (Found<Scalar>, [[RecurrentState<Scalar>]]) {
    var found = Found(problem)
    var pass = CheckpointedBackpropagation<Scalar>(
      problem.stack, problem.sequences, pieceLength: pieceLength)
    let weights = problem.stack.weights(problem.parameters, isForTraining: true)
    pass.forward(
      problem.input, inputRows: problem.inputRows, initialStates: problem.initialStates,
      weights: weights
    ) { outputs, positions in
      for (index, position) in positions.enumerated() {
        for column in 0..<outputs.columnCount {
          found.outputs[position, column] = outputs[index, column]
        }
      }
    }
    let initial = pass.backward(
      problem.input, inputRows: problem.inputRows, weights: weights,
      gradients: &found.parameters, inputGradient: &found.input
    ) { problem.outputWeights.slice($0) }
    found.elementCounts = [pass.elementCount]
    return (found, initial)
  }

  /// Sums over time are taken piece by piece, so that they are equal but for their order.
  @Test(arguments: CellKind.allCases, [false, true])
  func checkpointedGradientsAreTheFullOnes(_ kind: CellKind, _ sharesInputs: Bool) {
    let problem: StackProblem<Double> = Self.problem(kind, sharesInputs: sharesInputs)
    let full = problem.gradients()
    for length in [1, 3, 10, nil] {
      let (found, initial) = Self.checkpointed(problem, pieceLength: length)
      #expect(
        mismatch(found.parameters.values, full.parameters.values, absolute: 1e-11) == nil)
      #expect(mismatch(found.input, full.input, absolute: 1e-11) == nil)
      #expect(found.outputs == problem.result.outputs)
      for (level, direction) in initial.places {
        let (left, right) = (initial[level][direction], full.initialStates[level][direction])
        #expect(mismatch(left.hidden, right.hidden.slice(0..<4), absolute: 1e-11) == nil)
        #expect(left.cell.columnCount == right.cell.columnCount)
        #expect(
          left.cell.columnCount == 0
            || mismatch(left.cell, right.cell.slice(0..<4), absolute: 1e-11) == nil)
      }
    }
  }

  @Test func checkpointsTakeFarLessMemory() {
    let problem: StackProblem<Float> = Self.problem(
      .gru, hiddenSize: 48, lengths: [1600, 1200], sharesInputs: true)
    let (_, workspace) = problem.run(keepsActivations: true)
    let (found, _) = Self.checkpointed(problem, pieceLength: nil)
    #expect(found.elementCounts[0] < workspace.elementCount / 4)
  }
}
