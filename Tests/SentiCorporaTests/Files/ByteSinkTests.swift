import Foundation
import SentiTestSupport
import Testing

@testable import SentiCorpora

@Suite("Byte sink")
struct ByteSinkTests {
  @Test func completesAFile() throws {
    let folder = try TemporaryFolder()
    let sink = try ByteSink(path: folder["a"], overwrite: false)
    #expect(sink.name == folder["a"])
    try sink.write([Array("one,".utf8)[...], Array("two\n".utf8)[...]])
    #expect(!FileManager.default.fileExists(atPath: folder["a"]))
    try sink.finish()
    #expect(try TextFile.read(folder["a"]) == Array("one,two\n".utf8))
    #expect(try folder.names() == ["a"])
  }

  @Test func leavesTheDestinationAsItWasWhenLetGo() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "a")
    do {
      let sink = try ByteSink(path: folder["a"], overwrite: true)
      try sink.write([Array("new".utf8)[...]])
      try sink.flush()
    }
    #expect(try TextFile.read(folder["a"]) == Array("old".utf8))
    #expect(try folder.names() == ["a"])
  }

  @Test func keepsTheOrderOfShortAndLongPieces() throws {
    let folder = try TemporaryFolder()
    let long = [UInt8](repeating: 0x62, count: 300_000)
    let sink = try ByteSink(path: folder["a"], overwrite: false)
    try sink.write([[0x61], long[...], [0x63]])
    try sink.write([[0x64]])
    try sink.finish()
    #expect(try TextFile.read(folder["a"]) == [0x61] + long + [0x63, 0x64])
  }

  @Test func resumesWhatWasInterrupted() throws {
    let folder = try TemporaryFolder()
    do {
      let sink = try ByteSink(resumable: folder["a"], overwrite: false)
      try sink.write([Array("one\ntwo\nthr".utf8)[...]])
      try sink.flush()
    }
    #expect(try folder.names() == ["a.partial"])
    let sink = try ByteSink(resumable: folder["a"], keeping: 8, overwrite: false)
    try sink.write([Array("three\n".utf8)[...]])
    try sink.finish()
    #expect(try TextFile.read(folder["a"]) == Array("one\ntwo\nthree\n".utf8))
    #expect(try folder.names() == ["a"])
  }

  @Test func refusesToWriteWhatIsRead() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("text", to: "a")
    let other = folder.path + "/./a"
    #expect(throws: CorpusError(.isInput, path: other)) {
      try ByteSink(path: other, overwrite: true, inputs: ["-", path])
    }
    #expect(throws: CorpusError(.isInput, path: other)) {
      try ByteSink(resumable: other, overwrite: true, inputs: [path])
    }
    #expect(try TextFile.read(path) == Array("text".utf8))
  }

  @Test func saysThatTheReaderHasGone() throws {
    signal(SIGPIPE, SIG_IGN)
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    let sink = ByteSink(descriptor: pipe.fileHandleForWriting.fileDescriptor, name: "output")
    try sink.write([[0x61]])
    #expect(throws: CorpusError(.readerGone, path: "output")) { try sink.finish() }
  }

  @Test func saysThatTheDiskIsFull() throws {
    let sink = try ByteSink(path: "/dev/full", overwrite: false)
    try sink.write([[0x61]])
    let reason = "No space left on device"
    #expect(throws: CorpusError(.unwritable(reason: reason), path: "/dev/full")) {
      try sink.finish()
    }
  }

  @Test func resumesNoPackedFile() async {
    await #expect(processExitsWith: .failure) {
      _ = try ByteSink(resumable: "/tmp/senti-never-made.gz", overwrite: false)
    }
  }

  @Test func refusesADescriptorThatLeadsToAnInput() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("abc", to: "a")
    let handle = try #require(FileHandle(forWritingAtPath: path))
    #expect(throws: CorpusError(.isInput, path: "output")) {
      try ByteSink(
        descriptor: handle.fileDescriptor, name: "output", inputs: [folder["none"], path])
    }
    let sink = try ByteSink(
      descriptor: handle.fileDescriptor, name: "output", inputs: [folder["none"]])
    try sink.write([Array("xyz".utf8)[...]])
    try sink.finish()
    #expect(try folder.bytes("a") == Data("xyz".utf8))
  }
}
