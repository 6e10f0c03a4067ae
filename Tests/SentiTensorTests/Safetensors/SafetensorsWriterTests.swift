import Foundation
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Safetensors writer")
struct SafetensorsWriterTests {
  let folder: TemporaryFolder
  var path: String { folder.path("model.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  func writer() -> SafetensorsWriter {
    var writer = SafetensorsWriter(formatVersion: 4, metadata: ["z": "1", "a": "\"\n"])
    writer.append([1, -2.5, 0.1, 3, 4, 5] as [Float], named: "weights", shape: [2, 3])
    writer.append([0.1, 1e300] as [Double], named: "moments")
    writer.append([1, 2, 255] as [UInt8], named: "text")
    return writer
  }

  @Test func writesWhatTheFormatSays() throws {
    var writer = SafetensorsWriter(formatVersion: 1, metadata: ["b": "x"])
    writer.append([258] as [Int32], named: "t", shape: [1, 1])
    try writer.write(to: path)
    let bytes = try bytes(ofFileAt: path)
    let header =
      #"{"__metadata__":{"b":"x","senti.checksum":"xxh64:fee2d7eda024ca9d","#
      + #""senti.format_version":"1"},"t":{"dtype":"I32","shape":[1, 1],"data_offsets":[0, 4]}}"#
    let length = (header.utf8.count + 7) / 8 * 8
    #expect(bytes.prefix(8) == [UInt8(length), 0, 0, 0, 0, 0, 0, 0])
    let text = String(decoding: bytes[8..<(8 + length)], as: UTF8.self)
    #expect(text.hasPrefix(header))
    #expect(text.dropFirst(header.count).allSatisfy { $0 == " " })
    #expect(bytes.suffix(from: 8 + length) == [2, 1, 0, 0])
  }

  @Test func whatIsWrittenIsRead() throws {
    try writer().write(to: path)
    let archive = try SafetensorsArchive(contentsOf: path)
    #expect(archive.tensors.map(\.name) == ["weights", "moments", "text"])
    #expect(
      try archive.values(named: "weights", shape: [2, 3]) == [1, -2.5, 0.1, 3, 4, 5] as [Float])
    #expect(try archive.values(named: "moments", shape: [2]) == [0.1, 1e300] as [Double])
    #expect(try archive.values(named: "text", as: UInt8.self) == [1, 2, 255])
    #expect(archive.metadata["a"] == "\"\n")
    #expect(try archive.requireFormatVersion(atMost: 4) == 4)
    #expect(archive.tensors[0].byteRange.lowerBound.isMultiple(of: 8))
  }

  @Test func sameCallsMakeTheSameBytes() throws {
    try writer().write(to: path)
    try writer().write(to: folder.path("again"))
    #expect(try bytes(ofFileAt: path) == bytes(ofFileAt: folder.path("again")))
  }

  @Test(arguments: [
    (SafetensorsArchive.ElementType.float64, 0), (.float32, 0), (.float16, 0x1p-11),
    (.brainFloat16, 0x1p-8),
  ])
  func floatsAreStoredInEveryFloatingPointType(
    type: SafetensorsArchive.ElementType, relativeError: Double
  ) throws {
    var generator = SeededGenerator(seed: 1)
    let values = (0..<1000).map { _ in Float(generator.normal()) }
    var writer = SafetensorsWriter(formatVersion: 1)
    writer.append(values, named: "floats", as: type)
    writer.append(values.map(Double.init), named: "doubles", as: type)
    try writer.write(to: path)
    let archive = try SafetensorsArchive(contentsOf: path)
    #expect(archive.tensors.allSatisfy { $0.elementType == type })
    let read: [Float] = try archive.values(named: "floats")
    #expect(try archive.values(named: "doubles") == read)
    for (value, stored) in zip(values, read) {
      #expect(Double(abs(stored - value)) <= Double(abs(value)) * relativeError + 0x1p-25)
    }
  }

  @Test func float16RoundsToTheNearestEven() throws {
    var writer = SafetensorsWriter(formatVersion: 1)
    writer.append([2049, 2051, 65519, 65520] as [Float], named: "t", as: .float16)
    try writer.write(to: path)
    let read: [Float] = try SafetensorsArchive(contentsOf: path).values(named: "t")
    #expect(read == [2048, 2052, 65504, .infinity])
  }

  @Test func integersKeepTheirType() throws {
    var writer = SafetensorsWriter(formatVersion: 1)
    writer.append([.min, .max] as [Int64], named: "i64")
    writer.append([0, .max] as [UInt32], named: "u32")
    writer.append([.min, .max] as [Int8], named: "i8")
    try writer.write(to: path)
    let archive = try SafetensorsArchive(contentsOf: path)
    #expect(try archive.values(named: "i64") == [.min, .max] as [Int64])
    #expect(try archive.values(named: "u32") == [0, .max] as [UInt32])
    #expect(try archive.values(named: "i8") == [.min, .max] as [Int8])
    #expect(archive.tensors.map(\.elementType) == [.integer64, .unsigned32, .integer8])
  }

  @Test func partsOfAnArrayAreAppendedAsSpans() throws {
    let arena: [Float] = [9, 1, 2, 9]
    var writer = SafetensorsWriter(formatVersion: 1)
    writer.append(arena.span.extracting(1..<3), named: "view", shape: [2, 1])
    try writer.write(to: path)
    #expect(try SafetensorsArchive(contentsOf: path).values(named: "view") == [1, 2] as [Float])
  }

  @Test func writesAnArchiveWithoutTensors() throws {
    try SafetensorsWriter(formatVersion: 1).write(to: path)
    let archive = try SafetensorsArchive(contentsOf: path)
    #expect(archive.tensors.isEmpty)
    try archive.verifyChecksum()
  }

  @Test func replacesAFileOnlyWhenTold() throws {
    _ = try folder.file("model.safetensors", [1, 2, 3])
    #expect(throws: ArchiveError.fileExists(path: path)) { try writer().write(to: path) }
    #expect(try bytes(ofFileAt: path) == [1, 2, 3])
    try writer().write(to: path, overwriting: true)
    #expect(try SafetensorsArchive(contentsOf: path).tensors.count == 3)
    #expect(try folder.names() == ["model.safetensors"])
  }

  @Test func namesAFolderThatIsNotThere() {
    let path = folder.path("none/model")
    let expected = ArchiveError.cannotWrite(path: path, reason: "No such file or directory")
    #expect(throws: expected) { try writer().write(to: path) }
  }

  @Test func leavesAFolderAlone() throws {
    let expected = ArchiveError.cannotWrite(path: folder.path, reason: "Is a directory")
    #expect(throws: expected) { try writer().write(to: folder.path, overwriting: true) }
  }

  /// A limit on the size of files stands for a full disk: the write fails halfway.
  @Test func aFullDiskKeepsTheOldFile() async throws {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let path = try folder.file("model", [1, 2, 3])
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      var writer = SafetensorsWriter(formatVersion: 1)
      writer.append(Array(repeating: 0.5, count: 10_000) as [Float], named: "t")
      let expected = ArchiveError.cannotWrite(path: path, reason: "File too large")
      #expect(throws: expected) { try writer.write(to: path, overwriting: true) }
      #expect(try folder.names() == ["model"])
      #expect(try bytes(ofFileAt: path) == [1, 2, 3])
    }
  }

  @Test func stopsAtAShapeThatDoesNotFit() async {
    await #expect(processExitsWith: .failure) {
      var writer = SafetensorsWriter(formatVersion: 1)
      writer.append([1, 2, 3] as [Float], named: "t", shape: [2, 2])
    }
    await #expect(processExitsWith: .failure) {
      var writer = SafetensorsWriter(formatVersion: 1)
      writer.append([1, 2] as [Float], named: "t", shape: [-1, -2])
    }
  }

  @Test func stopsAtANameThatIsTaken() async {
    await #expect(processExitsWith: .failure) {
      var writer = SafetensorsWriter(formatVersion: 1)
      writer.append([1] as [Float], named: "t")
      writer.append([1] as [Float], named: "t")
    }
    await #expect(processExitsWith: .failure) {
      var writer = SafetensorsWriter(formatVersion: 1)
      writer.append([1] as [Float], named: "__metadata__")
    }
  }

  @Test func stopsAtATypeThatIsNotConvertedTo() async {
    await #expect(processExitsWith: .failure) {
      var writer = SafetensorsWriter(formatVersion: 1)
      writer.append([1] as [Float], named: "t", as: .integer32)
    }
  }

  @Test func stopsAtReservedMetadataAndVersions() async {
    await #expect(processExitsWith: .failure) {
      _ = SafetensorsWriter(formatVersion: 1, metadata: [SafetensorsArchive.checksumKey: ""])
    }
    await #expect(processExitsWith: .failure) {
      _ = SafetensorsWriter(formatVersion: 1, metadata: [SafetensorsArchive.formatVersionKey: ""])
    }
    await #expect(processExitsWith: .failure) { _ = SafetensorsWriter(formatVersion: 0) }
  }
}
