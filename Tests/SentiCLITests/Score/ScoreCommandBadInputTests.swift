import Foundation
import SentiTestSupport
import Testing

/// What `senti score` makes of every kind of bad input: message, exit status and number of rows.
@Suite("senti score: bad input")
struct ScoreCommandBadInputTests {
  /// An input with rows that cannot be scored beside rows that can.
  struct BadRows: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let name: String
    let bytes: [UInt8]
    /// The error of each row; nil for a row that is scored.
    let errors: [String?]
    var status: Int32 = 1

    init(
      _ description: String, _ name: String, _ bytes: [UInt8], _ errors: [String?],
      status: Int32 = 1
    ) {
      (testDescription, self.name, self.bytes) = (description, name, bytes)
      (self.errors, self.status) = (errors, status)
    }

    init(
      _ description: String, _ name: String, _ content: String, _ errors: [String?],
      status: Int32 = 1
    ) {
      self.init(description, name, Array(content.utf8), errors, status: status)
    }
  }

  static let badRows = [
    BadRows(
      "a quote never closed", "a.csv", "id,text\n1,good\n2,\"bad\n3,good\n",
      [nil, "expected a closing quote, found none", nil]),
    BadRows(
      "text after a closing quote", "a.csv", "id,text\n1,\"good\" film\n2,good\n",
      [
        "expected a delimiter or a line end after the closing quote, found more text "
          + "at byte 8 of the row", nil,
      ]),
    BadRows(
      "too few and too many fields", "a.csv", "id,text\n1\n2,good\n3,good,film\n",
      ["expected 2 fields, found 1", nil, "expected 2 fields, found 3"]),
    BadRows(
      "mixed line ends", "a.csv", "id,text\r\n1,good\n2,bad\r\n3,film\n", [nil, nil, nil], status: 0
    ),
    BadRows(
      "invalid UTF-8 in one row", "a.csv",
      Array("id,text\n1,good\n2,ba".utf8) + [0xE9] + Array("d\n3,good\n".utf8),
      [nil, "expected UTF-8, found an invalid byte at offset 2", nil]),
    BadRows(
      "a header only", "a.csv", "id,text\n", [], status: 0),
    BadRows(
      "empty fields", "a.csv", "id,text\n1,\n2,\"  \"\n3,good\n",
      ["expected a text, found nothing", "expected words, found only white space", nil]),
    BadRows(
      "a broken line of JSON", "a.jsonl",
      "{\"text\":\"good\"}\n{\"text\":\"good\n{\"text\":\"bad\"}\n",
      [nil, "expected a closing quote, found the end at byte 13 of the row", nil]),
    BadRows(
      "a text that is null, a number, an array or missing", "a.jsonl",
      """
      {"text":null}
      {"text":7}
      {"text":["good"]}
      {"id":"1"}
      {"text":"good"}
      """ + "\n",
      [
        "expected text in field \"text\", found null",
        "expected text in field \"text\", found a number",
        "expected text in field \"text\", found an array",
        "expected a field named \"text\", found \"id\"", nil,
      ]),
    BadRows(
      "no row that can be scored", "a.csv", "id,text\n1,\n2\n",
      ["expected a text, found nothing", "expected 2 fields, found 1"], status: 65),
  ]

  @Test(arguments: badRows)
  func badRowsKeepTheirPlace(bad: BadRows) throws {
    let place = try Workplace()
    try place.folder.write(bad.bytes, to: bad.name)
    let outcome = try place.score(bad.name, "--format", "jsonl")
    let rows = try outcome.output.split(separator: "\n").map { line in
      try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(rows.map { $0["error"] as? String } == bad.errors)
    #expect(rows.map { $0["label"] is String } == bad.errors.map { $0 == nil })
    #expect(outcome.status == bad.status)
    for error in bad.errors.compactMap(\.self) {
      #expect(outcome.errors.contains(": \(error)\n"))
    }
    // The file's own format has as many rows.
    let own = try place.score(bad.name, "-q", "-o", "own.\(bad.name)")
    #expect(own.status == bad.status && own.errors.isEmpty)
    let again = try place.score("own.\(bad.name)", "-q", "--format", "jsonl")
    #expect(again.output.split(separator: "\n").count == bad.errors.count)
  }

  @Test func halfOfASurrogatePairIsKeptAsItIs() throws {
    let place = try Workplace()
    try place.folder.write(
      #"{"text":"\ud83d good"}"# + "\n" + #"{"text":"good"}"# + "\n", to: "a.jsonl")
    let outcome = try place.score("a.jsonl")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasPrefix(#"{"text":"\ud83d good","label":null,"#))
    let error = "expected both halves of a surrogate pair, found one at byte 9 of the row"
    #expect(lines[0].hasSuffix(#""error":"\#(error)"}"#))
    #expect(outcome.errors.hasPrefix("senti: a.jsonl:1: \(error)\n2 rows, 1 error; "))
    #expect(outcome.status == 1)
  }

  @Test func aHeaderOnlyGivesAHeader() throws {
    let place = try Workplace()
    try place.folder.write("id,text\n", to: "a.csv")
    let outcome = try place.score("a.csv")
    #expect(outcome.output == "id,text,label,probability,score,error\n")
    #expect(outcome.errors == "0 rows; 0.0 s, 0 rows/s, 0 tokens/s\n" && outcome.status == 0)
  }

  // MARK: Inputs that cannot be read at all

  static let badFiles: [(name: String, bytes: [UInt8], message: String, status: Int32)] = [
    ("empty.csv", [], "empty.csv: expected texts, found none", 65),
    ("empty.jsonl", [], "empty.jsonl: expected texts, found none", 65),
    (
      "a.csv", Array("id,review,stars\n1,good,5\n".utf8),
      "a.csv:1: expected a field named \"text\", found \"id\", \"review\", \"stars\"", 65
    ),
    (
      "a.csv", Array("text,id,text\ngood,1,bad\n".utf8),
      "a.csv:1: expected one field named \"text\", found several", 65
    ),
    (
      "a.csv", Array("id,\"text\n1,good\n".utf8), "a.csv:1: expected a closing quote, found none",
      65
    ),
    (
      "a.txt", [0xFF, 0xFE, 0, 0] + "good".utf8.flatMap { [$0, 0, 0, 0] },
      "a.txt: expected UTF-8, found UTF-32", 65
    ),
    (
      "a.csv.gz", Array("text\ngood\n".utf8),
      "a.csv.gz: cannot be read: gzip: stdin: not in gzip format", 74
    ),
  ]

  @Test(arguments: badFiles)
  func anInputThatCannotBeReadGivesAMessageAndNoOutput(
    name: String, bytes: [UInt8], message: String, status: Int32
  ) throws {
    let place = try Workplace()
    try place.folder.write(bytes, to: name)
    let outcome = try place.score(name, "-o", "out.csv")
    #expect(outcome == .init(errors: "senti: \(message)\n", status: status))
    #expect(try place.folder.names() == [name, "tiny.safetensors"])
  }

  @Test func aMissingFileExitsWith66() throws {
    let outcome = try Workplace().score("none.csv")
    #expect(outcome == .init(errors: "senti: none.csv: no such file or folder\n", status: 66))
  }

  @Test func aMissingInputAmongOthersEndsTheRunBeforeAnythingIsWritten() throws {
    let place = try Workplace()
    try place.folder.write("text\ngood\n", to: "a.csv")
    let outcome = try place.score("a.csv", "none.csv")
    #expect(outcome == .init(errors: "senti: none.csv: no such file or folder\n", status: 66))
  }

  @Test func aMissingFileOfAListIsARowWithAnError() throws {
    let place = try Workplace()
    try place.folder.write("good", to: "a.txt")
    let outcome = try place.score("--files-from", "-", input: "none.txt\na.txt\n")
    #expect(outcome.output.contains("\nnone.txt,,,,no such file or folder\n"))
    #expect(outcome.output.split(separator: "\n").count == 3)
    #expect(outcome.errors.hasPrefix("senti: none.txt: no such file or folder\n2 rows, 1 error"))
    #expect(outcome.status == 1)
  }

  @Test func anIDFieldThatIsNotThereExitsWith65() throws {
    let place = try Workplace()
    try place.folder.write("text\ngood\n", to: "a.csv")
    let outcome = try place.score("a.csv", "--id-field", "id")
    let message = "senti: a.csv:1: expected a field named \"id\", found \"text\"\n"
    #expect(outcome == .init(errors: message, status: 65))
  }

  @Test func gzipCutShortGivesItsWholeRowsAndThenAMessage() throws {
    let place = try Workplace()
    let rows = (0..<20_000).map { "\($0),good film \($0 * 7919 % 1000)\n" }
    try place.folder.write("id,text\n" + rows.joined(), to: "a.csv")
    let outcome = try Senti.shell(
      """
      gzip -c a.csv | head -c -9000 > cut.csv.gz
      gzip -dcq cut.csv.gz 2> gzip | grep -c '' > whole
      senti score --model tiny.safetensors cut.csv.gz -o out.csv
      """, in: place.folder)
    let message = "senti: cut.csv.gz: cannot be read: gzip: stdin: unexpected end of file\n"
    #expect(outcome.errors.hasSuffix(message))
    #expect(outcome.output.isEmpty && outcome.status == 74)
    // The header and the whole rows, in the file that --resume goes on with.
    let whole = String(decoding: try place.folder.bytes("whole"), as: UTF8.self)
    let lines = try place.folder.bytes("out.csv.partial").split(separator: UInt8(ascii: "\n"))
    #expect(
      try lines.count == #require(Int(whole.dropLast())) - 1 || lines.count == Int(whole.dropLast())
    )
    #expect(lines.count > 1_000)
    #expect(try !place.folder.names().contains("out.csv"))
  }

  /// What is there when the file is opened is scored, and nothing that comes later.
  @Test func aFileThatGrowsIsScoredUpToWhereItEnded() throws {
    let place = try Workplace()
    let count = 60_000
    try place.folder.write("text\n" + String(repeating: "good\n", count: count), to: "a.csv")
    let outcome = try Senti.shell(
      """
      mkfifo out
      senti score --model tiny.safetensors a.csv > out &
      exec 3< out
      head -c 100 <&3 > start
      for i in 1 2 3; do yes bad 2> yes | head -100000 >> a.csv; done
      cat <&3 > rest; wait $!; status=$?
      cat start rest | grep -c ''; cat start rest | grep -c bad; exit $status
      """, in: place.folder)
    #expect(outcome.output == "\(count + 1)\n0\n")
    let message = "senti: warning: a.csv: grew while it was read; what was added is left out\n"
    #expect(outcome.errors.hasPrefix("60,000 rows; ") && outcome.errors.hasSuffix(message))
    #expect(outcome.status == 0)
  }

  // MARK: Outputs

  @Test func anOutputThatIsTheInputIsRefused() throws {
    let place = try Workplace()
    try place.folder.write("text\ngood\n", to: "a.csv")
    let message = "senti: a.csv: is read and cannot be written at the same time\n"
    #expect(
      try place.score("a.csv", "-o", "a.csv", "--force") == .init(errors: message, status: 64))
    let script = "ln a.csv b.csv; senti score --model tiny.safetensors a.csv -o b.csv --force"
    let linked = try Senti.shell(script, in: place.folder)
    #expect(
      linked
        == .init(
          errors: "senti: b.csv: is read and cannot be written at the same time\n", status: 64))
    let appended = try Senti.shell(
      "senti score --model tiny.safetensors a.csv >> a.csv", in: place.folder)
    let standard = "senti: standard output: is read and cannot be written at the same time\n"
    #expect(appended == .init(errors: standard, status: 64))
    #expect(try place.folder.bytes("a.csv") == Data("text\ngood\n".utf8))
  }

  @Test func anOutputThatExistsIsReplacedOnlyWhenAskedTo() throws {
    let place = try Workplace()
    try place.folder.write("text\ngood\n", to: "a.csv")
    try place.folder.write("mine", to: "out.csv")
    let outcome = try place.score("a.csv", "-o", "out.csv")
    let message = "senti: out.csv: exists already; --force replaces it\n"
    #expect(outcome == .init(errors: message, status: 74))
    #expect(try place.folder.bytes("out.csv") == Data("mine".utf8))
    #expect(try place.score("a.csv", "-o", "out.csv", "--force", "-q") == .init())
    #expect(try place.folder.bytes("out.csv").starts(with: Data("text,label".utf8)))
    #expect(try place.folder.names() == ["a.csv", "out.csv", "tiny.safetensors"])
  }

  @Test(arguments: [["-o", "/dev/full"], [], ["-o", "/none/out.csv"]])
  func aFullDiskExitsWith74(arguments: [String]) throws {
    let place = try Workplace()
    try place.folder.write("text\n" + String(repeating: "good\n", count: 20_000), to: "a.csv")
    let words = (["--model", "tiny.safetensors", "a.csv"] + arguments).joined(separator: " ")
    let outcome = try Senti.shell("senti score \(words) > /dev/full", in: place.folder)
    let name = arguments.last ?? "standard output"
    let reason = name.hasPrefix("/none") ? "No such file or directory" : "No space left on device"
    #expect(outcome.errors.hasSuffix("senti: \(name): cannot be written: \(reason)\n"))
    #expect(outcome.output.isEmpty && outcome.status == 74)
  }

  @Test func aClosedPipeIsQuiet() throws {
    let place = try Workplace()
    try place.folder.write("text\n" + String(repeating: "good\n", count: 50_000), to: "a.csv")
    let outcome = try Senti.shell(
      """
      senti score --model tiny.safetensors a.csv 2> errors | head -1
      echo ${PIPESTATUS[0]}; cat errors
      """, in: place.folder)
    #expect(outcome.output == "text,label,probability,score,error\n0\n")
  }
}
