import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiRNN

@Suite("Dropout")
struct DropoutTests {
  static func mask(_ rate: Double, count: Int = 40_001, seed: UInt64 = 1) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return Dropout(rate: rate).mask(count: count, using: &generator)
  }

  @Test(arguments: [0.1, 0.3, 0.5, 0.9])
  func dropsItsShareAndScalesTheRest(_ rate: Double) {
    let mask = Self.mask(rate)
    #expect(Dropout(rate: rate).rate == rate)
    #expect(mask.count == 40_001)
    #expect(mask.allSatisfy { $0 == 0 || $0 == Float(1 / (1 - rate)) })
    let dropped = Double(mask.count { $0 == 0 }) / Double(mask.count)
    #expect(abs(dropped - rate) < 0.01)
    let mean = mask.reduce(0.0) { $0 + Double($1) } / Double(mask.count)
    #expect(abs(mean - 1) < 0.1)
  }

  @Test func dropsNothingAtRateZero() {
    #expect(Self.mask(0, count: 7) == [1, 1, 1, 1, 1, 1, 1])
    #expect(Self.mask(0.5, count: 0).isEmpty)
  }

  @Test func theSameSeedDropsTheSame() {
    #expect(Self.mask(0.5) == Self.mask(0.5))
    #expect(Self.mask(0.5) != Self.mask(0.5, seed: 2))
  }

  /// All four parts of a draw must be used, and differ.
  @Test func neighboursAreIndependent() {
    let mask = Self.mask(0.5, count: 40_000)
    for distance in 1...5 {
      let equal = (0..<30_000).count { (mask[$0] == 0) == (mask[$0 + distance] == 0) }
      #expect(abs(Double(equal) / 30_000 - 0.5) < 0.02)
    }
  }

  @Test func multipliesAMatrix() {
    var matrix = Matrix<Float>(rowCount: 3, columnCount: 2, elements: [1, 2, 3, 4, 5, 6])
    matrix.resize(rowCount: 2)
    let mask = Matrix<Float>(rowCount: 2, columnCount: 2, elements: [0, 2, 2, 0])
    Dropout.apply(mask, to: &matrix)
    #expect(matrix.elements == [0, 4, 6, 0])
    Dropout.apply(mask, to: &matrix, rows: [1, 1])
    #expect(matrix.elements == [0, 0, 12, 0])
    Dropout.apply(nil, to: &matrix)
    #expect(matrix.elements == [0, 0, 12, 0])
  }

  @Test func dropsElementsAndTellsWhich() {
    var (generator, same) = (SeededGenerator(seed: 3), SeededGenerator(seed: 3))
    var matrix = Matrix<Float>(
      rowCount: 9, columnCount: 4, elements: [Float](repeating: 1, count: 36))
    let mask = Dropout(rate: 0.5).drop(&matrix, using: &generator)
    #expect(mask?.elements == Dropout(rate: 0.5).mask(count: 36, using: &same))
    #expect(mask?.elements == matrix.elements)
    #expect(Dropout(rate: 0).drop(&matrix, using: &generator) == nil)
    #expect(mask?.elements == matrix.elements)
  }

  @Test func stopsAtRatesThatAreNone() async {
    await #expect(processExitsWith: .failure) { _ = Dropout(rate: 1) }
    await #expect(processExitsWith: .failure) { _ = Dropout(rate: -0.1) }
    await #expect(processExitsWith: .failure) { _ = Dropout(rate: .nan) }
  }

  @Test func stopsAtAMaskOfAnotherSize() async {
    await #expect(processExitsWith: .failure) {
      var matrix = Matrix<Float>(rowCount: 1, columnCount: 2)
      Dropout.apply(Matrix(rowCount: 1, columnCount: 1), to: &matrix)
    }
  }

  @Test func replacesTheShareOfTokensThatIsAskedFor() {
    var generator = SeededGenerator(seed: 5)
    let tokens = (0..<10_000).map { Int32($0 + 2) }
    let read = Dropout.wordDropout(tokens, rate: 0.3, unknown: 1, using: &generator)
    #expect(zip(tokens, read).allSatisfy { $1 == 1 || $1 == $0 })
    #expect((2_800...3_200).contains(read.count { $0 == 1 }))
    #expect(Dropout.wordDropout(tokens, rate: 0, unknown: 1, using: &generator) == tokens)
    #expect(
      Dropout.wordDropout(tokens, rate: 1, unknown: 1, using: &generator).allSatisfy { $0 == 1 })
  }

  // MARK: Beside PyTorch

  /// What `recurrent.py` writes of two layers with given masks.
  struct File: Decodable {
    let lengths: [Int]
    let cases: [Case]

    struct Case: Decodable {
      let cell: String
      let parameters: [String: Fixture.Tensor]
      let input: Fixture.Tensor
      let between: Fixture.Tensor
      let dropped: [Fixture.Tensor]
      let outputs: Fixture.Tensor
      let lossWeights: Fixture.Tensor
      let gradients: [String: Fixture.Tensor]
    }
  }

  /// A mask between two layers, the same at every step, and one of each layer's recurrent weights.
  @Test(arguments: [CellConfiguration.gru, .lstm])
  func masksActAsInPyTorch(_ kind: CellConfiguration) throws {
    let file: File = try Fixture.read("dropout")
    let item = try #require(file.cases.first { $0.cell == kind.name })
    var layout = ParameterLayout()
    let stack = RecurrentStack(
      StackConfiguration(kind, inputSize: 5, hiddenSize: 4, layerCount: 2), prefix: "",
      layout: &layout)
    let parameters = try Parameters<Double>(layout: layout) { slot in
      try #require(item.parameters[slot.name]).values
    }
    let sequences = PackedSequences(lengths: file.lengths)
    let packed = zip(stack.layers, item.dropped).map { layers, mask in
      layers.map {
        RecurrentWeights(
          $0.cell, parameters, packing: WeightPacking(isForTraining: true),
          recurrentMask: mask.values)
      }
    }
    let weights = StackWeights(layers: packed)
    var workspace = StackWorkspace<Double>(stack)
    workspace.masks = [
      Matrix(rowCount: 3, columnCount: 4, elements: item.between.values).rows(
        sequences.order.map { Int32($0) })
    ]
    let input: Matrix<Double> = sequences.rows(of: item.input)
    stack.forward(
      StackInput(input), over: sequences, weights: weights, mode: .training, workspace: &workspace)
    let outputs: Matrix<Double> = sequences.rows(of: item.outputs)
    #expect(mismatch(workspace.outputs(sequences), outputs, absolute: 1e-12) == nil)
    workspace.resetGradients()
    workspace.addOutputGradient(sequences.rows(of: item.lossWeights), sequences)
    var gradients = Parameters<Double>(layout: layout)
    stack.backward(
      StackInput(input), over: sequences, weights: weights, gradients: &gradients,
      workspace: &workspace)
    for slot in layout.slots {
      let wanted = try #require(item.gradients[slot.name]).values
      #expect(mismatch(gradients[slot], wanted, absolute: 1e-11) == nil, "\(slot.name)")
    }
    let wanted: Matrix<Double> = sequences.rows(of: try #require(item.gradients["input"]))
    #expect(mismatch(workspace.inputGradient, wanted, absolute: 1e-11) == nil)
  }
}
