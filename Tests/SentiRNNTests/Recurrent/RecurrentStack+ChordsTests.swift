import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Recurrent stack: backward by chords")
struct RecurrentStackChordsTests {
  /// A batch of token sequences, the first of which is the reference, and weights of all states.
  struct Problem<Scalar: MatrixScalar> {
    let stack: RecurrentStack
    let weights: StackWeights<Scalar>
    let rows: Matrix<Scalar>
    let batch: PackedBatch
    let stateWeights: Matrix<Scalar>

    init(_ cell: CellConfiguration, layerCount: Int, _ set: InstructionSet, deviation: Double) {
      var layout = ParameterLayout()
      stack = RecurrentStack(
        StackConfiguration(cell, inputSize: 5, hiddenSize: 11, layerCount: layerCount),
        prefix: "encoder.", layout: &layout)
      var generator = SeededGenerator(seed: 4)
      let parameters: Parameters<Scalar> = generator.parameters(layout, deviation: deviation)
      let kernels = Kernels<Scalar>(set) ?? .best
      weights = stack.weights(parameters, isForTraining: true, kernels: kernels)
      rows = generator.matrix(7, 5, deviation: 1.5)
      batch = PackedBatch([[1, 1, 1, 1, 1, 1], [3, 2, 6, 1, 0], [4, 4], [5, 1, 2, 3, 0, 6]])
      var stateWeights: Matrix<Scalar> = generator.matrix(batch.tokenCount, 11)
      for row in batch.sequences.stepOffsets {
        for column in 0..<11 { stateWeights[row, column] = 0 }
      }
      self.stateWeights = stateWeights
    }

    /// For each sequence the weighted change of its states, and the sum of its products.
    func run() -> [(change: Double, sum: Double, isUnchanged: Bool)] {
      var workspace = StackWorkspace<Scalar>(stack)
      let input = StackInput(rows, indices: batch.ids)
      let sequences = batch.sequences
      stack.forward(
        input, over: sequences, weights: weights, mode: .chords, workspace: &workspace)
      let states = workspace.outputs(sequences)
      workspace.resetGradients()
      workspace.addOutputGradient(stateWeights, sequences)
      let products = stack.chordProducts(
        input, over: sequences, weights: weights, workspace: &workspace)
      return (0..<sequences.batchSize).map { sequence in
        var (change, sum, isUnchanged) = (0.0, 0.0, true)
        for step in 0..<sequences.lengths[sequence] {
          let row = sequences.position(step: step, sequence: sequence)
          let first = sequences.position(step: step, sequence: 0)
          for unit in 0..<11 {
            change +=
              Double(stateWeights[row, unit]) * Double(states[row, unit] - states[first, unit])
          }
          sum += Double(products[row])
          if batch.ids[row] == 1 && products[row] != 0 { isUnchanged = false }
        }
        return (change, sum, isUnchanged)
      }
    }
  }

  static let cells: [CellConfiguration] = [.gru, .lstm, .lstm(hasPeepholes: true)]

  /// However far the sequences are from the reference, and in every instruction set.
  @Test(arguments: cells, [1, 2])
  func productsSumToTheChange(_ cell: CellConfiguration, _ layerCount: Int) {
    for deviation in [0.1, 0.6, 3] {
      let problem = Problem<Double>(cell, layerCount: layerCount, .plain, deviation: deviation)
      for (index, found) in problem.run().enumerated() {
        #expect(abs(found.change - found.sum) <= 1e-9 * max(1, abs(found.change)))
        #expect(found.isUnchanged && (found.change == 0) == (index == 0))
      }
    }
  }

  @Test(arguments: cells, InstructionSet.allCases.filter { Kernels<Float>($0) != nil })
  func productsOfFloatsSumToTheChange(_ cell: CellConfiguration, _ set: InstructionSet) {
    let problem = Problem<Float>(cell, layerCount: 2, set, deviation: 0.6)
    for found in problem.run() {
      #expect(abs(found.change - found.sum) <= 2e-5 * max(1, abs(found.change)))
    }
  }

  @Test func onlyGatedCellsHaveChords() {
    func hasChords(_ configuration: StackConfiguration) -> Bool {
      var layout = ParameterLayout()
      return RecurrentStack(configuration, prefix: "", layout: &layout).hasChords
    }
    for cell in CellConfiguration.allCases {
      let shape = StackConfiguration(cell, inputSize: 2, hiddenSize: 2, layerCount: 1)
      #expect(hasChords(shape) == Self.cells.contains(cell), "\(cell)")
    }
    let both = StackConfiguration(
      .gru, inputSize: 2, hiddenSize: 2, layerCount: 1, isBidirectional: true)
    #expect(!hasChords(both))
  }
}
