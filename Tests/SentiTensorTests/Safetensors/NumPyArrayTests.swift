import Foundation
import SentiTensor
import SentiTestSupport
import Testing

@Suite("NumPy array")
struct NumPyArrayTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func open(_ bytes: [UInt8]) throws -> NumPyArray {
    try NumPyArray(contentsOf: folder.write(bytes, to: "array.npy"))
  }

  /// The sentence of what opening throws.
  func complaint(_ bytes: [UInt8]) throws -> String {
    let path = try folder.write(bytes, to: "array.npy")
    do {
      _ = try NumPyArray(contentsOf: path)
      return ""
    } catch {
      return "\(error)".replacingOccurrences(of: path, with: "array.npy")
    }
  }

  @Test(arguments: ["float16", "float32", "float64"])
  func readsWhatNumPyWrote(type: String) throws {
    let file = Repository.folder.appending(path: "Tests/SentiTensorTests/Fixtures/\(type).npy")
    let array = try NumPyArray(contentsOf: file.path())
    #expect(array.shape == [2, 3])
    #expect(array.elementCount == 6)
    #expect("\(array.elementType)" == type)
    #expect(try bits(array.values(0..<6)) == bits([0.5, -1.25, 3, 65504, 6.1035156e-05, -0.0]))
    #expect(try array.values(2..<4) == [3, 65504])
  }

  @Test(arguments: [UInt8(1), 2, 3])
  func readsEveryVersion(version: UInt8) throws {
    let array = try open(numPyBytes([1, 2, 3], shape: "(3,)", version: version))
    #expect(array.shape == [3])
    #expect(try array.values(0..<3) == [1, 2, 3])
  }

  @Test func readsShapesOfEveryKind() throws {
    #expect(try open(numPyBytes([7], shape: "()")).shape == [])
    #expect(try open(numPyBytes([], shape: "(0, 4)")).elementCount == 0)
    #expect(try open(numPyBytes([1, 2], shape: "(1L, 2L)")).shape == [1, 2])
  }

  @Test func aCutFileIsRefusedWithBothSizes() throws {
    let bytes = numPyBytes([1, 2, 3, 4], shape: "(2, 2)")
    #expect(
      try complaint(bytes.dropLast(3))
        == "array.npy: cut short: expected \(bytes.count) bytes, found \(bytes.count - 3)")
  }

  @Test func otherOrdersAndTypesAreRefused() throws {
    #expect(
      try complaint(numPyBytes([1, 2], shape: "(1, 2)", order: "True"))
        == "array.npy: tensor 'array': expected C order, found Fortran order; "
        + "numpy.ascontiguousarray makes the other of it")
    let types = "expected one of [\"<f2\", \"<f4\", \"<f8\"]"
    #expect(
      try complaint(numPyBytes([1], shape: "(1,)", type: "'>f4'"))
        == "array.npy: tensor 'array': \(types), found >f4")
    #expect(
      try complaint(numPyBytes([1], shape: "(1,)", type: "[('x', '<f4')]")).contains("expected"))
  }

  @Test(arguments: ["(-1, 2)", "(a,)", "3", "(9223372036854775807, 4)", "(4611686018427387904,)"])
  func shapesThatCannotBeAreRefused(shape: String) throws {
    #expect(
      try complaint(numPyBytes([1], shape: shape)).hasPrefix("array.npy: not a NumPy file: its "))
  }

  @Test func otherFilesAreRefused() throws {
    for bytes in [[], Array("PK".utf8), Array("a text of some length".utf8)] {
      #expect(
        try complaint(bytes) == "array.npy: not a NumPy file: expected a header of NumPy's")
    }
    // A header longer than the file, and a version that is not there yet.
    var long = numPyBytes([1], shape: "(1,)")
    long[9] = 0xFF
    #expect(try complaint(long).contains("expected a header"))
    #expect(try complaint(numPyBytes([1], shape: "(1,)", version: 4)).contains("expected a header"))
    #expect(throws: ArchiveError.self) { try NumPyArray(contentsOf: folder["missing.npy"]) }
  }

  /// No damage to the header may trap.
  @Test func damagedHeadersAreReadOrRefused() throws {
    let bytes = numPyBytes([1, 2, 3, 4], shape: "(2, 2)")
    for place in 0..<bytes.count - 16 {
      for value: UInt8 in [0, 0x27, 0x39, 0xFF] {
        var damaged = bytes
        damaged[place] = value
        if let array = try? open(damaged) { _ = try array.values(0..<array.elementCount) }
      }
    }
  }

  @Test func aFileThatIsTruncatedWhileItIsOpenIsNamed() throws {
    let bytes = numPyBytes([1, 2, 3, 4], shape: "(2, 2)")
    let array = try open(bytes)
    try folder.write(bytes.dropLast(4), to: "array.npy")
    let expected = ArchiveError.truncated(
      path: array.path, expectedByteCount: bytes.count, foundByteCount: bytes.count - 4)
    #expect(throws: expected) { try array.values(0..<2) }
  }

  @Test func valuesBeyondTheEndAreTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      let folder = try TemporaryFolder()
      let path = try folder.write(numPyBytes([1, 2], shape: "(2,)"), to: "a.npy")
      _ = try NumPyArray(contentsOf: path).values(1..<3)
    }
  }
}
