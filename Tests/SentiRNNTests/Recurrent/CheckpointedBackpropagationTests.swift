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
    var pass = CheckpointedBackpropagation<Scalar>(problem.stack, chunkLength: pieceLength)
    let weights = problem.stack.weights(problem.parameters, isForTraining: true)
    pass.start(problem.sequences, from: problem.initialStates, masks: problem.masks)
    for (index, chunk) in pass.chunks.enumerated() {
      pass.forward(input(problem, chunk), over: index, weights: weights)
      let outputs = pass.workspace.outputs(chunk.sequences)
      for (row, position) in chunk.positions.enumerated() {
        for column in 0..<outputs.columnCount {
          found.outputs[position, column] = outputs[row, column]
        }
      }
    }
    #expect(pass.finalState == problem.result.finalStates)
    pass.stateGradient = problem.finalWeights
    for (index, chunk) in pass.chunks.enumerated().reversed() {
      let input = input(problem, chunk)
      pass.recompute(input, over: index, weights: weights)
      pass.workspace.addOutputGradient(
        problem.outputWeights.slice(chunk.positions), chunk.sequences)
      pass.backward(input, over: index, weights: weights, gradients: &found.parameters)
      let gradient = pass.workspace.inputGradient
      let first = problem.inputRows == nil ? chunk.positions.lowerBound : 0
      for row in 0..<gradient.rowCount { found.input.add(gradient.row(row), to: first + row) }
    }
    found.elementCounts = [pass.elementCount]
    return (found, pass.stateGradient)
  }

  /// The inputs of a chunk: its own rows, or all that positions may name.
  static func input<Scalar>(
    _ problem: StackProblem<Scalar>, _ chunk: TimeChunk
  ) -> StackInput<Scalar> {
    guard let rows = problem.inputRows else {
      return StackInput(problem.input.slice(chunk.positions))
    }
    return StackInput(problem.input, indices: Array(rows[chunk.positions]))
  }

  /// Sums over time are taken piece by piece, so that they are equal but for their order.
  ///
  /// Final states of both layers are in the loss, those of sequences without steps too.
  @Test(arguments: CellConfiguration.allCases, [false, true])
  func checkpointedGradientsAreTheFullOnes(_ kind: CellConfiguration, _ sharesInputs: Bool) {
    let problem: StackProblem<Double> = PiecewiseProblem.make(
      kind, sharesInputs: sharesInputs, usesFinalStates: true)
    let full = problem.gradients()
    for length in [1, 3, 10, 99, nil] {
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

  /// The last chunk's activations are still there, so that one chunk costs no more than none.
  @Test(arguments: [10, 5])
  func theLastChunkIsNotComputedAgain(_ length: Int) {
    let problem: StackProblem<Float> = PiecewiseProblem.make(.gru)
    let weights = problem.stack.weights(problem.parameters, isForTraining: true)
    var pass = CheckpointedBackpropagation<Float>(problem.stack, chunkLength: length)
    pass.start(problem.sequences, from: problem.initialStates, masks: problem.masks)
    for (index, chunk) in pass.chunks.enumerated() {
      pass.forward(Self.input(problem, chunk), over: index, weights: weights)
    }
    let (last, states) = (pass.chunks.count - 1, pass.workspace.layers[0][0].hidden)
    // Other inputs, which would give other states.
    let positions = pass.chunks[last].positions
    let zeros = Matrix<Float>(
      rowCount: positions.count, columnCount: problem.input.columnCount)
    pass.recompute(StackInput(zeros), over: last, weights: weights)
    #expect(pass.workspace.layers[0][0].hidden == states)
  }

  /// Layers that need both directions of the layer below are computed in one chunk.
  @Test func aSingleChunkMayReadBackwards() {
    let problem = StackProblem<Double>(
      .lstm, layerCount: 2, isBidirectional: true, lengths: [3, 5, 0])
    let full = problem.gradients()
    let (found, initial) = Self.checkpointed(problem, pieceLength: 5)
    #expect(mismatch(found.parameters.values, full.parameters.values, absolute: 1e-12) == nil)
    #expect(mismatch(found.input, full.input, absolute: 1e-12) == nil)
    for (level, direction) in initial.places {
      let (left, right) = (initial[level][direction], full.initialStates[level][direction])
      #expect(mismatch(left.hidden, right.hidden, absolute: 1e-12) == nil)
      #expect(mismatch(left.cell, right.cell, absolute: 1e-12) == nil)
    }
  }

  /// A batch after another, of other lengths, in the same memory.
  @Test func anotherBatchStartsAnew() {
    let problem: StackProblem<Float> = PiecewiseProblem.make(.gru)
    let weights = problem.stack.weights(problem.parameters, isForTraining: true)
    var pass = CheckpointedBackpropagation<Float>(problem.stack, chunkLength: 4)
    var states: [StackState<Float>] = []
    for lengths in [[2], [7, 3, 0, 10, 10]] {
      let sequences = PackedSequences(lengths: lengths)
      pass.start(sequences)
      for (index, chunk) in pass.chunks.enumerated() {
        pass.forward(
          StackInput(problem.input.slice(chunk.positions)), over: index, weights: weights)
      }
      states.append(pass.finalState)
    }
    var fresh = problem
    fresh.initialStates = problem.stack.zeroState(batchSize: 5)
    fresh.masks = []
    #expect(states[1] == fresh.result.finalStates)
    #expect(states[0].layers[0][0].hidden.rowCount == 1)
    #expect(pass.chunks.map(\.steps) == [0..<4, 4..<8, 8..<10])
  }

  @Test func stopsAtLayersThatCannotBeComputedInPieces() async {
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(.gru, isBidirectional: true, lengths: [3])
      var pass = CheckpointedBackpropagation<Float>(problem.stack)
      pass.start(problem.sequences)
    }
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(
        .gru, layerCount: 2, normalizesBatches: true, lengths: [3])
      var pass = CheckpointedBackpropagation<Float>(problem.stack)
      pass.start(problem.sequences)
    }
    await #expect(processExitsWith: .failure) {
      let problem: StackProblem<Float> = PiecewiseProblem.make(.gru)
      _ = CheckpointedBackpropagation<Float>(problem.stack, chunkLength: 0)
    }
  }

  @Test func stopsAtStatesAndMasksOfAnotherBatch() async {
    await #expect(processExitsWith: .failure) {
      let problem: StackProblem<Float> = PiecewiseProblem.make(.gru)
      var pass = CheckpointedBackpropagation<Float>(problem.stack)
      pass.start(problem.sequences, from: problem.stack.zeroState(batchSize: 6))
    }
    await #expect(processExitsWith: .failure) {
      let problem: StackProblem<Float> = PiecewiseProblem.make(.gru)
      var pass = CheckpointedBackpropagation<Float>(problem.stack)
      pass.start(problem.sequences, masks: [problem.outputWeights])
    }
  }

  @Test func stopsAtChunksOutOfOrder() async {
    await #expect(processExitsWith: .failure) {
      let problem: StackProblem<Float> = PiecewiseProblem.make(.gru)
      var pass = CheckpointedBackpropagation<Float>(problem.stack, chunkLength: 5)
      pass.start(problem.sequences)
      pass.forward(
        CheckpointedBackpropagationTests.input(problem, pass.chunks[1]), over: 1,
        weights: problem.stack.weights(problem.parameters, isForTraining: true))
    }
    await #expect(processExitsWith: .failure) {
      let problem: StackProblem<Float> = PiecewiseProblem.make(.gru)
      let weights = problem.stack.weights(problem.parameters, isForTraining: true)
      var pass = CheckpointedBackpropagation<Float>(problem.stack, chunkLength: 5)
      pass.start(problem.sequences)
      let input = CheckpointedBackpropagationTests.input(problem, pass.chunks[0])
      pass.forward(input, over: 0, weights: weights)
      pass.recompute(input, over: 0, weights: weights)
    }
  }
}
