import Testing

@testable import SentiCorpora

@Suite("CSV scanner")
struct CSVScannerTests {
  /// Reads all rows, in pieces of a certain size, and gives the values or the problem of each.
  private func rows(
    _ text: String, delimiter: UInt8 = UInt8(ascii: ","), pieceSize: Int = 1 << 20
  ) throws -> [[String]] {
    let source = ByteSource(bytes: Array(text.utf8), name: "t.csv", pieceSize: pieceSize)
    let reader = try RowReader(source, format: .csv, delimiter: delimiter, hasHeader: false)
    return try reader.map { row in
      let row = try row.get()
      if let problem = row.problem { return ["! \(problem)"] }
      return try row.names.prefix(row.fields.count).map { try row.text(of: $0) }
    }
  }

  @Test(arguments: [
    ("a,b\n", [["a", "b"]]),
    ("a,b", [["a", "b"]]),
    ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
    ("a,b\nc,d\r\ne,f", [["a", "b"], ["c", "d"], ["e", "f"]]),
    (",\n", [["", ""]]),
    ("a,", [["a", ""]]),
    ("a,\r\n", [["a", ""]]),
    ("\"a,b\",c\n", [["a,b", "c"]]),
    ("\"a\nb\",c\n", [["a\nb", "c"]]),
    ("\"a\r\nb\",\"c\"\r\n", [["a\r\nb", "c"]]),
    ("\"a \"\"b\"\"\",c\n", [["a \"b\"", "c"]]),
    ("\"\",\"\"\"\"\n", [["", "\""]]),
    ("\"\"", [[""]]),
    ("5\" screen,b\n", [["5\" screen", "b"]]),
    ("a\u{85}b,c\n", [["a\u{85}b", "c"]]),
    ("a\rb,c\n", [["a\rb", "c"]]),
    ("ไทย,\"中,文\"\n", [["ไทย", "中,文"]]),
  ])
  func readsFieldsByTheRules(text: String, expected: [[String]]) throws {
    #expect(try rows(text) == expected)
    #expect(try rows(text, pieceSize: 1) == expected)
  }

  @Test func takesAnyDelimiter() throws {
    #expect(try rows("a;\"b;c\";d,e\n", delimiter: UInt8(ascii: ";")) == [["a", "b;c", "d,e"]])
  }

  @Test(arguments: [1, 3, 1 << 20])
  func losesOneLineToAQuoteThatIsNeverClosed(pieceSize: Int) throws {
    #expect(
      try rows("a,b\n\"c,d\ne,f\ng,h", pieceSize: pieceSize) == [
        ["a", "b"], ["! t.csv:2: expected a closing quote, found none"], ["e", "f"], ["g", "h"],
      ])
  }

  @Test(arguments: [1, 4, 1 << 20])
  func losesOneLineToTextAfterAQuote(pieceSize: Int) throws {
    let problem =
      "expected a delimiter or a line end after the closing quote, found more text at byte"
    #expect(
      try rows("a,b\n\"c\"x,d\ne,f\n\"g\"\r,h\n", pieceSize: pieceSize) == [
        ["a", "b"], ["! t.csv:2: \(problem) 3 of the row"], ["e", "f"],
        ["! t.csv:4: \(problem) 3 of the row"],
      ])
  }

  @Test func agreesWithItselfHoweverThePiecesFall() throws {
    var generator = SplitMixGenerator(seed: 3)
    let alphabet = ["a", ",", "\"", "\n", "\r\n", "\"\"", "é", "\",\"", "\r"]
    for _ in 0..<500 {
      let text = (0..<20).map { _ in alphabet.randomElement(using: &generator) ?? "" }.joined()
      let whole = try rows(text)
      #expect(try rows(text, pieceSize: 1) == whole, "\(text.debugDescription)")
      #expect(try rows(text, pieceSize: 7) == whole, "\(text.debugDescription)")
    }
  }
}
