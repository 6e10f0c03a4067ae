import Foundation
import SentiCorpora
import SentiTestSupport
import Testing

@Suite("Text folder")
struct TextFolderTests {
  /// Two labels, a hidden file, a nested folder, and a file beside the labels.
  private func labelledFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["pos/10.txt", "pos/2.txt", "pos/B.txt", "pos/a.txt", "neg/1.txt", "unsup/1.txt"] {
      try folder.write(name, to: name)
    }
    for name in ["pos/.hidden", "pos/deeper/3.txt", "README", ".git/config"] {
      try folder.write(name, to: name)
    }
    return folder
  }

  @Test func takesSubfoldersForLabelsAndSortsByBytes() throws {
    let folder = try labelledFolder()
    let entries = try TextFolder(folder.path).labelledEntries(labels: ["pos", "neg"])
    #expect(
      entries.map(\.path)
        == ["neg/1.txt", "pos/10.txt", "pos/2.txt", "pos/B.txt", "pos/a.txt"]
        .map { folder[$0] })
    #expect(entries.map(\.label) == ["neg", "pos", "pos", "pos", "pos"])
    #expect(try TextFolder(folder.path).labelledEntries().count == 6)
    #expect(try TextFolder(folder.path).hasSubfolders())
    #expect(TextFolder("some/where").path == "some/where")
  }

  @Test func listsTheSubfoldersWhenOneIsMissing() throws {
    let folder = try labelledFolder()
    let problem = CorpusError.Problem.missingField(
      name: "neutral", available: ["neg", "pos", "unsup"])
    #expect(throws: CorpusError(problem, path: folder.path)) {
      try TextFolder(folder.path).labelledEntries(labels: ["neg", "neutral"])
    }
  }

  @Test func refusesAFolderWithoutLabels() throws {
    let folder = try TemporaryFolder()
    try folder.write("text", to: "a.txt")
    #expect(throws: CorpusError(.empty, path: folder.path)) {
      try TextFolder(folder.path).labelledEntries()
    }
    #expect(try !TextFolder(folder.path).hasSubfolders())
  }

  @Test func listsFilesWithAndWithoutTheFoldersBelow() throws {
    let folder = try labelledFolder()
    let flat = try TextFolder(folder["pos"]).files(isRecursive: false)
    #expect(flat == ["10.txt", "2.txt", "B.txt", "a.txt"].map { folder["pos/\($0)"] })
    let deep = try TextFolder(folder["pos"] + "/").files(isRecursive: true)
    #expect(deep == flat + [folder["pos/deeper/3.txt"]])
  }

  @Test func doesNotFollowLinksToFolders() throws {
    let folder = try labelledFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder["neg/loop"], withDestinationPath: folder.path)
    #expect(try TextFolder(folder["neg"]).files(isRecursive: true) == [folder["neg/1.txt"]])
  }

  @Test func listsALinkThatLeadsNowhere() throws {
    let folder = try labelledFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder["neg/2.txt"], withDestinationPath: folder["gone"])
    #expect(try TextFolder(folder["neg"]).files(isRecursive: false).count == 2)
  }

  @Test func refusesWhatIsNoFolderOrHoldsNothing() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("text", to: "a/b.txt")
    #expect(throws: CorpusError(.isNotFolder, path: file)) {
      try TextFolder(file).files(isRecursive: false)
    }
    #expect(throws: CorpusError(.empty, path: folder.path)) {
      try TextFolder(folder.path).files(isRecursive: false)
    }
    #expect(throws: CorpusError(.missing, path: folder["none"])) {
      try TextFolder(folder["none"]).files(isRecursive: true)
    }
  }
}
