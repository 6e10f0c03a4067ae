import SentiTestSupport
import Testing

@testable import SentiCorpora

@Suite("JSON array scanner")
struct JSONArrayScannerTests {
  private func reader(_ text: String, pieceSize: Int = 1 << 20) throws -> RowReader {
    let source = ByteSource(bytes: Array(text.utf8), name: "a.json", pieceSize: pieceSize)
    return try RowReader(source, format: CorpusFormat(extensionOf: "a.json"))
  }

  /// The texts, or what is wrong with rows or file.
  private func texts(_ text: String, pieceSize: Int = 1 << 20) throws -> [String] {
    let rows: RowReader
    do { rows = try reader(text, pieceSize: pieceSize) } catch { return ["! \(error)"] }
    return rows.map { row in
      do { return try row.get().text(of: "text") } catch { return "! \(error)" }
    }
  }

  @Test(
    arguments: [
      (#"[{"text":"a"}]"#, ["a"]),
      (
        "\u{FEFF} [\n  {\n    \"text\": \"a\"\n  },\r\n  {\"id\": [1, {\"x\": []}], \"text\": "
          + "\"b, [c] {d}\"}\n]\n", ["a", "b, [c] {d}"]
      ),
      (#"[{"text":"quote \" and \\"},{"text":"]"}]"#, ["quote \" and \\", "]"]),
      ("[]", []), (" [ \n ] ", []),
      (
        #"[{"text":"a"} {"text":"b"}]"#,
        ["! a.json:1: expected nothing after the object, found \"{\" at byte 12 of the row"]
      ),
      (
        "[{\"text\":\"a\",\"n\":1\n  2}]",
        ["! a.json:1: expected a comma or a closing brace, found \"2\" at byte 18 of the row"]
      ),
    ] as [(String, [String])])
  func givesEachElementAsARow(text: String, expected: [String]) throws {
    for pieceSize in [1, 3, 1 << 20] { #expect(try texts(text, pieceSize: pieceSize) == expected) }
  }

  @Test(
    arguments: [
      (#"[{"text":"a"},"#, ["a"], "a closing bracket, found the end at byte 14"),
      (#"[{"text":"a"},{"text":"b"#, ["a"], "a closing bracket, found the end at byte 24"),
      (#"[{"text":"a"},]"#, ["a"], "an object, found none at byte 14"),
      (#"[{"text":"a"},,{"text":"b"}]"#, ["a"], "an object, found none at byte 14"),
      (#"[{"text":"a"}] x"#, ["a"], "nothing after the array, found more text at byte 15"),
      (#"[{"text":"a"}}]"#, [], "an object, found a brace at byte 13"),
    ] as [(String, [String], String)])
  func saysWhatIsWrongWithTheArray(text: String, rows: [String], problem: String) throws {
    for pieceSize in [1, 3, 1 << 20] {
      let found = try texts(text, pieceSize: pieceSize)
      #expect(found == rows + ["! a.json: expected \(problem)"])
    }
  }

  /// Rows come out as JSON Lines, one a line, with all that they had.
  @Test func rowsAreWrittenAsLines() throws {
    let reader = try reader("[\n  {\n    \"id\" : 1.0,\n\t\"text\": \"a\\nb\"\n  },\n {} ]")
    let formatter = RowFormatter(reader.layout, adding: ["label"])
    var output = formatter.header
    for row in reader {
      for piece in formatter.pieces(of: try row.get(), adding: [.text("x")]) { output += piece }
    }
    #expect(
      String(decoding: output, as: UTF8.self)
        == #"{"id" : 1.0,"text": "a\nb","label":"x"}"# + "\n" + #"{"label":"x"}"# + "\n")
  }

  @Test(
    arguments: [
      ("[{", true), (" [\n{", true), ("[]", true), ("[1", false), ("{}", false), ("text", false),
      ("[", nil),
      ("", nil), (" \n", nil), ("\u{FEFF}[{", true),
    ] as [(String, Bool?)])
  func isRecognizedByItsFirstCharacters(text: String, isArray: Bool?) {
    #expect(JSONArrayScanner.recognizes(Array(text.utf8)) == isArray)
  }

  @Test func agreesWithItselfHoweverThePiecesFall() throws {
    var generator = SplitMixGenerator(seed: 5)
    let alphabet = [
      "{", "}", "[", "]", ",", "\"", "\\", "\n", " ", "\"text\":\"a\"", "1", "é",
    ]
    for _ in 0..<500 {
      let parts = (0..<15).map { _ in alphabet.randomElement(using: &generator) ?? "" }
      let text = "[{" + parts.joined()
      let whole = try texts(text, pieceSize: 7)
      #expect(try texts(text, pieceSize: 1) == whole, "\(text.debugDescription)")
    }
  }
}
