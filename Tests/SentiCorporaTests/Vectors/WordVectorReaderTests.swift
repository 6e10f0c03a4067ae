import SentiCorpora
import SentiTestSupport
import Testing

@Suite("Word vector reader")
struct WordVectorReaderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// All vectors of a file, each as its word and its numbers.
  func read(
    _ content: String, where isWanted: ([UInt8]) -> Bool = { _ in true }
  ) throws -> (vectors: [String], reader: WordVectorReader) {
    var reader = try WordVectorReader(contentsOf: folder.write(content, to: "vectors.txt"))
    var vectors: [String] = []
    while let (word, vector) = try reader.next(where: isWanted) {
      vectors.append("\(String(decoding: word, as: UTF8.self)) \(vector)")
    }
    return (vectors, reader)
  }

  @Test(arguments: [
    "the 0.5 -1\nof 2e-3 3\n", "2 2\nthe 0.5 -1\nof 2e-3 3\n", "2 2\r\nthe 0.5 -1 \r\nof 2e-3 3",
  ])
  func readsGloveWord2vecAndFastText(_ content: String) throws {
    let (vectors, reader) = try read(content)
    #expect(vectors == ["the [0.5, -1.0]", "of [0.002, 3.0]"])
    #expect(reader.vectorSize == 2)
    #expect(reader.problemCount == 0 && reader.problems.isEmpty)
  }

  @Test func wordsMayHoldSpacesAndAnyScript() throws {
    let (vectors, _) = try read("the 1 2\n. . . 3 4\nstraße 5 6\n2005 7 8\n")
    #expect(
      vectors == ["the [1.0, 2.0]", ". . . [3.0, 4.0]", "straße [5.0, 6.0]", "2005 [7.0, 8.0]"])
  }

  @Test func malformedLinesAreNamedAndLeftOut() throws {
    let (vectors, reader) = try read("3 2\na 1 2\nb 1\n\nc 1 x\nd nan 1\ne 3 4\n")
    #expect(vectors == ["a [1.0, 2.0]", "e [3.0, 4.0]"])
    #expect(reader.problemCount == 3)
    let path = folder["vectors.txt"]
    #expect(
      reader.problems.map(\.description) == [
        "\(path):3: expected 3 fields, found 2",
        "\(path):5: expected a number, found \"x\" at byte 4 of the row",
        "\(path):6: expected a number, found \"nan\" at byte 2 of the row",
      ])
  }

  /// Noted once, with the line that it ends at, whatever of it was wanted.
  @Test func aFileThatWasCutShortIsToldByItsHeader() throws {
    let (vectors, reader) = try read("3 2\na 1 2\nb 3 4\n") { $0 == Array("a".utf8) }
    #expect(vectors == ["a [1.0, 2.0]"])
    #expect(
      reader.problems == [
        CorpusError(.rowCount(expected: 3, found: 2), path: folder["vectors.txt"], line: 3)
      ])
    var again = reader
    #expect(try again.next() == nil)
    #expect(again.problemCount == 1)
  }

  @Test func keepsTheFirstProblemsOnly() throws {
    let (_, reader) = try read("a 1 2\n" + String(repeating: "b 1\n", count: 25))
    #expect(reader.problemCount == 25)
    #expect(reader.problems.count == WordVectorReader.reportedCount)
  }

  @Test func wordsThatNobodyWantsAreSkipped() throws {
    let (vectors, reader) = try read("a 1 2\nb 1 x\nc 3 4\n") { $0 != Array("b".utf8) }
    #expect(vectors == ["a [1.0, 2.0]", "c [3.0, 4.0]"])
    #expect(reader.problemCount == 0)
  }

  @Test(arguments: [("", nil), ("word\n", 1), ("\n", 1), ("5 0\n", 1)] as [(String, Int?)])
  func refusesWhatBeginsOtherwise(_ content: String, _ line: Int?) throws {
    let path = try folder.write(content, to: "vectors.txt")
    #expect {
      _ = try WordVectorReader(contentsOf: path)
    } throws: { error in
      (error as? CorpusError)?.path == path && (error as? CorpusError)?.line == line
    }
  }

  @Test func refusesAFileThatIsNotThere() {
    #expect(throws: CorpusError(.missing, path: folder["none"])) {
      _ = try WordVectorReader(contentsOf: folder["none"])
    }
  }
}
