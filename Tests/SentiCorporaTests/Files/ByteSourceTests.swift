import Foundation
import SentiTestSupport
import Testing

@testable import SentiCorpora

@Suite("Byte source")
struct ByteSourceTests {
  @Test func readsAFilePieceByPiece() throws {
    let folder = try TemporaryFolder()
    let content = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let source = try ByteSource(path: folder.write(content, to: "long"))
    var bytes: [UInt8] = []
    #expect(try source.read(into: &bytes) == ByteSource.pieceSize)
    #expect(try source.read(into: &bytes) == ByteSource.pieceSize)
    #expect(try source.read(into: &bytes) == 600_000 - 2 * ByteSource.pieceSize)
    #expect(try source.read(into: &bytes) == 0)
    #expect(bytes == content)
    #expect(source.name == folder["long"])
  }

  @Test func readsADescriptorAndLeavesItOpen() throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data("abc".utf8))
    try pipe.fileHandleForWriting.close()
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    #expect(
      try TextFile.read(ByteSource(descriptor: descriptor, name: "pipe")) == Array("abc".utf8))
    #expect(fcntl(descriptor, F_GETFD) >= 0)
  }

  @Test func aFileThatGrowsIsReadUpToItsEndAtTheStart() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("abc", to: "growing")
    let source = try ByteSource(path: path)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("def".utf8))
    #expect(try TextFile.read(source) == Array("abc".utf8))
    #expect(try TextFile.read(path) == Array("abcdef".utf8))
  }

  @Test func aFileOfTheKernelsThatSaysItIsEmptyIsRead() throws {
    #expect(try !TextFile.read("/proc/self/status").isEmpty)
  }

  @Test func readsMemory() throws {
    let source = ByteSource(bytes: Array("abcde".utf8), name: "memory")
    var bytes: [UInt8] = Array("> ".utf8)
    #expect(try source.read(into: &bytes) == 5)
    #expect(try source.read(into: &bytes) == 0)
    #expect(bytes == Array("> abcde".utf8))
  }

  @Test func refusesWhatIsMissingOrAFolder() throws {
    let folder = try TemporaryFolder()
    let missing = folder["none.csv"]
    #expect(throws: CorpusError(.missing, path: missing)) { try ByteSource(path: missing) }
    #expect(throws: CorpusError(.isFolder, path: folder.path)) {
      try ByteSource(path: folder.path)
    }
  }

  @Test func saysWhyADescriptorCannotBeRead() {
    let source = ByteSource(descriptor: 9_999, name: "standard input")
    var bytes: [UInt8] = []
    #expect(
      throws: CorpusError(.unreadable(reason: "Bad file descriptor"), path: "standard input")
    ) { try source.read(into: &bytes) }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func saysWhyAFileCannotBeOpened() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("secret", to: "locked")
    chmod(path, 0)
    #expect(throws: CorpusError(.unreadable(reason: "Permission denied"), path: path)) {
      try ByteSource(path: path)
    }
  }
}
