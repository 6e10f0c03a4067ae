import Foundation
import SentiTestSupport
import Testing

@testable import SentiCorpora

@Suite("File system")
struct FileSystemTests {
  @Test func tellsFilesFromFoldersAndDevices() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("text", to: "a")
    #expect(try FileSystem.kind(of: file) == .file)
    #expect(try FileSystem.kind(of: folder.path) == .folder)
    #expect(try FileSystem.kind(of: "/dev/null") == .special)
    #expect(throws: CorpusError(.missing, path: file + "/b")) {
      try FileSystem.kind(of: file + "/b")
    }
  }

  @Test func knowsAFileByAnyOfItsNames() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("text", to: "a")
    try FileManager.default.createSymbolicLink(
      atPath: folder["b"], withDestinationPath: file)
    #expect(FileSystem.areSame(file, folder["b"]))
    #expect(FileSystem.isSymbolicLink(folder["b"]))
    #expect(!FileSystem.isSymbolicLink(file))
    #expect(!FileSystem.areSame(file, try folder.write("text", to: "c")))
    #expect(!FileSystem.areSame(folder["none"], folder["none"]))
  }

  @Test func listsVisibleNamesInTheOrderOfTheirBytes() throws {
    let folder = try TemporaryFolder()
    for name in ["é", "b", "B", "a", "10", "9", ".hidden"] { try folder.write("", to: name) }
    #expect(try FileSystem.entries(of: folder.path) == ["10", "9", "B", "a", "b", "é"])
  }

  @Test func joinsPaths() {
    #expect(FileSystem.join("a", "b") == "a/b")
    #expect(FileSystem.join("a/", "b") == "a/b")
  }

  @Test func namesTheOperatingSystemsErrors() {
    #expect(FileSystem.text(ofError: ENOSPC) == "No space left on device")
    #expect(FileSystem.readingError("a", code: EISDIR) == CorpusError(.isFolder, path: "a"))
    #expect(FileSystem.readingError("a", code: ENOTDIR) == CorpusError(.missing, path: "a"))
    #expect(FileSystem.writingError("a", code: EPIPE) == CorpusError(.readerGone, path: "a"))
    #expect(FileSystem.writingError("a", code: EPIPE) == CorpusError(.readerGone, path: "a"))
  }
}
