import Foundation
import Glibc
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Safetensors archive")
struct SafetensorsArchiveTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Written by `ReferenceImplementations/archive.py`.
  static var fixture: String {
    Repository.folder
      .appending(path: "Tests/SentiTensorTests/Fixtures/from-python.safetensors").path
  }

  func archive(version: String?) throws -> SafetensorsArchive {
    let entry = version.map { #""\#(SafetensorsArchive.formatVersionKey)":"\#($0)""# } ?? ""
    let header = #"{"__metadata__":{\#(entry)}}"#
    return try SafetensorsArchive(contentsOf: folder.file("v", archiveBytes(header: header.utf8)))
  }

  @Test(arguments: ["float64", "float32", "float16", "brainFloat16"])
  func readsPythonsFloats(name: String) throws {
    let archive = try SafetensorsArchive(contentsOf: Self.fixture)
    let exact = [0.0, -0.0, 1, -2.5, 0.1, 65504, 6e-8, .infinity]
    let floats: [Float] = try archive.values(named: name, shape: [2, 4])
    let doubles: [Double] = try archive.values(named: name)
    let tolerance = ["float64": 0, "float32": 1e-7, "float16": 1e-3, "brainFloat16": 4e-3]
    for (index, value) in exact.enumerated() where value.isFinite {
      // The smallest number is subnormal in binary16, with a unit of 6e-8.
      let allowed = try value.magnitude * #require(tolerance[name]) + (value < 1e-3 ? 4e-10 : 0)
      #expect(abs(doubles[index] - value) <= allowed)
    }
    #expect(doubles[1].sign == .minus)
    #expect(doubles[7] == .infinity)
    #expect(floats == doubles.map(Float.init))
  }

  @Test func readsPythonsIntegers() throws {
    let archive = try SafetensorsArchive(contentsOf: Self.fixture)
    #expect(try archive.values(named: "integer64", as: Int64.self) == [.min, .max])
    #expect(try archive.values(named: "integer32", as: Int32.self) == [.min, .max])
    #expect(try archive.values(named: "integer8", as: Int8.self) == [.min, .max])
    #expect(try archive.values(named: "unsigned32", as: UInt32.self) == [0, .max])
    #expect(try archive.values(named: "unsigned8", as: UInt8.self) == [0, 255, 7])
  }

  @Test func readsPythonsMetadataAndShapes() throws {
    let archive = try SafetensorsArchive(contentsOf: Self.fixture)
    let expected = "caf\u{E9} \"quoted\" \\ \u{1F600}\n"
    #expect(try Array(archive.requireMetadata("text").utf8) == Array(expected.utf8))
    #expect(archive.path == Self.fixture)
    #expect(archive.tensors.count == 11)
    #expect(try archive.tensor(named: "scalar").shape == [])
    #expect(try archive.values(named: "scalar", as: Float.self) == [3.5])
    #expect(try archive.tensor(named: "empty").elementCount == 0)
    #expect(try archive.values(named: "empty", shape: [0, 3], as: Float.self) == [])
  }

  @Test func describesATensor() throws {
    let tensor = try SafetensorsArchive(contentsOf: Self.fixture).tensor(named: "float16")
    #expect(tensor.name == "float16")
    #expect(tensor.elementType == .float16)
    #expect(tensor.shape == [2, 4])
    #expect(tensor.elementCount == 8)
    #expect(tensor.byteRange.count == 16)
  }

  @Test func namesAMissingTensor() throws {
    let archive = try SafetensorsArchive(contentsOf: Self.fixture)
    #expect(throws: ArchiveError.missingTensor(path: Self.fixture, tensor: "none")) {
      try archive.values(named: "none", as: Float.self)
    }
  }

  @Test func namesATensorOfAnotherShapeOrType() throws {
    let archive = try SafetensorsArchive(contentsOf: Self.fixture)
    let shape = ArchiveError.unexpectedTensor(
      path: Self.fixture, tensor: "float32", expected: "shape [4, 2]", found: "[2, 4]")
    #expect(throws: shape) { try archive.values(named: "float32", shape: [4, 2], as: Float.self) }
    let type = ArchiveError.unexpectedTensor(
      path: Self.fixture, tensor: "unsigned8", expected: "values that convert to Float", found: "U8"
    )
    #expect(throws: type) { try archive.values(named: "unsigned8", as: Float.self) }
    #expect(throws: ArchiveError.self) { try archive.values(named: "unsigned8", as: Int8.self) }
    #expect(throws: ArchiveError.self) { try archive.values(named: "float32", as: Int32.self) }
    #expect(throws: ArchiveError.self) { try archive.values(named: "unsigned8", as: Double.self) }
  }

  @Test func acceptsKnownFormatVersions() throws {
    #expect(try archive(version: "1").requireFormatVersion(atMost: 2) == 1)
    #expect(try archive(version: "2").requireFormatVersion(atMost: 2) == 2)
  }

  @Test func refusesANewerFormatVersionWithBothNumbers() throws {
    let archive = try archive(version: "3")
    let expected = ArchiveError.newerFormatVersion(
      path: archive.path, newestSupported: 2, found: 3)
    #expect(throws: expected) { try archive.requireFormatVersion(atMost: 2) }
    #expect(expected.description.hasSuffix("version 3 is newer than 2, the newest known here"))
  }

  @Test func refusesAFileThatDoesNotSayItsVersion() throws {
    let key = SafetensorsArchive.formatVersionKey
    let silent = try archive(version: nil)
    #expect(throws: ArchiveError.missingMetadata(path: silent.path, key: key)) {
      try silent.requireFormatVersion(atMost: 1)
    }
    for text in ["0", "-1", "1.0", "one", "", "99999999999999999999"] {
      let archive = try archive(version: text)
      let expected = ArchiveError.unexpectedMetadata(
        path: archive.path, key: key, expected: "a whole number from 1", found: text)
      #expect(throws: expected) { try archive.requireFormatVersion(atMost: 1) }
    }
  }

  // MARK: In memory

  @Test func readsBytesInMemory() throws {
    let content = try bytes(ofFileAt: Self.fixture)
    let archive = try SafetensorsArchive(bytes: content, name: "mine")
    #expect(archive.path == "mine")
    #expect(try archive.tensors == SafetensorsArchive(contentsOf: Self.fixture).tensors)
    #expect(try archive.values(named: "scalar", as: Float.self) == [3.5])
    #expect(throws: ArchiveError.missingTensor(path: "mine", tensor: "none")) {
      try archive.tensor(named: "none")
    }
    #expect(throws: ArchiveError.self) {
      try SafetensorsArchive(bytes: content.dropLast(), name: "mine")
    }
  }

  @Test func keepsWhatItReadWhateverHappensToTheFile() throws {
    let path = try folder.file("a", bytes(ofFileAt: Self.fixture))
    let archive = try SafetensorsArchive(contentsOf: path)
    _ = try folder.file("a", [0])
    #expect(try archive.values(named: "scalar", as: Float.self) == [3.5])
  }

  /// All but the header of a file of another format stays where it is: this one has a tebibyte.
  @Test func refusesALargeFileOfAnotherFormatAtOnce() throws {
    let path = try folder.file("film", Array("\0\0\0\u{18}ftypmp42".utf8))
    try #require(truncate(path, 1 << 40) == 0)
    #expect(throws: ArchiveError.self) { try SafetensorsArchive(contentsOf: path) }
  }

  @Test func isWrittenAsItIs() throws {
    let archive = try SafetensorsArchive(contentsOf: Self.fixture)
    let path = folder.path("copy")
    try archive.write(to: path)
    #expect(try bytes(ofFileAt: path) == bytes(ofFileAt: Self.fixture))
    #expect(throws: ArchiveError.fileExists(path: path)) { try archive.write(to: path) }
    try archive.write(to: path, overwriting: true)
  }

  @Test func findsADamagedByteByItsChecksum() throws {
    var writer = SafetensorsWriter(formatVersion: 1)
    writer.append([1, 2, 3] as [Float], named: "weights")
    writer.append([7] as [UInt8], named: "rest")
    let path = folder.path("model")
    try writer.write(to: path)
    try SafetensorsArchive(contentsOf: path).verifyChecksum()
    var content = try bytes(ofFileAt: path)
    content[content.count - 6] ^= 1
    let damaged = try SafetensorsArchive(contentsOf: folder.file("damaged", content))
    let error = #expect(throws: ArchiveError.self) { try damaged.verifyChecksum() }
    guard case .checksumMismatch(_, let expected, let found) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(expected == damaged.metadata[SafetensorsArchive.checksumKey])
    #expect(found != expected)
    #expect(found.count == "xxh64:".count + 16)
  }

  @Test func namesAFileWithoutAChecksum() throws {
    let archive = try SafetensorsArchive(contentsOf: Self.fixture)
    let expected = ArchiveError.missingMetadata(
      path: Self.fixture, key: SafetensorsArchive.checksumKey)
    #expect(throws: expected) { try archive.verifyChecksum() }
  }

  @Test(arguments: SafetensorsArchive.ElementType.allCases)
  func elementTypesHaveTheirWidth(type: SafetensorsArchive.ElementType) {
    let digits = type.rawValue.drop { !$0.isNumber }.prefix { $0.isNumber }
    #expect(digits == (type == .boolean ? "" : String(type.byteCount * 8)))
  }
}
