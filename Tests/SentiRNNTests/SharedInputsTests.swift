import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Shared inputs")
struct SharedInputsTests {
  static let shapes = [(1, false), (1, true), (2, true)]

  /// A batch whose sequences are divided among threads, each with words of its own and words that
  /// others read too.
  struct Problem {
    let whole: StackProblem<Double>
    let ids: [[Int32]]

    init(_ kind: CellKind, layerCount: Int, isBidirectional: Bool) {
      ids = [[2, 0, 1, 1, 6], [4, 2], [], [5, 5, 0, 3], [1, 4, 4]]
      var problem = StackProblem<Double>(
        kind, layerCount: layerCount, isBidirectional: isBidirectional,
        lengths: ids.map(\.count), seed: 5)
      problem.input = problem.input.slice(0..<7)
      problem.inputRows = problem.sequences.packed(ids)
      problem.initialStates = problem.stack.zeroStates(batchSize: ids.count)
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
    func gradients(
      _ shares: [[Int]], threadCount: Int, _ inputs: inout SharedInputs<Double>
    ) -> (Parameters<Double>, Matrix<Double>) {
      let stack = whole.stack
      let weights = stack.weights(whole.parameters, isForTraining: true)
      var gradients = Parameters<Double>(layout: whole.parameters.layout)
      inputs.input = whole.input
      inputs.project(weights: weights, threadCount: threadCount)
      let threads = shares.map { share in
        let sequences = PackedSequences(lengths: share.map { ids[$0].count })
        var workspace = StackWorkspace<Double>(stack)
        stack.forward(
          inputs, inputRows: sequences.packed(share.map { ids[$0] }), sequences: sequences,
          weights: weights, keepsActivations: true, workspace: &workspace)
        workspace.resetGradients()
        workspace.addOutputGradient(
          whole.outputWeights.rows(positions(of: share, in: sequences)), sequences)
        stack.backward(
          inputs, sequences: sequences, weights: weights, gradients: &gradients,
          workspace: &workspace)
        return workspace
      }
      inputs.backward(
        from: threads, weights: weights, gradients: &gradients, threadCount: threadCount)
      return (gradients, inputs.gradient)
    }
  }

  /// One memory for all batches, as a trainer keeps it: of one share, two and three, and of one again.
  @Test(arguments: CellKind.allCases, shapes)
  func gradientsAreThoseOfOneThread(
    _ kind: CellKind, _ shape: (layerCount: Int, isBidirectional: Bool)
  ) {
    let problem = Problem(
      kind, layerCount: shape.layerCount, isBidirectional: shape.isBidirectional)
    let expected = problem.whole.gradients()
    let whole = [[0, 1, 2, 3, 4]]
    var inputs = SharedInputs<Double>(problem.whole.stack)
    for shares in [whole, [[3, 0], [1, 2, 4]], [[4], [2], [0, 1, 3]], whole] {
      let (parameters, input) = problem.gradients(shares, threadCount: shares.count, &inputs)
      #expect(mismatch(parameters.values, expected.parameters.values, absolute: 1e-12) == nil)
      #expect(mismatch(input.elements, expected.input.elements, absolute: 1e-12) == nil)
    }
  }

  @Test func residualLayersAreRefused() async {
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Double>(
        .gru, inputSize: 4, layerCount: 2, isResidual: true, lengths: [2])
      let weights = problem.stack.weights(problem.parameters, isForTraining: true)
      var inputs = SharedInputs<Double>(problem.stack)
      inputs.input = problem.input
      inputs.project(weights: weights, threadCount: 1)
      var workspace = StackWorkspace<Double>(problem.stack)
      problem.stack.forward(
        inputs, inputRows: [0, 1], sequences: problem.sequences, weights: weights,
        keepsActivations: true, workspace: &workspace)
      workspace.resetGradients()
      var gradients = Parameters<Double>(layout: problem.parameters.layout)
      problem.stack.backward(
        inputs, sequences: problem.sequences, weights: weights, gradients: &gradients,
        workspace: &workspace)
    }
  }
}
