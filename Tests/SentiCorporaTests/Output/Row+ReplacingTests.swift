import Testing

@testable import SentiCorpora

@Suite("Row: replacing a field")
struct RowReplacingTests {
  /// Replaces the field `text` of the first row, and gives the row's bytes and its fields.
  private func replaced(
    _ file: String, _ format: CorpusFormat, with text: String
  ) throws -> (bytes: String, texts: [String]) {
    let reader = try RowReader(ByteSource(bytes: Array(file.utf8), name: "file"), format: format)
    let row = try #require(reader.next()).get().replacing(
      "text", with: Array(text.utf8)[...], in: reader.layout)
    return (String(decoding: row.bytes, as: UTF8.self), try row.texts())
  }

  @Test(arguments: [
    ("id,text,x\n1,long text,2\n", "short", "1,short,2\n", ["1", "short", "2"]),
    ("id,text,x\n1,\"a, \"\"b\"\"\",2\r\n", "c", "1,c,2\r\n", ["1", "c", "2"]),
    (
      "id,text,x\n\"1\",a,\"2\"\n", "b, \"c\"", "\"1\",\"b, \"\"c\"\"\",\"2\"\n",
      ["1", "b, \"c\"", "2"]
    ),
    ("text,x\n\"a\",2", "b\nc", "\"b\nc\",2", ["b\nc", "2"]),
    ("text,x\n,2\n", "", ",2\n", ["", "2"]),
    ("x,text\n1,\"\"\n", "a", "1,a\n", ["1", "a"]),
    ("x,text\n1,\n", "\"", "1,\"\"\"\"\n", ["1", "\""]),
  ])
  func keepsTheOtherFieldsOfATable(
    _ file: String, _ text: String, _ bytes: String, _ texts: [String]
  ) throws {
    let row = try replaced(file, .csv, with: text)
    #expect(row.bytes == bytes && row.texts == texts)
  }

  @Test(arguments: [
    (
      #"{"text" : "long\ntext", "n": 1.50}"#, "a\"b", #"{"text" : "a\"b", "n": 1.50}"#,
      ["a\"b", "1.50"]
    ),
    (#"{"n":[1], "text":"x"}"#, "é\n", #"{"n":[1], "text":"é\n"}"#, ["[1]", "é\n"]),
  ])
  func keepsTheOtherMembersOfAnObject(
    _ file: String, _ text: String, _ bytes: String, _ texts: [String]
  ) throws {
    let row = try replaced(file + "\n", .jsonl, with: text)
    #expect(row.bytes == bytes + "\n" && row.texts == texts)
  }

  @Test func aLineIsReplacedWhole() throws {
    let row = try replaced("One. Two.\r\n", .lines, with: "Two.")
    #expect(row.bytes == "Two.\r\n" && row.texts == ["Two."])
  }

  @Test func aFieldThatIsNotThereIsNamed() throws {
    let reader = try RowReader(
      ByteSource(bytes: Array("a,b\n1,2\n".utf8), name: "file"), format: .csv)
    let row = try #require(reader.next()).get()
    let problem = CorpusError.Problem.missingField(name: "text", available: ["a", "b"])
    #expect(throws: CorpusError(problem, path: "file", line: 2)) {
      try row.replacing("text", with: [], in: reader.layout)
    }
  }
}
