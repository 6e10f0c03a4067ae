import Testing

@testable import SentiCorpora

@Suite("Row")
struct RowTests {
  private func row(_ text: String, _ format: CorpusFormat) throws -> Row {
    let reader = try RowReader(
      ByteSource(bytes: Array(text.utf8), name: "file"), format: format)
    return try #require(reader.next()).get()
  }

  private func error(_ problem: CorpusError.Problem, line: Int) -> CorpusError {
    CorpusError(problem, path: "file", line: line)
  }

  @Test func givesTextOfCSVWithoutQuotes() throws {
    let row = try row("text,label\n\"a \"\"b\"\"\nc\",pos\n", .csv)
    #expect(try row.text(of: "text") == "a \"b\"\nc")
    #expect(try row.bytes(of: "label") == Array("pos".utf8)[...])
    #expect(row.path == "file")
    #expect(row.line == 2)
    #expect(row.names == ["text", "label"])
  }

  @Test func givesTextOfJSONWithoutEscapes() throws {
    let row = try row(#"{"id":7,"text":"a\nb"}"#, .jsonl)
    #expect(try row.text(of: "text") == "a\nb")
  }

  @Test(arguments: [
    ("1", "1"), ("2.50", "2.50"), ("true", "true"), ("null", nil), ("\"\"", nil),
    ("\"gut\"", "gut"),
  ])
  func writesLabelsAsTheyStand(value: String, label: String?) throws {
    #expect(try row("{\"label\":\(value)}", .jsonl).label(of: "label") == label)
  }

  @Test(arguments: [
    ("null", "null"), ("3", "a number"), ("[]", "an array"), ("{}", "an object"),
    ("false", "true or false"),
  ])
  func refusesTextThatIsNone(value: String, noun: String) throws {
    let row = try row("{\"text\":\(value)}", .jsonl)
    let problem = CorpusError.Problem.unexpectedValue(
      field: "text", expected: "text", found: noun)
    #expect(throws: error(problem, line: 1)) { try row.text(of: "text") }
  }

  @Test func refusesLabelsThatAreObjects() throws {
    let row = try row("{\"label\":{}}", .jsonl)
    let problem = CorpusError.Problem.unexpectedValue(
      field: "label", expected: "a label", found: "an object")
    #expect(throws: error(problem, line: 1)) { try row.label(of: "label") }
  }

  @Test func listsTheFieldsThereAre() throws {
    let row = try row("id,body\n1,x\n", .csv)
    let problem = CorpusError.Problem.missingField(name: "text", available: ["id", "body"])
    #expect(throws: error(problem, line: 2)) { try row.text(of: "text") }
  }

  @Test func refusesAFieldThatStandsTwice() throws {
    let row = try row(#"{"text":"a","text":"b"}"#, .jsonl)
    #expect(throws: error(.repeatedField(name: "text"), line: 1)) { try row.text(of: "text") }
  }

  @Test func saysWhereTextIsNotUTF8() throws {
    let bytes = Array("text,x\nab".utf8) + [0xFF] + Array(",1\n".utf8)
    let reader = try RowReader(ByteSource(bytes: bytes, name: "file"), format: .csv)
    let row = try #require(reader.next()).get()
    #expect(throws: error(.invalidUTF8(byteOffset: 2), line: 2)) { try row.text(of: "text") }
    #expect(try row.bytes(of: "text") == [0x61, 0x62, 0xFF])
    #expect(try row.text(of: "x") == "1")
  }

  @Test func throwsItsOwnProblemFirst() throws {
    let row = try row("a,b\n1\n", .csv)
    #expect(throws: try #require(row.problem)) { try row.text(of: "a") }
  }
}
