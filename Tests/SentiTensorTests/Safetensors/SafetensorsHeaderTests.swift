import SentiTensor
import SentiTestSupport
import Testing

@Suite("Safetensors header of a hostile file")
struct SafetensorsHeaderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func entry(_ name: String, type: String = "U8", shape: String, offsets: String) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  func expect(
    _ expected: ArchiveError, from bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let path = try folder.file("f", bytes)
    #expect(throws: expected, sourceLocation: sourceLocation) {
      try SafetensorsArchive(contentsOf: path)
    }
  }

  func expectMalformed(
    _ entries: String..., dataCount: Int = 4, tensor: String = "t", expected: String,
    found: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let header = "{\(entries.joined(separator: ","))}"
    try expect(
      .malformedTensor(path: folder.path("f"), tensor: tensor, expected: expected, found: found),
      from: archiveBytes(header: header.utf8, data: Array(repeating: 0, count: dataCount)),
      sourceLocation: sourceLocation)
  }

  @Test(arguments: [
    "", "{", "PK\u{3}\u{4}", "12345678", "A fine film, with a fine cast.", "GGUF{}   {}{}{}",
  ])
  func foreignFilesAreNamedAsSuch(text: String) throws {
    let path = try folder.file("f", text.utf8)
    let error = #expect(throws: ArchiveError.self) { try SafetensorsArchive(contentsOf: path) }
    #expect(error?.description.hasPrefix("\(path): not a safetensors file: ") == true)
  }

  @Test func headersBeyondTheFileAreTruncated() throws {
    let expected = ArchiveError.truncated(
      path: folder.path("f"), expectedByteCount: 1008, foundByteCount: 10)
    try expect(expected, from: archiveBytes(header: "{}".utf8, length: 1000))
  }

  @Test(arguments: [100_000_001, UInt64(Int64.max), .max])
  func hugeHeadersAreRefused(length: UInt64) throws {
    let expected = ArchiveError.foreignFile(
      path: folder.path("f"), reason: "it does not begin with the length of a header")
    try expect(expected, from: archiveBytes(header: "{}".utf8, length: length))
  }

  @Test func missingTensorBytesAreTruncated() throws {
    let header = "{\(entry("t", shape: "[4]", offsets: "[0,4]"))}"
    let bytes = archiveBytes(header: header.utf8, data: [1, 2, 3])
    let expected = ArchiveError.truncated(
      path: folder.path("f"), expectedByteCount: bytes.count + 1, foundByteCount: bytes.count)
    try expect(expected, from: bytes)
  }

  @Test func bytesThatNoTensorOwnsAreRefused() throws {
    let bytes = archiveBytes(header: "{}".utf8, data: [1])
    let expected = ArchiveError.malformedHeader(
      path: folder.path("f"), byteOffset: 10, reason: "its tensors end at byte 10 of 11")
    try expect(expected, from: bytes)
  }

  @Test func overlapsAreRefused() throws {
    try expectMalformed(
      entry("s", shape: "[3]", offsets: "[0,3]"), entry("t", shape: "[2]", offsets: "[2,4]"),
      expected: "its data to begin at 3, after the tensor before", found: "2")
  }

  @Test func gapsAreRefused() throws {
    try expectMalformed(
      entry("t", shape: "[2]", offsets: "[2,4]"), entry("s", shape: "[1]", offsets: "[0,1]"),
      expected: "its data to begin at 1, after the tensor before", found: "2")
  }

  @Test func sizesThatOverflowAreRefused() throws {
    try expectMalformed(
      entry("t", shape: "[4294967296,4294967296]", offsets: "[0,4]"),
      expected: "a shape that fits in memory", found: "[4294967296, 4294967296]")
    try expectMalformed(
      entry("t", type: "F64", shape: "[4611686018427387904]", offsets: "[0,4]"),
      expected: "a shape that fits in memory", found: "[4611686018427387904]")
  }

  @Test func shapesMustFitTheirBytes() throws {
    try expectMalformed(
      entry("t", type: "F32", shape: "[2,1]", offsets: "[0,4]"),
      expected: "8 bytes for F32 [2, 1]", found: "4")
  }

  @Test(arguments: ["[4,0]", "[0]", "[]", "[0,4,4]"])
  func offsetsMustBeTwoInOrder(offsets: String) throws {
    try expectMalformed(
      entry("t", shape: "[4]", offsets: offsets), expected: "data_offsets [begin, end]",
      found: offsets.replacing(",", with: ", "))
  }

  @Test func offsetsBeyondAnyFileAreRefused() throws {
    try expectMalformed(
      entry("t", shape: "[1]", offsets: "[9223372036854775806,9223372036854775807]"),
      expected: "offsets of a file", found: "[9223372036854775806, 9223372036854775807]")
  }

  @Test func unknownTypesAreRefused() throws {
    try expectMalformed(
      entry("t", type: "F4", shape: "[4]", offsets: "[0,4]"),
      expected: "F64, F32, F16, BF16, F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL",
      found: "'F4'")
  }

  /// A mask beside the weights keeps nobody from reading these.
  @Test(arguments: ["BOOL", "F8_E4M3", "F8_E5M2"])
  func typesThatAreNotReadAreStepsOnTheWayToOthers(_ type: String) throws {
    let entries = [
      entry("mask", type: type, shape: "[3]", offsets: "[0,3]"),
      entry("t", shape: "[1]", offsets: "[3,4]"),
    ]
    let header = "{\(entries.joined(separator: ","))}"
    let path = try folder.file("f", archiveBytes(header: header.utf8, data: [1, 0, 1, 7]))
    let archive = try SafetensorsArchive(contentsOf: path)
    #expect(try archive.values(named: "t") as [UInt8] == [7])
    let expected = ArchiveError.unexpectedTensor(
      path: path, tensor: "mask", expected: "values that convert to Float", found: type)
    #expect(throws: expected) { _ = try archive.values(named: "mask") as [Float] }
  }

  /// Canonically equal names are two: what is asked for by the one is not the other.
  @Test func namesAreToldApartByTheirBytes() throws {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    let entries = [
      entry(composed, shape: "[1]", offsets: "[0,1]"),
      entry(decomposed, shape: "[1]", offsets: "[1,2]"),
    ]
    let header = "{\(entries.joined(separator: ","))}"
    let path = try folder.file("f", archiveBytes(header: header.utf8, data: [1, 2]))
    let archive = try SafetensorsArchive(contentsOf: path)
    #expect(try archive.values(named: composed) as [UInt8] == [1])
    #expect(try archive.values(named: decomposed) as [UInt8] == [2])
    var writer = SafetensorsWriter(formatVersion: 1)
    writer.append([1] as [Float], named: composed)
    writer.append([2] as [Float], named: decomposed)
    try writer.write(to: path, overwriting: true)
    #expect(try SafetensorsArchive(contentsOf: path).values(named: decomposed) as [Float] == [2])
  }

  @Test func incompleteEntriesAreRefused() throws {
    try expectMalformed(
      #""t":{"dtype":"U8","shape":[4]}"#, expected: "dtype, shape and data_offsets", found: "fewer")
  }

  @Test(arguments: [
    (#"{"t":{"color":"red"}}"#, 22, "unknown key 'color'"),
    ("{} x", 11, "expected the end of the header"),
    (#"{"__metadata__":{"a":1}}"#, 29, #"expected '"'"#), (#"{"t":[]}"#, 13, "expected '{'"),
    (#"{"__metadata__":{},"__metadata__":{}}"#, 41, "duplicate key '__metadata__'"),
    ("{", 9, "expected '\"'"),
  ])
  func malformedHeadersAreLocated(header: String, offset: Int, reason: String) throws {
    let path = folder.path("f")
    let expected = ArchiveError.malformedHeader(path: path, byteOffset: offset, reason: reason)
    try expect(expected, from: archiveBytes(header: header.utf8))
  }

  @Test func duplicateNamesAreRefused() throws {
    let entry = entry("t", shape: "[0]", offsets: "[0,0]")
    let header = "{\(entry),\(entry)}"
    let expected = ArchiveError.malformedHeader(
      path: folder.path("f"), byteOffset: 64, reason: "duplicate key 't'")
    try expect(expected, from: archiveBytes(header: header.utf8))
  }

  @Test func namesMustBeUTF8() throws {
    let header: [UInt8] = Array("{\"".utf8) + [0xFF] + Array("\":{}}".utf8)
    let expected = ArchiveError.malformedHeader(
      path: folder.path("f"), byteOffset: 12, reason: "a string before it is not valid UTF-8")
    try expect(expected, from: archiveBytes(header: header))
  }

  @Test func deepNestingIsRefusedAtOnce() throws {
    let header = #"{"t":"# + String(repeating: "[", count: 1_000_000)
    let expected = ArchiveError.malformedHeader(
      path: folder.path("f"), byteOffset: 13, reason: "expected '{'")
    try expect(expected, from: archiveBytes(header: header.utf8))
  }

  /// Every changed byte, and every cut, gives an archive that can be read whole, or an error.
  @Test func damageNeverTraps() throws {
    let original = try bytes(ofFileAt: SafetensorsArchiveTests.fixture)
    var generator = SeededGenerator(seed: 3)
    for round in 0..<1500 {
      var damaged = original
      if round.isMultiple(of: 3) { damaged.removeLast(Int.random(in: 1...900, using: &generator)) }
      for _ in 0..<(round % 4 + 1) {
        let index = Int.random(in: damaged.indices, using: &generator)
        damaged[index] = UInt8.random(in: 0...255, using: &generator)
      }
      readAll(try folder.file("damaged", damaged))
    }
  }

  func readAll(_ path: String) {
    guard let archive = try? SafetensorsArchive(contentsOf: path) else { return }
    for tensor in archive.tensors {
      let floats = try? archive.values(named: tensor.name, as: Float.self)
      let bytes = try? archive.values(named: tensor.name, as: UInt8.self)
      if let count = floats?.count ?? bytes?.count { #expect(count == tensor.elementCount) }
    }
  }
}
