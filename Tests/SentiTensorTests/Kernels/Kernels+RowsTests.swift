import SentiTensor
import SentiTestSupport
import Testing

@Suite("Kernels: rows")
struct KernelsRowsTests {
  /// Row r, column c holds 10 r + c.
  static func numbered(_ rows: Int, _ columns: Int) -> Matrix<Float> {
    Matrix(
      rowCount: rows, columnCount: columns,
      elements: (0..<rows * columns).map { Float($0 / columns * 10 + $0 % columns) })
  }

  static func zeros(_ rows: Int, _ columns: Int) -> Matrix<Float> {
    Matrix(rowCount: rows, columnCount: columns)
  }

  @Test func gatherCopiesNamedRows() {
    var target = Self.zeros(4, 3)
    let arena = AlignedArray([-1] + Self.numbered(3, 3).elements)
    Kernels.gather([2, 0], of: arena, from: 1, into: &target, at: 1)
    #expect(target.elements == [0, 0, 0, 20, 21, 22, 0, 1, 2, 0, 0, 0])
  }

  @Test func scatterAddsToNamedRows() {
    var target = Self.zeros(3, 2)
    Kernels.best.scatterAdd(Self.numbered(3, 2), to: [2, 0, 2], of: &target)
    #expect(target.elements == [10, 11, 0, 0, 20, 22])
  }

  /// The first row of a sum overwrites what was there, not a number among it; other rows are left out.
  @Test func firstRowsAreCopiedAndOthersAdded() {
    var target = Matrix<Float>(rowCount: 3, columnCount: 2, elements: [.nan, 7, 8, 9, 1, 1])
    var isBegun = [false, false, true]
    let rows: [Int32] = [9, 4, 6, 3, 4, 7]
    Kernels.best.addOrCopyRows(
      of: Self.numbered(5, 2), to: rows[1...], from: 4, of: &target, isBegun: &isBegun)
    // Rows 0 and 3 belong to the first sum, row 1 to the third; row 2 comes before all, row 4 behind.
    let source = Self.numbered(5, 2)
    #expect(target.row(0) == zip(source.row(0), source.row(3)).map { $0 + $1 })
    #expect(target.row(1) == [8, 9])
    #expect(target.row(2) == source.row(1).map { 1 + $0 })
    #expect(isBegun == [true, false, true])
    target.setRowToZero(1)
    #expect(target.row(1) == [0, 0])
  }

  @Test func stopsAtSumsThatDoNotFit() async {
    await #expect(processExitsWith: .failure) {
      var (target, isBegun) = (Matrix<Float>(rowCount: 3, columnCount: 2), [false, false])
      let rows: [Int32] = [0, 1]
      Kernels.best.addOrCopyRows(
        of: Self.numbered(2, 2), to: rows[...], from: 0, of: &target, isBegun: &isBegun)
    }
    await #expect(processExitsWith: .failure) {
      var target = Matrix<Float>(rowCount: 3, columnCount: 2)
      target.resize(rowCount: 2)
      target.setRowToZero(2)
    }
  }

  @Test func scatterAddsToRowsOfAParameter() {
    var layout = ParameterLayout()
    let (before, table) = (layout.add("before", shape: [2]), layout.add("table", shape: [3, 2]))
    var gradients = Parameters<Float>(layout: layout)
    Kernels.best.scatterAdd(Self.numbered(2, 2), to: [1, 1], of: &gradients, table)
    #expect(gradients[table] == [0, 0, 10, 12, 0, 0])
    #expect(gradients[before] == [0, 0])
  }

  @Test func copiesABlockOfColumns() {
    var target = Self.zeros(3, 4)
    Kernels.copyColumns(
      of: MatrixBlock(Self.numbered(4, 2), rows: 1..<3), into: &target,
      at: MatrixPosition(row: 1, column: 1))
    #expect(target.elements == [0, 0, 0, 0, 0, 10, 11, 0, 0, 20, 21, 0])
    Kernels.copyColumns(
      of: MatrixBlock(Self.numbered(4, 2), rows: 2..<4), into: &target,
      at: MatrixPosition(column: 2), rows: [2, 0])
    #expect(target.elements == [0, 0, 30, 31, 0, 10, 11, 0, 0, 20, 20, 21])
    var some = Self.zeros(2, 3)
    Kernels.copyColumns(
      of: MatrixBlock(Self.numbered(3, 4), rows: 1..<3, columns: 1..<3), into: &some)
    #expect(some.elements == [11, 12, 0, 21, 22, 0])
  }

  @Test func addsABlockOfColumns() {
    var target = Self.numbered(3, 2)
    Kernels.best.addColumns(
      of: Self.numbered(2, 4), column: 2, rows: nil, to: &target, rows: 1..<3)
    #expect(target.elements == [0, 1, 12, 14, 32, 34])
    Kernels.best.addColumns(
      of: Self.numbered(2, 4), column: 0, rows: [1, 0], to: &target, rows: 0..<2)
    #expect(target.elements == [10, 12, 12, 15, 32, 34])
  }

  /// Widths around the blocks of every instruction set, with ties, NaN and infinities.
  @Test(arguments: InstructionSet.here, [1, 7, 64, 65, 203])
  func topFindsWhatSortingFinds(set: InstructionSet, width: Int) throws {
    let kernels = try #require(Kernels<Float>(set))
    var generator = SeededGenerator(seed: 5)
    var source = Matrix<Float>(rowCount: 3, columnCount: width)
    for index in 0..<3 * width {
      source[index / width, index % width] = Float(generator.next() % 40) - 20
    }
    source[1, 0] = .infinity
    source[1, width / 2] = .nan
    source[2, width - 1] = -.infinity
    for count in [1, 5, width + 1] {
      var best = [Float](repeating: 0, count: 3 * count)
      var places = [Int32](repeating: 0, count: 3 * count)
      kernels.top(count, of: source, into: &best, places: &places)
      for row in 0..<3 {
        let expected = PlainKernels.top(count, of: source.row(row))
        let rest = count - expected.count
        #expect(
          Array(places[row * count..<(row + 1) * count])
            == expected.map(Int32.init) + Array(repeating: -1, count: rest))
        #expect(
          Array(best[row * count..<(row + 1) * count])
            == expected.map { source[row, $0] } + Array(repeating: -.infinity, count: rest))
      }
    }
  }

  @Test func topStopsAtResultsOfAnotherSize() async {
    await #expect(processExitsWith: .failure) {
      var (best, places) = ([Float](repeating: 0, count: 4), [Int32](repeating: 0, count: 4))
      Kernels.best.top(2, of: KernelsRowsTests.zeros(3, 5), into: &best, places: &places)
    }
  }

  @Test func takesTheMaximumAndItsPlace() {
    var best = Matrix<Float>(rowCount: 2, columnCount: 2, elements: [0, 5, 25, -1])
    var places: [Int32] = [-1, -1, -1, -1]
    Kernels.best.maximum(&best, places: &places, of: Self.numbered(4, 2), rows: 1..<3)
    #expect(best.elements == [10, 11, 25, 21])
    #expect(places == [1, 1, -1, 2])
  }

  @Test func anEqualValueKeepsTheFirstPlace() {
    var best = Matrix<Float>(rowCount: 1, columnCount: 1, elements: [10])
    var places: [Int32] = [7]
    Kernels.best.maximum(&best, places: &places, of: Self.numbered(2, 1), rows: 1..<2)
    #expect(places == [7])
  }

  @Test func addsRowsWithScales() {
    var target = Self.numbered(3, 2)
    Kernels.best.addRows(
      of: Self.numbered(3, 2), rows: 1..<3, scaledBy: [2, 0.5], to: &target, at: 0)
    #expect(target.elements == [20, 23, 20, 21.5, 20, 21])
    Kernels.best.addRows(of: Self.numbered(3, 2), rows: 0..<1, to: &target, at: 2)
    #expect(target.row(2) == [20, 22])
  }

  @Test func noRowsAreNoWork() {
    var target = Self.zeros(0, 3)
    Kernels.gather([], of: AlignedArray([]), into: &target)
    Kernels.best.addRows(of: Self.zeros(0, 3), rows: 0..<0, to: &target)
    Kernels.copyColumns(of: MatrixBlock(Self.zeros(0, 3), rows: 0..<0), into: &target, rows: [])
    #expect(target.elementCount == 0)
  }

  // MARK: Preconditions

  @Test func stopsAtRowsThatAreNotThere() async {
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(1, 2)
      Kernels.gather([1], of: AlignedArray([0, 0, 0]), into: &target)
    }
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(1, 2)
      Kernels.gather([-1], of: AlignedArray([0, 0, 0]), into: &target)
    }
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(1, 2)
      Kernels.gather([0], of: AlignedArray([0, 0, 0]), into: &target, at: 1)
    }
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(1, 2)
      Kernels.best.scatterAdd(KernelsRowsTests.zeros(1, 2), to: [1], of: &target)
    }
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(1, 2)
      Kernels.best.scatterAdd(KernelsRowsTests.zeros(2, 2), to: [0], of: &target)
    }
  }

  @Test func stopsAtColumnsThatDoNotFit() async {
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(1, 2)
      Kernels.best.scatterAdd(KernelsRowsTests.zeros(1, 3), to: [0], of: &target)
    }
    await #expect(processExitsWith: .failure) {
      var layout = ParameterLayout()
      let slot = layout.add("table", shape: [1, 2])
      var target = Parameters<Float>(layout: layout)
      Kernels.best.scatterAdd(KernelsRowsTests.zeros(1, 3), to: [0], of: &target, slot)
    }
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(1, 2)
      Kernels.copyColumns(
        of: MatrixBlock(KernelsRowsTests.zeros(1, 2), rows: 0..<1), into: &target,
        at: MatrixPosition(column: 1))
    }
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(1, 2)
      Kernels.copyColumns(
        of: MatrixBlock(KernelsRowsTests.zeros(2, 2), rows: 0..<1, columns: 1..<3), into: &target)
    }
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(1, 2)
      Kernels.best.addColumns(
        of: KernelsRowsTests.zeros(1, 2), column: 1, rows: nil, to: &target, rows: 0..<1)
    }
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(1, 2)
      Kernels.best.addRows(of: KernelsRowsTests.zeros(1, 3), rows: 0..<1, to: &target)
    }
    await #expect(processExitsWith: .failure) {
      var (target, places) = (KernelsRowsTests.zeros(1, 2), [0, 0] as [Int32])
      Kernels.best.maximum(
        &target, places: &places, of: KernelsRowsTests.zeros(1, 3), rows: 0..<1)
    }
  }

  @Test func stopsAtNamedRowsOutsideOfTheTarget() async {
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(2, 2)
      Kernels.copyColumns(
        of: MatrixBlock(KernelsRowsTests.zeros(1, 2), rows: 0..<1), into: &target, rows: [2])
    }
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(2, 2)
      Kernels.copyColumns(of: MatrixBlock(KernelsRowsTests.zeros(3, 2), rows: 0..<3), into: &target)
    }
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(1, 2)
      Kernels.best.addColumns(
        of: KernelsRowsTests.zeros(1, 2), column: 0, rows: [1], to: &target, rows: 0..<1)
    }
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(3, 2)
      Kernels.best.addColumns(
        of: KernelsRowsTests.zeros(1, 2), column: 0, rows: nil, to: &target, rows: 0..<3)
    }
  }

  @Test func stopsAtTooFewScalesOrPlaces() async {
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(2, 2)
      Kernels.best.addRows(
        of: KernelsRowsTests.zeros(2, 2), rows: 0..<2, scaledBy: [1], to: &target)
    }
    await #expect(processExitsWith: .failure) {
      var target = KernelsRowsTests.zeros(1, 2)
      Kernels.best.addRows(of: KernelsRowsTests.zeros(2, 2), rows: 0..<2, to: &target)
    }
    await #expect(processExitsWith: .failure) {
      var (target, places) = (KernelsRowsTests.zeros(1, 2), [0] as [Int32])
      Kernels.best.maximum(
        &target, places: &places, of: KernelsRowsTests.zeros(1, 2), rows: 0..<1)
    }
  }
}
