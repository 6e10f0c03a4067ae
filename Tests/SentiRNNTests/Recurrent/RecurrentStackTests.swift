import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Recurrent stack")
struct RecurrentStackTests {
  /// Layers and directions.
  static let shapes = [(1, false), (1, true), (2, false), (2, true)]

  static func layout(_ kind: CellConfiguration, _ layerCount: Int, _ isBidirectional: Bool)
    -> (RecurrentStack, ParameterLayout)
  {
    var layout = ParameterLayout()
    let stack = RecurrentStack(
      StackConfiguration(
        kind, inputSize: 5, hiddenSize: 4, layerCount: layerCount,
        isBidirectional: isBidirectional),
      prefix: "encoder.", layout: &layout)
    return (stack, layout)
  }

  // MARK: Shape

  @Test func namesParametersLikePyTorch() {
    let (stack, layout) = Self.layout(.gru, 2, true)
    #expect(
      layout.slots.map(\.name) == [
        "encoder.weight_ih_l0", "encoder.weight_hh_l0", "encoder.bias_ih_l0", "encoder.bias_hh_l0",
        "encoder.weight_ih_l0_reverse", "encoder.weight_hh_l0_reverse",
        "encoder.bias_ih_l0_reverse", "encoder.bias_hh_l0_reverse",
        "encoder.weight_ih_l1", "encoder.weight_hh_l1", "encoder.bias_ih_l1", "encoder.bias_hh_l1",
        "encoder.weight_ih_l1_reverse", "encoder.weight_hh_l1_reverse",
        "encoder.bias_ih_l1_reverse", "encoder.bias_hh_l1_reverse",
      ])
    #expect(layout.slot(named: "encoder.weight_ih_l0")?.shape == [12, 5])
    #expect(layout.slot(named: "encoder.weight_ih_l1")?.shape == [12, 8])
    #expect(
      stack.layers.map { $0.map(\.direction) } == [[.forward, .reverse], [.forward, .reverse]])
  }

  @Test(arguments: shapes)
  func knowsItsSizes(_ layerCount: Int, _ isBidirectional: Bool) {
    let (stack, _) = Self.layout(.lstm, layerCount, isBidirectional)
    #expect(stack.inputSize == 5)
    #expect(stack.hiddenSize == 4)
    #expect(stack.layers.count == layerCount)
    #expect(stack.isBidirectional == isBidirectional)
    #expect(stack.outputSize == (isBidirectional ? 8 : 4))
    #expect(stack.canStream == (layerCount == 1 || !isBidirectional))
    let states: StackState<Float> = stack.zeroState(batchSize: 3)
    #expect(states.layers.map(\.count) == stack.layers.map(\.count))
    #expect(states[0][0].hidden == Matrix(rowCount: 3, columnCount: 4))
    #expect(states[0][0].cell == Matrix(rowCount: 3, columnCount: 4))
  }

  @Test func theSameSeedGivesTheSameWeights() {
    let (stack, layout) = Self.layout(.lstm, 2, true)
    func weights(_ seed: UInt64) -> [Float] {
      var parameters = Parameters<Float>(layout: layout)
      var generator = SeededGenerator(seed: seed)
      stack.initialize(&parameters, using: &generator)
      return parameters.values
    }
    #expect(bits(weights(3)) == bits(weights(3)))
    #expect(weights(3) != weights(4))
  }

  // MARK: Gradients

  /// Every parameter, input and initial state, through every output and final state; a sequence of
  /// no steps is among them.
  @Test(arguments: CellConfiguration.allCases, shapes)
  func gradientsAreThoseOfFiniteDifferences(
    _ kind: CellConfiguration, _ shape: (layerCount: Int, isBidirectional: Bool)
  ) {
    let problem = StackProblem<Double>(
      kind, layerCount: shape.layerCount, isBidirectional: shape.isBidirectional,
      lengths: [2, 4, 0], seed: 7)
    #expect(Self.gradientFailure(problem) == nil)
  }

  /// Positions that share a row of the input, as words of a text do.
  @Test(arguments: CellConfiguration.allCases)
  func gradientsOfSharedInputsAreThoseOfFiniteDifferences(_ kind: CellConfiguration) {
    var problem = StackProblem<Double>(
      kind, isBidirectional: true, lengths: [3, 5], seed: 8)
    problem.input = problem.input.slice(0..<3)
    problem.inputRows = [2, 0, 1, 1, 2, 2, 0, 2]
    #expect(Self.gradientFailure(problem) == nil)
  }

  /// More positions than are taken back together: the gradient is the slope in any direction.
  @Test(arguments: CellConfiguration.allCases, [false, true])
  func gradientsOfManyPositionsAreSlopes(_ kind: CellConfiguration, _ namesRows: Bool) {
    let lengths = (0..<240).map { $0 * 7 % 13 }
    var problem = StackProblem<Double>(kind, layerCount: 2, lengths: lengths, seed: 9)
    if namesRows {
      problem.input = problem.input.slice(0..<11)
      problem.inputRows = (0..<problem.sequences.tokenCount).map { Int32($0 * 3 % 11) }
    }
    #expect(Self.slopeFailure(problem) == nil)
    problem.recurrentDropout = Dropout(rate: 0.3)
    #expect(Self.slopeFailure(problem) == nil)
  }

  /// Compares the gradient with the loss a small step away in a random direction of everything.
  static func slopeFailure(_ problem: StackProblem<Double>) -> String? {
    var generator = SeededGenerator(seed: 10)
    let gradients = problem.gradients()
    let (layout, input) = (problem.parameters.layout, problem.input)
    let (values, states) = (problem.parameters.values, problem.initialStates.elements)
    let along: [Double] = generator.normals(values.count + input.elementCount + states.count)
    let (first, second) = (values.count, values.count + input.elementCount)
    func loss(_ step: Double) -> Double {
      func moved(_ elements: [Double], _ direction: ArraySlice<Double>) -> [Double] {
        zip(elements, direction).map { $0 + step * $1 }
      }
      var changed = problem
      changed.parameters = Parameters(layout: layout, values: moved(values, along[..<first]))
      changed.input = Matrix(
        rowCount: input.rowCount, columnCount: input.columnCount,
        elements: moved(input.elements, along[first..<second]))
      changed.initialStates = problem.initialStates.replacing(moved(states, along[second...]))
      return changed.loss(of: changed.result)
    }
    let slope = (loss(1e-7) - loss(-1e-7)) / 2e-7
    let found = weightedSum(
      gradients.parameters.values + gradients.input.elements + gradients.initialStates.elements,
      along)
    return mismatch([found], [slope], absolute: 1e-4, relative: 1e-6)
  }

  static func gradientFailure(_ problem: StackProblem<Double>) -> String? {
    let gradients = problem.gradients()
    func loss(_ change: (inout StackProblem<Double>) -> Void) -> Double {
      var changed = problem
      change(&changed)
      return changed.loss(of: changed.result)
    }
    let layout = problem.parameters.layout
    return GradientCheck.failure(
      gradients.parameters.values, at: problem.parameters.values, named: "parameters"
    ) { values in loss { $0.parameters = Parameters(layout: layout, values: values) } }
      ?? GradientCheck.failure(
        gradients.input.elements, at: problem.input.elements, named: "input"
      ) { values in
        loss {
          $0.input = Matrix(
            rowCount: $0.input.rowCount, columnCount: $0.input.columnCount, elements: values)
        }
      }
      ?? GradientCheck.failure(
        gradients.initialStates.elements, at: problem.initialStates.elements, named: "states"
      ) { values in loss { $0.initialStates = $0.initialStates.replacing(values) } }
  }

  @Test func gradientsAreAdded() {
    let problem = StackProblem<Double>(.gru, lengths: [3, 2])
    var (_, workspace) = problem.run(keepsActivations: true)
    let weights = problem.stack.weights(problem.parameters, isForTraining: true)
    var gradients = Parameters<Double>(layout: problem.parameters.layout)
    var input = Matrix<Double>(rowCount: 5, columnCount: 5)
    for _ in 0..<2 {
      workspace.resetGradients()
      workspace.addOutputGradient(problem.outputWeights, problem.sequences)
      problem.stack.backward(
        problem.stackInput, over: problem.sequences, weights: weights, gradients: &gradients,
        workspace: &workspace)
      for row in 0..<5 { input.add(workspace.inputGradient.row(row), to: row) }
    }
    var once = problem
    once.finalWeights = problem.stack.zeroState(batchSize: 2)
    let expected = once.gradients()
    #expect(
      mismatch(gradients.values, expected.parameters.values.map { 2 * $0 }, absolute: 1e-12) == nil)
    #expect(
      mismatch(input.elements, expected.input.elements.map { 2 * $0 }, absolute: 1e-12) == nil)
  }

  // MARK: Properties

  /// In packed order the longest sequence is first, so that pieces keep the order of the whole.
  @Test(arguments: CellConfiguration.allCases, [1, 2, 3])
  func piecesWithCarriedStateAreTheWhole(_ kind: CellConfiguration, _ pieceLength: Int) {
    let problem = StackProblem<Float>(kind, hiddenSize: 19, layerCount: 2, lengths: [4, 7, 0, 5])
    let whole = problem.run().0
    let lengths = problem.sequences.lengths
    var states = problem.initialStates
    var workspace = StackWorkspace<Float>(problem.stack)
    let weights = problem.stack.weights(problem.parameters, isForTraining: false)
    for start in stride(from: 0, to: 7, by: pieceLength) {
      let piece = PackedSequences(lengths: lengths.map { max(0, min(pieceLength, $0 - start)) })
      let rows = (0..<piece.timeStepCount).flatMap { step in
        (0..<piece.stepSizes[step]).map {
          Int32(problem.sequences.position(step: start + step, sequence: $0))
        }
      }
      problem.stack.forward(
        StackInput(problem.input, indices: rows), over: piece, from: states, weights: weights,
        mode: .inference, workspace: &workspace)
      states = workspace.finalState(piece)
      #expect(bits(workspace.outputs(piece)) == bits(whole.outputs.rows(rows)))
    }
    #expect(Self.stateBits(states) == Self.stateBits(whole.finalStates))
  }

  @Test(arguments: CellConfiguration.allCases)
  func aPermutedBatchGivesPermutedResults(_ kind: CellConfiguration) throws {
    let lengths = [3, 6, 0, 6, 1, 2]
    let whole = ListProblem(kind, lengths)
    let permutation = [4, 0, 3, 5, 2, 1]
    let permuted = whole.results(permutation)
    let original = whole.results(Array(0..<6))
    for (place, sequence) in permutation.enumerated() {
      #expect(permuted[place] == original[sequence])
    }
  }

  @Test(arguments: CellConfiguration.allCases)
  func aSequenceAloneIsThatOfABatch(_ kind: CellConfiguration) throws {
    let problem = ListProblem(kind, [3, 6, 0, 6, 1, 2])
    let batch = problem.results(Array(0..<6))
    for sequence in 0..<6 {
      #expect(problem.results([sequence]) == [batch[sequence]])
    }
  }

  @Test(arguments: CellConfiguration.allCases, [1, 2])
  func sharedRowsAreRepeatedRows(_ kind: CellConfiguration, _ layerCount: Int) {
    let bidirectional = StackProblem<Float>(
      kind, hiddenSize: 17, layerCount: layerCount, isBidirectional: true, lengths: [3, 5])
    var shared = bidirectional
    shared.input = shared.input.slice(0..<3)
    let rows: [Int32] = [2, 0, 1, 1, 2, 2, 0, 2]
    shared.inputRows = rows
    var repeated = bidirectional
    repeated.input = shared.input.rows(rows)
    let (left, right) = (shared.result, repeated.result)
    #expect(bits(left.outputs) == bits(right.outputs))
    #expect(Self.stateBits(left.finalStates) == Self.stateBits(right.finalStates))
    let (one, other) = (shared.gradients().parameters, repeated.gradients().parameters)
    #expect(mismatch(one.values, other.values, absolute: 1e-4, relative: 1e-4) == nil)
  }

  @Test(arguments: CellConfiguration.allCases, [0, 1])
  func aStreamIsOneDirectionOfTheStack(_ kind: CellConfiguration, _ direction: Int) {
    let problem = StackProblem<Float>(kind, isBidirectional: true, lengths: [3, 5, 1])
    let (whole, _) = problem.run()
    let stream = problem.stack.stream(direction)
    #expect(!stream.isBidirectional)
    let rows =
      direction == 0
      ? (0..<Int32(9)).map { $0 } : problem.sequences.reversedPositions
    var workspace = StackWorkspace<Float>(stream)
    let weights = problem.stack.weights(problem.parameters, isForTraining: false)
    stream.forward(
      StackInput(problem.input, indices: rows), over: problem.sequences,
      from: StackState(layers: [[problem.initialStates[0][direction]]]),
      weights: weights.direction(direction), mode: .inference, workspace: &workspace)
    let found = workspace.outputs(problem.sequences)
    let expected = whole.outputs.columns(direction * 4..<direction * 4 + 4)
    #expect(bits(direction == 0 ? found : found.rows(rows)) == bits(expected))
  }

  @Test(arguments: CellConfiguration.allCases)
  func aMissingStateIsAZeroState(_ kind: CellConfiguration) {
    var problem = StackProblem<Float>(kind, layerCount: 2, isBidirectional: true, lengths: [3, 1])
    problem.initialStates = problem.stack.zeroState(batchSize: 2)
    var workspace = StackWorkspace<Float>(problem.stack)
    problem.stack.forward(
      StackInput(problem.input), over: problem.sequences,
      weights: problem.stack.weights(problem.parameters, isForTraining: false), mode: .inference,
      workspace: &workspace)
    #expect(bits(workspace.outputs(problem.sequences)) == bits(problem.result.outputs))
  }

  /// What a workspace held before shows nowhere, though its memory is larger than is needed.
  @Test(arguments: CellConfiguration.allCases)
  func aUsedWorkspaceGivesTheSameBits(_ kind: CellConfiguration) {
    let (large, small) = (
      StackProblem<Float>(kind, layerCount: 2, isBidirectional: true, lengths: [9, 8, 7]),
      StackProblem<Float>(kind, layerCount: 2, isBidirectional: true, lengths: [2, 3], seed: 2)
    )
    var (_, workspace) = large.run(keepsActivations: true)
    small.stack.forward(
      StackInput(small.input), over: small.sequences, from: small.initialStates,
      weights: small.stack.weights(small.parameters, isForTraining: true), mode: .training,
      workspace: &workspace)
    #expect(bits(workspace.outputs(small.sequences)) == bits(small.result.outputs))
  }

  @Test(arguments: CellConfiguration.allCases, [[], [0], [0, 0]])
  func batchesWithoutStepsKeepTheirStates(_ kind: CellConfiguration, _ lengths: [Int]) {
    let problem = StackProblem<Double>(
      kind, layerCount: 2, isBidirectional: true, lengths: lengths)
    #expect(problem.result.outputs.rowCount == 0)
    #expect(problem.result.finalStates == problem.initialStates)
    let gradients = problem.gradients()
    #expect(gradients.parameters.values.allSatisfy { $0 == 0 })
    #expect(gradients.initialStates == problem.finalWeights)
  }

  static func stateBits(_ states: StackState<Float>) -> [[UInt32]] {
    states.layers.joined().map { bits($0.hidden) + bits($0.cell) }
  }

  // MARK: Preconditions

  @Test func stopsWithoutLayers() async {
    await #expect(processExitsWith: .failure) { _ = RecurrentStackTests.layout(.gru, 0, false) }
  }

  @Test func stopsAtAStreamOfLayersThatNeedBothDirections() async {
    await #expect(processExitsWith: .failure) {
      _ = RecurrentStackTests.layout(.gru, 2, true).0.stream(0)
    }
  }

  @Test func theMessageNamesStatesOfAnotherBatchOrStack() async {
    let sequences = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var problem = StackProblem<Float>(.gru, layerCount: 2, lengths: [2, 1])
      problem.initialStates = problem.stack.zeroState(batchSize: 3)
      _ = problem.result
    }
    #expect(
      sequences.message.contains("states [[[3, 4]], [[3, 4]]] for [1, 1] layers of [2, 4]"))
    let layers = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var problem = StackProblem<Float>(.gru, layerCount: 2, lengths: [2, 1])
      problem.initialStates.layers.removeLast()
      _ = problem.result
    }
    #expect(layers.message.contains("states [[[2, 4]]] for [1, 1] layers of [2, 4]"))
    let directions = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var problem = StackProblem<Float>(.gru, isBidirectional: true, lengths: [2, 1])
      problem.initialStates[0].removeLast()
      _ = problem.result
    }
    #expect(directions.message.contains("states [[[2, 4]]] for [2] layers of [2, 4]"))
    let units = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var problem = StackProblem<Float>(.gru, lengths: [2, 1])
      problem.initialStates[0][0].hidden = Matrix(rowCount: 2, columnCount: 3)
      _ = problem.result
    }
    #expect(units.message.contains("initial state [2, 3] for [2, 4]"))
  }

  @Test func theMessageNamesMasksOfAnotherBatchOrStack() async {
    let layers = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var problem = StackProblem<Float>(.gru, layerCount: 3, lengths: [2, 1])
      problem.masks = [Matrix(rowCount: 2, columnCount: 4)]
      _ = problem.result
    }
    #expect(layers.message.contains("masks [[2, 4]] for 2 layers of [2, 4]"))
    let sequences = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var problem = StackProblem<Float>(.gru, layerCount: 2, lengths: [2, 1])
      problem.masks = [Matrix(rowCount: 3, columnCount: 4)]
      _ = problem.result
    }
    #expect(sequences.message.contains("masks [[3, 4]] for 1 layers of [2, 4]"))
    let units = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var problem = StackProblem<Float>(.gru, layerCount: 2, lengths: [2, 1])
      problem.masks = [Matrix(rowCount: 2, columnCount: 5)]
      _ = problem.result
    }
    #expect(units.message.contains("masks [[2, 5]] for 1 layers of [2, 4]"))
  }

  @Test func stopsAtAnOutputGradientOfAnotherShape() async {
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(.gru, lengths: [3])
      var (_, workspace) = problem.run(keepsActivations: true)
      workspace.resetGradients()
      workspace.addOutputGradient(Matrix(rowCount: 2, columnCount: 4), problem.sequences)
    }
    await #expect(processExitsWith: .failure) {
      let problem = StackProblem<Float>(.gru, lengths: [3])
      var (_, workspace) = problem.run(keepsActivations: true)
      workspace.resetGradients()
      workspace.addOutputGradient(Matrix(rowCount: 3, columnCount: 5), problem.sequences)
    }
  }
}

extension Optional where Wrapped == ExitTest.Result {
  /// What a process wrote to its standard error before it stopped.
  var message: String {
    String(decoding: self?.standardErrorContent ?? [], as: UTF8.self)
  }
}

/// Sequences of a list that are computed in batches of any choice and order.
struct ListProblem {
  let stack: RecurrentStack
  let parameters: Parameters<Float>
  let sequences: [Matrix<Float>]
  let initial: [[Float]]

  init(_ kind: CellConfiguration, _ lengths: [Int]) {
    var layout = ParameterLayout()
    stack = RecurrentStack(
      StackConfiguration(kind, inputSize: 5, hiddenSize: 18, layerCount: 2, isBidirectional: true),
      prefix: "", layout: &layout)
    var generator = SeededGenerator(seed: 5)
    parameters = generator.parameters(layout, deviation: 0.3)
    var (sequences, initial) = ([Matrix<Float>](), [[Float]]())
    for length in lengths {
      sequences.append(generator.matrix(length, 5))
      initial.append(generator.normals(18))
    }
    (self.sequences, self.initial) = (sequences, initial)
  }

  /// The bits of all outputs and final states of each chosen sequence.
  func results(_ chosen: [Int]) -> [[UInt32]] {
    let packing = PackedSequences(lengths: chosen.map { sequences[$0].rowCount })
    let rows = packing.packed(
      chosen.map { index in (0..<sequences[index].rowCount).map { sequences[index].row($0) } })
    let input = Matrix(rowCount: rows.count, columnCount: 5, elements: rows.flatMap { $0 })
    var states: StackState<Float> = stack.zeroState(batchSize: chosen.count)
    for (level, direction) in states.places {
      states[level][direction].hidden = Matrix(
        rowCount: chosen.count, columnCount: 18,
        elements: packing.order.flatMap { initial[chosen[$0]] })
    }
    var workspace = StackWorkspace<Float>(stack)
    stack.forward(
      StackInput(input), over: packing, from: states,
      weights: stack.weights(parameters, isForTraining: false), mode: .inference,
      workspace: &workspace)
    let outputs = workspace.outputs(packing)
    let finals = workspace.layers.joined().map { $0.finalState(packing).hidden.unpacked(packing) }
    return chosen.indices.map { place in
      let packed = packing.order.firstIndex(of: place) ?? 0
      let positions = (0..<packing.lengths[packed]).map {
        packing.position(step: $0, sequence: packed)
      }
      return bits(positions.flatMap { outputs.row($0) } + finals.flatMap { $0.row(place) })
    }
  }
}
