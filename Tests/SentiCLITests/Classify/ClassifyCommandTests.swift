import Foundation
import SentiCorpora
import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiCLI

@Suite("senti classify")
struct ClassifyCommandTests {
  @Test func answersOneLineATextInOrder() throws {
    let place = try Workplace()
    try place.folder.write("A good film, not bad but great.", to: "one.txt")
    try place.folder.write("Awful!\n", to: "two.txt")
    let outcome = try place.classify("two.txt", "one.txt")
    #expect(outcome.output == "negative\t0.9076\ttwo.txt\npositive\t0.6243\tone.txt\n")
    #expect(outcome.errors.isEmpty && outcome.status == 0)
  }

  @Test(arguments: [[], ["-"]])
  func readsStandardInputAndThenNamesNoFile(arguments: [String]) throws {
    let place = try Workplace()
    let outcome = try Senti.run(
      ["classify", "--model", "tiny.safetensors"] + arguments, input: "What a great film",
      in: place.folder)
    #expect(outcome == .init(output: "positive\t0.7581\n"))
  }

  @Test func readsAPipe() throws {
    let place = try Workplace()
    let outcome = try Senti.shell(
      "echo awful | senti classify --model tiny.safetensors", in: place.folder)
    #expect(outcome == .init(output: "negative\t0.9897\n"))
  }

  @Test func withoutAModelTheBundledOneAnswers() throws {
    let review = Repository.folder.appending(path: "corpora/review.txt").path
    let outcome = try Senti.run(["classify", review], in: TemporaryFolder())
    let fields = outcome.output.split(separator: "\t")
    #expect(fields.count == 3 && fields.first == "positive" && fields.last == "\(review)\n")
    #expect(outcome.errors.isEmpty && outcome.status == 0)
  }

  /// The fast model goes by a name; a file of that name comes before it.
  @Test func smallIsAModelThatComesWithSenti() throws {
    let place = try Workplace()
    let text = "A wonderful, moving film. I loved it."
    let small = try place.run("classify", "--model", "small", "--text", text)
    let expected = try SentimentClassifier.bundledEnglishSmall().prediction(for: text)
    let probability = Columns.fixed(expected.probability, digits: 4)
    #expect(small == .init(output: "\(expected.label)\t\(probability)\n"))
    try FileManager.default.copyItem(
      atPath: place.folder["tiny.safetensors"], toPath: place.folder["small"])
    let file = try place.run("classify", "--model", "small", "--text", "awful")
    #expect(file == .init(output: "negative\t0.9897\n"))
  }

  @Test func readsStandardInputAmongFiles() throws {
    let place = try Workplace()
    try place.folder.write("bad", to: "one.txt")
    let outcome = try place.classify("one.txt", "-", input: "good")
    #expect(outcome.output == "negative\t0.9897\tone.txt\npositive\t0.9897\t-\n")
  }

  @Test func readsFoldersWhenAskedTo() throws {
    let place = try Workplace()
    try place.folder.write("good", to: "texts/b.txt")
    try place.folder.write("bad", to: "texts/within/a.txt")
    let outcome = try place.classify("--recursive", "texts")
    #expect(
      outcome.output
        == "positive\t0.9897\ttexts/b.txt\nnegative\t0.9897\ttexts/within/a.txt\n")
  }

  @Test func writesJSONLinesWithAllThatIsKnown() throws {
    let place = try Workplace()
    try place.folder.write("A \"good\" film", to: "a \"b\".txt")
    let outcome = try place.classify("--format", "jsonl", "a \"b\".txt", "none.txt")
    let lines = outcome.output.split(separator: "\n")
    try #require(lines.count == 2)
    let prediction = try TinyModel.classifier().prediction(for: "A \"good\" film")
    #expect(
      lines[0] == """
        {"file":"a \\"b\\".txt","label":"positive","probability":\(prediction.probability),\
        "score":\(prediction.score),"probabilities":{"negative":\(prediction.probabilities[0]),\
        "positive":\(prediction.probabilities[1])},"tokens":5,"unknown_tokens":2}
        """)
    #expect(lines[1] == #"{"file":"none.txt","error":"no such file or folder"}"#)
    #expect(outcome.errors == "senti: none.txt: no such file or folder\n")
    #expect(outcome.status == 1)
  }

  // MARK: Texts of the command line

  @Test func readsTextsOfTheCommandLine() throws {
    let place = try Workplace()
    #expect(try place.classify("--text", "good") == .init(output: "positive\t0.9897\n"))
    let two = try place.classify("--text", "good", "--text", "bad\u{7}\tfilm")
    #expect(two.output.hasPrefix("positive\t0.9897\tgood\nnegative\t0."))
    #expect(two.output.hasSuffix("\tbad\\u{7}\\u{9}film\n"))
    let json = try place.classify("--text", "bad", "--format", "jsonl")
    #expect(json.output.hasPrefix(#"{"text":"bad","label":"negative","#))
    let both = try place.classify("--text", "bad", "a.txt")
    #expect(both.errors.hasPrefix("Error: Expected files or --text, found both.\n"))
    #expect(both.status == 64)
  }

  @Test(arguments: [("I love it", true), ("great", true), ("none.txt", false), ("a/none", false)])
  func aTextThatIsNoFileIsTold(name: String, isText: Bool) throws {
    let outcome = try Workplace().classify(name)
    let hint = isText ? "; --text \"\(name)\" takes it for a text" : ""
    #expect(outcome == .init(errors: "senti: \(name): no such file or folder\(hint)\n", status: 66))
  }

  // MARK: Formats

  @Test func writesOneArrayOfJSON() throws {
    let place = try Workplace()
    try place.folder.write("good", to: "a.txt")
    let lines = try place.classify("a.txt", "none.txt", "--format", "jsonl").output
    let array = try place.classify("a.txt", "none.txt", "--format", "json").output
    #expect(array == "[\n" + lines.split(separator: "\n").joined(separator: ",\n") + "\n]\n")
    #expect(try JSONSerialization.jsonObject(with: Data(array.utf8)) is [[String: Any]])
  }

  @Test(arguments: [("csv", ","), ("tsv", "\t")])
  func writesTables(format: String, delimiter: String) throws {
    let place = try Workplace()
    try place.folder.write("good, film", to: "a,\"b\".txt")
    let outcome = try place.classify("a,\"b\".txt", "none.txt", "--format", format)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 3)
    let columns = [
      "file", "label", "probability", "score", "negative", "positive", "tokens", "unknown_tokens",
      "error",
    ]
    #expect(lines[0] == columns.joined(separator: delimiter))
    #expect(lines[1].hasPrefix("\"a,\"\"b\"\".txt\"\(delimiter)positive\(delimiter)"))
    #expect(lines[1].hasSuffix("\(delimiter)3\(delimiter)1\(delimiter)"))
    let empty = String(repeating: delimiter, count: 8)
    #expect(lines[2] == "none.txt\(empty)no such file or folder")
  }

  // MARK: Timelines

  static let mixedReview =
    "Great great! The film. But bad bad &amp; bad.<br />Awful awful awful awful\u{1B}[2J."

  @Test func drawsTheRunningScoreOfEachSentence() throws {
    let place = try Workplace()
    try place.folder.write(Self.mixedReview, to: "a.txt")
    try place.folder.write("A good film.", to: "b.txt")
    let outcome = try place.classify("--timeline", "a.txt", "b.txt")
    #expect(
      outcome.output == """
        negative\t0.7690\ta.txt\tmixed
          +0.91              |███████████   Great great!
          +0.64              |████████      The film.
          -0.19            ██|              But bad bad & bad.
          -0.54        ██████|              Awful awful awful awful\u{FFFD}[2J.
        positive\t0.7581\tb.txt
          +0.52              |██████        A good film.

        """)
    #expect(outcome.errors.isEmpty && outcome.status == 0)
  }

  @Test func writesTheRunningScoresAsJSON() throws {
    let place = try Workplace()
    let outcome = try place.classify("--timeline", "--format", "jsonl", input: "Good. Bad.")
    let classifier = try TinyModel.classifier()
    let scores = ["Good. ", "Good. Bad."].map { classifier.prediction(for: $0).score }
    #expect(
      outcome.output.hasSuffix(
        #""mixed":false,"timeline":[{"start":0,"end":6,"score":\#(scores[0])},"#
          + #"{"start":6,"end":10,"score":\#(scores[1])}]}"# + "\n"))
  }

  @Test(arguments: [30, 50, 80, 200])
  func aTimelineFitsTheTerminal(columnCount: Int) throws {
    let review = Array(Self.mixedReview.utf8)
    let timeline = try TimelineReader(TinyModel.classifier()).timeline(
      of: RowText(Self.mixedReview))
    let lines = try TimelineDrawing(.standardOutput, columnCount: columnCount)
      .text(of: timeline, in: review).split(separator: "\n")
    #expect(!lines.isEmpty && lines.allSatisfy { $0.count < columnCount })
  }

  @Test func coloursASidesBarOnATerminalOnly() throws {
    let place = try Workplace()
    try place.folder.write("Good. Bad bad bad.", to: "a.txt")
    let arguments = ["classify", "--model", "tiny.safetensors", "--timeline", "a.txt"]
    let screen = try Terminals.run(arguments, in: place.folder).screen
    #expect(screen.contains("\u{1B}[32m█") && screen.contains("\u{1B}[31m█"))
    let plain = try Terminals.run(
      arguments, in: place.folder, environment: ["NO_COLOR": "1"]
    ).screen
    #expect(!plain.contains("\u{1B}") && plain.contains("█"))
  }

  @Test func aTextHasTheSameBitsAloneAndAmongOthersAtAnyThreadCount() throws {
    let place = try Workplace()
    let names = (0..<40).map { "\($0).txt" }
    for (index, name) in names.enumerated() {
      let words = (0...index * 7).map { TinyModel.words[($0 * 5 + index) % 10] }
      try place.folder.write(words.joined(separator: " "), to: name)
    }
    func lines(_ arguments: [String]) throws -> [Substring] {
      try Senti.run(
        ["classify", "--model", "tiny.safetensors", "--format", "jsonl"] + arguments,
        in: place.folder
      ).output.split(separator: "\n")
    }
    let together = try lines(names + ["--threads", "3"])
    try #require(together.count == names.count)
    #expect(try lines(names.reversed() + ["--threads", "1"]).reversed() == together)
    #expect(try lines(["17.txt"]) == [together[17]])
  }

  @Test func readsMoreFilesThanOneWindowHolds() throws {
    let place = try Workplace()
    for index in 0..<1100 {
      try place.folder.write(index == 1050 ? "bad" : "good", to: "texts/\(index + 1000).txt")
    }
    let lines = try place.classify("-r", "texts").output.split(separator: "\n")
    #expect(lines.count == 1100)
    #expect(lines[1050] == "negative\t0.9897\ttexts/2050.txt")
    #expect(lines.count { $0.hasPrefix("positive") } == 1099)
  }

  // MARK: Explanations

  /// The explanation follows the answer, and is the one of senti explain.
  @Test(arguments: ["text", "json", "jsonl", "csv", "tsv"])
  func explainsAnswersAsExplainDoes(format: String) throws {
    let place = try Workplace()
    try place.folder.write("a good film", to: "a.txt")
    let arguments = ["a.txt", "none.txt", "--format", format]
    let answers = try Senti.run(
      ["classify", "--explain", "--model", "tiny.safetensors"] + arguments, in: place.folder)
    let explained = try Senti.run(
      ["explain", "--model", "tiny.safetensors"] + arguments, in: place.folder)
    #expect(answers == explained)
    #expect(answers.status == 1 && answers.output.contains("good"))
  }

  @Test func timelinesAndExplanationsGoTogether() throws {
    let place = try Workplace()
    let outcome = try place.classify("--timeline", "--explain", "--text", "good film")
    #expect(outcome.output.contains("|███") && outcome.output.contains("[+2.27 good] film\n"))
  }

  // MARK: Inputs that cannot be scored

  private static let encodingHint = "--encoding reads others, such as windows-1252"

  static let badInputs: [(name: String, bytes: [UInt8], message: String)] = [
    ("empty", [], "expected a text, found nothing"),
    (
      "latin1", [0x67, 0x6F, 0xF6, 0x64],
      "expected UTF-8, found an invalid byte at offset 2; \(encodingHint)"
    ),
    (
      "truncated", [0x61, 0xE2, 0x82],
      "expected UTF-8, found an invalid byte at offset 1; \(encodingHint)"
    ),
    ("blank", Array(" \n\t<br />\n".utf8), "expected words, found only white space"),
  ]

  @Test(arguments: badInputs)
  func badDataAloneExitsWith65(name: String, bytes: [UInt8], message: String) throws {
    let place = try Workplace()
    try place.folder.write(bytes, to: name)
    let outcome = try place.classify(name)
    #expect(outcome == .init(errors: "senti: \(name): \(message)\n", status: 65))
  }

  @Test func aNULIsACharacterAsInEveryVerb() throws {
    let place = try Workplace()
    try place.folder.write(Array("good\0bad".utf8), to: "nul")
    try place.folder.write("good bad", to: "space")
    let outcome = try place.classify("nul", "space")
    let answers = outcome.output.split(separator: "\n").map { $0.split(separator: "\t").prefix(2) }
    #expect(outcome.status == 0 && answers.count == 2 && answers[0] == answers[1])
  }

  /// Words of the command line are a text, whatever a file that begins so would be.
  @Test(arguments: ["[{\"good\": 1}]", "%PDF-1.4 is good"])
  func aTextOfTheCommandLineIsNoFileOfAnotherKind(text: String) throws {
    let place = try Workplace()
    for verb in [["classify", "--model", "tiny.safetensors"], ["tokenize"]] {
      let outcome = try Senti.run(verb + ["--text", text], in: place.folder)
      #expect(outcome.status == 0 && !outcome.output.isEmpty && !outcome.errors.contains("table"))
    }
    try place.folder.write(text, to: "file")
    #expect(try place.classify("file").status == 65)
  }

  /// A name's bytes stay in tables; JSON has no place for those that are not UTF-8.
  @Test func namesKeepTheirBytesInTables() throws {
    let place = try Workplace()
    let outcome = try Senti.shell(
      """
      export LC_ALL=C; name=$'caf\\xe9'; printf good > $name; printf good > b
      for format in text csv tsv; do
        senti classify --model tiny.safetensors --format $format $name b | grep -ac "$name"
      done
      senti classify --model tiny.safetensors --format jsonl $name \\
        | grep -ac $'caf\\xef\\xbf\\xbd'
      """, in: place.folder)
    #expect(outcome.output == "1\n1\n1\n1\n")
  }

  @Test func badInputsDoNotStopTheOthers() throws {
    let place = try Workplace()
    for input in Self.badInputs { try place.folder.write(input.bytes, to: "texts/\(input.name)") }
    try place.folder.write("good", to: "texts/fine")
    let outcome = try place.classify("--recursive", "texts", "none")
    #expect(outcome.output == "positive\t0.9897\ttexts/fine\n")
    #expect(outcome.errors.split(separator: "\n").count == Self.badInputs.count + 1)
    #expect(outcome.errors.contains("senti: texts/latin1: expected UTF-8, found"))
    #expect(outcome.status == 1)
  }

  @Test func aMissingFileExitsWith66() throws {
    let outcome = try Workplace().classify("none.txt")
    #expect(outcome == .init(errors: "senti: none.txt: no such file or folder\n", status: 66))
  }

  @Test func aFolderWithoutTheOptionNamesTheOption() throws {
    let place = try Workplace()
    try place.folder.write("good", to: "texts/a.txt")
    let message = "senti: texts: is a folder; --recursive reads the files in it\n"
    #expect(try place.classify("texts") == .init(errors: message, status: 66))
  }

  @Test func anEmptyFolderIsReported() throws {
    let place = try Workplace()
    try FileManager.default.createDirectory(
      atPath: place.folder["texts"], withIntermediateDirectories: true)
    let message = "senti: texts: expected texts, found none\n"
    #expect(try place.classify("-r", "texts") == .init(errors: message, status: 65))
  }

  @Test func whenEveryTextFailedTheStatusIsTheFirstFailures() throws {
    let place = try Workplace()
    try place.folder.write("", to: "empty")
    #expect(try place.classify("none", "empty").status == 66)
    #expect(try place.classify("empty", "none").status == 65)
  }

  @Test func anEmptyStandardInputIsReported() throws {
    let outcome = try Workplace().classify()
    let message = "senti: standard input: expected a text, found nothing\n"
    #expect(outcome == .init(errors: message, status: 65))
  }

  @Test func aClosedStandardInputExitsWith74() throws {
    let outcome = try Senti.shell(
      "senti classify --model tiny.safetensors <&-", in: Workplace().folder)
    let message = "senti: standard input: cannot be read: Bad file descriptor\n"
    #expect(outcome == .init(errors: message, status: 74))
  }

  // MARK: Strange texts

  @Test(arguments: ["\u{1F600} \u{1F44D}\u{1F3FD} \u{1F1E9}\u{1F1EA}", "blorp quux zyzzy"])
  func textsOfUnknownWordsAreScoredWithAWarning(text: String) throws {
    let place = try Workplace()
    try place.folder.write(text, to: "text")
    let outcome = try place.classify("text", "--format", "jsonl")
    #expect(outcome.errors == "senti: warning: text: the model knows none of the words\n")
    #expect(outcome.output.hasSuffix(#""tokens":3,"unknown_tokens":3}"# + "\n"))
    #expect(outcome.status == 0)
  }

  @Test func aHundredThousandRepeatsOfOneCharacterAreScored() throws {
    let outcome = try Workplace().classify(
      "--format", "jsonl", input: String(repeating: "a", count: 100_000))
    #expect(outcome.output.contains(#""tokens":1,"unknown_tokens":1}"#))
    #expect(outcome.status == 0)
  }

  @Test func aHundredThousandRepeatsOfOneMarkAreScored() throws {
    let outcome = try Workplace().classify(
      "--format", "jsonl", input: String(repeating: "!", count: 100_000))
    #expect(outcome.output.contains(#""tokens":100000,"unknown_tokens":100000}"#))
    #expect(outcome.status == 0)
  }

  @Test func aLineOfTwentyMegabytesIsReadWhole() throws {
    let place = try Workplace()
    let padding = [UInt8](repeating: UInt8(ascii: " "), count: 10 << 20)
    let bytes = Array("bad".utf8) + padding + Array("film".utf8) + padding + Array("bad".utf8)
    try place.folder.write(bytes, to: "long.txt")
    let outcome = try place.classify("long.txt")
    #expect(outcome == .init(output: "negative\t0.9546\tlong.txt\n"))
  }

  // MARK: Models

  /// Expects a model to be refused, for a reason.
  private func expectRefusal(
    _ model: String = "model", in place: Workplace, _ reason: String, status: Int32 = 65,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try place.run("classify", "--model", model, input: "good")
    #expect(
      outcome == .init(errors: "senti: \(model): \(reason)\n", status: status),
      sourceLocation: sourceLocation)
  }

  @Test func aMissingModelExitsWith66() throws {
    try expectRefusal("none", in: Workplace(), "no such file or folder", status: 66)
  }

  @Test func aForeignModelExitsWith65() throws {
    let place = try Workplace()
    try place.folder.write("no model at all, but a text", to: "model")
    try expectRefusal(
      in: place, "not a safetensors file: it does not begin with the length of a header")
  }

  @Test func aTruncatedModelExitsWith65() throws {
    let place = try Workplace()
    let whole = try Data(contentsOf: URL(fileURLWithPath: place.folder["tiny.safetensors"]))
    try place.folder.write(Array(whole.dropLast(10)), to: "model")
    try expectRefusal(
      in: place, "cut short: expected \(whole.count) bytes, found \(whole.count - 10)")
  }

  @Test func aModelOfANewerFormatExitsWith65() throws {
    let place = try Workplace()
    let newer = SentimentClassifier.formatVersion + 1
    try SafetensorsWriter(formatVersion: newer).write(to: place.folder["model"])
    try expectRefusal(
      in: place, "format version \(newer) is newer than \(newer - 1), the newest known here")
  }

  @Test func aModelOfAnotherKindExitsWith65() throws {
    let place = try Workplace()
    try SafetensorsWriter(formatVersion: 1, metadata: ["senti.kind": "caption"])
      .write(to: place.folder["model"])
    try expectRefusal(in: place, "expected a sentiment model, found a caption model")
  }

  // MARK: Wrong usage

  @Test func aThreadCountOfZeroExitsWith64() throws {
    let outcome = try Workplace().classify("--threads", "0", input: "good")
    #expect(outcome.errors.hasPrefix("Error: Expected at least 1 thread, found 0.\n"))
    #expect(outcome.output.isEmpty && outcome.status == 64)
  }

  @Test func anUnknownFormatExitsWith64() throws {
    let outcome = try Workplace().classify("--format", "xml", input: "good")
    #expect(outcome.errors.contains("'xml'"))
    #expect(outcome.status == 64)
  }

  @Test func aKeyboardInsteadOfAFileExitsWith64() throws {
    let outcome = try Terminals.run(["classify"], in: Workplace().folder)
    #expect(
      outcome.screen.contains(#"Expected a file, --text "...", or a text on standard input."#))
    #expect(outcome.status == 64)
  }

  // MARK: Standard output

  @Test func aClosedPipeIsQuiet() throws {
    let place = try Workplace()
    let outcome = try Senti.shell(
      """
      for i in $(seq 3000); do echo good > $i.txt; done
      senti classify --model tiny.safetensors *.txt 2> errors | head -1
      echo ${PIPESTATUS[0]}; cat errors
      """, in: place.folder)
    #expect(outcome.output == "positive\t0.9897\t1.txt\n0\n")
  }

  @Test func aFullDiskExitsWith74() throws {
    let outcome = try Senti.shell(
      "echo good | senti classify --model tiny.safetensors > /dev/full", in: Workplace().folder)
    let message = "senti: standard output: cannot be written: No space left on device\n"
    #expect(outcome == .init(errors: message, status: 74))
  }
}
