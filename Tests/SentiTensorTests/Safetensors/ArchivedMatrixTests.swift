import SentiTensor
import SentiTestSupport
import Testing

@Suite("Archived matrix")
struct ArchivedMatrixTests {
  static let values: [Float] = [0.1, 1, -2.5, 1 / 3, 0, 4, 1e-5, 6, -0.7, 100, 11, 12]

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// An archive with a matrix of four rows, a vector, and a matrix of whole numbers.
  func archive(
    storedAs type: SafetensorsArchive.ElementType = .float32
  ) throws -> SafetensorsArchive {
    var writer = SafetensorsWriter(formatVersion: 1)
    writer.append([7, 8, 9] as [Float], named: "vector")
    writer.append(Self.values, named: "table", shape: [4, 3], as: type)
    writer.append([1, 2] as [Int32], named: "whole", shape: [1, 2])
    try writer.write(to: folder.path("archive"), overwriting: true)
    return try SafetensorsArchive(contentsOf: folder.path("archive"))
  }

  @Test(arguments: [SafetensorsArchive.ElementType.float64, .float32, .float16, .brainFloat16])
  func readsNamedRows(_ type: SafetensorsArchive.ElementType) throws {
    let archive = try archive(storedAs: type)
    let table = try archive.matrix(named: "table", shape: [4, 3])
    #expect(table.rowCount == 4)
    #expect(table.columnCount == 3)
    var rows = Matrix<Float>(rowCount: 9, columnCount: 3)
    table.gather([3, 0, 3], into: &rows)
    let whole = Matrix(
      rowCount: 4, columnCount: 3, elements: try archive.values(named: "table") as [Float])
    #expect(rows.rowCount == 3)
    #expect(bits(rows) == bits(whole.rows([3, 0, 3])))
    table.gather([], into: &rows)
    #expect(rows.rowCount == 0)
  }

  @Test func readsDoubles() throws {
    let table = try archive(storedAs: .float64).matrix(named: "table", shape: [4, 3])
    var rows = Matrix<Double>(rowCount: 0, columnCount: 3)
    table.gather([1], into: &rows)
    #expect(rows.elements == Self.values[3..<6].map(Double.init))
  }

  @Test func outlivesItsArchiveAndItsFile() throws {
    let table = try archive().matrix(named: "table", shape: [4, 3])
    var writer = SafetensorsWriter(formatVersion: 1)
    writer.append([0] as [Float], named: "other")
    try writer.write(to: folder.path("archive"), overwriting: true)
    var rows = Matrix<Float>(rowCount: 0, columnCount: 3)
    table.gather([2], into: &rows)
    #expect(rows.elements == Array(Self.values[6..<9]))
  }

  // MARK: Finite numbers

  /// The greatest number of a type is one, as far as single precision has it, and what lies behind it is
  /// none.
  @Test(arguments: [
    (SafetensorsArchive.ElementType.float64, Double(Float.greatestFiniteMagnitude)),
    (.float32, Double(Float.greatestFiniteMagnitude)),
    (.float16, 65504),
    (.brainFloat16, Double(Float(bitPattern: 0x7f7f_0000))),
  ])
  func findsWhatIsNotFinite(
    _ type: SafetensorsArchive.ElementType, _ greatest: Double
  ) throws {
    func isFinite(_ last: Double) throws -> Bool {
      var writer = SafetensorsWriter(formatVersion: 1)
      let values = [greatest, -greatest, 0, -0.0, 1, last]
      writer.append(values, named: "table", shape: [2, 3], as: type)
      try writer.write(to: folder.path("archive"), overwriting: true)
      return try SafetensorsArchive(contentsOf: folder.path("archive"))
        .matrix(named: "table", shape: [2, 3]).isFinite
    }
    #expect(try isFinite(1))
    for poison in [Double.nan, -.nan, .infinity, -.infinity] { #expect(try !isFinite(poison)) }
    if type == .float64 { #expect(try !isFinite(1e39)) }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func roundedRowsAreFiniteWhereTheirRangesAre(_ poison: Float) throws {
    func isFinite(_ range: Float) throws -> Bool {
      var writer = SafetensorsWriter(formatVersion: 1)
      writer.append([127, -127, 0, 1, 2, 3] as [Int8], named: "table", shape: [2, 3])
      writer.append([1, range], named: "table.range")
      try writer.write(to: folder.path("archive"), overwriting: true)
      return try SafetensorsArchive(contentsOf: folder.path("archive"))
        .matrix(named: "table", shape: [2, 3]).isFinite
    }
    #expect(try isFinite(2))
    #expect(try !isFinite(poison))
  }

  // MARK: Refused tensors

  @Test func namesAMissingTensor() throws {
    let archive = try archive()
    #expect(throws: ArchiveError.missingTensor(path: archive.path, tensor: "none")) {
      _ = try archive.matrix(named: "none", shape: [4, 3])
    }
  }

  @Test(arguments: [("table", [3, 4], "[4, 3]"), ("vector", [3], "[3]")])
  func refusesAnotherShape(_ name: String, _ shape: [Int], _ found: String) throws {
    let archive = try archive()
    let expected = ArchiveError.unexpectedTensor(
      path: archive.path, tensor: name, expected: "shape \(shape)", found: found)
    #expect(throws: expected) { _ = try archive.matrix(named: name, shape: shape) }
  }

  @Test func refusesWholeNumbers() throws {
    let archive = try archive()
    let expected = ArchiveError.unexpectedTensor(
      path: archive.path, tensor: "whole", expected: "floating-point numbers", found: "I32")
    #expect(throws: expected) { _ = try archive.matrix(named: "whole", shape: [1, 2]) }
  }

  // MARK: Preconditions

  @Test func stopsAtRowsThatAreNotThere() async {
    await #expect(processExitsWith: .failure) {
      let tests = try ArchivedMatrixTests()
      let table = try tests.archive().matrix(named: "table", shape: [4, 3])
      var rows = Matrix<Float>(rowCount: 0, columnCount: 3)
      table.gather([4], into: &rows)
    }
    await #expect(processExitsWith: .failure) {
      let tests = try ArchivedMatrixTests()
      let table = try tests.archive().matrix(named: "table", shape: [4, 3])
      var rows = Matrix<Float>(rowCount: 0, columnCount: 3)
      table.gather([-1], into: &rows)
    }
  }

  @Test func stopsAtATargetOfAnotherWidth() async {
    await #expect(processExitsWith: .failure) {
      let tests = try ArchivedMatrixTests()
      let table = try tests.archive().matrix(named: "table", shape: [4, 3])
      var rows = Matrix<Float>(rowCount: 0, columnCount: 2)
      table.gather([0], into: &rows)
    }
  }
}
