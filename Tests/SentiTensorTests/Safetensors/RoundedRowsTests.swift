import SentiTestSupport
import Testing

@testable import SentiTensor

@Suite("Rounded rows")
struct RoundedRowsTests {
  static let elements: [Float] = [1, -0.5, 0.004, -2e-3, 0, 2e-3, 0, 0, 0]

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// An archive with a rounded matrix of three rows and a vector.
  func archive() throws -> (archive: SafetensorsArchive, slots: [ParameterSlot]) {
    var layout = ParameterLayout()
    let slots = [layout.add("weight", shape: [3, 3]), layout.add("bias", shape: [3])]
    var writer = SafetensorsWriter(formatVersion: 1)
    writer.append(Self.elements, slots[0], as: .integer8)
    writer.append([0.1, 0.2, 0.3], slots[1], as: .integer8)
    try writer.write(to: folder.path("archive"))
    return (try SafetensorsArchive(contentsOf: folder.path("archive")), slots)
  }

  @Test func theGreatestOfARowIs127() {
    let rows = RoundedRows(Self.elements, columnCount: 3)
    #expect(rows.values == [127, -64, 1, -127, 0, 127, 0, 0, 0])
    #expect(rows.ranges == [1, 2e-3, 0])
    #expect(rows.elements[0] == 1)
    #expect(abs(rows.elements[1] + 64.0 / 127) < 1e-7)
    #expect(RoundedRows([], columnCount: 3).elements.isEmpty)
  }

  @Test func roundingTwiceIsRoundingOnce() {
    var generator = SeededGenerator(seed: 5)
    let elements = (0..<1000).map { _ in Float.random(in: -3...3, using: &generator) }
    let once = RoundedRows(elements, columnCount: 25)
    let twice = RoundedRows(once.elements, columnCount: 25)
    #expect(bits(twice.elements) == bits(once.elements))
    #expect(twice.values == once.values)
    let error = zip(elements, once.elements).map { abs($0 - $1) }.max() ?? 1
    #expect(error <= 3 / 254 + 1e-6)
  }

  @Test func parametersComeBackRoundedAndVectorsAsTheyAre() throws {
    let (archive, slots) = try archive()
    let rounded = RoundedRows(Self.elements, columnCount: 3).elements
    #expect(try archive.parameter(slots[0]) == rounded)
    #expect(try archive.parameter(slots[1]) == [0.1, 0.2, 0.3])
    #expect(try archive.tensor(named: "weight").elementType == .integer8)
    #expect(try archive.tensor(named: "bias").elementType == .float32)
    var layout = ParameterLayout()
    _ = layout.add("weight", shape: [3, 3])
    let parameters = Parameters<Float>(layout: layout, values: Self.elements)
    #expect(bits(parameters.rounded(to: .integer8).values) == bits(rounded))
  }

  @Test func rowsAreReadOneByOne() throws {
    let matrix = try archive().archive.matrix(named: "weight", shape: [3, 3])
    var rows = Matrix<Float>(rowCount: 0, columnCount: 3)
    matrix.gather([1, 0, 1], into: &rows)
    let rounded = RoundedRows(Self.elements, columnCount: 3).elements
    let chosen: [Float] = [3, 4, 5, 0, 1, 2, 3, 4, 5].map { rounded[$0] }
    #expect(bits(rows.elements) == bits(chosen))
    var doubles = Matrix<Double>(rowCount: 0, columnCount: 3)
    matrix.gather([0], into: &doubles)
    let expected: [Double] = [1, -64 / 127, 1 / 127]
    #expect(doubles.elements == expected)
  }

  @Test func integersWithoutRangesAreRefused() throws {
    var layout = ParameterLayout()
    let slot = layout.add("weight", shape: [2, 2])
    var writer = SafetensorsWriter(formatVersion: 1)
    writer.append([1, 2, 3, 4] as [Int8], named: "weight", shape: [2, 2])
    try writer.write(to: folder.path("bare"))
    let bare = try SafetensorsArchive(contentsOf: folder.path("bare"))
    #expect(throws: ArchiveError.missingTensor(path: folder.path("bare"), tensor: "weight.range")) {
      try bare.parameter(slot)
    }
    writer.append([1, 2, 3] as [Float], named: "weight.range")
    try writer.write(to: folder.path("long"))
    let long = try SafetensorsArchive(contentsOf: folder.path("long"))
    #expect(
      throws: ArchiveError.unexpectedTensor(
        path: folder.path("long"), tensor: "weight.range", expected: "F32 of shape [2]",
        found: "F32 of shape [3]")
    ) { try long.matrix(named: "weight", shape: [2, 2]) }
  }

  @Test func stopsAtElementsThatAreNotFinite() async {
    await #expect(processExitsWith: .failure) {
      _ = RoundedRows([1, .nan], columnCount: 2)
    }
  }
}
