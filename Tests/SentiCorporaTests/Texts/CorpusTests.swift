import SentiCorpora
import Testing

@Suite("Corpus")
struct CorpusTests {
  private func reader(_ text: String) throws -> CorpusReader {
    try CorpusReader(RowReader(ByteSource(bytes: Array(text.utf8), name: "r"), format: .csv))
  }

  @Test func holdsTextsLabelsAndProblems() throws {
    let corpus = try Corpus(reader("text,label\na,pos\nb\nc,neg\nd,\n"))
    #expect(corpus.texts.map(\.text) == ["a", "c", "d"])
    #expect(corpus.labels == ["neg", "pos"])
    #expect(
      corpus.problems == [
        CorpusError(.fieldCount(expected: 2, found: 1), path: "r", line: 3)
      ])
  }

  @Test func refusesACorpusWithoutTexts() throws {
    #expect(throws: CorpusError(.empty, path: "r")) { try Corpus(reader("text,label\n")) }
    #expect(throws: CorpusError(.fieldCount(expected: 2, found: 1), path: "r", line: 2)) {
      try Corpus(reader("text,label\na\n"))
    }
  }
}
