import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Truncated backpropagation through time")
struct TruncatedBackpropagationTests {
  static func truncated<Scalar>(
    _ problem: StackProblem<Scalar>, _ truncation: Truncation
  ) -> PiecewiseProblem.Found<Scalar> {
    var found = PiecewiseProblem.Found(problem)
    var windows = TruncatedBackpropagation(
      problem.stack, problem.sequences, from: problem.initialStates,
      masks: problem.masks, truncation)
    let weights = problem.stack.weights(problem.parameters, isForTraining: true)
    while !windows.isFinished {
      let positions = windows.positions
      let outputs = windows.forward(problem.stackInput, weights: weights)
      for (index, position) in positions.enumerated() {
        for column in 0..<outputs.columnCount {
          found.outputs[position, column] = outputs[index, column]
        }
      }
      let initial = windows.backward(
        problem.outputWeights.slice(positions), weights: weights, gradients: &found.parameters,
        inputGradient: &found.input)
      found.initialStates.append(initial)
      found.elementCounts.append(windows.elementCount)
      found.windows.append(windows.steps)
      windows.advance()
    }
    return found
  }

  @Test(arguments: CellConfiguration.allCases)
  func aWindowThatCoversTheSequencesGivesTheFullGradientToTheBit(_ kind: CellConfiguration) {
    let problem: StackProblem<Float> = PiecewiseProblem.make(kind)
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
    for kind in [
      CellConfiguration.rnn, .gru(resetPlacement: .beforeProduct), .lstm(hasPeepholes: true),
    ] {
      let problem: StackProblem<Double> = PiecewiseProblem.make(kind, sharesInputs: sharesInputs)
      let full = problem.gradients()
      let found = Self.truncated(problem, Truncation(updateInterval: interval, backwardSteps: 13))
      #expect(found.windows.first == 0..<interval)
      #expect(found.windows.last?.upperBound == 10)
      #expect(
        mismatch(found.parameters.values, full.parameters.values, absolute: 1e-11) == nil)
      #expect(mismatch(found.input, full.input, absolute: 1e-11) == nil)
      for (level, direction) in full.initialStates.places {
        var sum = Matrix<Double>(rowCount: 4, columnCount: 4)
        for states in found.initialStates {
          for row in 0..<4 { sum.add(states[level][direction].hidden.row(row), to: row) }
        }
        let expected = full.initialStates[level][direction].hidden.slice(0..<4)
        #expect(mismatch(sum, expected, absolute: 1e-11) == nil)
      }
    }
  }

  /// The state is carried, so that no output knows of windows.
  @Test(arguments: [(1, 1), (2, 2), (3, 3), (4, 4), (2, 5), (3, 4)])
  func outputsAreThoseOfOneRunToTheBit(_ interval: Int, _ reach: Int) {
    for kind in [CellConfiguration.rnn(.elu), .gru, .lstm, .lstm(isNormalized: true)] {
      let problem: StackProblem<Float> = PiecewiseProblem.make(kind)
      let found = Self.truncated(
        problem, Truncation(updateInterval: interval, backwardSteps: reach))
      #expect(bits(found.outputs) == bits(problem.result.outputs))
    }
  }

  /// Only the last output is in the loss: inputs more than k2 steps back have no gradient.
  @Test(arguments: [(1, 1), (1, 4), (2, 4), (5, 5), (3, 7)])
  func gradientsReachAsFarAsTheyMay(_ interval: Int, _ reach: Int) {
    var problem: StackProblem<Double> = PiecewiseProblem.make(.gru, lengths: [10])
    for position in 0..<9 {
      for column in 0..<4 { problem.outputWeights[position, column] = 0 }
    }
    let found = Self.truncated(problem, Truncation(updateInterval: interval, backwardSteps: reach))
    let isReached = (0..<10).map { found.input.row($0).contains { $0 != 0 } }
    #expect(isReached == (0..<10).map { $0 >= 10 - reach })
    let full = problem.gradients()
    #expect((0..<10).allSatisfy { full.input.row($0).contains { $0 != 0 } })
  }

  @Test func memoryDoesNotGrowWithTheSequence() {
    func counts(_ length: Int) -> (truncated: Int, full: Int) {
      let problem: StackProblem<Float> = PiecewiseProblem.make(
        .lstm, hiddenSize: 48, lengths: [length, length / 2], sharesInputs: true)
      let found = Self.truncated(problem, Truncation(updateInterval: 10, backwardSteps: 20))
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
    arguments: [CellConfiguration.rnn, .gru, .lstm], [(1, 1), (4, 4), (2, 5), (3, 7), (10, 10)])
  func theFinalStatesAreThoseOfTheWholeRun(
    _ kind: CellConfiguration, _ window: (interval: Int, reach: Int)
  ) {
    let problem: StackProblem<Float> = PiecewiseProblem.make(
      kind, lengths: [3, 10, 0, 6, 10, 8, 1])
    var windows = TruncatedBackpropagation(
      problem.stack, problem.sequences, from: problem.initialStates,
      masks: problem.masks, Truncation(updateInterval: window.interval, backwardSteps: window.reach)
    )
    let weights = problem.stack.weights(problem.parameters, isForTraining: true)
    while !windows.isFinished {
      _ = windows.forward(problem.stackInput, weights: weights)
      windows.advance()
    }
    #expect(windows.finalState == problem.result.finalStates)
  }

  @Test func batchesWithoutStepsAreFinishedAtOnce() {
    for lengths in [[], [0, 0]] {
      let problem: StackProblem<Float> = PiecewiseProblem.make(.gru, lengths: lengths)
      let windows = TruncatedBackpropagation<Float>(
        problem.stack, problem.sequences, Truncation(updateInterval: 4))
      #expect(windows.isFinished)
    }
  }

  @Test func stopsAtTruncationsThatAreNone() async {
    await #expect(processExitsWith: .failure) { _ = Truncation(updateInterval: 0) }
    await #expect(processExitsWith: .failure) {
      _ = Truncation(updateInterval: 3, backwardSteps: 2)
    }
  }

  @Test func stopsAtLayersThatCannotBeComputedInPieces() async {
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(.gru, isBidirectional: true, lengths: [3])
      _ = TruncatedBackpropagation<Float>(
        problem.stack, problem.sequences, Truncation(updateInterval: 1))
    }
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(
        .gru, layerCount: 2, normalizesBatches: true, lengths: [3])
      _ = TruncatedBackpropagation<Float>(
        problem.stack, problem.sequences, Truncation(updateInterval: 1))
    }
  }

  @Test func stopsAtStatesAndMasksOfAnotherBatch() async {
    await #expect(processExitsWith: .failure) {
      let problem: StackProblem<Float> = PiecewiseProblem.make(.gru)
      _ = TruncatedBackpropagation(
        problem.stack, problem.sequences, from: problem.stack.zeroState(batchSize: 6),
        masks: problem.masks, Truncation(updateInterval: 1))
    }
    await #expect(processExitsWith: .failure) {
      let problem: StackProblem<Float> = PiecewiseProblem.make(.gru)
      _ = TruncatedBackpropagation(
        problem.stack, problem.sequences, masks: problem.masks + problem.masks,
        Truncation(updateInterval: 1))
    }
  }
}
