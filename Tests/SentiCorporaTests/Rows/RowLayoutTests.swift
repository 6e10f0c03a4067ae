import SentiCorpora
import SentiTestSupport
import Testing

@Suite("Row layout")
struct RowLayoutTests {
  @Test(
    arguments: [
      ("a,b\n", .csv, ["a", "b"], UInt8(ascii: ",")),
      ("a\tb\n", .tsv, ["a", "b"], UInt8(ascii: "\t")),
      ("{\"a\":1,\"b\":2}\n{\"c\":3}\n", .jsonl, ["a", "b"], nil),
      ("\n{\"a\":1}\n", .jsonl, [], nil),
      ("one\n", .lines, ["text"], nil),
      ("one\0", .nul, ["text"], nil),
    ] as [(String, CorpusFormat, [String], UInt8?)])
  func namesTheFields(
    text: String, format: CorpusFormat, names: [String], delimiter: UInt8?
  ) throws {
    let layout = try RowReader(
      ByteSource(bytes: Array(text.utf8), name: "file"), format: format
    ).layout
    #expect(layout.format == format)
    #expect(layout.names == names)
    #expect(layout.delimiter == delimiter)
    #expect((layout.header != nil) == (delimiter != nil))
  }

  @Test func callsFilesByTheirPath() {
    let layout = TextRows(files: []).layout
    #expect(layout.format == .folder)
    #expect(layout.names == ["file"])
  }
}
