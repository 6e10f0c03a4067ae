import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Cached projection")
struct CachedProjectionTests {
  static let shapes = [(1, false), (1, true), (2, true)]

  static func problem(
    _ kind: CellConfiguration, layerCount: Int = 1, isBidirectional: Bool = false,
    isResidual: Bool = false
  ) -> StackProblem<Float> {
    let ids: [[Int32]] = [[2, 0, 1, 1, 6], [4, 2], [], [5, 5, 0, 3], [1, 4, 4]]
    var problem = StackProblem<Float>(
      kind, layerCount: layerCount, isBidirectional: isBidirectional, isResidual: isResidual,
      lengths: ids.map(\.count), seed: 5)
    problem.input = problem.input.slice(0..<7)
    problem.inputRows = problem.sequences.packed(ids)
    return problem
  }

  /// All inputs in the table, some of them, and none.
  @Test(arguments: CellConfiguration.allCases, shapes)
  func statesHaveTheBitsThatTheyHaveWithoutATable(
    _ kind: CellConfiguration, _ shape: (layerCount: Int, isBidirectional: Bool)
  ) throws {
    let problem = Self.problem(
      kind, layerCount: shape.layerCount, isBidirectional: shape.isBidirectional)
    let (stack, sequences) = (problem.stack, problem.sequences)
    let (_, expected) = problem.run()
    let ids = try #require(problem.inputRows)
    for precision in [WeightPrecision.full, .bfloat16, .integer8] {
      let weights = stack.weights(problem.parameters, isForTraining: false, precision: precision)
      var plain = StackWorkspace<Float>(stack)
      stack.forward(
        StackInput(problem.input, indices: ids), over: sequences, from: problem.initialStates,
        weights: weights, mode: .inference, workspace: &plain)
      if precision == .full { #expect(plain.states == expected.states) }
      // One memory, as a thread keeps it.
      var workspace = StackWorkspace<Float>(stack)
      for count in [7, 3, 0, 7] {
        let table = CachedProjection(problem.input.slice(0..<count), weights: weights)
        #expect(table.count == count)
        let words = UniqueTokens(ids, vocabularySize: 7, cachedCount: count)
        stack.forward(
          StackInput(problem.input.rows(words.values), indices: words.inverse, behind: table),
          over: sequences, from: problem.initialStates, weights: weights, mode: .inference,
          workspace: &workspace)
        #expect(workspace.states == plain.states)
        // The memory knows nothing of the table afterwards.
        stack.forward(
          StackInput(problem.input, indices: ids), over: sequences, from: problem.initialStates,
          weights: weights, mode: .inference, workspace: &workspace)
        #expect(workspace.states == plain.states)
      }
    }
  }

  @Test func theTableIsTheSameAtAnyNumberOfThreads() {
    let problem = Self.problem(.gru)
    var generator = SeededGenerator(seed: 3)
    let input: Matrix<Float> = generator.matrix(700, 5)
    let weights = problem.stack.weights(problem.parameters, isForTraining: false)
    let ids: [Int32] = (0..<14).map { Int32($0 * 49) }
    let states = [1, 2, 5].map { threadCount in
      let table = CachedProjection(input, weights: weights, threadCount: threadCount)
      var workspace = StackWorkspace<Float>(problem.stack)
      problem.stack.forward(
        StackInput(Matrix(rowCount: 0, columnCount: 5), indices: ids, behind: table),
        over: problem.sequences, weights: weights, mode: .inference, workspace: &workspace)
      return workspace.states
    }
    #expect(states[1] == states[0])
    #expect(states[2] == states[0])
  }

  @Test(arguments: [(CellConfiguration.gru, false, 12), (.lstm, true, 32)])
  func aWordTakesAnElementForEachGateOfEachDirection(
    _ kind: CellConfiguration, _ isBidirectional: Bool, _ width: Int
  ) {
    let stack = Self.problem(kind, isBidirectional: isBidirectional).stack
    let counts = [0, width - 1, width, 7 * width - 1, 7 * width, 9 * width].map {
      CachedProjection<Float>.count(of: 7, for: stack, mostElements: $0)
    }
    #expect(counts == [0, 0, 1, 6, 7, 7])
    #expect(CachedProjection<Float>.count(of: 1 << 30, for: stack) == (16 << 20) / width)
  }

  @Test func stopsAtResidualLayers() async {
    await #expect(processExitsWith: .failure) {
      let problem = CachedProjectionTests.problem(.gru, layerCount: 2, isResidual: true)
      let weights = problem.stack.weights(problem.parameters, isForTraining: false)
      let table = CachedProjection(problem.input, weights: weights)
      var workspace = StackWorkspace<Float>(problem.stack)
      problem.stack.forward(
        StackInput(
          Matrix(rowCount: 0, columnCount: 5), indices: problem.inputRows ?? [], behind: table),
        over: problem.sequences, weights: weights, mode: .inference, workspace: &workspace)
    }
  }
}

extension StackWorkspace<Float> {
  /// The bits of all states, layer by layer.
  fileprivate var states: [[UInt32]] {
    layers.joined().flatMap { [bits($0.hidden), bits($0.cell)] }
  }
}
