import SentiTensor
import SentiTestSupport
import Testing

/// What cells need whose recurrent sums leave the registers before the gates are applied.
@Suite("Kernels: unfused steps")
struct KernelsUnfusedTests {
  typealias Plain = PlainKernels<Double>

  /// Widths around the vectors of all instruction sets; a step is tried at every width elsewhere.
  static let widths = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 130]

  /// Every width up to four of the widest vectors, and some around eight.
  static let allWidths = Array(1...66) + [127, 128, 129, 130]

  // MARK: Sums that are given

  /// The states are those of the fused kernel's twin, in rounded weights too.
  @Test(arguments: KernelsStepsTests.kinds)
  func gatesOnGivenSumsAreThoseOfThePlainTwin(_ kind: CellConfiguration) {
    let precisions = KernelsStepsTests.precisions(of: kind)
    for item in precisions.flatMap({ KernelsStepsTests.cases(kind, $0) }) {
      let expected = item.plainForward()
      for kernels in Kernels<Float>.here {
        let buffers = Self.afterGivenSums(item, kernels)
        let found = (buffers.hidden.slice(item.after), buffers.cell.slice(item.after))
        let name = "\(item), \(kernels.instructionSet)"
        #expect(mismatch(found.0, expected.hidden, absolute: 5e-6) == nil, "\(name)")
        #expect(mismatch(found.1, expected.cell, absolute: 5e-6) == nil, "\(name)")
        #expect(buffers.hidden.isGuarded(except: item.before, item.after), "\(name)")
      }
    }
  }

  /// A step on sums that an ordinary product has made.
  private static func afterGivenSums(
    _ item: StepCase, _ kernels: Kernels<Float>
  ) -> StepBuffers<Float> {
    let (kind, guardRow) = (item.kind, 1)
    var sums: Matrix<Float> = item.guarded(item.rowCount + 2, kind.gateCount * item.size)
    kernels.multiply(
      MatrixBlock(item.hidden, rows: 0..<item.rowCount), by: item.packed(kernels, gateCount: 1),
      into: &sums, at: MatrixPosition(row: guardRow))
    var buffers = item.buffers(Float.self)
    kernels.stepForward(
      item.place, of: &buffers, weights: item.weights(.sums(sums, row: guardRow)))
    return buffers
  }

  @Test func stopsAtGivenSumsOfAnotherShape() async {
    await #expect(processExitsWith: .failure) {
      let item = StepCase(.gru, rowCount: 2, size: 3, namesRows: false)
      var buffers = item.buffers(Float.self)
      Kernels.best.stepForward(
        item.place, of: &buffers,
        weights: item.weights(.sums(Matrix(rowCount: 2, columnCount: 6), row: 0)))
    }
    await #expect(processExitsWith: .failure) {
      let item = StepCase(.gru, rowCount: 2, size: 3, namesRows: false)
      var buffers = item.buffers(Float.self)
      Kernels.best.stepForward(
        item.place, of: &buffers,
        weights: item.weights(.sums(Matrix(rowCount: 2, columnCount: 9), row: 1)))
    }
  }

  @Test func stopsAtPeepholesOfACellWithoutThem() async {
    await #expect(processExitsWith: .failure) {
      let item = StepCase(.rnn, rowCount: 2, size: 3, namesRows: false)
      var buffers = item.buffers(Float.self)
      Kernels.best.stepForward(
        item.place, of: &buffers,
        weights: StepWeights(
          .product(item.packed(.best)), peepholes: [Float](repeating: 0, count: 9)))
    }
  }

  // MARK: Reset before the product

  @Test(arguments: widths, InstructionSet.here)
  func theResetGateScalesTheStatesBefore(_ width: Int, _ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    let item = StepCase(
      .gru(resetPlacement: .beforeProduct), rowCount: 5, size: width, namesRows: true)
    var generator = SeededGenerator(seed: 9)
    let sums: Matrix<Float> = generator.matrix(5, 3 * width)
    var buffers = item.buffers(Float.self)
    var gated: Matrix<Float> = item.guarded(item.positions.upperBound + 1, width)
    kernels.resetForward(
      item.place, of: &buffers, weights: item.weights(.sums(sums, row: 0)), into: &gated)
    let gate = { (row: Int, unit: Int) -> Double in
      let position = item.positions.lowerBound + row
      let source = item.projectionRows.map { Int($0[position]) } ?? position
      return Plain.sigmoid(Double(item.projection[source, unit] + sums[row, unit]))
    }
    for row in 0..<5 {
      let expected = (0..<width).map { gate(row, $0) * Double(item.hidden[row, $0]) }
      #expect(
        mismatch(gated.row(item.positions.lowerBound + row), expected, absolute: 2e-6) == nil)
    }
    #expect(gated.isGuarded(except: item.positions))
  }

  /// With r the first block of what was saved and d the gradient of r h: dr = d h r (1 - r), and d r
  /// is added to the states before.
  @Test(arguments: widths, InstructionSet.here)
  func theResetGatesGradientFollowsThatOfTheGatedStates(
    _ width: Int, _ set: InstructionSet
  ) throws {
    let kernels = try #require(Kernels<Float>(set))
    let item = StepCase(
      .gru(resetPlacement: .beforeProduct), rowCount: 4, size: width, namesRows: false)
    var generator = SeededGenerator(seed: 10)
    var buffers = item.buffers(Float.self)
    let saved: Matrix<Float> = generator.matrix(item.positions.upperBound + 1, 4 * width)
    buffers.gateCache = saved
    let gradient: Matrix<Float> = generator.matrix(4, width)
    kernels.resetBackward(item.place, of: &buffers, gatedGradient: gradient)
    for row in 0..<4 {
      let position = item.positions.lowerBound + row
      let found = Array(buffers.inputGateGradient.row(position))
      let expected = (0..<width).map { unit -> Double in
        let r = Double(saved[position, unit])
        return Double(gradient[row, unit]) * Double(item.hidden[row, unit]) * r * (1 - r)
      }
      #expect(mismatch(Array(found[..<width]), expected, absolute: 1e-4, relative: 1e-5) == nil)
      #expect(found[width...].allSatisfy { $0 == Float(StepCase.guardValue) })
      let before = buffers.hiddenGradient.row(item.before.lowerBound + row)
      let added = (0..<width).map {
        StepCase.guardValue + Double(gradient[row, $0]) * Double(saved[position, $0])
      }
      #expect(mismatch(before, added, absolute: 2e-3) == nil)
    }
  }

  // MARK: Layer normalization

  struct Rows<Scalar: MatrixScalar> {
    let values: Matrix<Scalar>
    let gradient: Matrix<Scalar>
    let gain: [Scalar]
    let bias: [Scalar]
    /// What the plain twin makes of them.
    let normal: Matrix<Double>
    let gradients: (values: Matrix<Double>, gain: [Double], bias: [Double])

    init(_ width: Int) {
      var generator = SeededGenerator(seed: UInt64(width))
      values = generator.matrix(3, width)
      gradient = generator.matrix(3, width)
      gain = generator.normals(width)
      bias = generator.normals(width)
      let (gains, biases) = (gain.map { Double($0) }, bias.map { Double($0) })
      normal = Plain.normalize(values.converted(), gain: gains, bias: biases)
      gradients = Plain.normalizeBackward(
        gradient.converted(), of: values.converted(), gain: gains)
    }
  }

  static func normalization<Scalar>(
    _ rows: Rows<Scalar>, _ kernels: Kernels<Scalar>, absolute: Double
  ) -> String? {
    let width = rows.values.columnCount
    var normal = rows.values
    kernels.normalize(
      MatrixBlock(rows.values, rows: 0..<3, columns: 0..<width), gain: rows.gain, bias: rows.bias,
      into: &normal)
    var (gradient, gains) = (rows.gradient, GainGradient<Scalar>(width: width))
    kernels.normalizeBackward(
      &gradient, of: MatrixBlock(rows.values, rows: 0..<3, columns: 0..<width), gain: rows.gain,
      adding: &gains)
    let expected = rows.gradients
    return mismatch(normal, rows.normal, absolute: absolute)
      ?? mismatch(gradient, expected.values, absolute: absolute, relative: absolute)
      ?? mismatch(gains.gain.elements, expected.gain, absolute: absolute)
      ?? mismatch(gains.bias.elements, expected.bias, absolute: absolute)
  }

  /// A row of one element has no deviation, and its gradient is that of a constant.
  @Test(arguments: allWidths)
  func normalizationIsThatOfThePlainTwin(_ width: Int) {
    let rows = Rows<Float>(width)
    for kernels in Kernels<Float>.here {
      let problem = Self.normalization(rows, kernels, absolute: 2e-5)
      #expect(problem == nil, "\(kernels.instructionSet)")
    }
    #expect(Self.normalization(Rows<Double>(width), .best, absolute: 1e-11) == nil)
  }

  @Test(arguments: InstructionSet.here)
  func normalizationTouchesItsBlockOnly(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    let rows = Rows<Float>(40)
    var whole = rows.values
    kernels.normalize(
      MatrixBlock(rows.values, rows: 1..<2, columns: 7..<30), gain: rows.gain, into: &whole, at: 2)
    let block = Matrix<Float>(
      rowCount: 1, columnCount: 23, elements: Array(rows.values.row(1)[7..<30]))
    var alone = block
    kernels.normalize(
      MatrixBlock(block, rows: 0..<1, columns: 0..<23), gain: Array(rows.gain[7..<30]), into: &alone
    )
    #expect(bits(Array(whole.row(2)[7..<30])) == bits(alone.row(0)))
    #expect(
      Array(whole.row(2)[..<7] + whole.row(2)[30...])
        == Array(rows.values.row(2)[..<7] + rows.values.row(2)[30...]))
    #expect(whole.slice(0..<2) == rows.values.slice(0..<2))
  }

  @Test func stopsAtABlockOutsideOfTheColumns() async {
    await #expect(processExitsWith: .failure) {
      let rows = Rows<Float>(4)
      var normal = rows.values
      Kernels.best.normalize(
        MatrixBlock(rows.values, rows: 0..<3, columns: 0..<5), gain: rows.gain, into: &normal)
    }
  }

  // MARK: Sums of products

  @Test(arguments: allWidths)
  func columnProductsAreSummedRowByRow(_ width: Int) {
    var generator = SeededGenerator(seed: 11)
    let left: Matrix<Float> = generator.matrix(5, width + 3)
    let right: Matrix<Float> = generator.matrix(4, width)
    let rows: [Int32] = [3, 0, 0, 2, 1]
    let expected = (0..<width).map { column in
      (0..<5).reduce(1.0) {
        $0 + Double(left[$1, column + 2]) * Double(right[Int(rows[$1]), column])
      }
    }
    for kernels in Kernels<Float>.here {
      var sums = AlignedArray([Float](repeating: 1, count: width))
      kernels.addColumnProducts(of: left, column: 2, GatheredRows(right, rows: rows), to: &sums)
      let problem = mismatch(sums.elements, expected, absolute: 1e-5)
      #expect(problem == nil, "\(kernels.instructionSet)")
    }
  }

  // MARK: Activations

  @Test(arguments: Activation.allCases, InstructionSet.here)
  func activationsAreThoseOfThePlainTwin(_ activation: Activation, _ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    let points = KernelsTests.points + [3, -3, 0, .infinity, -.infinity]
    var outputs = Matrix(rowCount: 1, columnCount: points.count, elements: points)
    kernels.activate(&outputs, activation)
    let finite = points.count - 2
    let expected = points.map { Plain.activated(Double($0), activation) }
    #expect(
      mismatch(
        Array(outputs.row(0)[..<finite]), Array(expected[..<finite]), absolute: 3e-7, relative: 6e-7
      )
        == nil)
    var slopes = Matrix(
      rowCount: 1, columnCount: points.count,
      elements: [Float](repeating: 2, count: points.count))
    kernels.activateBackward(&slopes, outputs: outputs, activation)
    let gradients = outputs.row(0)[..<finite].map { 2 * Plain.slope(Double($0), activation) }
    #expect(mismatch(Array(slopes.row(0)[..<finite]), gradients, absolute: 3e-7) == nil)
  }
}
