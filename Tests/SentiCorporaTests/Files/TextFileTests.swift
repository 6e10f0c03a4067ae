import Foundation
import SentiCorpora
import SentiTestSupport
import Testing

@Suite("Text file")
struct TextFileTests {
  @Test(
    arguments: [
      [], Array("one line\n".utf8), [0xEF, 0xBB, 0xBF, 0x41, 0x0D, 0x0A], [0x61, 0x00, 0x62],
      [0xC3, 0x28], [0xC2, 0x85],
    ] as [[UInt8]])
  func altersNoByte(content: [UInt8]) throws {
    let folder = try TemporaryFolder()
    #expect(try TextFile.read(folder.write(content, to: "text")) == content)
  }

  @Test func readsADescriptorToItsEnd() throws {
    let folder = try TemporaryFolder()
    let content = [UInt8](repeating: 0x61, count: 700_001)
    let handle = try #require(FileHandle(forReadingAtPath: folder.write(content, to: "text")))
    #expect(try TextFile.read(descriptor: handle.fileDescriptor, name: "text") == content)
  }

  @Test func refusesAMissingFileAndAFolder() throws {
    let folder = try TemporaryFolder()
    #expect(throws: CorpusError(.isFolder, path: folder.path)) { try TextFile.read(folder.path) }
    let missing = folder["none/review.txt"]
    #expect(throws: CorpusError(.missing, path: missing)) { try TextFile.read(missing) }
  }
}
