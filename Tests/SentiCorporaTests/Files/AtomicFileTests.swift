import Foundation
import SentiCorpora
import SentiTestSupport
import Testing

@Suite("Atomic file")
struct AtomicFileTests {
  @Test func writesWholeFilesAndLeavesNothingElse() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(Array("first".utf8), to: folder["a"], overwrite: false)
    try AtomicFile.write(Array("second".utf8), to: folder["a"], overwrite: true)
    #expect(try TextFile.read(folder["a"]) == Array("second".utf8))
    #expect(try folder.names() == ["a"])
  }

  @Test func refusesToReplaceUnlessTold() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("old", to: "a")
    #expect(throws: CorpusError(.alreadyExists, path: path)) {
      try AtomicFile.write([], to: path, overwrite: false)
    }
    #expect(try TextFile.read(path) == Array("old".utf8))
    #expect(try folder.names() == ["a"])
  }

  @Test func appearsOnlyWhenCommitted() throws {
    let folder = try TemporaryFolder()
    let file = try AtomicFile(folder["a"], overwrite: false)
    #expect(file.path == folder["a"])
    try file.write(Array("one ".utf8))
    try file.write(Array("two".utf8))
    #expect(!FileManager.default.fileExists(atPath: folder["a"]))
    try file.commit()
    #expect(try TextFile.read(folder["a"]) == Array("one two".utf8))
  }

  @Test func leavesNothingBehindWhenLetGo() throws {
    let folder = try TemporaryFolder()
    do {
      let file = try AtomicFile(folder["a"], overwrite: false)
      try file.write(Array("half".utf8))
      #expect(try folder.names().count == 1)
    }
    #expect(try folder.names() == [])
  }

  @Test func leavesItsBeginningBehindWhenItIsToBeResumed() throws {
    let folder = try TemporaryFolder()
    do {
      let file = try AtomicFile(resumable: folder["a"], overwrite: false)
      try file.write(Array("one, tw".utf8))
    }
    #expect(try folder.names() == ["a.partial"])
    #expect(AtomicFile.partialPath(for: "x/a") == "x/a.partial")
    let file = try AtomicFile(resumable: folder["a"], keeping: 5, overwrite: false)
    try file.write(Array("two".utf8))
    try file.commit()
    #expect(try TextFile.read(folder["a"]) == Array("one, two".utf8))
    #expect(try folder.names() == ["a"])
  }

  @Test func saysThatAnotherRunIsWriting() throws {
    let folder = try TemporaryFolder()
    let file = try AtomicFile(resumable: folder["a"], overwrite: false)
    #expect(throws: CorpusError(.isBeingWritten, path: folder["a.partial"])) {
      try AtomicFile(resumable: folder["a"], keeping: 0, overwrite: true)
    }
    try file.commit()
  }

  @Test func refusesToKeepMoreThanThereIs() throws {
    let folder = try TemporaryFolder()
    try folder.write("two", to: "a.partial")
    let reason = "is not what an earlier run has left"
    #expect(throws: CorpusError(.unwritable(reason: reason), path: folder["a"])) {
      try AtomicFile(resumable: folder["a"], keeping: 9, overwrite: false)
    }
  }

  @Test func keepsTheBeginningOfAnEarlierAttemptUnlessTold() throws {
    let folder = try TemporaryFolder()
    let partial = try folder.write("hours of work", to: "a.partial")
    #expect(throws: CorpusError(.alreadyExists, path: partial)) {
      try AtomicFile(resumable: folder["a"], overwrite: false)
    }
    #expect(try TextFile.read(partial) == Array("hours of work".utf8))
    let file = try AtomicFile(resumable: folder["a"], overwrite: true)
    try file.commit()
    #expect(try TextFile.read(folder["a"]) == [])
  }

  @Test func refusesAFileThatAppearedMeanwhile() throws {
    let folder = try TemporaryFolder()
    let file = try AtomicFile(folder["a"], overwrite: false)
    try folder.write("theirs", to: "a")
    #expect(throws: CorpusError(.alreadyExists, path: folder["a"])) { try file.commit() }
    #expect(try TextFile.read(folder["a"]) == Array("theirs".utf8))
    #expect(try folder.names() == ["a"])
  }

  @Test func refusesAFolderAndAMissingFolder() throws {
    let folder = try TemporaryFolder()
    let folderReason = "Is a directory"
    #expect(throws: CorpusError(.unwritable(reason: folderReason), path: folder.path)) {
      try AtomicFile(folder.path, overwrite: true)
    }
    let reason = "No such file or directory"
    #expect(throws: CorpusError(.unwritable(reason: reason), path: folder["none/a"])) {
      try AtomicFile(folder["none/a"], overwrite: true)
    }
  }

  @Test func saysThatTheDiskIsFull() throws {
    let full = "/dev/full"
    #expect(throws: CorpusError(.unwritable(reason: "No space left on device"), path: full)) {
      try AtomicFile.write(Array("text".utf8), to: full, overwrite: false)
    }
    #expect(FileManager.default.fileExists(atPath: full))
  }

  @Test func writesToADeviceInPlace() throws {
    try AtomicFile.write(Array("text".utf8), to: "/dev/null", overwrite: false)
    let attributes = try FileManager.default.attributesOfItem(atPath: "/dev/null")
    #expect(attributes[.type] as? FileAttributeType == .typeCharacterSpecial)
  }
}
