import Foundation
import SentiTestSupport
import Testing

@Suite("senti evaluate")
struct EvaluateCommandTests {
  /// Four texts that the tiny model gets right, and one that it does not.
  private static let rows = """
    text,label
    a good film,pos
    great,pos
    "the film,
    awful",neg
    bad,neg
    "not good, not bad but awful",pos

    """

  private static let table = """
    examples                         5
    accuracy                    0.8000
    macro F1                    0.8000
    ROC AUC                     1.0000
    log loss, nats              0.3133
    Brier score                 0.2093
    expected calibration error  0.2198
    adaptive calibration error  0.2198

    class     precision  recall      F1  support
    negative     0.6667  1.0000  0.8000        2
    positive     1.0000  0.6667  0.8000        3

    true, predicted:  negative  positive
    negative                 2         0
    positive                 1         2

    """

  private func evaluate(
    _ arguments: String..., in place: Workplace
  ) throws -> Senti.Outcome {
    try Senti.run(["evaluate", "--model", "tiny.safetensors"] + arguments, in: place.folder)
  }

  @Test func printsAllMeasures() throws {
    let place = try Workplace()
    try place.folder.write(Self.rows, to: "a.csv")
    let outcome = try evaluate("a.csv", in: place)
    #expect(outcome.output.hasPrefix(Self.table + "\n95 % interval "))
    #expect(outcome.errors.isEmpty && outcome.status == 0)
  }

  @Test func readsFoldersAndOtherFieldNames() throws {
    let place = try Workplace()
    try place.folder.write("a good film", to: "texts/positive/1.txt")
    try place.folder.write("awful", to: "texts/negative/1.txt")
    try place.folder.write("never read", to: "texts/unsup/1.txt")
    try place.folder.write(
      """
      {"review":"a good film","stars":1}
      {"review":"awful","stars":0}

      """, to: "a.jsonl")
    let folders = try evaluate("texts", in: place)
    #expect(folders.errors == "texts/unsup: left out, for its texts have no label\n")
    let rows = try evaluate(
      "a.jsonl", "--text-field", "review", "--label-field", "stars", in: place)
    #expect(rows.errors.isEmpty && rows.status == 0 && folders.status == 0)
    #expect(rows.output == folders.output && rows.output.hasPrefix("examples"))
  }

  @Test func writesJSON() throws {
    let place = try Workplace()
    try place.folder.write(Self.rows, to: "a.csv")
    let outcome = try evaluate("a.csv", "--format", "json", in: place)
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(value["data"] as? String == "a.csv")
    #expect(value["left_out_count"] as? Int == 0)
    #expect(value["accuracy"] as? Double == 0.8)
    #expect(value["roc_auc"] as? Double == 1)
    #expect(value["confusion_matrix"] as? [[Int]] == [[2, 0], [1, 2]])
    let classes = try #require(value["classes"] as? [[String: Any]])
    #expect(classes.map { $0["label"] as? String } == ["negative", "positive"])
    #expect(outcome.errors.isEmpty && outcome.status == 0)
  }

  @Test(arguments: [("0.8", 0), ("0.81", 1)])
  func missingTheLeastAccuracyExitsWith1(limit: String, status: Int) throws {
    let place = try Workplace()
    try place.folder.write(Self.rows, to: "a.csv")
    let outcome = try evaluate("a.csv", "--min-accuracy", limit, in: place)
    let message = "senti: a.csv: expected an accuracy of 0.81 or more, found 0.8000\n"
    #expect(outcome.output.hasPrefix(Self.table) && outcome.status == Int32(status))
    #expect(outcome.errors == (status == 0 ? "" : message))
  }

  /// Every format that can hold a label, however it comes.
  @Test func readsTablesOfEveryKindAndFromAPipe() throws {
    let place = try Workplace()
    let rows = [("good", "pos"), ("a film", "pos"), ("bad", "neg"), ("awful", "0"), ("bad", "1")]
    try place.folder.write(
      "text,label\n" + rows.map { "\($0),\($1)\n" }.joined(), to: "a.csv")
    try place.folder.write(
      rows.map { "{\"text\":\"\($0)\",\"label\":\"\($1)\"}\n" }.joined(), to: "b.data")
    let expected = try evaluate("a.csv", in: place).output
    #expect(expected.contains("examples                         5\n"))
    #expect(try evaluate("b.data", in: place).output == expected)
    let script = """
      tr , '\\t' < a.csv > c.tsv; tr , ';' < a.csv > d.csv; gzip -k a.csv; zstd -q a.csv
      for run in c.tsv 'd.csv --delimiter semicolon' a.csv.gz a.csv.zst - \
        '- --input-format csv'; do
        senti evaluate --model tiny.safetensors $run < a.csv
      done
      """
    let outcome = try Senti.shell(script, in: place.folder)
    #expect(outcome == .init(output: String(repeating: expected, count: 6)))
  }

  @Test func readsMoreTextsThanOneWindowHolds() throws {
    let place = try Workplace()
    let rows = (0..<2500).map { $0.isMultiple(of: 5) ? "bad,pos" : "good,pos" }
    try place.folder.write("text,label\n" + rows.joined(separator: "\n"), to: "a.csv")
    let outcome = try evaluate("a.csv", "--threads", "2", in: place)
    #expect(outcome.output.contains("examples                      2500\n"))
    #expect(outcome.output.contains("accuracy                    0.8000\n"))
    #expect(outcome.output.contains("ROC AUC                          -\n"))
  }

  // MARK: Bad rows

  @Test func textsThatCannotBeReadAreListedAndCounted() throws {
    let place = try Workplace()
    try place.folder.write(
      "text,label\ngood,pos\nbad\n ,neg\nbad,\nbad,neg\n", to: "a.csv")
    let outcome = try evaluate("a.csv", in: place)
    let messages = """
      senti: a.csv:3: expected 2 fields, found 1
      senti: a.csv:5: expected a label, found none
      senti: a.csv:4: expected words, found none
      senti: warning: a.csv: 3 of 5 texts were left out

      """
    #expect(outcome.errors == messages && outcome.status == 1)
    #expect(outcome.output.hasPrefix("examples                         2\n"))
  }

  @Test func whenNoTextCanBeReadThereAreNoFigures() throws {
    let place = try Workplace()
    try place.folder.write("text,label\nbad,\n", to: "a.csv")
    let outcome = try evaluate("a.csv", in: place)
    #expect(outcome == .init(errors: "senti: a.csv:2: expected a label, found none\n", status: 65))
  }

  @Test(arguments: [
    ("none.csv", "no such file or folder", 66),
    ("a.data", "expected labelled texts: a folder of folders, CSV, TSV or JSON Lines", 65),
    ("a.txt", "expected labelled texts: a folder of folders, CSV, TSV or JSON Lines", 65),
    ("flat", "expected labelled texts: a folder of folders, CSV, TSV or JSON Lines", 65),
    ("empty.csv", "expected texts, found none", 65),
  ])
  func refusesWhatHoldsNoLabelledTexts(path: String, message: String, status: Int) throws {
    let place = try Workplace()
    for name in ["a.data", "a.txt", "flat/1.txt"] { try place.folder.write("good", to: name) }
    try place.folder.write("", to: "empty.csv")
    let outcome = try evaluate(path, in: place)
    #expect(outcome == .init(errors: "senti: \(path): \(message)\n", status: Int32(status)))
  }

  // MARK: Labels

  @Test func unknownLabelsNameBothSets() throws {
    let place = try Workplace()
    let rows = (0..<3000).map { "good,\($0 < 2999 ? "5" : "1 star")" }
    try place.folder.write("text,label\n" + rows.joined(separator: "\n"), to: "a.csv")
    let outcome = try evaluate("a.csv", in: place)
    let message = """
      senti: a.csv: expected the model's labels, "negative", "positive", or their aliases, \
      found "5", "1 star"; --label-map says what is meant

      """
    #expect(outcome == .init(errors: message, status: 65))
  }

  @Test func labelsAreMappedAsAsked() throws {
    let place = try Workplace()
    try place.folder.write("text,label\ngood,5\nbad,1 star\n", to: "a.csv")
    let outcome = try evaluate(
      "a.csv", "--label-map", "5=positive", "--label-map", "1 star=negative", in: place)
    #expect(outcome.output.contains("accuracy                    1.0000\n"))
    #expect(outcome.status == 0)
  }

  @Test func aPairGoesBeforeAnAlias() throws {
    let place = try Workplace()
    try place.folder.write("text,label\ngood,0\nbad,1\n", to: "a.csv")
    let outcome = try evaluate(
      "a.csv", "--label-map", "0=positive", "--label-map", "1=negative", in: place)
    #expect(outcome.output.contains("accuracy                    1.0000\n"))
  }

  @Test func aPairThatMeansNoLabelOfTheModelExitsWith64() throws {
    let place = try Workplace()
    try place.folder.write("text,label\ngood,5\n", to: "a.csv")
    let outcome = try evaluate("a.csv", "--label-map", "5=great", in: place)
    let message = """
      senti: --label-map: expected a label of the model, "negative", "positive", found "great"

      """
    #expect(outcome == .init(errors: message, status: 64))
  }

  private static let stars = "text,stars\ngood,5\ngreat,4\nawful,1\nbad,2\nthe film,3\n"

  @Test func numbersOfStarsAreNoOtherNumbers() throws {
    let place = try Workplace()
    try place.folder.write(Self.stars, to: "a.csv")
    let outcome = try evaluate("a.csv", "--label-field", "stars", in: place)
    let message = """
      senti: a.csv: expected the model's labels, "negative", "positive", or their aliases, found \
      "1", "2", "3", "4", "5"; --stars says that they are, --label-map what they mean

      """
    #expect(outcome == .init(errors: message, status: 65))
  }

  @Test(arguments: [
    ["--stars"], ["--label-map", "1,2=negative;3=;4,5=positive"],
    ["--stars", "--label-map", "3="],
  ])
  func starsAreReadAsAsked(arguments: [String]) throws {
    let place = try Workplace()
    try place.folder.write(Self.stars, to: "a.csv")
    let outcome = try Senti.run(
      ["evaluate", "a.csv", "--model", "tiny.safetensors", "--label-field", "stars"] + arguments,
      in: place.folder)
    let figures = "examples                         4\naccuracy                    1.0000\n"
    #expect(outcome.output.hasPrefix(figures))
    let note = "a.csv: 1 texts left out, for the model has no class for \"3\"\n"
    #expect(outcome.errors.hasPrefix(note) && outcome.status == 0)
  }

  @Test func labelsAreTrimmedAndLikeOnesAreNamed() throws {
    let place = try Workplace()
    try place.folder.write(
      "text,label\ngood,pos\ngreat,Pos\u{A0}\nbad, neg\nawful,\u{3000}\n", to: "a.csv")
    let outcome = try evaluate("a.csv", in: place)
    let messages = """
      senti: a.csv:5: expected a label, found none
      senti: warning: a.csv: labels that differ by case or blanks alone: "Pos\u{A0}", "pos"; all are \
      taken for one
      senti: warning: a.csv: 1 of 4 texts were left out

      """
    #expect(outcome.errors == messages && outcome.status == 1)
    #expect(outcome.output.contains("accuracy                    1.0000\n"))
  }

  // MARK: Progress

  @Test func tellsOfProgress() throws {
    let place = try Workplace()
    try place.folder.write(Self.rows, to: "a.csv")
    let arguments = ["evaluate", "--model", "tiny.safetensors", "a.csv"]
    let screen = try Terminals.run(arguments, in: place.folder).screen
    #expect(screen.hasPrefix("\r\u{1B}[K0 texts, 0 texts/s\r\u{1B}[K"))
    #expect(screen.contains("\r\u{1B}[Kexamples "))
    let quiet = try Terminals.run(arguments + ["--progress", "never"], in: place.folder).screen
    #expect(quiet.hasPrefix("examples "))
    let json = try evaluate("a.csv", "--progress", "json", in: place)
    #expect(json.output.hasPrefix(Self.table) && json.errors.hasPrefix(#"{"texts":0,"#))
  }

  // MARK: Nothing to judge

  /// What is not there is not good enough.
  @Test(arguments: [
    ("a.csv", "text,label\n"), ("a.tsv", "text\tlabel\n"), ("a.jsonl", "\n\n"), ("a.jsonl", ""),
  ])
  func dataWithoutTextsExitWith65(name: String, content: String) throws {
    let place = try Workplace()
    try place.folder.write(content, to: name)
    let outcome = try evaluate(name, "--min-accuracy", "0.99", in: place)
    #expect(outcome == .init(errors: "senti: \(name): expected texts, found none\n", status: 65))
  }

  @Test(arguments: [["--label-map", "pos"], ["--label-map", "=pos"], ["--min-accuracy", "88"]])
  func wrongUsageExitsWith64(arguments: [String]) throws {
    let place = try Workplace()
    let outcome = try Senti.run(["evaluate", "a.csv"] + arguments, in: place.folder)
    #expect(outcome.output.isEmpty && outcome.status == 64)
    #expect(outcome.errors.hasPrefix("Error: "))
  }
}
