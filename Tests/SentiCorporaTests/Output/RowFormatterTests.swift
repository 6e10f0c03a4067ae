import Testing

@testable import SentiCorpora

@Suite("Row formatter")
struct RowFormatterTests {
  private let values: [AddedValue] = [.text("pos"), .number(0.5)]

  /// Reads a file and writes it with two values added to each row.
  private func formatted(
    _ text: String, _ input: CorpusFormat, to output: CorpusFormat? = nil, hasHeader: Bool = true,
    delimiter: UInt8? = nil, adding names: [String] = ["label", "score"]
  ) throws -> String {
    let reader = try RowReader(
      ByteSource(bytes: Array(text.utf8), name: "file"), format: input, hasHeader: hasHeader)
    let formatter = RowFormatter(
      reader.layout, format: output, delimiter: delimiter, adding: names)
    var bytes = formatter.header
    for row in reader {
      for piece in formatter.pieces(of: try row.get(), adding: values) { bytes += piece }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ("a,b\n1,2\n", "a,b,label,score\n1,2,pos,0.5\n"),
    ("a,b\r\n1,\"x\ny\"\r\n", "a,b,label,score\r\n1,\"x\ny\",pos,0.5\r\n"),
    ("\u{FEFF}\"a\", b\n\"1\",  2 \n", "\u{FEFF}\"a\", b,label,score\n\"1\",  2 ,pos,0.5\n"),
    ("a\n1\n\n2", "a,label,score\n1,pos,0.5\n\n2,pos,0.5\n"),
    ("a\r\n1\n2", "a,label,score\r\n1,pos,0.5\n2,pos,0.5\r\n"),
    ("a,b\n", "a,b,label,score\n"),
    ("a,b", "a,b,label,score\n"),
  ])
  func keepsTheBytesOfCSV(input: String, output: String) throws {
    #expect(try formatted(input, .csv) == output)
  }

  @Test(arguments: [
    ("{\"a\": 1.0}\n", "{\"a\": 1.0,\"label\":\"pos\",\"score\":0.5}\n"),
    ("{}\r\n\n", "{\"label\":\"pos\",\"score\":0.5}\r\n\n"),
    (" { \"a\" : {} } ", " { \"a\" : {} ,\"label\":\"pos\",\"score\":0.5} \n"),
    ("{\"a\":\"}\"}", "{\"a\":\"}\",\"label\":\"pos\",\"score\":0.5}\n"),
  ])
  func keepsTheBytesOfJSON(input: String, output: String) throws {
    #expect(try formatted(input, .jsonl) == output)
  }

  @Test func putsBadRowsOfCSVIntoAllColumns() throws {
    let input = "a,b\n1\n1,\"2\",3,\"4\"\n\"x\"y,\"\n1,\"\"\"\"\"x\n"
    #expect(
      try formatted(input, .csv) == """
        a,b,label,score
        1,,pos,0.5
        1,\"\"\"2\"\",3,\"\"4\"\"\",pos,0.5
        \"\"\"x\"\"y,\"\"\",,pos,0.5
        \"1,\"\"\"\"\"\"\"\"\"\"x\",,pos,0.5

        """)
  }

  @Test func givesBadLinesOfJSONAnObject() throws {
    #expect(
      try formatted("{\"a\":1}\n{\"a\":\"x\n", .jsonl) == """
        {"a":1,"label":"pos","score":0.5}
        {"unreadable":"{\\"a\\":\\"x","label":"pos","score":0.5}

        """)
  }

  @Test func turnsCSVIntoJSON() throws {
    let input = "id,text,id\n1,\"a \"\"b\"\"\nc\",2\n\n\"é,\",x\n"
    #expect(
      try formatted(input, .csv, to: .jsonl) == """
        {"id":"1","text":"a \\"b\\"\\nc","id_2":"2","label":"pos","score":0.5}
        {"id":"é,","text":"x","id_2":"","label":"pos","score":0.5}

        """)
  }

  @Test func turnsJSONIntoCSVWithoutLosingAMember() throws {
    let input = """
      {"id":1,"text":"a,\\n\\"b\\"","x":null}

      {"text":"c","y":[1, 2],"z":"\\u00e9","id":true}
      [3]
      """
    #expect(
      try formatted(input, .jsonl, to: .csv) == """
        id,text,x,more,label,score
        1,"a,
        ""b""\",,,pos,0.5
        true,c,,"{""y"":[1, 2],""z"":""\\u00e9""}",pos,0.5
        [3],,,,pos,0.5

        """)
  }

  @Test func turnsOneDelimiterIntoAnother() throws {
    #expect(
      try formatted("a,b\n\"1,2\",\"x\ty\"\n", .csv, to: .tsv)
        == "a\tb\tlabel\tscore\n1,2\t\"x\ty\"\tpos\t0.5\n")
    #expect(
      try formatted("a,b\n1,x;y\n", .csv, delimiter: UInt8(ascii: ";"))
        == "a;b;label;score\n1;\"x;y\";pos;0.5\n")
  }

  @Test func makesTablesOfLines() throws {
    let csv = "text,label,score\n\"a, b\",pos,0.5\n,pos,0.5\n"
    #expect(try formatted("a, b\r\n\n", .lines) == csv)
    #expect(try formatted("a, b\0\0", .nul) == csv)
    #expect(
      try formatted("a\tb\n", .lines, to: .jsonl)
        == "{\"text\":\"a\\tb\",\"label\":\"pos\",\"score\":0.5}\n")
  }

  @Test func hasNoHeaderWhereTheInputHadNone() throws {
    #expect(try formatted("1,2\n", .csv, hasHeader: false) == "1,2,pos,0.5\n")
    #expect(
      try formatted("x,y\n", .csv, to: .jsonl, hasHeader: false)
        == "{\"1\":\"x\",\"2\":\"y\",\"label\":\"pos\",\"score\":0.5}\n")
  }

  @Test func tellsItsNamesFromThoseOfTheRow() throws {
    #expect(
      try formatted("label,senti_score,score\n1,2,3\n", .csv)
        == "label,senti_score,score,senti_label,senti_senti_score\n1,2,3,pos,0.5\n")
    #expect(
      try formatted("{\"label\":1}\n", .jsonl)
        == "{\"label\":1,\"senti_label\":\"pos\",\"score\":0.5}\n")
  }

  @Test func keepsBytesThatAreNotUTF8() throws {
    let bytes = Array("a,b\n".utf8) + [0xFF, 0x2C, 0x31, 0x0A]
    let reader = try RowReader(ByteSource(bytes: bytes, name: "file"), format: .csv)
    let formatter = RowFormatter(reader.layout, adding: ["label", "score"])
    let row = try #require(reader.next()).get()
    let pieces = formatter.pieces(of: row, adding: values)
    #expect(Array(pieces.joined()) == [0xFF, 0x2C, 0x31] + Array(",pos,0.5\n".utf8))
    #expect(formatter.format == .csv)
  }

  @Test func roundTripsThroughJSON() throws {
    var generator = SplitMixGenerator(seed: 9)
    let alphabet = ["a", ",", "\"", "\n", "\r\n", "é", "\\", "{", "}", "\t", "🎬", "\u{85}"]
    for _ in 0..<200 {
      let text = (0..<8).map { _ in alphabet.randomElement(using: &generator) ?? "" }.joined()
      var csv = OutputPieces()
      csv.append("x,text\n1,")
      CSVField.encode(text, delimiter: UInt8(ascii: ","), into: &csv)
      let json = try formatted(
        String(decoding: csv.bytes, as: UTF8.self) + "\n", .csv, to: .jsonl)
      let reader = try RowReader(
        ByteSource(bytes: Array(json.utf8), name: "file"), format: .jsonl)
      let row = try #require(reader.next()).get()
      #expect(Array(try row.text(of: "text").utf8) == Array(text.utf8), "\(text.debugDescription)")
    }
  }

  @Test(
    arguments: [
      ("long.csv", .csv, "1,", ",pos,0.5\n"), ("long.csv", .jsonl, "{\"id\":\"1\",\"text\":\"", ""),
      ("long.csv", .tsv, "1\t", "\tpos\t0.5\n"),
    ] as [(String, CorpusFormat, String, String)])
  func doesNotCopyALongText(
    name: String, output: CorpusFormat, start: String, end: String
  ) throws {
    let long = String(repeating: "word ", count: 30_000)
    let bytes = Array("id,text\n1,\(long)\n".utf8)
    let reader = try RowReader(ByteSource(bytes: bytes, name: name), format: .csv)
    let formatter = RowFormatter(reader.layout, format: output, adding: ["label", "score"])
    let row = try #require(reader.next()).get()
    let pieces = formatter.pieces(of: row, adding: values)
    #expect(pieces.contains { $0.count >= 150_000 && $0.startIndex > 0 || output == .csv })
    let text = String(decoding: pieces.joined(), as: UTF8.self)
    #expect(text.hasPrefix(start + long) && text.hasSuffix(end))
  }

  @Test func refusesAnotherNumberOfValues() async {
    await #expect(processExitsWith: .failure) {
      let reader = try RowReader(ByteSource(bytes: [0x61], name: "file"), format: .lines)
      let row = try #require(reader.next()).get()
      _ = RowFormatter(reader.layout, adding: ["label"]).pieces(of: row, adding: [])
    }
  }

  @Test func writesTablesOnly() async {
    await #expect(processExitsWith: .failure) {
      let reader = try RowReader(ByteSource(bytes: [0x61], name: "file"), format: .lines)
      _ = RowFormatter(reader.layout, format: .lines, adding: ["label"])
    }
  }
}
