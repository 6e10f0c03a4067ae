import Foundation
import SentiTestSupport
import Testing

@Suite("Scene corpus")
struct SceneCorpusTests {
  static let folder = Repository.folder.appending(path: "corpora/captions")

  /// The files in the repository are the program's; `SENTI_WRITE_CORPORA=1` writes them anew.
  @Test func theRepositorysFilesAreTheProgramsOutput() throws {
    var corpus = SceneCorpus()
    let files = corpus.files()
    #expect(files.count == 6)
    for (name, bytes) in files {
      let file = Self.folder.appending(path: name)
      if ProcessInfo.processInfo.environment["SENTI_WRITE_CORPORA"] == "1" {
        try Data(bytes).write(to: file)
      }
      #expect(try Data(contentsOf: file) == Data(bytes), "\(name)")
    }
    #expect(files.values.reduce(0) { $0 + $1.count } < 1_000_000)
  }

  @Test func articlesPluralsAndVerbsAgree() {
    #expect(
      SceneCorpus.caption(of: [0, 4, 5, 0, 0, 3]) == "An orange owl rests under an apple tree.")
    #expect(
      SceneCorpus.caption(of: [0, 0, 8, 1, 4, 5]) == "A red mouse waits in front of a tent.")
    #expect(
      SceneCorpus.caption(of: [2, 1, 6, 2, 1, 0]) == "Three blue geese hide behind the bridge.")
  }

  @Test func unseenPairsAreFewAndLeaveEveryWordToBeLearnt() {
    let pairs = (0..<6).flatMap { colour in (0..<10).map { [0, colour, $0, 0, 0, 0] } }
    let unseen = pairs.filter(SceneCorpus.isUnseen)
    #expect((4...8).contains(unseen.count))
    for place in [1, 2] {
      for word in Set(pairs.map { $0[place] }) {
        #expect(pairs.contains { $0[place] == word && !SceneCorpus.isUnseen($0) })
      }
    }
  }
}
