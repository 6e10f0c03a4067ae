import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@Suite("Sequence model")
struct SequenceModelTests {
  typealias Model<Scalar: MatrixScalar> = SequenceModel<Scalar>

  static let cells: [CellConfiguration] = [.rnn, .gru, .lstm]

  static func model(
    _ cell: CellConfiguration, _ output: SequenceModel<Double>.Output, isBidirectional: Bool = false
  ) -> SequenceModel<Double> {
    SequenceModel(
      StackConfiguration(
        cell, inputSize: 2, hiddenSize: 3, layerCount: 2, isBidirectional: isBidirectional),
      outputSize: 2, output: output, seed: 7)
  }

  static func matrices(_ rowCounts: [Int], seed: UInt64) -> [Matrix<Double>] {
    var generator = SeededGenerator(seed: seed)
    return rowCounts.map { rows in
      Matrix(
        rowCount: rows, columnCount: 2,
        elements: (0..<rows * 2).map { _ in generator.uniform() * 2 - 1 })
    }
  }

  static let inputs = matrices([2, 4, 1], seed: 1)

  @Test(arguments: cells, [SequenceModel<Double>.Output.everyStep, .lastStep])
  func gradientsAreThoseOfFiniteDifferences(
    _ cell: CellConfiguration, _ output: SequenceModel<Double>.Output
  ) {
    let model = Self.model(cell, output)
    let targets = Self.matrices(output == .everyStep ? [2, 4, 1] : [1, 1, 1], seed: 2)
    let pass = model.lossAndGradients(of: Self.inputs, targets: targets)
    let failure = GradientCheck.failure(
      pass.gradients.values, at: model.parameters.values, named: "parameters"
    ) { values in
      var moved = model
      moved.parameters = Parameters(layout: model.layout, values: values)
      return moved.lossAndGradients(of: Self.inputs, targets: targets).loss
    }
    #expect(failure == nil)
    let inputFailure = GradientCheck.failure(
      pass.inputGradients[1].elements, at: Self.inputs[1].elements, named: "inputs"
    ) { values in
      var moved = Self.inputs
      moved[1] = Matrix(rowCount: 4, columnCount: 2, elements: values)
      return model.lossAndGradients(of: moved, targets: targets).loss
    }
    #expect(inputFailure == nil)
  }

  /// Outputs that do not count have no loss and no gradient.
  @Test func gradientsOfClassesAreThoseOfFiniteDifferences() {
    let model = Self.model(.gru, .everyStep, isBidirectional: true)
    let classes: [[Int?]] = [[0, nil], [1, 1, nil, 0], [nil]]
    let pass = model.lossAndGradients(of: Self.inputs, classes: classes)
    let failure = GradientCheck.failure(
      pass.gradients.values, at: model.parameters.values, named: "parameters"
    ) { values in
      var moved = model
      moved.parameters = Parameters(layout: model.layout, values: values)
      return moved.lossAndGradients(of: Self.inputs, classes: classes).loss
    }
    #expect(failure == nil)
    #expect(pass.inputGradients[2].elements.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [SequenceModel<Double>.Output.everyStep, .lastStep])
  func outputsHaveTheBitsOfEachSequenceAlone(_ output: SequenceModel<Double>.Output) {
    let model = Self.model(.lstm, output)
    let together = model.outputs(of: Self.inputs)
    #expect(together.map(\.rowCount) == (output == .everyStep ? [2, 4, 1] : [1, 1, 1]))
    for (input, found) in zip(Self.inputs, together) {
      let isSame = model.outputs(of: [input])[0].elements == found.elements
      #expect(isSame)
    }
  }

  /// The last step's output is the last of all steps' outputs.
  @Test func theLastStepIsOneOfAll() {
    let all = Self.model(.gru, .everyStep).outputs(of: Self.inputs)
    let last = Self.model(.gru, .lastStep).outputs(of: Self.inputs)
    for (all, last) in zip(all, last) { #expect(all.row(all.rowCount - 1) == last.row(0)) }
  }

  /// A sine wave's next value follows from those before.
  @Test func learnsASineWave() {
    var model = SequenceModel<Float>(
      StackConfiguration(.gru, inputSize: 1, hiddenSize: 8), outputSize: 1, seed: 1)
    var optimizer = Optimizer<Float>(.adam(), layout: model.layout)
    // 0.9 · x(t) - x(t-1) is the next value of a sine of cos(w) = 0.45.
    var wave: [Float] = [0, 0.8]
    while wave.count < 41 { wave.append(0.9 * wave[wave.count - 1] - wave[wave.count - 2]) }
    let inputs = [Matrix(rowCount: 40, columnCount: 1, elements: Array(wave.dropLast()))]
    let targets = [Matrix(rowCount: 40, columnCount: 1, elements: Array(wave.dropFirst()))]
    let first = model.lossAndGradients(of: inputs, targets: targets).loss
    for _ in 0..<150 {
      let pass = model.lossAndGradients(of: inputs, targets: targets)
      optimizer.update(&model.parameters, pass.gradients, learningRate: 0.02)
    }
    #expect(model.lossAndGradients(of: inputs, targets: targets).loss < first / 20)
  }

  @Test func inputsOfAnotherWidthStop() async {
    await #expect(processExitsWith: .failure) {
      _ = SequenceModelTests.model(.rnn, .everyStep).outputs(of: [
        Matrix(rowCount: 1, columnCount: 3)
      ])
    }
  }
}
