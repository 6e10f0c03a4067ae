import Foundation
import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@Suite("senti score")
struct ScoreCommandTests {
  /// The label, probability and score of a text, as they are written.
  static func values(_ text: String, by classifier: SentimentClassifier? = nil) throws -> String {
    let prediction = try (classifier ?? TinyModel.classifier()).prediction(for: text)
    return "\(prediction.label),\(prediction.probability),\(prediction.score)"
  }

  /// What follows the error messages: counts, shares and rates.
  static func summary(_ outcome: Senti.Outcome) -> Substring {
    outcome.errors.split(separator: "\n").last ?? ""
  }

  // MARK: Models that change

  /// As a server's does, when its model is replaced in place while it waits for the next text.
  @Test(.timeLimit(.minutes(60)), arguments: [": > tiny.safetensors", "cp int8 tiny.safetensors"])
  func aModelThatIsReplacedMeanwhileStaysWhatItWas(_ replacement: String) throws {
    let place = try Workplace()
    try TinyModel.fragileClassifier().rounded(to: .integer8).write(to: place.folder["int8"])
    let script = """
      coproc senti score -q --model tiny.safetensors --input-format jsonl -
      exec {input}>&"${COPROC[1]}" {output}<&"${COPROC[0]}" {COPROC[1]}>&-
      program=$COPROC_PID
      echo '{"text":"good"}' >&"$input"
      read -r first <&"$output"
      \(replacement)
      echo '{"text":"a bad film"}' >&"$input"
      exec {input}>&-
      echo "$first"
      cat <&"$output"
      wait "$program"
      """
    let outcome = try Senti.shell(script, in: place.folder)
    let expected = try ["good", "a bad film"].map { text in
      let prediction = try TinyModel.classifier().prediction(for: text)
      return #"{"text":"\#(text)","label":"\#(prediction.label)","probability":"#
        + #"\#(prediction.probability),"score":\#(prediction.score),"error":null}"#
    }
    #expect(outcome == .init(output: expected.joined(separator: "\n") + "\n"))
  }

  // MARK: Formats

  @Test func keepsEveryByteOfATableAndAddsWhatItFound() throws {
    let place = try Workplace()
    try place.folder.write(
      "\u{FEFF}id,\"text\", x \r\n7,\"A \"\"good\"\" film,\n\nnot bad\",  1.50 \r\n\n8,'awful',é",
      to: "a.csv")
    let outcome = try place.score("a.csv", "--quiet", "-o", "out.csv")
    let good = try Self.values("A \"good\" film,\n\nnot bad")
    #expect(
      String(decoding: try place.folder.bytes("out.csv"), as: UTF8.self) == """
        \u{FEFF}id,"text", x ,label,probability,score,error\r
        7,"A ""good"" film,\n\nnot bad",  1.50 ,\(good),\r

        8,'awful',é,\(try Self.values("'awful'")),\r\n
        """)
    #expect(outcome == .init())
  }

  @Test func keepsEveryByteOfAnObject() throws {
    let place = try Workplace()
    try place.folder.write(
      #"{ "n": 1.0e2, "text" : "good\u0021", "label":"x" }"# + "\n", to: "a.jsonl")
    let outcome = try place.score("a.jsonl", "--quiet")
    let prediction = try TinyModel.classifier().prediction(for: "good!")
    #expect(
      outcome.output == """
        { "n": 1.0e2, "text" : "good\\u0021", "label":"x" ,"senti_label":"positive",\
        "probability":\(prediction.probability),"score":\(prediction.score),"error":null}

        """)
  }

  @Test(arguments: [
    ("a.tsv", "x\ttext\n1\tgood\n2\tbad\n", []),
    ("a.csv", "x;text\n1;good\n2;bad\n", ["--delimiter", ";"]),
    ("a.jsonl", "{\"x\":\"1\",\"text\":\"good\"}\n{\"x\":\"2\",\"text\":\"bad\"}\n", []),
    ("told", "{\"x\":\"1\",\"text\":\"good\"}\n{\"x\":\"2\",\"text\":\"bad\"}\n", []),
    ("told", "x,text\n1,good\n2,bad\n", []),
    ("given.txt", "x,text\n1,good\n2,bad\n", ["--input-format", "csv"]),
  ])
  func convertsTablesToJSONLines(name: String, content: String, arguments: [String]) throws {
    let place = try Workplace()
    try place.folder.write(content, to: name)
    let outcome = try place.score([name, "-q", "--scores", "-o", "out.jsonl"] + arguments)
    #expect(outcome == .init())
    let classifier = try TinyModel.classifier()
    let lines = [("1", "good"), ("2", "bad")].map { id, text in
      let prediction = classifier.prediction(for: text)
      return """
        {"x":"\(id)","text":"\(text)","label":"\(prediction.label)",\
        "probability":\(prediction.probability),"score":\(prediction.score),\
        "negative":\(prediction.probabilities[0]),"positive":\(prediction.probabilities[1]),\
        "error":null}

        """
    }
    #expect(try String(decoding: place.folder.bytes("out.jsonl"), as: UTF8.self) == lines.joined())
  }

  @Test func plainTextsBecomeATable() throws {
    let place = try Workplace()
    let rows = "text,label,probability,score,error\n\"a good\",\(try Self.values("a good")),\n"
      .replacingOccurrences(of: "\"", with: "")
    try place.folder.write("a good\n", to: "a.txt")
    #expect(try place.score("a.txt", "-q").output == rows)
    #expect(try place.score("-", "-q", input: "a good").output == rows)
    #expect(try place.score("-q", input: "a good\0").output == rows)
    #expect(try place.score("--input-format", "nul", "-q", input: "a good").output == rows)
  }

  @Test func readsFoldersAndListsOfFiles() throws {
    let place = try Workplace()
    try place.folder.write("good", to: "texts/b.txt")
    try place.folder.write("bad\nfilm", to: "texts/within/a.txt")
    let rows = """
      file,label,probability,score,error
      texts/b.txt,\(try Self.values("good")),
      texts/within/a.txt,\(try Self.values("bad\nfilm")),

      """
    #expect(try place.score("texts", "-q") == .init(output: rows))
    let outcome = try Senti.shell(
      """
      senti score -q --model tiny.safetensors --files-from <(find texts -name '*.txt' | sort)
      find texts -name '*.txt' -print0 | sort -z | \
        senti score -q --model tiny.safetensors --files-from - --input-format nul
      """, in: place.folder)
    #expect(outcome == .init(output: rows + rows))
  }

  @Test func readsAndWritesPackedFiles() throws {
    let place = try Workplace()
    try place.folder.write("text\ngood\n", to: "a.csv")
    let outcome = try Senti.shell(
      """
      gzip -k a.csv; zstd -q a.csv
      for name in a.csv.gz a.csv.zst; do
        senti score -q --model tiny.safetensors $name -o out.$name
      done
      gzip -dc out.a.csv.gz; zstd -dcq out.a.csv.zst; ls -A
      """, in: place.folder)
    let rows = "text,label,probability,score,error\ngood,\(try Self.values("good")),\n"
    let names = "a.csv\na.csv.gz\na.csv.zst\nout.a.csv.gz\nout.a.csv.zst\ntiny.safetensors\n"
    #expect(outcome == .init(output: rows + rows + names))
  }

  @Test func severalInputsBecomeOneOutput() throws {
    let place = try Workplace()
    try place.folder.write("id,text\n1,good\n", to: "a.csv")
    try place.folder.write("id,text\r\n2,\"bad\"\r\n", to: "b.csv")
    let outcome = try place.score("a.csv", "b.csv", "-", "-q", input: "id,text\n3,film")
    #expect(
      outcome.output == """
        id,text,label,probability,score,error
        1,good,\(try Self.values("good")),
        2,"bad",\(try Self.values("bad")),\r
        3,film,\(try Self.values("film")),

        """)
    #expect(outcome.errors.isEmpty && outcome.status == 0)
  }

  @Test func inputsOfSeveralFormatsBecomeJSONLinesOnly() throws {
    let place = try Workplace()
    try place.folder.write("id,text\n1,good\n", to: "a.csv")
    try place.folder.write("{\"text\":\"bad\"}\n", to: "b.jsonl")
    try place.folder.write("text\nbad\n", to: "c.csv")
    let formats = try place.score("a.csv", "b.jsonl")
    #expect(
      formats
        == .init(
          errors:
            "senti: b.jsonl: expected csv as in a.csv, found jsonl; --format jsonl takes both\n",
          status: 65))
    let fields = try place.score("a.csv", "c.csv")
    let message = """
      senti: c.csv: expected the fields of a.csv, "id", "text", found "text"; \
      --format jsonl takes both

      """
    #expect(fields == .init(errors: message, status: 65))
    let both = try place.score("a.csv", "b.jsonl", "c.csv", "--format", "jsonl", "-q")
    #expect(both.output.split(separator: "\n").count == 3 && both.status == 0)
  }

  // MARK: Scores

  @Test func rowsHaveTheBitsOfEachTextAloneAtAnyThreadCount() throws {
    let place = try Workplace()
    let texts = (0..<3_000).map { index in
      (0..<index % 90).map { TinyModel.words[($0 * 5 + index) % 10] }.joined(separator: " ")
        + " film"
    }
    try place.folder.write("text\n" + texts.joined(separator: "\n"), to: "a.csv")
    let classifier = try TinyModel.classifier()
    let expected = try texts.map { "\($0),\(try Self.values($0, by: classifier)),\n" }
    for threadCount in ["1", "2", "5"] {
      let outcome = try place.score("a.csv", "-q", "--threads", threadCount)
      #expect(
        outcome.output == "text,label,probability,score,error\n" + expected.joined())
    }
  }

  @Test func addsTheRunningScores() throws {
    let place = try Workplace()
    try place.folder.write("text\nGood. Bad.\n", to: "a.csv")
    let classifier = try TinyModel.classifier()
    let scores = ["Good. ", "Good. Bad."].map { classifier.prediction(for: $0).score }
    let timeline = """
      [{"start":0,"end":6,"score":\(scores[0])},{"start":6,"end":10,"score":\(scores[1])}]
      """
    let values = try Self.values("Good. Bad.")
    let csv = try place.score("a.csv", "-q", "--timeline")
    #expect(
      csv.output == """
        text,label,probability,score,mixed,timeline,error
        Good. Bad.,\(values),false,"\(timeline.replacingOccurrences(of: "\"", with: "\"\""))",

        """)
    let objects = try place.score("a.csv", "-q", "--timeline", "--format", "jsonl")
    #expect(objects.output.contains(#""mixed":false,"timeline":\#(timeline),"error":null}"#))
  }

  // MARK: Messages

  @Test func sumsUpOnStandardError() throws {
    let place = try Workplace()
    let rows = (0..<1_500).map { $0 % 4 == 0 ? "bad" : $0 % 500 == 7 ? "" : "good" }
    try place.folder.write("id,text\n" + rows.map { "k,\($0)\n" }.joined(), to: "a.csv")
    let outcome = try place.score("a.csv", "--id-field", "id")
    #expect(
      outcome.errors.hasPrefix(
        "senti: a.csv:9 (k): expected a text, found nothing\n"))
    let start = "1,500 rows, 3 errors; negative 25.1 %, positive 74.9 %; "
    #expect(Self.summary(outcome).hasPrefix(start))
    #expect(Self.summary(outcome).hasSuffix(" tokens/s"))
    #expect(outcome.errors.split(separator: "\n").count == 4 && outcome.status == 1)
  }

  @Test func tellsOfFiveBadRowsAndCountsTheOthers() throws {
    let place = try Workplace()
    try place.folder.write(
      "text\n" + String(repeating: "\"\"\n", count: 20) + "good\n", to: "a.csv")
    let outcome = try place.score("a.csv")
    #expect(outcome.errors.split(separator: "\n").count == 6)
    #expect(Self.summary(outcome).hasPrefix("21 rows, 20 errors; "))
    #expect(try place.score("a.csv", "--quiet").errors.isEmpty)
  }

  @Test func tellsOfProgressAsJSONWhenAskedTo() throws {
    let place = try Workplace()
    try place.folder.write("text\ngood\nbad\n", to: "a.csv")
    let outcome = try place.score("a.csv", "--progress", "json")
    let last = try #require(
      try JSONSerialization.jsonObject(with: Data(Self.summary(outcome).utf8)) as? [String: Any])
    #expect(last["rows"] as? Int == 2 && last["errors"] as? Int == 0)
    #expect(last["done"] as? Bool == true && last["tokens"] as? Int == 2)
    #expect(last["labels"] as? [String: Int] == ["negative": 1, "positive": 1])
  }

  /// Standard output is the same terminal here: a bar runs through rows only where they go there.
  @Test func showsABarWhereRowsGoToAFile() throws {
    let place = try Workplace()
    try place.folder.write("text\ngood\nbad\n", to: "a.csv")
    let arguments = ["score", "--model", "tiny.safetensors", "a.csv"]
    let filed = try Terminals.run(arguments + ["-o", "b.csv"], in: place.folder).screen
    #expect(filed.contains("\r\u{1B}[K[") && filed.contains(" rows/s"))
    #expect(filed.contains("\r\u{1B}[K2 rows; "))
    let printed = try Terminals.run(arguments, in: place.folder).screen
    #expect(!printed.contains("\u{1B}[K") && printed.contains("2 rows; "))
    for style in ["never", "json"] {
      let told = try Terminals.run(
        arguments + ["-o", style, "--progress", style], in: place.folder
      ).screen
      #expect(!told.contains("\u{1B}[K"))
    }
  }

  @Test func controlCharactersOfRowsAreEscapedOnATerminal() throws {
    let place = try Workplace()
    let text = "good \u{1B}[31mfilm\u{9B}2J"
    try place.folder.write("text,\u{1B}]0;x\n\(text),1\n", to: "a.csv")
    let arguments = ["score", "--model", "tiny.safetensors", "a.csv"]
    let screen = try Terminals.run(arguments, in: place.folder, environment: ["NO_COLOR": "1"])
      .screen
    #expect(!screen.contains("\u{1B}") && !screen.contains("\u{9B}"))
    #expect(screen.contains(#"good \u{1B}[31mfilm\u{9B}2J,1,positive,"#))
    #expect(try place.score("a.csv").output.contains(text))
  }

  // MARK: Columns and errors

  @Test func addedColumnsHaveAPrefix() throws {
    let place = try Workplace()
    try place.folder.write("text,label\ngood,x\n", to: "a.csv")
    let outcome = try place.score("a.csv", "--prefix", "senti_", "--scores")
    let header =
      "text,label,senti_label,senti_probability,senti_score,senti_negative,senti_positive,senti_error"
    #expect(outcome.output.hasPrefix(header + "\n") && outcome.status == 0)
    try place.folder.write(outcome.output, to: "b.csv")
    let compared = try place.run("compare", "b.csv", "b.csv")
    #expect(compared.output.hasPrefix("rows                         1\n"))
  }

  @Test(arguments: [(0, 2), (1, 4), (2, 6)])
  func endsAfterTooManyErrors(limit: Int, rowCount: Int) throws {
    let place = try Workplace()
    try place.folder.write(
      "text\ngood\n\"\"\n" + String(repeating: "good\n\"\"\n", count: 3), to: "a.csv")
    let outcome = try place.score("a.csv", "--max-errors", "\(limit)")
    #expect(outcome.output.split(separator: "\n").count == rowCount + 1)
    let message = "senti: ended after more than \(limit) rows that cannot be scored\n"
    #expect(outcome.errors.hasSuffix(message) && outcome.status == 1)
    #expect(try !place.score("a.csv", "--max-errors", "4").errors.contains("ended after"))
  }

  // MARK: Wrong usage

  @Test(arguments: [
    (["a.csv", "--resume"], "Expected --output with --resume."),
    (
      ["a.csv", "--resume", "-o", "b.csv.gz"],
      "Expected an output that is not packed with --resume."
    ),
    (["a.csv", "--files-from", "-"], "Expected inputs or --files-from, found both."),
    (
      ["--files-from", "-", "--input-format", "csv"],
      "Expected lines or nul as the format of a list, found csv."
    ),
    (["a.csv", "--threads", "0"], "Expected at least 1 thread, found 0."),
  ])
  func wrongUsageExitsWith64(arguments: [String], message: String) throws {
    let outcome = try Workplace().score(arguments)
    #expect(outcome.errors.hasPrefix("Error: \(message)\n"))
    #expect(outcome.output.isEmpty && outcome.status == 64)
  }

  @Test func aKeyboardInsteadOfAnInputExitsWith64() throws {
    let outcome = try Terminals.run(["score"], in: Workplace().folder)
    #expect(outcome.screen.contains("Expected an input, or rows on standard input."))
    #expect(outcome.status == 64)
  }

  @Test func aDelimiterOfSeveralBytesExitsWith64() throws {
    let outcome = try Workplace().score("a.csv", "--delimiter", "::")
    #expect(outcome.errors.contains("'::'") && outcome.status == 64)
  }
}

extension Workplace {
  /// Runs `senti score` with the tiny model.
  func score(_ arguments: String..., input: String = "") throws -> Senti.Outcome {
    try score(arguments, input: input)
  }

  /// Runs `senti score` with the tiny model.
  func score(_ arguments: [String], input: String = "") throws -> Senti.Outcome {
    try Senti.run(["score", "--model", "tiny.safetensors"] + arguments, input: input, in: folder)
  }
}
