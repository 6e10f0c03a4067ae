import Dispatch
import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Recurrent layer")
struct RecurrentLayerTests {
  static func layer(
    _ kind: CellConfiguration, direction: RecurrentLayer.Direction = .forward
  ) -> (RecurrentLayer, Parameters<Float>) {
    var layout = ParameterLayout()
    let cell = RecurrentCell(
      kind, inputSize: 5, hiddenSize: 4, prefix: "", suffix: "", layout: &layout)
    var generator = SeededGenerator(seed: 3)
    return (RecurrentLayer(cell, direction: direction), generator.parameters(layout))
  }

  static let sequences = PackedSequences(lengths: [2, 4])

  static func run(
    _ layer: RecurrentLayer, _ parameters: Parameters<Float>, _ input: Matrix<Float>,
    inputRows: [Int32]? = nil, state: RecurrentState<Float>? = nil, isForTraining: Bool = false
  ) -> (RecurrentWorkspace<Float>, RecurrentWeights<Float>) {
    var workspace = RecurrentWorkspace<Float>(layer)
    let weights = RecurrentWeights(layer.cell, parameters, isForTraining: isForTraining)
    layer.forward(
      StackInput(input, indices: inputRows), over: sequences,
      from: state ?? layer.zeroState(batchSize: 2), weights: weights,
      mode: isForTraining ? .training : .inference, workspace: &workspace)
    return (workspace, weights)
  }

  static func input() -> Matrix<Float> {
    var generator = SeededGenerator(seed: 4)
    return generator.matrix(6, 5)
  }

  // MARK: States

  @Test func readsForwardUnlessTold() {
    #expect(Self.layer(.gru).0.direction == .forward)
    #expect(Self.layer(.gru, direction: .reverse).0.direction == .reverse)
    #expect(Self.layer(.gru).0.cell.configuration == .gru)
  }

  @Test func onlyLongShortTermMemoryHasCellStates() {
    for kind in CellConfiguration.allCases {
      let (layer, _) = Self.layer(kind)
      let state: RecurrentState<Float> = layer.zeroState(batchSize: 2)
      #expect(state.hidden == Matrix(rowCount: 2, columnCount: 4))
      #expect(
        state.cell
          == Matrix(rowCount: 2, columnCount: layer.cell.configuration.hasCellState ? 4 : 0))
    }
  }

  @Test(arguments: CellConfiguration.allCases)
  func statesBeginWithTheInitialAndEndWithTheFinal(_ kind: CellConfiguration) {
    let (layer, parameters) = Self.layer(kind)
    var state: RecurrentState<Float> = layer.zeroState(batchSize: 2)
    state.hidden[1, 2] = 0.5
    let (workspace, _) = Self.run(layer, parameters, Self.input(), state: state)
    #expect(workspace.hidden.rowCount == 8)
    #expect(workspace.hidden.slice(0..<2) == state.hidden)
    let final = workspace.finalState(Self.sequences)
    #expect(final.hidden.row(0) == workspace.hidden.row(7))
    #expect(final.hidden.row(1) == workspace.hidden.row(5))
    #expect(workspace.cell.columnCount == (layer.cell.configuration.hasCellState ? 4 : 0))
    #expect(final.prefix(1).hidden == final.hidden.slice(0..<1))
    #expect(final.prefix(1).cell == final.cell.slice(0..<1))
    #expect(final.prefix(2) == final)
  }

  @Test(arguments: CellConfiguration.allCases)
  func reverseIsForwardOnReversedInput(_ kind: CellConfiguration) {
    let (forward, parameters) = Self.layer(kind)
    let (reverse, _) = Self.layer(kind, direction: .reverse)
    let reversed = Self.input().rows(Self.sequences.reversedPositions)
    let (left, _) = Self.run(reverse, parameters, Self.input())
    let (right, _) = Self.run(forward, parameters, reversed)
    #expect(bits(left.hidden) == bits(right.hidden))
    #expect(bits(left.cell) == bits(right.cell))
  }

  @Test(arguments: CellConfiguration.allCases)
  func reverseReadsNamedRowsBackwards(_ kind: CellConfiguration) {
    let (reverse, parameters) = Self.layer(kind, direction: .reverse)
    let rows: [Int32] = [1, 1, 0, 2, 2, 0]
    let (left, _) = Self.run(reverse, parameters, Self.input(), inputRows: rows)
    let (right, _) = Self.run(reverse, parameters, Self.input().rows(rows))
    #expect(bits(left.hidden) == bits(right.hidden))
  }

  // MARK: Gradients

  @Test func resettingClearsTheGradientsOfAllStates() {
    let (layer, parameters) = Self.layer(.lstm)
    var (workspace, _) = Self.run(layer, parameters, Self.input(), isForTraining: true)
    workspace.resetGradients()
    workspace.hiddenGradient[3, 1] = 5
    workspace.cellGradient[2, 0] = 5
    workspace.resetGradients()
    #expect(workspace.hiddenGradient == Matrix(rowCount: 8, columnCount: 4))
    #expect(workspace.cellGradient == Matrix(rowCount: 8, columnCount: 4))
  }

  /// A gradient that enters at the first step only reaches no later input.
  @Test(arguments: CellConfiguration.allCases)
  func gradientsDoNotFlowForwardInTime(_ kind: CellConfiguration) {
    let (layer, parameters) = Self.layer(kind)
    var (workspace, weights) = Self.run(layer, parameters, Self.input(), isForTraining: true)
    workspace.resetGradients()
    for unit in 0..<4 { workspace.hiddenGradient[2, unit] = 1 }
    var gradients = Parameters<Float>(layout: parameters.layout)
    var inputGradient = Matrix<Float>(rowCount: 6, columnCount: 5)
    layer.backward(
      StackInput(Self.input()), over: Self.sequences, weights: weights, gradients: &gradients,
      inputGradient: &inputGradient, workspace: &workspace)
    #expect(inputGradient.row(0).contains { $0 != 0 })
    #expect(inputGradient.slice(1..<6) == Matrix(rowCount: 5, columnCount: 5))
    #expect(gradients.norm > 0)
  }

  // MARK: Preconditions

  @Test func stopsAtRowsOutsideOfTheInput() async {
    await #expect(processExitsWith: .failure) {
      let (layer, parameters) = RecurrentLayerTests.layer(.gru)
      _ = RecurrentLayerTests.run(
        layer, parameters, RecurrentLayerTests.input(), inputRows: [0, 0, 0, 0, 0, 6])
    }
    await #expect(processExitsWith: .failure) {
      let (layer, parameters) = RecurrentLayerTests.layer(.gru)
      _ = RecurrentLayerTests.run(
        layer, parameters, RecurrentLayerTests.input(), inputRows: [-1, 0, 0, 0, 0, 0])
    }
  }

  @Test func stopsAtAnotherNumberOfInputs() async {
    await #expect(processExitsWith: .failure) {
      let (layer, parameters) = RecurrentLayerTests.layer(.gru)
      _ = RecurrentLayerTests.run(layer, parameters, Matrix(rowCount: 5, columnCount: 5))
    }
    await #expect(processExitsWith: .failure) {
      let (layer, parameters) = RecurrentLayerTests.layer(.gru)
      _ = RecurrentLayerTests.run(
        layer, parameters, RecurrentLayerTests.input(), inputRows: [0, 0])
    }
    await #expect(processExitsWith: .failure) {
      let (layer, parameters) = RecurrentLayerTests.layer(.gru)
      _ = RecurrentLayerTests.run(layer, parameters, Matrix(rowCount: 6, columnCount: 4))
    }
  }

  @Test func stopsAtStatesOfAnotherBatch() async {
    await #expect(processExitsWith: .failure) {
      let (layer, parameters) = RecurrentLayerTests.layer(.gru)
      _ = RecurrentLayerTests.run(
        layer, parameters, RecurrentLayerTests.input(), state: layer.zeroState(batchSize: 3))
    }
    await #expect(processExitsWith: .failure) {
      let (layer, parameters) = RecurrentLayerTests.layer(.lstm)
      var state: RecurrentState<Float> = layer.zeroState(batchSize: 2)
      state.cell = Matrix(rowCount: 1, columnCount: 4)
      _ = RecurrentLayerTests.run(
        layer, parameters, RecurrentLayerTests.input(), state: state)
    }
  }

  @Test func stopsAtWeightsThatWereNotMadeForTraining() async {
    await #expect(processExitsWith: .failure) {
      let (layer, parameters) = RecurrentLayerTests.layer(.gru)
      var (workspace, weights) = RecurrentLayerTests.run(
        layer, parameters, RecurrentLayerTests.input())
      workspace.resetGradients()
      var gradients = Parameters<Float>(layout: parameters.layout)
      var inputGradient = Matrix<Float>(rowCount: 6, columnCount: 5)
      layer.backward(
        StackInput(RecurrentLayerTests.input()), over: RecurrentLayerTests.sequences,
        weights: weights, gradients: &gradients, inputGradient: &inputGradient,
        workspace: &workspace)
    }
  }

  // MARK: Projection

  /// 450 positions, which are projected in two pieces where they name no rows.
  @Test(arguments: CellConfiguration.allCases)
  func projectingInPiecesChangesNoBit(_ kind: CellConfiguration) {
    let (layer, parameters) = Self.layer(kind)
    let sequences = PackedSequences(lengths: [200, 0, 100, 150])
    var generator = SeededGenerator(seed: 5)
    let input: Matrix<Float> = generator.matrix(450, 5)
    let weights = RecurrentWeights(layer.cell, parameters, isForTraining: false)
    let states = [nil, (0..<450).map { Int32($0) }].map { rows in
      var workspace = RecurrentWorkspace<Float>(layer)
      layer.forward(
        StackInput(input, indices: rows), over: sequences, from: layer.zeroState(batchSize: 4),
        weights: weights, mode: .inference, workspace: &workspace)
      return workspace.hidden
    }
    #expect(bits(states[0].elements) == bits(states[1].elements))
  }

  // MARK: Cancellation

  /// 400,000 steps, of which some are computed until another thread cancels the task.
  @Test(arguments: [CellConfiguration.gru, .lstm(isNormalized: true)])
  func aCancelledLayerStopsBetweenTwoSteps(_ kind: CellConfiguration) async {
    let (layer, parameters) = Self.layer(kind)
    let (count, started) = (400_000, DispatchSemaphore(value: 0))
    let task = Task {
      var workspace = RecurrentWorkspace<Float>(layer)
      let cancellation = Cancellation()
      let weights = RecurrentWeights(layer.cell, parameters, isForTraining: false)
      started.signal()
      cancellation.watch {
        layer.forward(
          StackInput(
            Matrix(rowCount: 1, columnCount: 5), indices: [Int32](repeating: 0, count: count)),
          over: PackedSequences(lengths: [count]), from: layer.zeroState(batchSize: 1),
          weights: weights, mode: .inference, workspace: &workspace)
      }
      return (workspace.hidden, cancellation.isRequested)
    }
    DispatchQueue.global().async {
      started.wait()
      task.cancel()
    }
    let (hidden, isRequested) = await task.value
    #expect(isRequested)
    #expect(hidden.row(count).allSatisfy { $0 == 0 })
  }

  @Test func aCancelledLayerAddsNoGradient() async {
    let (layer, parameters) = Self.layer(.gru)
    let task = Task {
      var (workspace, weights) = Self.run(layer, parameters, Self.input(), isForTraining: true)
      var gradients = Parameters<Float>(layout: parameters.layout)
      var inputGradient = Matrix<Float>(rowCount: 6, columnCount: 5)
      workspace.resetGradients()
      workspace.hiddenGradient[7, 0] = 1
      withUnsafeCurrentTask { $0?.cancel() }
      Cancellation().watch {
        layer.backward(
          StackInput(Self.input()), over: Self.sequences, weights: weights, gradients: &gradients,
          inputGradient: &inputGradient, workspace: &workspace)
      }
      let watched = gradients.norm + inputGradient.norm
      layer.backward(
        StackInput(Self.input()), over: Self.sequences, weights: weights, gradients: &gradients,
        inputGradient: &inputGradient, workspace: &workspace)
      return (watched, gradients.norm)
    }
    let (watched, unwatched) = await task.value
    #expect(watched == 0)
    #expect(unwatched > 0)
  }
}
