import Glibc
import SentiTestSupport
import Testing

@testable import SentiTensor

@Suite("Archive bytes")
struct ArchiveBytesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func copy(_ bytes: some Sequence<UInt8>) throws -> ArchiveBytes {
    try ArchiveBytes(copying: RandomAccessFile(path: folder.file("some", bytes)))
  }

  static let large: [UInt8] = (0..<5_000_001).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }

  @Test func givesTheBytesOfARange() throws {
    for bytes in [try copy(0..<200), ArchiveBytes(Array(0..<200))] {
      #expect(bytes.count == 200)
      #expect(bytes.bytes(7..<9) == [7, 8])
      #expect(bytes.withBytes(199..<200) { $0.unsafeLoad(as: UInt8.self) } == 199)
    }
  }

  @Test func copiesAnEmptyFile() throws {
    let bytes = try copy([])
    #expect(bytes.count == 0)
    #expect(bytes.withBytes(0..<0) { $0.isEmpty })
  }

  /// Some of more than one large page, the last of them short.
  @Test func copiesALargeFileToACacheLine() throws {
    let bytes = try copy(Self.large)
    #expect(bytes.bytes(0..<bytes.count) == Self.large)
    let address = bytes.withBytes(0..<1) { $0.withUnsafeBytes { Int(bitPattern: $0.baseAddress) } }
    #expect(address % 64 == 0)
  }

  @Test func takesConstantsOfTheProgramWhereTheyLie() {
    let text: StaticString = "constants"
    let bytes = ArchiveBytes(constantsAt: text.utf8Start, count: text.utf8CodeUnitCount)
    #expect(bytes.bytes(0..<9) == Array("constants".utf8))
    let address = bytes.withBytes(0..<9) { $0.withUnsafeBytes { $0.baseAddress } }
    #expect(address == UnsafeRawPointer(text.utf8Start))
  }

  /// A mapping would change with the file, or end the process at the first byte that is gone.
  @Test func keepsTheBytesOfAFileThatIsTruncatedOverwrittenOrRemoved() throws {
    let bytes = try copy(Self.large)
    let path = folder.path("some")
    let whole = 0..<Self.large.count
    try #require(truncate(path, 0) == 0)
    #expect(bytes.bytes(whole) == Self.large)
    _ = try folder.file("some", Self.large.map { ~$0 })
    #expect(bytes.bytes(whole) == Self.large)
    try #require(unlink(path) == 0)
    #expect(bytes.bytes(whole) == Self.large)
  }

  @Test func aFileThatChangesBeforeItIsReadIsRefused() throws {
    let path = try folder.file("some", 0..<200)
    let file = try RandomAccessFile(path: path)
    try #require(truncate(path, 100) == 0)
    let expected = ArchiveError.truncated(path: path, expectedByteCount: 200, foundByteCount: 100)
    #expect(throws: expected) { try ArchiveBytes(copying: file) }
  }

  @Test func stopsAtARangeBeyondTheEnd() async {
    await #expect(processExitsWith: .failure) {
      let bytes = try ArchiveBytes(copying: RandomAccessFile(path: #filePath))
      bytes.withBytes(0..<(bytes.count + 1)) { _ in }
    }
  }

  @Test func isReadByManyThreadsAtOnce() async throws {
    let bytes = try copy((0..<100_000).map { UInt8($0 & 255) })
    let sums = await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask { bytes.bytes(0..<bytes.count).reduce(0) { $0 + Int($1) } }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(sums).count == 1)
  }
}
