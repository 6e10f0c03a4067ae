import Foundation
import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Recurrent cells")
struct RecurrentCellTests {
  static func cell(
    _ configuration: CellConfiguration, inputSize: Int = 5, hiddenSize: Int = 4,
    prefix: String = "", suffix: String = ""
  ) -> (RecurrentCell, ParameterLayout) {
    var layout = ParameterLayout()
    let cell = RecurrentCell(
      configuration, inputSize: inputSize, hiddenSize: hiddenSize, prefix: prefix, suffix: suffix,
      layout: &layout)
    return (cell, layout)
  }

  static func initialized(_ kind: CellConfiguration) -> (RecurrentCell, Parameters<Double>) {
    let (cell, layout) = cell(kind)
    var parameters = Parameters<Double>(layout: layout)
    var generator = SeededGenerator(seed: 1)
    cell.initialize(&parameters, using: &generator)
    return (cell, parameters)
  }

  // MARK: Parameters

  @Test func reservesTwoMatricesAndTwoBiases() {
    let (cell, layout) = Self.cell(.gru, prefix: "encoder.", suffix: "_l0")
    #expect(cell.parameters.inputWeights.shape == [12, 5])
    #expect(cell.parameters.recurrentWeights.shape == [12, 4])
    #expect(cell.parameters.inputBias.shape == [12])
    #expect(cell.parameters.recurrentBias.shape == [12])
    #expect(
      layout.slots.map(\.name) == [
        "encoder.weight_ih_l0", "encoder.weight_hh_l0", "encoder.bias_ih_l0", "encoder.bias_hh_l0",
      ])
  }

  @Test func aCellHasTheSizesOfItsConfiguration() {
    for configuration in CellConfiguration.allCases {
      let (cell, _) = Self.initialized(configuration)
      #expect(cell.configuration == configuration)
      #expect(cell.inputSize == 5)
      #expect(cell.hiddenSize == 4)
      #expect(cell.parameters.inputWeights.shape == [configuration.gateCount * 4, 5])
      #expect((cell.parameters.peepholes != nil) == configuration.hasPeepholes)
      #expect((cell.parameters.normalization != nil) == configuration.isNormalized)
      #expect(
        (cell.parameters.normalization?.cellGain != nil)
          == (configuration.isNormalized && configuration.hasCellState))
    }
  }

  // MARK: Initial weights

  /// Gate by gate: Glorot's bound is of one gate's matrix, and each recurrent one is orthogonal.
  @Test(arguments: [CellConfiguration.rnn, .rnn(.elu), .gru, .lstm])
  func weightsStartGateByGate(_ kind: CellConfiguration) {
    let (cell, parameters) = Self.initialized(kind)
    let bound = (6.0 / 9).squareRoot()
    let input = parameters[cell.parameters.inputWeights]
    #expect(input.allSatisfy { abs($0) <= bound })
    #expect(input.contains { abs($0) > bound / 2 })
    let recurrent = Matrix(
      rowCount: cell.configuration.gateCount * 4, columnCount: 4,
      elements: parameters[cell.parameters.recurrentWeights])
    for gate in 0..<cell.configuration.gateCount {
      for (left, right) in [(0, 0), (0, 1), (2, 3), (3, 3)] {
        let product = weightedSum(recurrent.row(gate * 4 + left), recurrent.row(gate * 4 + right))
        #expect(abs(product - (left == right ? 1 : 0)) < 1e-12)
      }
    }
  }

  @Test func reluStartsByTheRuleOfHe() {
    let (cell, layout) = Self.cell(.rnn(.relu), inputSize: 50, hiddenSize: 40)
    var parameters = Parameters<Double>(layout: layout)
    var generator = SeededGenerator(seed: 1)
    cell.initialize(&parameters, using: &generator)
    let weights = parameters[cell.parameters.inputWeights]
    let deviation = (weights.reduce(0) { $0 + $1 * $1 } / 2000).squareRoot()
    #expect(abs(deviation - 0.2) < 0.01)
  }

  @Test func biasesStartAtZeroButForTheForgetGate() {
    for kind in CellConfiguration.allCases {
      let (cell, parameters) = Self.initialized(kind)
      #expect(parameters[cell.parameters.recurrentBias].allSatisfy { $0 == 0 })
      let expected =
        cell.configuration.kind == .lstm
        ? [0, 1, 0, 0].flatMap { [Double](repeating: $0, count: 4) }
        : [Double](repeating: 0, count: cell.configuration.gateCount * 4)
      #expect(parameters[cell.parameters.inputBias] == expected)
    }
    #expect(RecurrentCell.initialForgetBias == 1)
  }

  /// A fresh cell is one without peepholes and with nothing but normal sums.
  @Test func gainsStartAtOneAndPeepholesAtZero() throws {
    for kind in [
      CellConfiguration.rnn(isNormalized: true), .gru(isNormalized: true),
      .gru(resetPlacement: .beforeProduct, isNormalized: true), .lstm(isNormalized: true),
    ] {
      let (cell, parameters) = Self.initialized(kind)
      let slots = try #require(cell.parameters.normalization)
      for gain in [slots.inputGain, slots.recurrentGain, slots.cellGain].compactMap(\.self) {
        #expect(parameters[gain] == [Double](repeating: 1, count: gain.range.count))
      }
      if let bias = slots.cellBias { #expect(parameters[bias].allSatisfy { $0 == 0 }) }
    }
    let (cell, parameters) = Self.initialized(.lstm(hasPeepholes: true))
    let peepholes = try #require(cell.parameters.peepholes)
    #expect(parameters[peepholes] == [Double](repeating: 0, count: 12))
  }

  // MARK: Biases

  @Test func bothBiasesAreOneInTheProjection() {
    for (kind, count) in [(CellConfiguration.rnn, 1), (.lstm, 4)] {
      var (cell, parameters) = Self.initialized(kind)
      let numbers = (0..<4 * count).map(Double.init)
      parameters[cell.parameters.inputBias] = numbers
      parameters[cell.parameters.recurrentBias] = numbers.map { $0 * 10 }
      #expect(cell.projectionBias(parameters) == numbers.map { $0 * 11 })
      #expect(cell.candidateBias(parameters).isEmpty)
      cell = Self.initialized(kind).0
    }
  }

  @Test func theCandidatesRecurrentBiasStaysInsideOfTheResetGate() {
    let (cell, layout) = Self.cell(.gru)
    let gates = cell.parameters
    var parameters = Parameters<Double>(layout: layout)
    parameters[gates.inputBias] = (0..<12).map(Double.init)
    parameters[gates.recurrentBias] = (0..<12).map { Double($0 * 10) }
    #expect(cell.projectionBias(parameters) == [0, 11, 22, 33, 44, 55, 66, 77, 8, 9, 10, 11])
    #expect(cell.candidateBias(parameters) == [80, 90, 100, 110])
  }

  // MARK: Equations by hand

  /// One input of 0.5, one unit in state 0.25, parameters by name; the state after one step.
  static func step(
    _ cell: RecurrentCell, _ layout: ParameterLayout, _ values: [String: [Double]],
    cellState: Double? = nil
  ) -> RecurrentState<Double> {
    let parameters = Parameters<Double>(layout: layout) { slot in
      values[slot.name] ?? [Double](repeating: 0, count: slot.range.count)
    }
    let layer = RecurrentLayer(cell)
    let sequences = PackedSequences(lengths: [1])
    var state: RecurrentState<Double> = layer.zeroState(batchSize: 1)
    state.hidden[0, 0] = 0.25
    if let cellState { state.cell[0, 0] = cellState }
    var workspace = RecurrentWorkspace<Double>(layer)
    layer.forward(
      StackInput(Matrix(rowCount: 1, columnCount: 1, elements: [0.5])), over: sequences,
      from: state, weights: RecurrentWeights(cell, parameters, isForTraining: false),
      mode: .inference, workspace: &workspace)
    return workspace.finalState(sequences)
  }

  static func single(_ configuration: CellConfiguration) -> (RecurrentCell, ParameterLayout) {
    cell(configuration, inputSize: 1, hiddenSize: 1)
  }

  func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// a = 2 · 0.5 + 0.1 - 4 · 0.25 - 0.3 = -0.2.
  @Test(arguments: [(Activation.tanh, tanh(-0.2)), (.relu, 0), (.elu, expm1(-0.2))])
  func aSimpleStepFollowsItsEquation(_ activation: Activation, _ expected: Double) {
    let (cell, layout) = Self.single(.rnn(activation))
    #expect(cell.configuration.activation == activation)
    let state = Self.step(
      cell, layout,
      ["weight_ih": [2], "bias_ih": [0.1], "weight_hh": [-4], "bias_hh": [-0.3]])
    #expect(abs(state.hidden[0, 0] - expected) < 1e-15)
    #expect(CellConfiguration.rnn.activation == .tanh)
  }

  @Test func aGatedRecurrentStepFollowsItsEquations() {
    let (cell, layout) = Self.single(.gru)
    let state = Self.step(
      cell, layout,
      [
        "weight_ih": [1, 2, 3], "bias_ih": [0.1, 0.2, 0.3],
        "weight_hh": [4, -5, 6], "bias_hh": [-0.1, 0.4, 0.7],
      ])
    let r = sigmoid(1 * 0.5 + 0.1 + 4 * 0.25 - 0.1)
    let z = sigmoid(2 * 0.5 + 0.2 - 5 * 0.25 + 0.4)
    let n = tanh(3 * 0.5 + 0.3 + r * (6 * 0.25 + 0.7))
    #expect(abs(state.hidden[0, 0] - ((1 - z) * n + z * 0.25)) < 1e-15)
  }

  @Test func aStepOfLongShortTermMemoryFollowsItsEquations() {
    let (cell, layout) = Self.single(.lstm)
    let state = Self.step(
      cell, layout,
      [
        "weight_ih": [1, 2, 3, -1], "bias_ih": [0.1, 0.2, 0.3, 0.4],
        "weight_hh": [4, -5, 6, 2], "bias_hh": [-0.1, 0.4, 0.7, -0.6],
      ], cellState: -0.75)
    let i = sigmoid(1 * 0.5 + 0.1 + 4 * 0.25 - 0.1)
    let f = sigmoid(2 * 0.5 + 0.2 - 5 * 0.25 + 0.4)
    let g = tanh(3 * 0.5 + 0.3 + 6 * 0.25 + 0.7)
    let o = sigmoid(-1 * 0.5 + 0.4 + 2 * 0.25 - 0.6)
    let c = f * -0.75 + i * g
    #expect(abs(state.cell[0, 0] - c) < 1e-15)
    #expect(abs(state.hidden[0, 0] - o * tanh(c)) < 1e-15)
  }
}
