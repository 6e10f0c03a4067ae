import SentiTestSupport
import Testing

@testable import SentiCorpora

@Suite("Table dialect")
struct TableDialectTests {
  private func reader(
    _ text: String, _ format: CorpusFormat? = .csv, pieceSize: Int = 1 << 20
  ) throws -> RowReader {
    let source = ByteSource(bytes: Array(text.utf8), name: "t.csv", pieceSize: pieceSize)
    return try RowReader(source, format: format)
  }

  /// The values of all rows, the header's names before them.
  private func values(_ reader: RowReader) throws -> [[String]] {
    try [reader.layout.names] + reader.map { try $0.get().texts() }.filter { $0 != [""] }
  }

  static let rows = [["id", "text"], ["1", "good, really; fine"], ["2", "two\nlines|bars"]]

  /// The rows as a table, every field in quotes.
  private static func table(_ delimiter: String, lineEnd: String, start: String) -> String {
    let lines = rows.map { $0.map { "\"\($0)\"" }.joined(separator: delimiter) + lineEnd }
    return start + lines.joined()
  }

  @Test(arguments: [",", ";", "\t", "|"], ["\n", "\r\n", "\r"])
  func separatesByWhatTheHeaderHasTheFieldFor(delimiter: String, lineEnd: String) throws {
    let starts = [
      "", "\u{FEFF}", "sep=\(delimiter)\(lineEnd)", "\u{FEFF}SEP=\(delimiter)\r\n",
    ]
    for start in starts {
      let text = Self.table(delimiter, lineEnd: lineEnd, start: start)
      for pieceSize in [1, 5, 1 << 20] {
        let reader = try reader(text, pieceSize: pieceSize)
        #expect(reader.layout.delimiter.map { [$0] } == Array(delimiter.utf8))
        #expect(try values(reader) == Self.rows)
        let named = try self.reader(text, nil, pieceSize: pieceSize)
        #expect(try values(named) == Self.rows)
      }
    }
  }

  /// Every byte is in one row, a separator line among those of the header.
  @Test(arguments: [
    "a;text\r1;x\r2;\"y\"", "sep=;\r\na;text\r\n1;x\r\n", "\u{FEFF}\"sep=|\"\ntext|b\n",
  ])
  func keepsEveryByte(text: String) throws {
    for pieceSize in [1, 4, 1 << 20] {
      let reader = try reader(text, pieceSize: pieceSize)
      var bytes = reader.layout.header?.bytes ?? []
      for row in reader { bytes += try row.get().bytes }
      #expect(bytes == Array(text.utf8))
    }
  }

  @Test func countsLinesBehindASeparatorLineAndLoneReturns() throws {
    let reader = try reader("sep=;\nid;text\n1;\"a\nb\"\n2;c\n")
    #expect(reader.layout.header?.line == 2)
    #expect(try reader.map { try $0.get().line } == [3, 5])
    let old = try self.reader("id;text\r1;\"a\rb\"\r2;c\r\n3;d\r")
    #expect(try old.map { try $0.get().line } == [2, 4, 5])
  }

  /// The usual delimiter is preferred, and without the field the one that tells most.
  @Test(arguments: [
    ("text", ","), ("text;label", ";"), ("\"text\";\"a,b\"", ";"), ("a,b;text", ";"),
    ("a;b;c", ";"), ("a,b;c", ","), ("alone", ","),
  ])
  func takesTheUsualDelimiterWhereTheHeaderDoesNotTell(header: String, delimiter: String) throws {
    let dialect = TableDialect(
      Array("\(header)\n".utf8), isAtEnd: true, isCertain: true, delimiter: nil,
      usual: UInt8(ascii: ","), field: "text")
    #expect(dialect.map { [$0.delimiter] } == Array(delimiter.utf8))
  }

  @Test func aDelimiterThatIsGivenIsTaken() throws {
    let source = ByteSource(bytes: Array("sep=;\na|text\n1|x\n".utf8), name: "t.csv")
    let reader = try RowReader(source, format: .csv, delimiter: UInt8(ascii: "|"))
    #expect(try values(reader) == [["a", "text"], ["1", "x"]])
  }

  /// A line is one of data unless it is the separator line and nothing else.
  @Test(arguments: ["sep=,text\n", "sep=\n", "sep", "sepal,text\n", "\"sep=;,text\n"])
  func otherLinesAreNotTakenForSeparators(text: String) {
    let dialect = TableDialect(
      Array(text.utf8), isAtEnd: true, isCertain: true, delimiter: nil, usual: UInt8(ascii: ","),
      field: "text")
    #expect(dialect?.preambleLength == 0)
  }

  /// A quote that stays open is named, rather than another separator taken by which it is none.
  @Test func anOpenQuoteInTheHeaderIsAnError() {
    #expect(throws: CorpusError(.unclosedQuote, path: "t.csv", line: 1)) {
      try reader("id,\"text;x\n1,good\n")
    }
  }

  /// A return behind the last field of a file is its line end, in quotes or not.
  @Test(arguments: ["id,text\n1,\"a\"\r", "id,text\n1,a\r"])
  func aReturnAtTheEndIsNoPartOfTheRow(text: String) throws {
    let reader = try reader(text)
    let formatter = RowFormatter(reader.layout, adding: ["label"])
    var output = formatter.header
    for row in reader {
      for piece in formatter.pieces(of: try row.get(), adding: [.text("x")]) { output += piece }
    }
    let field = text.contains("\"a") ? "\"a\"" : "a"
    #expect(String(decoding: output, as: UTF8.self) == "id,text,label\n1,\(field),x\n")
  }

  @Test func rowsOfOldMacintoshesStayWhatTheyAre() throws {
    let reader = try reader("id;text\r1;a\r\r2;\"b\"\r3;\"c\" d\r4;e")
    let formatter = RowFormatter(reader.layout, adding: ["label"])
    var output = formatter.header
    for row in reader {
      for piece in formatter.pieces(of: try row.get(), adding: [.text("x")]) { output += piece }
    }
    #expect(
      String(decoding: output, as: UTF8.self)
        == "id;text;label\r1;a;x\r\r2;\"b\";x\r\"3;\"\"c\"\" d\";;x\r4;e;x\r")
  }
}
