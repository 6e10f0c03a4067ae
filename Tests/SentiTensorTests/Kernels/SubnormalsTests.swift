import SentiTensor
import SentiTestSupport
import Testing

/// Numbers below the smallest normal one count as zero: some processors take a hundred times as long for
/// each operation on them.
@Suite("Subnormal numbers")
struct SubnormalsTests {
  /// More than two vectors of any set, and a rest.
  static let count = 37

  /// Halves of the smallest normal number, of both signs.
  static let tiny: [Float] = (0..<count).map { index in
    (index % 2 == 0 ? 1 : -1) * Float.leastNormalMagnitude / 2
  }

  /// Normal numbers whose product is subnormal.
  static let small: [Float] = tiny.map { $0 < 0 ? -1e-20 : 1e-20 }

  /// A column or a row of numbers.
  static func matrix(_ elements: [Float], isColumn: Bool = false) -> Matrix<Float> {
    Matrix(
      rowCount: isColumn ? elements.count : 1, columnCount: isColumn ? 1 : elements.count,
      elements: elements)
  }

  @Test(arguments: InstructionSet.here)
  func passesOverElementsTakeThemForZero(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    let tiny = AlignedArray(Self.tiny)
    var sums = AlignedArray<Float>(zeros: Self.count)
    kernels.combine(&sums, tiny, in: 0..<Self.count)
    #expect(sums.elements.allSatisfy { $0 == 0 })
    #expect(kernels.sumOfSquares(tiny, 0..<Self.count) == 0)
    var values = tiny
    kernels.activate(&values, .tanh)
    #expect(values.elements.allSatisfy { $0 == 0 })
    var gradient = Self.matrix(Self.tiny)
    kernels.activateBackward(&gradient, outputs: Self.matrix(Self.tiny), .tanh)
    #expect(gradient.elements.allSatisfy { $0 == 0 })
    var product = Self.matrix(Self.small)
    kernels.multiplyRows(&product, by: Self.matrix(Self.small))
    #expect(product.elements.allSatisfy { $0 == 0 })
    let small = Self.matrix(Self.small)
    kernels.addColumnProducts(of: small, column: 0, GatheredRows(small), to: &sums)
    #expect(sums.elements.allSatisfy { $0 == 0 })
    var logits = Matrix<Float>(rowCount: 1, columnCount: Self.count)
    _ = kernels.crossEntropy(
      &logits, classes: [3], smoothing: 0, scale: Double(Float.leastNormalMagnitude) / 2)
    #expect(logits.elements.allSatisfy { $0 == 0 })
  }

  @Test(arguments: InstructionSet.here)
  func productsTakeThemForZero(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    let ones = [Float](repeating: 1, count: Self.count)
    for (row, column) in [(Self.tiny, ones), (ones, Self.tiny), (Self.small, Self.small)] {
      // An outer product, so that nothing is added to what is subnormal.
      var layout = ParameterLayout()
      let slot = layout.add("weights", shape: [Self.count, 1])
      var packed = PackedMatrix(depth: 1, columnCount: Self.count, kernels: kernels)
      packed.pack(Parameters(layout: layout, values: row), slot)
      var product = Matrix<Float>(rowCount: Self.count, columnCount: Self.count)
      let factor = Self.matrix(column, isColumn: true)
      kernels.multiply(MatrixBlock(factor, rows: 0..<Self.count), by: packed, into: &product)
      #expect(product.elements.allSatisfy { $0 == 0 })

      layout = ParameterLayout()
      let square = layout.add("gradient", shape: [Self.count, Self.count])
      var gradients = Parameters<Float>(layout: layout)
      var scratch = AlignedArray<Float>(zeros: 0)
      kernels.multiplyTransposed(
        MatrixBlock(Self.matrix(row)), GatheredRows(Self.matrix(column)), into: &gradients, square,
        scratch: &scratch)
      #expect(gradients.values.allSatisfy { $0 == 0 })
    }
    var layout = ParameterLayout()
    let slot = layout.add("bias", shape: [Self.count])
    var gradients = Parameters<Float>(layout: layout)
    kernels.addColumnSums(of: Self.matrix(Self.tiny), to: &gradients, slot)
    #expect(gradients.values.allSatisfy { $0 == 0 })
  }

  /// What vanishing gradients become after some hundred steps.
  @Test(arguments: KernelsStepsTests.kinds, InstructionSet.here)
  func gradientsOfAStepBecomeZero(_ kind: CellConfiguration, _ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    let item = StepCase(kind, rowCount: 5, size: Self.count, namesRows: false)
    var buffers = item.forward(kernels)
    for row in item.after {
      buffers.hiddenGradient.replaceRows(from: row, with: Self.matrix(Self.tiny))
      if kind.hasCellState {
        buffers.cellGradient.replaceRows(from: row, with: Self.matrix(Self.tiny))
      }
    }
    kernels.stepBackward(item.place, of: &buffers, peepholes: [])
    let gates = buffers.inputGateGradient.slice(item.positions).elements
    #expect(gates.allSatisfy { $0 == 0 })
    if kind.resetsAfterProduct {
      let recurrent = buffers.recurrentGateGradient.slice(item.positions).elements
      #expect(recurrent.allSatisfy { $0 == 0 })
    }
  }

  /// Without anything else to add, a state of them is that of zeros, to the bit.
  @Test(arguments: KernelsStepsTests.kinds, InstructionSet.here)
  func aStepFromThemIsOneFromZeros(_ kind: CellConfiguration, _ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    for precision in WeightPrecision.allCases {
      let item = StepCase(
        kind, rowCount: 5, size: Self.count, namesRows: false, precision: precision)
      let states = [Self.tiny, Self.tiny.map { $0 * 0 }].map { elements in
        var buffers = item.buffers(Float.self)
        Kernels.fill(&buffers.projection, with: 0)
        for row in item.before {
          buffers.hidden.replaceRows(from: row, with: Self.matrix(elements))
          if kind.hasCellState { buffers.cell.replaceRows(from: row, with: Self.matrix(elements)) }
        }
        kernels.stepForward(
          item.place, of: &buffers,
          weights: StepWeights(
            .product(item.packed(kernels)), candidateBias: item.candidateBias.map { _ in 0 }))
        return bits(buffers.hidden.slice(item.after)) + bits(buffers.cell.slice(item.after))
      }
      #expect(states[0] == states[1], "\(precision)")
    }
  }

  /// The moments of a word that is no longer seen.
  @Test(arguments: InstructionSet.here)
  func momentsThatDecayBecomeZero(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    let moments = [Float](repeating: .leastNormalMagnitude, count: Self.count)
    var parameters = AlignedArray<Float>([Float](repeating: 1, count: Self.count))
    var arenas = UpdateArenas<Float>(
      firstMoments: AlignedArray(moments), secondMoments: AlignedArray(moments),
      average: AlignedArray([]))
    kernels.update(
      &parameters, gradients: AlignedArray(zeros: Self.count), &arenas,
      ArenaUpdate(
        [KernelsArenasTests.block(0..<Self.count)], [KernelsArenasTests.pass(.adam)],
        averageKept: 0), threadCount: 1)
    #expect(arenas.firstMoments.elements.allSatisfy { $0 == 0 })
    #expect(arenas.secondMoments.elements.allSatisfy { $0 == 0 })
  }

  /// The caller goes on computing with them.
  @Test(arguments: InstructionSet.here)
  func theCallersModeStaysAsItWas(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    #expect(kernels.sumOfSquares(AlignedArray(Self.tiny), 0..<Self.count) == 0)
    #expect(Self.tiny.allSatisfy { $0 * 0.5 != 0 && $0 + $0 != 0 })
  }

  @Test func doublesTakeThemForZeroToo() {
    let tiny = AlignedArray((0..<5).map { _ in Double.leastNormalMagnitude / 2 })
    var sums = AlignedArray<Double>(zeros: 5)
    Kernels.best.combine(&sums, tiny, in: 0..<5)
    #expect(sums.elements.allSatisfy { $0 == 0 })
  }
}
