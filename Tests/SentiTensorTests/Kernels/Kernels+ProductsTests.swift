import SentiTensor
import SentiTestSupport
import Testing

@Suite("Kernels: products")
struct KernelsProductsTests {
  /// Rows, depth and columns: around the tiles of all instruction sets, some at random, and every size.
  ///
  /// Each depth and each number of columns up to 130. CI runs them under the address sanitizer too.
  static let sizes: [[Int]] = {
    var generator = SeededGenerator(seed: 3)
    let fixed = [
      [1, 1, 1], [2, 3, 5], [3, 17, 33], [4, 5, 48], [5, 1, 49], [6, 2, 47], [7, 130, 3],
      [8, 16, 97], [9, 64, 31], [13, 7, 129], [17, 31, 15], [20, 63, 65], [130, 3, 2],
    ]
    return fixed
      + (0..<10).map { _ in
        [20, 130, 130].map { Int.random(in: 1...$0, using: &generator) }
      } + (1...130).map { [$0 * 7 % 13 + 1, $0, 131 - $0] }
  }()

  /// The rounding errors of a chain of K multiply-adds grow like the root of K.
  static func tolerance(_ depth: Int) -> Double { 2e-6 * Double(depth).squareRoot() }

  static let guardValue: Float = -12345

  struct Case {
    let rows: Int
    let depth: Int
    let columns: Int
    let source: Matrix<Float>
    let weights: Matrix<Float>
    let bias: [Float]
    let layout: ParameterLayout
    let slot: ParameterSlot

    init(_ size: [Int]) {
      (rows, depth, columns) = (size[0], size[1], size[2])
      var generator = SeededGenerator(seed: UInt64(size[0] * 10_000 + size[1] * 100 + size[2]))
      source = generator.matrix(rows, depth)
      weights = generator.matrix(depth, columns)
      bias = generator.normals(columns)
      var layout = ParameterLayout()
      slot = layout.add("weights", shape: [depth, columns])
      self.layout = layout
    }

    func packed(
      _ kernels: Kernels<Float>, _ precision: WeightPrecision = .full
    ) -> PackedMatrix<Float> {
      var packed = PackedMatrix(
        depth: depth, columnCount: columns, precision: precision, kernels: kernels)
      packed.packTransposed(Parameters(layout: layout, values: weights.elements), slot)
      return packed
    }

    func product(withBias: Bool) -> Matrix<Double> {
      PlainKernels<Double>.multiply(
        source.converted(), weights.converted(), bias: withBias ? bias.map(Double.init) : nil)
    }

    /// The rows of a target in front of which and behind which there is one more row.
    func guarded(_ value: Float = guardValue) -> Matrix<Float> {
      Matrix(
        rowCount: rows + 2, columnCount: columns,
        elements: Array(repeating: value, count: (rows + 2) * columns))
    }
  }

  @Test func productsAreThoseOfThePlainTwin() {
    for size in Self.sizes {
      let item = Case(size)
      expectProducts(of: item, .full, item.product(withBias: true), bias: item.bias)
    }
  }

  @Test(arguments: [WeightPrecision.bfloat16, .integer8])
  func roundedProductsAreThoseOfThePlainTwin(_ precision: WeightPrecision) {
    for size in Self.sizes {
      let item = Case(size)
      let outputsByInputs = PlainKernels<Double>.transposed(item.weights.converted())
      let expected = PlainKernels<Double>.apply(
        outputsByInputs, to: item.source.converted(), precision)
      expectProducts(of: item, precision, expected)
    }
  }

  /// Checks the products of all sets, and that nothing is written around them.
  private func expectProducts(
    of item: Case, _ precision: WeightPrecision, _ expected: Matrix<Double>, bias: [Float]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for kernels in Kernels<Float>.here {
      var target = item.guarded()
      kernels.multiply(
        MatrixBlock(item.source, rows: 0..<item.rows), by: item.packed(kernels, precision),
        adding: bias.map { .bias($0) } ?? .zeros, into: &target, at: MatrixPosition(row: 1))
      let problem = mismatch(
        target.slice(1..<1 + item.rows), expected, absolute: Self.tolerance(item.depth))
      let guards = target.row(0) + target.row(item.rows + 1)
      let name = "\(item.rows), \(item.depth), \(item.columns), \(kernels.instructionSet)"
      #expect(problem == nil, "\(name)", sourceLocation: sourceLocation)
      #expect(
        guards.allSatisfy { $0 == Self.guardValue }, "\(name)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: InstructionSet.here, WeightPrecision.allCases)
  func weightsThatAreNotFiniteSpoilTheirColumnOnly(
    _ set: InstructionSet, _ precision: WeightPrecision
  ) throws {
    let kernels = try #require(Kernels<Float>(set))
    var packed = PackedMatrix(depth: 5, columnCount: 3, precision: precision, kernels: kernels)
    var layout = ParameterLayout()
    let slot = layout.add("weights", shape: [3, 5])
    var values = (0..<15).map(Float.init)
    values[7] = .nan
    packed.pack(Parameters(layout: layout, values: values), slot)
    let ones = Matrix<Float>(rowCount: 1, columnCount: 5, elements: [1, 1, 1, 1, 1])
    var target = Matrix<Float>(rowCount: 1, columnCount: 3)
    kernels.multiply(MatrixBlock(ones, rows: 0..<1), by: packed, into: &target)
    #expect(target.elements.map(\.isFinite) == [true, false, true])
  }

  @Test(arguments: InstructionSet.here)
  func accumulatingAddsToWhatIsThere(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    for size in Self.sizes.prefix(12) {
      let item = Case(size)
      var target = item.guarded(3)
      kernels.multiply(
        MatrixBlock(item.source, rows: 0..<item.rows), by: item.packed(kernels), adding: .target,
        into: &target, at: MatrixPosition(row: 1))
      var expected = item.product(withBias: false)
      for row in 0..<item.rows {
        for column in 0..<item.columns { expected[row, column] += 3 }
      }
      let tolerance = Self.tolerance(item.depth)
      #expect(mismatch(target.slice(1..<1 + item.rows), expected, absolute: tolerance) == nil)
      #expect((target.row(0) + target.row(item.rows + 1)).allSatisfy { $0 == 3 }, "\(size)")
    }
  }

  @Test func productsInDoubleAreThoseOfThePlainTwin() {
    let kernels = Kernels<Double>.best
    for size in Self.sizes.prefix(14) {
      let item = Case(size)
      var packed = PackedMatrix(depth: item.depth, columnCount: item.columns, kernels: kernels)
      packed.packTransposed(
        Parameters(layout: item.layout, values: item.weights.elements.map(Double.init)), item.slot)
      var target = Matrix<Double>(rowCount: item.rows, columnCount: item.columns)
      kernels.multiply(
        MatrixBlock(item.source.converted(), rows: 0..<item.rows), by: packed,
        adding: .bias(item.bias.map(Double.init)), into: &target)
      #expect(mismatch(target, item.product(withBias: true), absolute: 1e-12) == nil, "\(size)")
    }
  }

  @Test(arguments: InstructionSet.here)
  func aRowHasTheSameBitsInAnyBatch(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    for (size, precision) in zip(
      [[20, 37, 53], [19, 130, 16], [67, 9, 50], [67, 35, 51], [20, 37, 53]],
      [.full, .full, .full, WeightPrecision.integer8, .bfloat16])
    {
      let item = Case(size)
      let packed = item.packed(kernels, precision)
      var whole = item.guarded()
      kernels.multiply(
        MatrixBlock(item.source, rows: 0..<item.rows), by: packed, adding: .bias(item.bias),
        into: &whole, at: MatrixPosition(row: 1))
      for first in stride(from: 0, to: item.rows, by: 3) {
        for count in 1...min(10, item.rows - first) {
          var part = item.guarded()
          kernels.multiply(
            MatrixBlock(item.source, rows: first..<first + count), by: packed,
            adding: .bias(item.bias), into: &part, at: MatrixPosition(row: count % 2))
          let found = part.slice(count % 2..<count % 2 + count)
          #expect(bits(found) == bits(whole.slice(1 + first..<1 + first + count)))
        }
      }
    }
  }

  // MARK: Gradients of weights

  /// Depths around the block of the reduction, 256.
  static let transposedSizes =
    sizes.prefix(16).map { [$0[1], $0[2], $0[0]] }
    + [[3, 5, 255], [5, 3, 256], [7, 2, 257], [2, 9, 600]]
    + (1...130).map { [$0, 131 - $0, $0 % 9 + 1] }

  @Test func weightGradientsAreThoseOfThePlainTwin() {
    var scratch = AlignedArray<Float>(zeros: 0)
    for size in Self.transposedSizes {
      let (rows, columns, depth) = (size[0], size[1], size[2])
      var generator = SeededGenerator(seed: UInt64(rows * 1000 + columns))
      let left: Matrix<Float> = generator.matrix(depth, rows)
      let right: Matrix<Float> = generator.matrix(depth + 3, columns)
      let chosen = (0..<depth).map { _ in Int32.random(in: 0..<Int32(depth + 3), using: &generator)
      }
      let expected = PlainKernels<Double>.multiplyTransposed(
        left.converted(), right.converted(), rightRows: chosen)
      for kernels in Kernels<Float>.here {
        var (layout, gradients) = guardedArena(rows, columns)
        kernels.multiplyTransposed(
          MatrixBlock(left), GatheredRows(right, rows: chosen), into: &gradients, layout.slots[1],
          scratch: &scratch)
        let found = gradients[layout.slots[1]].map { $0 - 1 }
        let problem = mismatch(
          found, expected.elements, absolute: 2 * Self.tolerance(depth))
        let guards = gradients[layout.slots[0]] + gradients[layout.slots[2]]
        #expect(problem == nil, "\(size), \(kernels.instructionSet)")
        #expect(guards.allSatisfy { $0 == 1 }, "\(size), \(kernels.instructionSet)")
        layout = ParameterLayout()
      }
    }
  }

  @Test func weightGradientsInDoubleAreThoseOfThePlainTwin() {
    var scratch = AlignedArray<Double>(zeros: 0)
    for (rows, columns, depth) in [(3, 5, 7), (13, 1, 300), (1, 19, 2), (9, 10, 257)] {
      var generator = SeededGenerator(seed: 5)
      let left: Matrix<Double> = generator.matrix(depth, rows)
      let right: Matrix<Double> = generator.matrix(depth, columns)
      var layout = ParameterLayout()
      let slot = layout.add("weights", shape: [rows, columns])
      var gradients = Parameters<Double>(layout: layout)
      Kernels.best.multiplyTransposed(
        MatrixBlock(left), GatheredRows(right), into: &gradients, slot, scratch: &scratch)
      let expected = PlainKernels<Double>.multiplyTransposed(left, right)
      #expect(mismatch(gradients[slot], expected.elements, absolute: 1e-12) == nil)
    }
  }

  @Test(arguments: InstructionSet.here)
  func biasGradientsAreSumsOfColumns(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    for (rows, columns) in [(1, 1), (7, 2), (16, 3), (17, 15), (33, 16), (40, 17), (5, 130)] {
      var generator = SeededGenerator(seed: UInt64(columns))
      let source: Matrix<Float> = generator.matrix(rows, columns)
      for taken in [0..<columns, columns / 2..<columns, 0..<columns / 2] {
        var (layout, gradients) = guardedArena(columns, 1)
        kernels.addColumnSums(of: source, columns: taken, to: &gradients, layout.slots[1])
        let expected = (0..<columns).map { column -> Double in
          guard taken.contains(column) else { return 1 }
          return 1 + (0..<rows).reduce(0.0) { $0 + Double(source[$1, column]) }
        }
        #expect(mismatch(gradients[layout.slots[1]], expected, absolute: 1e-5) == nil)
        #expect((gradients[layout.slots[0]] + gradients[layout.slots[2]]).allSatisfy { $0 == 1 })
        layout = ParameterLayout()
      }
    }
  }

  /// An arena of ones: a guard, the parameter, a guard.
  func guardedArena(_ rows: Int, _ columns: Int) -> (ParameterLayout, Parameters<Float>) {
    var layout = ParameterLayout()
    _ = layout.add("before", shape: [64])
    _ = layout.add("weights", shape: [rows, columns])
    _ = layout.add("after", shape: [64])
    let ones = [Float](repeating: 1, count: layout.elementCount)
    return (layout, Parameters(layout: layout, values: ones))
  }

  // MARK: Preconditions

  @Test func stopsAtShapesThatDoNotFit() async {
    await #expect(processExitsWith: .failure) {
      let packed = PackedMatrix<Float>(depth: 2, columnCount: 3)
      var target = Matrix<Float>(rowCount: 1, columnCount: 3)
      let source = Matrix<Float>(rowCount: 1, columnCount: 4)
      Kernels.best.multiply(MatrixBlock(source, rows: 0..<1), by: packed, into: &target)
    }
    await #expect(processExitsWith: .failure) {
      let packed = PackedMatrix<Float>(depth: 2, columnCount: 3, gateCount: 3)
      var target = Matrix<Float>(rowCount: 1, columnCount: 3)
      let source = Matrix<Float>(rowCount: 1, columnCount: 2)
      Kernels.best.multiply(MatrixBlock(source, rows: 0..<1), by: packed, into: &target)
    }
    await #expect(processExitsWith: .failure) {
      let packed = PackedMatrix<Float>(depth: 2, columnCount: 3)
      var target = Matrix<Float>(rowCount: 1, columnCount: 3)
      let source = Matrix<Float>(rowCount: 2, columnCount: 2)
      Kernels.best.multiply(MatrixBlock(source, rows: 0..<2), by: packed, into: &target)
    }
    await #expect(processExitsWith: .failure) {
      let packed = PackedMatrix<Float>(depth: 2, columnCount: 3)
      var target = Matrix<Float>(rowCount: 1, columnCount: 3)
      let source = Matrix<Float>(rowCount: 1, columnCount: 2)
      Kernels.best.multiply(MatrixBlock(source, rows: 0..<2), by: packed, into: &target)
    }
  }

  @Test func stopsAtABiasThatDoesNotFit() async {
    await #expect(processExitsWith: .failure) {
      let packed = PackedMatrix<Float>(depth: 2, columnCount: 3)
      var target = Matrix<Float>(rowCount: 1, columnCount: 3)
      let source = Matrix<Float>(rowCount: 1, columnCount: 2)
      Kernels.best.multiply(
        MatrixBlock(source, rows: 0..<1), by: packed, adding: .bias([1]), into: &target)
    }
  }

  @Test func stopsAtGradientsThatDoNotFit() async {
    await #expect(processExitsWith: .failure) {
      let (layout, _) = KernelsProductsTests().guardedArena(2, 3)
      var (gradients, scratch) = (Parameters<Float>(layout: layout), AlignedArray<Float>(zeros: 0))
      Kernels.best.multiplyTransposed(
        MatrixBlock(Matrix(rowCount: 4, columnCount: 3)),
        GatheredRows(Matrix(rowCount: 4, columnCount: 3)), into: &gradients, layout.slots[1],
        scratch: &scratch)
    }
    await #expect(processExitsWith: .failure) {
      let (layout, _) = KernelsProductsTests().guardedArena(2, 3)
      var (gradients, scratch) = (Parameters<Float>(layout: layout), AlignedArray<Float>(zeros: 0))
      Kernels.best.multiplyTransposed(
        MatrixBlock(Matrix(rowCount: 4, columnCount: 2)),
        GatheredRows(Matrix(rowCount: 5, columnCount: 3)), into: &gradients, layout.slots[1],
        scratch: &scratch)
    }
    await #expect(processExitsWith: .failure) {
      let (layout, _) = KernelsProductsTests().guardedArena(2, 3)
      var (gradients, scratch) = (Parameters<Float>(layout: layout), AlignedArray<Float>(zeros: 0))
      Kernels.best.multiplyTransposed(
        MatrixBlock(Matrix(rowCount: 1, columnCount: 2)),
        GatheredRows(Matrix(rowCount: 5, columnCount: 3), rows: [5]), into: &gradients,
        layout.slots[1], scratch: &scratch)
    }
  }

  @Test func stopsAtParametersOfAnotherArena() async {
    await #expect(processExitsWith: .failure) {
      let (layout, _) = KernelsProductsTests().guardedArena(2, 3)
      var (gradients, scratch) = (
        Parameters<Float>(layout: ParameterLayout()), AlignedArray<Float>(zeros: 0)
      )
      Kernels.best.multiplyTransposed(
        MatrixBlock(Matrix(rowCount: 1, columnCount: 2)),
        GatheredRows(Matrix(rowCount: 1, columnCount: 3)), into: &gradients, layout.slots[1],
        scratch: &scratch)
    }
    await #expect(processExitsWith: .failure) {
      let (layout, _) = KernelsProductsTests().guardedArena(1, 3)
      var gradients = Parameters<Float>(layout: ParameterLayout())
      Kernels.best.addColumnSums(
        of: Matrix(rowCount: 1, columnCount: 3), to: &gradients, layout.slots[1])
    }
    await #expect(processExitsWith: .failure) {
      let (layout, _) = KernelsProductsTests().guardedArena(1, 3)
      var gradients = Parameters<Float>(layout: layout)
      Kernels.best.addColumnSums(
        of: Matrix(rowCount: 1, columnCount: 4), to: &gradients, layout.slots[1])
    }
    await #expect(processExitsWith: .failure) {
      let (layout, _) = KernelsProductsTests().guardedArena(1, 3)
      var gradients = Parameters<Float>(layout: layout)
      Kernels.best.addColumnSums(
        of: Matrix(rowCount: 1, columnCount: 3), columns: 1..<4, to: &gradients, layout.slots[1])
    }
  }
}
