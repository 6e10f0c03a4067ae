import Testing

@testable import SentiCorpora

@Suite("Row: lists")
struct RowListsTests {
  private func list(_ value: String) throws -> [String] {
    let text = "{\"before\":[1,{}],\"texts\":\(value)}"
    let reader = try RowReader(ByteSource(bytes: Array(text.utf8), name: "file"), format: .jsonl)
    return try #require(reader.next()).get().list(of: "texts")
  }

  @Test(arguments: [
    (#"["a","b\nc", "é, [\"d\"]"]"#, ["a", "b\nc", "é, [\"d\"]"]), (#"[ "a" ]"#, ["a"]),
    ("[]", []), ("[ ]", []), (#""a, b""#, ["a, b"]),
  ])
  func givesTheTextsOfAnArrayOrTheText(value: String, texts: [String]) throws {
    #expect(try list(value) == texts)
  }

  @Test(arguments: [
    ("[\"a\",1]", "an array of texts", "a number"), ("[[\"a\"]]", "an array of texts", "an array"),
    ("[null]", "an array of texts", "null"), ("{}", "text", "an object"), ("7", "text", "a number"),
  ])
  func refusesWhatIsNoText(value: String, expected: String, found: String) {
    let problem = CorpusError.Problem.unexpectedValue(
      field: "texts", expected: expected, found: found)
    #expect(throws: CorpusError(problem, path: "file", line: 1)) { try list(value) }
  }

  @Test func refusesHalfOfASurrogatePair() {
    #expect(throws: CorpusError.self) { try list(#"["a","\ud83d"]"#) }
  }

  @Test func aFieldOfCSVHoldsOneText() throws {
    let reader = try RowReader(
      ByteSource(bytes: Array("texts\n\"a, b\"\n".utf8), name: "file"), format: .csv)
    #expect(try #require(reader.next()).get().list(of: "texts") == ["a, b"])
  }
}
