import Glibc
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Mapped bytes")
struct MappedBytesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func givesTheBytesOfARange() throws {
    let file = try MappedBytes(path: folder.file("some", 0..<200))
    #expect(file.count == 200)
    let found = file.withBytes(7..<9) { bytes in
      (bytes.byteCount, bytes.unsafeLoad(as: UInt8.self))
    }
    #expect(found == (2, 7))
  }

  @Test func mapsAnEmptyFile() throws {
    let file = try MappedBytes(path: folder.file("empty", []))
    #expect(file.count == 0)
    #expect(file.withBytes(0..<0) { $0.isEmpty })
  }

  @Test func keepsTheOldFileWhenItIsReplaced() throws {
    let path = try folder.file("some", [1, 2, 3])
    let file = try MappedBytes(path: path)
    _ = try folder.file("other", [9])
    try #require(rename(folder.path("other"), path) == 0)
    #expect(file.withBytes(2..<3) { $0.unsafeLoad(as: UInt8.self) } == 3)
  }

  @Test func namesAMissingFile() {
    let expected = ArchiveError.cannotRead(
      path: folder.path("none"), reason: "No such file or directory")
    #expect(throws: expected) { try MappedBytes(path: folder.path("none")) }
  }

  @Test func refusesAFolder() {
    let expected = ArchiveError.cannotRead(path: folder.path, reason: "not a regular file")
    #expect(throws: expected) { try MappedBytes(path: folder.path) }
  }

  @Test(.timeLimit(.minutes(1)))
  func refusesAPipeWithoutWaitingForIt() throws {
    try #require(mkfifo(folder.path("pipe"), 0o600) == 0)
    let expected = ArchiveError.cannotRead(
      path: folder.path("pipe"), reason: "not a regular file")
    #expect(throws: expected) { try MappedBytes(path: folder.path("pipe")) }
  }

  @Test func stopsAtARangeBeyondTheEnd() async {
    await #expect(processExitsWith: .failure) {
      let file = try MappedBytes(path: #filePath)
      file.withBytes(0..<(file.count + 1)) { _ in }
    }
  }

  @Test func isReadByManyThreadsAtOnce() async throws {
    let file = try MappedBytes(path: folder.file("some", (0..<100_000).map { UInt8($0 & 255) }))
    let sums = await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          file.withBytes(0..<file.count) { bytes in
            (0..<bytes.byteCount).reduce(0) {
              $0 + Int(bytes.unsafeLoad(fromByteOffset: $1, as: UInt8.self))
            }
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(sums).count == 1)
  }
}
