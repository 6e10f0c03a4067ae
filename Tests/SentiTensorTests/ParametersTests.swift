import SentiTensor
import Testing

@Suite("Parameters")
struct ParametersTests {
  static let layout: ParameterLayout = {
    var layout = ParameterLayout()
    _ = layout.add("output.weight", shape: [2, 3])
    _ = layout.add("output.bias", shape: [4])
    return layout
  }()

  var weight: ParameterSlot { Self.layout.slots[0] }
  var bias: ParameterSlot { Self.layout.slots[1] }

  // MARK: Layout

  @Test func layoutPlacesOneParameterBehindTheOther() {
    #expect(weight.name == "output.weight")
    #expect(weight.shape == [2, 3])
    #expect(weight.range == 0..<6)
    #expect(bias.range == 6..<10)
    #expect(Self.layout.elementCount == 10)
    #expect(ParameterLayout().elementCount == 0)
  }

  @Test func aVectorIsOneRow() {
    #expect(weight.rowCount == 2 && weight.columnCount == 3)
    #expect(bias.rowCount == 1 && bias.columnCount == 4)
  }

  @Test func layoutFindsParametersByName() {
    #expect(Self.layout.slot(named: "output.bias") == bias)
    #expect(Self.layout.slot(named: "output") == nil)
  }

  // MARK: Arena

  @Test func startsWithZeros() {
    let parameters = Parameters<Float>(layout: Self.layout)
    #expect(parameters.layout == Self.layout)
    #expect(parameters.values == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test func readsAndWritesOneParameter() {
    var parameters = Parameters<Float>(layout: Self.layout, values: (0..<10).map(Float.init))
    #expect(parameters[bias] == [6, 7, 8, 9])
    parameters[weight] = [9, 9, 9, 9, 9, 9]
    #expect(parameters.values == [9, 9, 9, 9, 9, 9, 6, 7, 8, 9])
  }

  @Test func collectsTheElementsOfEachParameter() throws {
    let parameters = Parameters<Double>(layout: Self.layout) { slot in
      [Double](repeating: Double(slot.name.count), count: slot.range.count)
    }
    #expect(parameters.values == [13, 13, 13, 13, 13, 13, 11, 11, 11, 11])
  }

  @Test func passesOnWhatElementsThrow() {
    struct Missing: Error, Equatable { let name: String }
    func fail(_ slot: ParameterSlot) throws -> [Float] { throw Missing(name: slot.name) }
    #expect(throws: Missing(name: "output.weight")) {
      _ = try Parameters<Float>(layout: Self.layout, elements: fail)
    }
  }

  @Test func isSetToZero() {
    var parameters = Parameters<Float>(
      layout: Self.layout, values: [Float](repeating: 3, count: 10))
    parameters.setToZero()
    #expect(parameters.values.allSatisfy { $0 == 0 })
  }

  @Test func normIsEuclidean() {
    var parameters = Parameters<Float>(layout: Self.layout)
    parameters[bias] = [3, 0, 0, 4]
    #expect(parameters.norm == 5)
  }

  @Test func namesTheFirstParameterThatIsNotFinite() {
    var parameters = Parameters<Float>(layout: Self.layout)
    #expect(parameters.firstNonFiniteName == nil)
    parameters[bias] = [0, .infinity, 0, 0]
    #expect(parameters.firstNonFiniteName == "output.bias")
    #expect(!parameters.norm.isFinite)
    parameters[weight] = [0, 0, 0, 0, 0, .nan]
    #expect(parameters.firstNonFiniteName == "output.weight")
  }

  /// A first step of Adam moves every parameter by the rate, against its gradient's sign.
  @Test func aPassOfAnOptimizerMovesItsBlocksOnly() {
    var parameters = Parameters<Double>(layout: Self.layout)
    let zeros = parameters.storage
    var arenas = UpdateArenas(
      firstMoments: zeros, secondMoments: zeros, average: AlignedArray(zeros: 0))
    let gradients = Parameters<Double>(
      layout: Self.layout, values: [1, -2, 3, -4, 5, -6, 7, -8, 9, -10])
    var pass = UpdatePass(.adam, learningRate: 0.5 / (1 - 0.9))
    (pass.beta1, pass.beta2, pass.secondScale) = (0.9, 0.999, 1 / (1 - 0.999))
    let blocks = ArenaBlock.cut(weight.rows, of: weight)
    parameters.update(gradients, &arenas, ArenaUpdate(blocks, [pass]))
    for (value, gradient) in zip(parameters[weight], gradients.values) {
      #expect(abs(value + (gradient > 0 ? 0.5 : -0.5)) < 1e-12)
    }
    #expect(parameters[bias] == [0, 0, 0, 0])
  }

  // MARK: Written rows

  @Test func rowsAreCountedThroughAllParameters() {
    #expect(weight.rows == 0..<2 && bias.rows == 2..<3)
    #expect(weight.index == 0 && bias.index == 1)
    #expect(Self.layout.rowCount == 3)
    #expect(weight.elements(1..<2) == 3..<6)
    #expect(bias.elements(2..<3) == 6..<10)
  }

  /// Rows of a table on both sides of a word of 64 bits.
  static let table: (ParameterLayout, ParameterSlot) = {
    var layout = ParameterLayout()
    _ = layout.add("before", shape: [3])
    let slot = layout.add("table", shape: [200, 2])
    _ = layout.add("after", shape: [2, 2])
    return (layout, slot)
  }()

  @Test(arguments: [[], [0], [199], [0, 1, 2], [61, 62, 63, 64, 65, 7], [126, 127, 128, 190]])
  func notesTheRowsThatWereWritten(_ rows: [Int32]) {
    let (layout, slot) = Self.table
    var gradients = Parameters<Float>(layout: layout)
    let ones = Matrix<Float>(
      rowCount: rows.count, columnCount: 2, elements: [Float](repeating: 1, count: 2 * rows.count))
    Kernels.best.scatterAdd(ones, to: rows, of: &gradients, slot)
    let found = gradients.touchedRows(of: slot).flatMap { $0.map { Int32($0 - 1) } }
    #expect(found == rows.sorted())
    for neighbour in [layout.slots[0], layout.slots[2]] {
      #expect(gradients.touchedRows(of: neighbour).isEmpty)
    }
    #expect(gradients.norm == Double(2 * rows.count).squareRoot())
    gradients.setToZero()
    #expect(gradients.values.allSatisfy { $0 == 0 })
    #expect(gradients.touchedRows(of: slot).isEmpty)
  }

  @Test func notesWholeParameters() {
    let (layout, slot) = Self.table
    var gradients = Parameters<Float>(layout: layout)
    gradients[slot] = [Float](repeating: 2, count: 400)
    #expect(gradients.touchedRows(of: slot) == [1..<201])
    #expect(gradients.touchedRows(of: layout.slots[2]).isEmpty)
    let given = Parameters<Float>(layout: layout, values: gradients.values)
    let runs = layout.slots.map { given.touchedRows(of: $0) }
    #expect(runs == [[0..<1], [1..<201], [201..<203]])
  }

  @Test(arguments: [1, 2, 3])
  func addsWhatAnotherHolds(_ threadCount: Int) {
    let (layout, slot) = Self.table
    var (one, other) = (Parameters<Float>(layout: layout), Parameters<Float>(layout: layout))
    let rows = Matrix<Float>(rowCount: 2, columnCount: 2, elements: [1, 2, 3, 4])
    Kernels.best.scatterAdd(rows, to: [5, 9], of: &one, slot)
    Kernels.best.scatterAdd(rows, to: [9, 70], of: &other, slot)
    one.add(other, threadCount: threadCount)
    #expect(one.touchedRows(of: slot) == [6..<7, 10..<11, 71..<72])
    #expect(Array(one[slot][18..<20]) == [4, 6])
    #expect(Array(one[slot][140..<142]) == [3, 4])
    let squares = 5.0 + 16 + 36 + 25
    #expect(one.norm(threadCount: threadCount) == squares.squareRoot())
  }

  @Test func aNormHasTheSameBitsAtAnyNumberOfThreads() {
    var layout = ParameterLayout()
    let slots = [layout.add("a", shape: [300, 257]), layout.add("b", shape: [70_001])]
    var (gradients, generator) = (Parameters<Float>(layout: layout), SeededGenerator(seed: 3))
    for slot in slots {
      gradients.initialize(slot, .normal(deviation: 1), using: &generator)
    }
    let norms = [1, 2, 5].map { gradients.norm(threadCount: $0) }
    #expect(norms == [norms[0], norms[0], norms[0]])
    let exact = gradients.values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(abs(norms[0] - exact) < 1e-9 * exact)
  }

  @Test func takesNothingForFrozenParameters() {
    let (layout, slot) = Self.table
    var gradients = Parameters<Float>(layout: layout)
    gradients[slot] = [Float](repeating: 2, count: 400)
    gradients.setToZero(freezing: [false, true, false])
    let row = Matrix<Float>(rowCount: 1, columnCount: 2, elements: [1, 1])
    Kernels.best.scatterAdd(row, to: [3], of: &gradients, slot)
    Kernels.best.addColumnSums(of: Matrix(rowCount: 1, columnCount: 400), to: &gradients, slot)
    gradients[slot] = [Float](repeating: 2, count: 400)
    gradients[layout.slots[0]] = [2, 3, 6]
    #expect(gradients.norm == 7)
    #expect(gradients[slot].allSatisfy { $0 == 0 })
    gradients.setToZero(freezing: [true, false, false])
    gradients[slot] = [Float](repeating: 2, count: 400)
    #expect(gradients.norm == 40)
  }

  @Test func roundsToSixteenBits() {
    let values: [Float] = [0.1, 1, -2.5, 1 / 3, 0, 4, 5, 6, 7, 65504]
    let parameters = Parameters<Float>(layout: Self.layout, values: values)
    #expect(parameters.rounded(to: .float16).values == values.map { Float(Float16($0)) })
    #expect(parameters.rounded(to: .brainFloat16).values[0] == 0.10009765625)
    #expect(parameters.rounded(to: .float32).values == values)
  }

  // MARK: Preconditions

  @Test func stopsAtANameThatIsTaken() async {
    await #expect(processExitsWith: .failure) {
      var layout = ParameterLayout()
      _ = layout.add("weight", shape: [1])
      _ = layout.add("weight", shape: [2])
    }
  }

  @Test func stopsAtShapesThatAreNone() async {
    await #expect(processExitsWith: .failure) {
      var layout = ParameterLayout()
      _ = layout.add("weight", shape: [])
    }
    await #expect(processExitsWith: .failure) {
      var layout = ParameterLayout()
      _ = layout.add("weight", shape: [1, 2, 3])
    }
    await #expect(processExitsWith: .failure) {
      var layout = ParameterLayout()
      _ = layout.add("weight", shape: [2, 0])
    }
  }

  @Test func stopsAtElementsThatDoNotFit() async {
    await #expect(processExitsWith: .failure) {
      _ = Parameters<Float>(layout: ParametersTests.layout, values: [1])
    }
    await #expect(processExitsWith: .failure) {
      _ = Parameters<Float>(layout: ParametersTests.layout) { _ in [1] }
    }
    await #expect(processExitsWith: .failure) {
      var parameters = Parameters<Float>(layout: ParametersTests.layout)
      parameters[ParametersTests.layout.slots[1]] = [1]
    }
    await #expect(processExitsWith: .failure) {
      var parameters = Parameters<Float>(layout: ParametersTests.layout)
      parameters.setToZero(freezing: [true])
    }
    await #expect(processExitsWith: .failure) {
      var parameters = Parameters<Float>(layout: ParametersTests.layout)
      parameters.add(Parameters(layout: ParametersTests.table.0))
    }
  }
}
