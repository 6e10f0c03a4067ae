import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Checkpointed backpropagation through time")
struct CheckpointedBackpropagationTests {
  static func checkpointed<Scalar>(
    _ problem: StackProblem<Scalar>, pieceLength: Int?
  ) -> (PiecewiseProblem.Found<Scalar>, StackState<Scalar>) {
    var found = PiecewiseProblem.Found(problem)
    var pass = CheckpointedBackpropagation<Scalar>(
      problem.stack, problem.sequences, masks: problem.masks, chunkLength: pieceLength)
    let weights = problem.stack.weights(problem.parameters, isForTraining: true)
    pass.forward(
      problem.stackInput, from: problem.initialStates, weights: weights
    ) { outputs, positions in
      for (index, position) in positions.enumerated() {
        for column in 0..<outputs.columnCount {
          found.outputs[position, column] = outputs[index, column]
        }
      }
    }
    let initial = pass.backward(
      problem.stackInput, weights: weights, gradients: &found.parameters,
      inputGradient: &found.input, finalGradient: problem.finalWeights
    ) { problem.outputWeights.slice($0) }
    #expect(pass.finalState == problem.result.finalStates)
    found.elementCounts = [pass.elementCount]
    return (found, initial)
  }

  /// Sums over time are taken piece by piece, so that they are equal but for their order.
  ///
  /// Final states of both layers are in the loss, those of sequences without steps too.
  @Test(arguments: CellConfiguration.allCases, [false, true])
  func checkpointedGradientsAreTheFullOnes(_ kind: CellConfiguration, _ sharesInputs: Bool) {
    let problem: StackProblem<Double> = PiecewiseProblem.make(
      kind, sharesInputs: sharesInputs, usesFinalStates: true)
    let full = problem.gradients()
    for length in [1, 3, 10, nil] {
      let (found, initial) = Self.checkpointed(problem, pieceLength: length)
      #expect(
        mismatch(found.parameters.values, full.parameters.values, absolute: 1e-11) == nil)
      #expect(mismatch(found.input, full.input, absolute: 1e-11) == nil)
      #expect(found.outputs == problem.result.outputs)
      for (level, direction) in initial.places {
        let (left, right) = (initial[level][direction], full.initialStates[level][direction])
        #expect(mismatch(left.hidden, right.hidden, absolute: 1e-11) == nil)
        #expect(left.cell.columnCount == right.cell.columnCount)
        #expect(
          left.cell.columnCount == 0 || mismatch(left.cell, right.cell, absolute: 1e-11) == nil)
      }
    }
  }

  @Test func checkpointsTakeFarLessMemory() {
    let problem: StackProblem<Float> = PiecewiseProblem.make(
      .gru, hiddenSize: 48, lengths: [1600, 1200], sharesInputs: true)
    let (_, workspace) = problem.run(keepsActivations: true)
    let (found, _) = Self.checkpointed(problem, pieceLength: nil)
    #expect(found.elementCounts[0] < workspace.elementCount / 4)
  }

  @Test func stopsAtLayersThatCannotBeComputedInPieces() async {
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(.gru, isBidirectional: true, lengths: [3])
      _ = CheckpointedBackpropagation<Float>(problem.stack, problem.sequences)
    }
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(
        .gru, layerCount: 2, normalizesBatches: true, lengths: [3])
      _ = CheckpointedBackpropagation<Float>(problem.stack, problem.sequences)
    }
  }

  @Test func stopsAtStatesAndMasksOfAnotherBatch() async {
    await #expect(processExitsWith: .failure) {
      let problem: StackProblem<Float> = PiecewiseProblem.make(.gru)
      var pass = CheckpointedBackpropagation<Float>(problem.stack, problem.sequences)
      pass.forward(
        problem.stackInput, from: problem.stack.zeroState(batchSize: 6),
        weights: problem.stack.weights(problem.parameters, isForTraining: true)
      ) { _, _ in }
    }
    await #expect(processExitsWith: .failure) {
      let problem: StackProblem<Float> = PiecewiseProblem.make(.gru)
      _ = CheckpointedBackpropagation<Float>(
        problem.stack, problem.sequences, masks: [problem.outputWeights])
    }
  }
}
