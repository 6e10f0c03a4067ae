import SentiCorpora
import SentiTestSupport
import Testing

@Suite("Corpus format")
struct CorpusFormatTests {
  @Test(
    arguments: [
      ("a.csv", .csv), ("dir.d/a.tsv", .tsv), ("a.tab", .tsv), ("A.JSONL", .jsonl),
      ("a.ndjson", .jsonl), ("a.txt", .lines), ("a.csv.gz", .csv), ("a.jsonl.zst", .jsonl),
      ("a.b.csv", .csv), ("csv", nil), ("a.csv/b", nil), ("a.pdf", nil), (".gz", nil), ("", nil),
    ] as [(String, CorpusFormat?)])
  func isToldByTheEndOfTheName(path: String, format: CorpusFormat?) {
    #expect(CorpusFormat(extensionOf: path) == format)
  }

  @Test func isDetectedAtAPath() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("", to: "a.tsv")
    let unknown = try folder.write("", to: "a.doc")
    #expect(try CorpusFormat.detected(at: path) == .tsv)
    #expect(try CorpusFormat.detected(at: folder.path) == .folder)
    #expect(throws: CorpusError(.unknownFormat, path: unknown)) {
      try CorpusFormat.detected(at: unknown)
    }
    #expect(throws: CorpusError(.missing, path: folder["b.csv"])) {
      try CorpusFormat.detected(at: folder["b.csv"])
    }
  }

  @Test func isGivenByName() {
    let names = ["csv", "tsv", "jsonl", "lines", "nul", "folder"]
    #expect(CorpusFormat.allCases.map(\.rawValue) == names)
  }
}
