import Glibc
import SentiTestSupport
import Testing

@testable import SentiTensor

@Suite("Random access file")
struct RandomAccessFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func givesTheBytesOfARange() throws {
    let path = try folder.file("some", 0..<200)
    let file = try RandomAccessFile(path: path)
    #expect(file.path == path)
    #expect(file.count == 200)
    #expect(try file.bytes(7..<9) == [7, 8])
    #expect(try file.bytes(0..<200) == Array(0..<200))
    #expect(try file.bytes(200..<200).isEmpty)
  }

  @Test func opensAnEmptyFile() throws {
    let file = try RandomAccessFile(path: folder.file("empty", []))
    #expect(file.count == 0)
    #expect(try file.bytes(0..<0).isEmpty)
  }

  @Test func keepsTheOldFileWhenItIsReplaced() throws {
    let path = try folder.file("some", [1, 2, 3])
    let file = try RandomAccessFile(path: path)
    _ = try folder.file("other", [9])
    try #require(rename(folder.path("other"), path) == 0)
    #expect(try file.bytes(2..<3) == [3])
  }

  @Test func aFileThatIsTruncatedIsNamedWithBothSizes() throws {
    let path = try folder.file("some", 0..<200)
    let file = try RandomAccessFile(path: path)
    try #require(truncate(path, 8) == 0)
    let expected = ArchiveError.truncated(path: path, expectedByteCount: 200, foundByteCount: 8)
    #expect(throws: expected) { try file.bytes(100..<120) }
    #expect(throws: expected) { try file.bytes(0..<4) }
  }

  @Test func aFileThatIsOverwrittenIsNamed() throws {
    let path = try folder.file("some", 0..<200)
    let file = try RandomAccessFile(path: path)
    _ = try folder.file("some", (0..<200).reversed())
    // Of a write in the same tick of the clock, the time would not tell.
    let times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
    try #require(utimensat(AT_FDCWD, path, times, 0) == 0)
    #expect(throws: ArchiveError.changed(path: path)) { try file.bytes(0..<4) }
  }

  @Test func aFileThatGrowsIsNamed() throws {
    let path = try folder.file("some", 0..<200)
    let file = try RandomAccessFile(path: path)
    _ = try folder.file("some", 0..<201)
    #expect(throws: ArchiveError.changed(path: path)) { try file.bytes(0..<4) }
  }

  @Test func namesAMissingFile() {
    let expected = ArchiveError.cannotRead(
      path: folder.path("none"), reason: "No such file or directory")
    #expect(throws: expected) { try RandomAccessFile(path: folder.path("none")) }
  }

  @Test func refusesAFolder() {
    let expected = ArchiveError.cannotRead(path: folder.path, reason: "not a regular file")
    #expect(throws: expected) { try RandomAccessFile(path: folder.path) }
  }

  @Test(.timeLimit(.minutes(60)))
  func refusesAPipeWithoutWaitingForIt() throws {
    try #require(mkfifo(folder.path("pipe"), 0o600) == 0)
    let expected = ArchiveError.cannotRead(
      path: folder.path("pipe"), reason: "not a regular file")
    #expect(throws: expected) { try RandomAccessFile(path: folder.path("pipe")) }
  }

  @Test func stopsAtARangeBeyondTheEnd() async {
    await #expect(processExitsWith: .failure) {
      let file = try RandomAccessFile(path: #filePath)
      _ = try file.bytes(0..<(file.count + 1))
    }
  }
}
