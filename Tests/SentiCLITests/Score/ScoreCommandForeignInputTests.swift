import Foundation
import SentiTestSupport
import Testing

/// What `senti score` makes of files that are not what their names say.
@Suite("senti score: foreign input")
struct ScoreCommandForeignInputTests {
  static let text = "id;text\n1;good\n2;na\u{EF}ve, bad\n"

  private static func utf16(_ text: String) -> [UInt8] {
    text.utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
  }

  /// The rows of `text` with what the model says of them.
  private static func scored() throws -> String {
    let values = try ["good", "na\u{EF}ve, bad"].map {
      try ScoreCommandTests.values($0).replacing(",", with: ";")
    }
    return """
      id;text;label;probability;score;error
      1;good;\(values[0]);
      2;na\u{EF}ve, bad;\(values[1]);

      """
  }

  // MARK: Separators

  @Test(arguments: ["a.csv", "a.tsv", "told"])
  func separatorsAreToldByTheHeader(name: String) throws {
    let place = try Workplace()
    try place.folder.write(Self.text, to: name)
    let outcome = try place.score(name, "-q")
    #expect(outcome == .init(output: try Self.scored()))
  }

  @Test func aSeparatorLineAndABarAreRead() throws {
    let place = try Workplace()
    try place.folder.write("\u{FEFF}sep=|\r\nid|text\r\n1|good\r\n", to: "a.csv")
    let values = try ScoreCommandTests.values("good").replacing(",", with: "|")
    let header = "id|text|label|probability|score|error\r\n"
    #expect(try place.score("a.csv", "-q", "-o", "out.csv") == .init())
    let expected = "\u{FEFF}sep=|\r\n\(header)1|good|\(values)|\r\n"
    #expect(try place.folder.bytes("out.csv") == Data(expected.utf8))
  }

  @Test func rowsThatEndInLoneReturnsAreScored() throws {
    let place = try Workplace()
    try place.folder.write("id,text\r1,good\r2,\"bad\nfilm\"\r", to: "a.csv")
    let (good, bad) = try (ScoreCommandTests.values("good"), ScoreCommandTests.values("bad\nfilm"))
    let expected =
      "id,text,label,probability,score,error\r1,good,\(good),\r2,\"bad\nfilm\",\(bad),\r"
    #expect(try place.score("a.csv", "-q") == .init(output: expected))
  }

  // MARK: Encodings

  @Test(arguments: ["", "\u{FEFF}"])
  func utf16IsReadByItself(mark: String) throws {
    let place = try Workplace()
    try place.folder.write(Self.utf16(mark + Self.text), to: "a.csv")
    let expected = Data((mark + (try Self.scored())).utf8)
    #expect(try place.score("a.csv", "-q", "-o", "out.csv") == .init())
    #expect(try place.folder.bytes("out.csv") == expected)
    let piped = try Senti.shell(
      "senti score --model tiny.safetensors -q < a.csv > piped.csv", in: place.folder)
    #expect(piped == .init())
    #expect(try place.folder.bytes("piped.csv") == expected)
  }

  @Test func aTableOfAnotherEncodingNamesTheOption() throws {
    let place = try Workplace()
    let latin = Self.text.unicodeScalars.map { UInt8($0.value) }
    try place.folder.write(latin, to: "a.csv")
    let outcome = try place.score("a.csv", "-o", "out.csv")
    #expect(outcome.status == 1)
    let warning = """
      senti: warning: not all texts are UTF-8; --encoding reads others, such as windows-1252

      """
    #expect(outcome.errors.hasSuffix(warning))
    for encoding in ["latin-1", "windows-1252"] {
      let read = try place.score("a.csv", "-q", "--encoding", encoding)
      #expect(read == .init(output: try Self.scored()))
    }
    try place.folder.write([0x69, 0xE9] + Array(",text\n1,good\n".utf8), to: "header.csv")
    let message = """
      senti: header.csv:1: expected UTF-8, found an invalid byte at offset 1; --encoding reads \
      others, such as windows-1252

      """
    #expect(try place.score("header.csv") == .init(errors: message, status: 65))
  }

  // MARK: JSON arrays, packed and foreign files

  @Test(arguments: ["a.json", "told", "a.jsonl"])
  func anArrayOfObjectsIsScoredAsJSONLines(name: String) throws {
    let place = try Workplace()
    try place.folder.write("[\n  {\n    \"text\": \"good\"\n  },\n  {\"text\": 7}\n]\n", to: name)
    let outcome = try place.score(name, "-q")
    let values = try ScoreCommandTests.values("good").split(separator: ",")
    #expect(
      outcome.output == """
        {"text": "good","label":"\(values[0])","probability":\(values[1]),"score":\(values[2]),\
        "error":null}
        {"text": 7,"label":null,"probability":null,"score":null,\
        "error":"expected text in field \\"text\\", found a number"}

        """)
    #expect(outcome.status == 1)
  }

  @Test func anArrayThatIsCutShortEndsWithAMessage() throws {
    let place = try Workplace()
    try place.folder.write("[{\"text\":\"good\"},{\"text\":\"ba", to: "a.json")
    let outcome = try place.score("a.json", "-q")
    let message = "senti: a.json: expected a closing bracket, found the end at byte 28\n"
    #expect(outcome.errors == message && outcome.status == 65)
  }

  @Test(arguments: ["gzip", "zstd"])
  func packedInputsAreReadWhateverTheyAreCalled(program: String) throws {
    let place = try Workplace()
    try place.folder.write(Self.text, to: "plain")
    let outcome = try Senti.shell(
      """
      \(program) -c < plain > a.csv
      senti score --model tiny.safetensors -q a.csv
      cat a.csv | senti score --model tiny.safetensors -q -
      senti score --model tiny.safetensors -q < a.csv
      """, in: place.folder)
    let scored = try Self.scored()
    #expect(outcome == .init(output: scored + scored + scored))
  }

  static let foreignFiles: [(name: String, bytes: [UInt8], found: String)] = [
    (
      "a.xlsx", Array("PK\u{3}\u{4}[Content_Types].xml xl/workbook.xml".utf8),
      "an Excel workbook; save it as CSV"
    ),
    (
      "a.csv", Array("PAR1\u{15}\u{4}\u{15}".utf8),
      "a Parquet file; export it as CSV or JSON Lines"
    ),
    (
      "a.pdf", Array("%PDF-1.4\n".utf8),
      "a PDF document; extract its text, for example by pdftotext"
    ),
    ("a.txt", [0xFD] + Array("7zXZ\0\0".utf8), "an xz file; unpack it"),
  ]

  @Test(arguments: foreignFiles)
  func whatIsNoTextIsRefusedByAllVerbs(name: String, bytes: [UInt8], found: String) throws {
    let place = try Workplace()
    try place.folder.write(bytes, to: name)
    let message = "senti: \(name): expected text, found \(found)\n"
    #expect(try place.score(name, "-o", "out.csv") == .init(errors: message, status: 65))
    #expect(try place.run("tokenize", name) == .init(errors: message, status: 65))
    if name != "a.csv" {
      #expect(try place.classify(name) == .init(errors: message, status: 65))
    }
    #expect(try place.folder.names() == [name, "tiny.safetensors"])
  }

  @Test(arguments: ["a.csv", "b.tsv", "c.jsonl", "d.json", "array.txt"])
  func classifyingATableNamesTheVerbThatIsMeant(name: String) throws {
    let place = try Workplace()
    try place.folder.write("[{\"text\":\"good\"}]", to: name)
    let message = "senti: \(name): is a table; senti score scores its rows\n"
    #expect(try place.classify(name) == .init(errors: message, status: 65))
  }

  @Test(arguments: [("out.xlsx", "an Excel workbook"), ("out.parquet", "a Parquet file")])
  func anOutputOfAnotherFormatIsRefused(name: String, format: String) throws {
    let place = try Workplace()
    try place.folder.write("text\ngood\n", to: "a.csv")
    let outcome = try place.score("a.csv", "-o", name)
    let expected = "Error: Expected an output of CSV, TSV or JSON Lines"
    let message = "\(expected), found the name of \(format)."
    #expect(outcome.errors.hasPrefix(message) && outcome.status == 64)
    #expect(try place.folder.names() == ["a.csv", "tiny.safetensors"])
  }

  @Test func textsOfOtherEncodingsAreClassifiedAndTokenized() throws {
    let place = try Workplace()
    try place.folder.write(Self.utf16("\u{FEFF}caf\u{E9} good"), to: "wide.txt")
    try place.folder.write(Array("caf".utf8) + [0xE9], to: "latin.txt")
    #expect(try place.classify("wide.txt").output.hasPrefix("positive\t"))
    let outcome = try place.run("tokenize", "--encoding", "latin-1", "latin.txt")
    #expect(outcome == .init(output: "caf\u{E9}\n"))
  }

  // MARK: What never ends

  @Test func aRowThatNeverEndsIsAnError() throws {
    let outcome = try Senti.shell(
      """
      (printf 'good\\n'; exec cat /dev/zero) 2>/dev/null | tr '\\0' a 2>/dev/null \\
        | senti score --model tiny.safetensors --max-row-bytes 1000000 --input-format lines -q
      """, in: Workplace().folder)
    let message =
      "senti: standard input:2: expected a text or row of at most 1000000 bytes, found more\n"
    #expect(outcome.errors == message && outcome.status == 65)
    #expect(outcome.output.split(separator: "\n").count == 2)
  }

  // MARK: Names of any bytes

  @Test func namesThatAreNotUTF8AreReadListedAndWritten() throws {
    let place = try Workplace()
    let outcome = try Senti.shell(
      """
      export LC_ALL=C; name=$'caf\\xe9'; mkdir texts out; printf good > texts/$name.txt
      senti classify --model tiny.safetensors texts/$name.txt | grep -ac $'caf\\xe9.txt$'
      senti tokenize --format tsv -r texts | grep -ac $'^texts/caf\\xe9.txt\\t0'
      senti score --model tiny.safetensors -q texts -o out/$name.csv
      grep -ac $'^texts/caf\\xe9.txt,positive' out/$name.csv
      printf 'texts/caf\\xe9.txt\\nnone\\xff\\ntexts/caf\\xe9.txt\\n' > list
      senti score --model tiny.safetensors -q --files-from list | grep -ac positive
      senti classify --model tiny.safetensors no-$name 2> message
      grep -ac $'no-caf\\xe9: no such file' message
      """, in: place.folder)
    #expect(outcome.output == "1\n1\n1\n2\n1\n")
  }
}
