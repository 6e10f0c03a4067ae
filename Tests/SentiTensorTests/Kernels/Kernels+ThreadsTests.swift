import SentiTensor
import SentiTestSupport
import Testing

@Suite("Kernels: several threads")
struct KernelsThreadsTests {
  /// Rows around those of a piece, and columns that no number of threads divides.
  static let shapes = [(1, 1), (5, 3), (127, 7), (128, 40), (129, 41), (300, 65), (0, 4)]

  static let threadCounts = [2, 3, 8]

  private func matrix(_ rows: Int, _ columns: Int, seed: UInt64 = 1) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return generator.matrix(rows, columns)
  }

  @Test(arguments: threadCounts, shapes)
  func productsHaveTheBitsOfOneThread(_ threadCount: Int, _ shape: (rows: Int, columns: Int)) {
    var layout = ParameterLayout()
    let slot = layout.add("weights", shape: [shape.columns, 9])
    var generator = SeededGenerator(seed: 2)
    let weights: Parameters<Float> = generator.parameters(layout)
    let kernels = Kernels<Float>.best
    for precision in [WeightPrecision.full, .bfloat16, .integer8] {
      var packed = PackedMatrix<Float>(
        depth: 9, columnCount: shape.columns, precision: precision, kernels: kernels)
      packed.pack(weights, slot)
      let source = matrix(shape.rows + 2, 9)
      let bias = matrix(1, shape.columns).elements
      func product(_ threadCount: Int) -> Matrix<Float> {
        var target = matrix(shape.rows + 3, shape.columns, seed: 3)
        kernels.multiply(
          MatrixBlock(source, rows: 2..<shape.rows + 2), by: packed, adding: .bias(bias),
          into: &target, at: MatrixPosition(row: 1), threadCount: threadCount)
        kernels.multiply(
          MatrixBlock(source, rows: 0..<shape.rows), by: packed, adding: .target, into: &target,
          at: MatrixPosition(row: 2), threadCount: threadCount)
        return target
      }
      #expect(bits(product(threadCount)) == bits(product(1)))
    }
  }

  @Test(arguments: threadCounts, shapes)
  func gradientsHaveTheBitsOfOneThread(_ threadCount: Int, _ shape: (rows: Int, columns: Int)) {
    var layout = ParameterLayout()
    let weights = layout.add("weights", shape: [shape.columns, 6])
    let bias = layout.add("bias", shape: [shape.columns])
    let table = layout.add("table", shape: [20, shape.columns])
    let (left, right) = (matrix(shape.rows, shape.columns), matrix(shape.rows, 6, seed: 2))
    let places = (0..<shape.rows).map { Int32($0 * 7 % 20) }
    func gradients(_ threadCount: Int) -> [Float] {
      var gradients = Parameters<Float>(layout: layout)
      var scratch = AlignedArray<Float>(zeros: 0)
      let kernels = Kernels<Float>.best
      kernels.multiplyTransposed(
        MatrixBlock(left), GatheredRows(right), into: &gradients, weights, scratch: &scratch,
        threadCount: threadCount)
      kernels.addColumnSums(of: left, to: &gradients, bias, threadCount: threadCount)
      kernels.scatterAdd(left, to: places, of: &gradients, table, threadCount: threadCount)
      return gradients.values
    }
    #expect(bits(gradients(threadCount)) == bits(gradients(1)))
  }

  @Test(arguments: threadCounts, shapes)
  func rowsAreThoseOfOneThread(_ threadCount: Int, _ shape: (rows: Int, columns: Int)) {
    let table = matrix(20, shape.columns)
    let places = (0..<shape.rows).map { Int32($0 * 7 % 20) }
    var gathered = Matrix<Float>(rowCount: shape.rows + 1, columnCount: shape.columns)
    Kernels.gather(places, of: table.storage, into: &gathered, at: 1, threadCount: threadCount)
    #expect(gathered.slice(1..<shape.rows + 1) == table.rows(places))
    #expect(gathered.row(0).allSatisfy { $0 == 0 })

    let terms = (1...3).map { matrix(shape.rows, shape.columns, seed: UInt64($0)) }
    var sum = Matrix<Float>(rowCount: 0, columnCount: shape.columns)
    Kernels.best.sum(terms, into: &sum, threadCount: threadCount)
    let expected = terms[0].elements.indices.map { index in
      terms.dropFirst().reduce(terms[0].elements[index]) { $0 + $1.elements[index] }
    }
    #expect(sum.elements == expected)
  }

  @Test func sumsOfSeveralShapesAreRefused() async {
    await #expect(processExitsWith: .failure) {
      var sum = Matrix<Float>(rowCount: 0, columnCount: 2)
      Kernels.best.sum(
        [Matrix(rowCount: 3, columnCount: 2), Matrix(rowCount: 2, columnCount: 2)], into: &sum,
        threadCount: 2)
    }
  }
}
