import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Batch projection")
struct BatchProjectionTests {
  static let shapes = [(1, false), (1, true), (2, true)]

  /// A batch whose sequences are divided among threads, each with words of its own and words that
  /// others read too.
  struct Problem {
    let whole: StackProblem<Double>
    let ids: [[Int32]]

    init(_ kind: CellConfiguration, layerCount: Int, isBidirectional: Bool) {
      ids = [[2, 0, 1, 1, 6], [4, 2], [], [5, 5, 0, 3], [1, 4, 4]]
      var problem = StackProblem<Double>(
        kind, layerCount: layerCount, isBidirectional: isBidirectional,
        lengths: ids.map(\.count), seed: 5)
      problem.input = problem.input.slice(0..<7)
      problem.inputRows = problem.sequences.packed(ids)
      problem.initialStates = problem.stack.zeroState(batchSize: ids.count)
      problem.finalWeights = problem.initialStates
      whole = problem
    }

    /// The positions in the whole batch of a share's positions.
    func positions(of share: [Int], in sequences: PackedSequences) -> [Int32] {
      (0..<sequences.timeStepCount).flatMap { step in
        (0..<sequences.stepSizes[step]).map { sequence in
          let place = whole.sequences.order.firstIndex(of: share[sequences.order[sequence]]) ?? -1
          return Int32(whole.sequences.position(step: step, sequence: place))
        }
      }
    }

    /// The gradients of parameters and inputs, with sequences dealt out to threads.
    ///
    /// - Parameters:
    ///   - shares: The sequences of each thread.
    ///   - hasOwners: Whether threads take care of what they alone read; else all is common.
    ///   - inputs: Reused memory.
    ///   - workspaces: Reused memory of the threads.
    /// - Returns: Both.
    func gradients(
      _ shares: [[Int]], hasOwners: Bool, _ inputs: inout BatchProjection<Double>,
      _ workspaces: inout [StackWorkspace<Double>]
    ) -> (Parameters<Double>, Matrix<Double>) {
      let (stack, threadCount) = (whole.stack, shares.count)
      let weights = stack.weights(whole.parameters, isForTraining: true)
      let sequences = shares.map { PackedSequences(lengths: $0.map { ids[$0].count }) }
      let packed = zip(sequences, shares).map { $0.packed($1.map { ids[$0] }) }
      let distinct = UniqueTokens(shards: packed.map { $0[...] }, vocabularySize: 7)
      inputs.input = whole.input.rows(distinct.values)
      inputs.exclusive = hasOwners ? distinct.exclusive : []
      inputs.project(weights: weights, threadCount: threadCount)

      var gradients = Parameters<Double>(layout: whole.parameters.layout)
      var rows = distinct.inverse[...]
      for index in shares.indices {
        let input = StackInput(
          inputs, shard: index, indices: Array(rows.prefix(packed[index].count)))
        stack.forward(
          input, over: sequences[index], weights: weights, mode: .training,
          workspace: &workspaces[index])
        rows = rows.dropFirst(packed[index].count)
        workspaces[index].resetGradients()
        let places = positions(of: shares[index], in: sequences[index])
        workspaces[index].addOutputGradient(whole.outputWeights.rows(places), sequences[index])
        stack.backward(
          input, over: sequences[index], weights: weights, gradients: &gradients,
          workspace: &workspaces[index])
      }
      inputs.backward(
        from: Array(workspaces.prefix(threadCount)), weights: weights, gradients: &gradients,
        threadCount: threadCount)
      let places = (0..<7).map { Int32(distinct.values.firstIndex(of: $0) ?? -1) }
      return (gradients, inputs.gradient.rows(places))
    }
  }

  /// One memory for all batches, as a trainer keeps it: of one share, two and three, and of one again.
  @Test(arguments: CellConfiguration.allCases, shapes)
  func gradientsAreThoseOfOneThread(
    _ kind: CellConfiguration, _ shape: (layerCount: Int, isBidirectional: Bool)
  ) {
    let problem = Problem(
      kind, layerCount: shape.layerCount, isBidirectional: shape.isBidirectional)
    let expected = problem.whole.gradients()
    let whole = [[0, 1, 2, 3, 4]]
    var inputs = BatchProjection<Double>(problem.whole.stack)
    var workspaces = (0..<3).map { _ in StackWorkspace<Double>(problem.whole.stack) }
    for shares in [whole, [[3, 0], [1, 2, 4]], [[4], [2], [0, 1, 3]], whole] {
      for hasOwners in [true, false] {
        let (parameters, input) = problem.gradients(
          shares, hasOwners: hasOwners, &inputs, &workspaces)
        #expect(mismatch(parameters.values, expected.parameters.values, absolute: 1e-12) == nil)
        #expect(mismatch(input.elements, expected.input.elements, absolute: 1e-12) == nil)
      }
    }
  }

  /// Forward and backward of all sequences as the first share.
  static func run(_ problem: StackProblem<Double>, owned: [Range<Int>]) {
    let weights = problem.stack.weights(problem.parameters, isForTraining: true)
    var inputs = BatchProjection<Double>(problem.stack)
    inputs.input = problem.input
    inputs.exclusive = owned
    inputs.project(weights: weights, threadCount: 1)
    var workspace = StackWorkspace<Double>(problem.stack)
    let input = StackInput(
      inputs, shard: 0, indices: problem.inputRows ?? Array(0..<Int32(problem.input.rowCount)))
    problem.stack.forward(
      input, over: problem.sequences, weights: weights, mode: .training, workspace: &workspace)
    workspace.resetGradients()
    var gradients = Parameters<Double>(layout: problem.parameters.layout)
    problem.stack.backward(
      input, over: problem.sequences, weights: weights, gradients: &gradients,
      workspace: &workspace)
    inputs.backward(from: [workspace], weights: weights, gradients: &gradients, threadCount: 1)
  }

  /// Sequences that read all of seven inputs.
  static var sevenInputs: StackProblem<Double> {
    Problem(.gru, layerCount: 1, isBidirectional: false).whole
  }

  @Test func inputsOfAnotherThreadAreRefused() async {
    Self.run(Self.sevenInputs, owned: [4..<7])
    await #expect(processExitsWith: .failure) {
      Self.run(Self.sevenInputs, owned: [4..<6, 6..<7])
    }
  }

  /// What this thread reads is there, but another's range ends elsewhere or begins too early.
  @Test func rangesThatDoNotFollowEachOtherAreRefused() async {
    await #expect(processExitsWith: .failure) { Self.project(owned: [4..<7, 7..<8]) }
    await #expect(processExitsWith: .failure) { Self.project(owned: [2..<7, 6..<7]) }
    Self.project(owned: [4..<7, 7..<7])
  }

  static func project(owned: [Range<Int>]) {
    let problem = sevenInputs
    var inputs = BatchProjection<Double>(problem.stack)
    inputs.input = problem.input
    inputs.exclusive = owned
    let weights = problem.stack.weights(problem.parameters, isForTraining: false)
    inputs.project(weights: weights, threadCount: 1)
  }

  /// The gradients of the thread that is missing would be those of an earlier batch.
  @Test func aMissingThreadIsRefused() async {
    await #expect(processExitsWith: .failure) {
      Self.run(Self.sevenInputs, owned: [4..<7, 7..<7])
    }
  }

  @Test func residualLayersAreRefused() async {
    Self.run(StackProblem(.gru, inputSize: 4, layerCount: 2, lengths: [2]), owned: [])
    await #expect(processExitsWith: .failure) {
      Self.run(
        StackProblem(.gru, inputSize: 4, layerCount: 2, isResidual: true, lengths: [2]), owned: [])
    }
  }
}
