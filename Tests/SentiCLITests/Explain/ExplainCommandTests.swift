import Foundation
import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiCLI

@Suite("senti explain")
struct ExplainCommandTests {
  private static let explain = ["explain", "--model", "tiny.safetensors"]

  private func run(
    _ arguments: String..., in place: Workplace, input: String = ""
  ) throws -> Senti.Outcome {
    try Senti.run(Self.explain + arguments, input: input, in: place.folder)
  }

  /// With a word vector of 1 and a mean over n words, "good" adds 6/n times the integral of tanh'.
  @Test func marksWordsInTheText() throws {
    let place = try Workplace()
    try place.folder.write("\n a  GOOD film\r\n\n(but the) end \n", to: "a.txt")
    try place.folder.write("a good good bad film", to: "b.txt")
    let outcome = try run("a.txt", "b.txt", in: place)
    #expect(
      outcome.output == """
        positive\t0.6390\ta.txt
          log-odds +0.57 = baseline +0.00 + words +0.57, gap +0.003, 4 steps
          a  [+0.57 GOOD] film

          (but the) end
        positive\t0.7138\tb.txt
          log-odds +0.91 = baseline +0.00 + words +0.91, gap +0.004, 4 steps
          a [+0.91 good] [+0.91 good] [-0.91 bad] film

        """)
    #expect(outcome.errors.isEmpty && outcome.status == 0)
  }

  @Test func readsStandardInputAndTexts() throws {
    let place = try Workplace()
    let piped = try run(in: place, input: "good")
    #expect(piped.output.hasPrefix("positive\t0.9897\n  log-odds +4.57 = "))
    #expect(try run("--text", "good", in: place) == piped)
  }

  @Test func coloursWordsOnATerminalOnly() throws {
    let place = try Workplace()
    let arguments = Self.explain + ["--text", "good good good bad film\u{202E}"]
    let screen = try Terminals.run(arguments, in: place.folder).screen
    #expect(screen.contains("  \u{1B}[1;36mgood\u{1B}[0m \u{1B}[1;36mgood"))
    #expect(screen.contains("\u{1B}[1;35mbad\u{1B}[0m film\\u{202E}"))
    let plain = try Terminals.run(
      arguments, in: place.folder, environment: ["NO_COLOR": "1"]
    ).screen
    #expect(!plain.contains("\u{1B}") && plain.contains("] [-0.91 bad] film"))
  }

  @Test func withoutAModelTheBundledOneIsExplained() throws {
    let outcome = try Senti.run(["explain", "--text", "Good, but dull."], in: TemporaryFolder())
    #expect(outcome.output.hasPrefix("negative\t0."))
    let marks = outcome.output.matches(of: #/\[([+-])\d\.\d\d (Good|dull)\]/#)
    #expect(marks.map { "\($0.output.1)\($0.output.2)" } == ["-Good", "+dull"])
    #expect(outcome.errors.isEmpty && outcome.status == 0)
  }

  // MARK: Formats

  @Test func jsonHasByteRangesAndTheSum() throws {
    let place = try Workplace()
    let text = "w\u{F6}w, good. BAD!"
    let outcome = try run("--text", text, "--sentences", "--format", "jsonl", in: place)
    let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let object = try #require(value as? [String: Any])
    let explanation = try TinyModel.classifier().explanation(of: text)
    func number(_ key: String) -> Double? { (object[key] as? NSNumber)?.doubleValue }
    #expect(number("difference") == explanation.difference)
    #expect(number("baseline") == explanation.baseline)
    #expect(number("sum") == explanation.sum && number("gap") == explanation.gap)
    #expect(number("steps") == Double(explanation.stepCount))
    let words = try #require(object["words"] as? [[String: Any]])
    let bytes = Array(text.utf8)
    #expect(words.count == explanation.words.count)
    for (word, expected) in zip(words, explanation.words) {
      let (start, end) = (word["start"] as? Int ?? 0, word["end"] as? Int ?? 0)
      #expect(String(decoding: bytes[start..<end], as: UTF8.self) == word["text"] as? String)
      #expect((word["contribution"] as? NSNumber)?.doubleValue == expected.contribution)
      #expect(word["known"] as? Bool == expected.isKnown)
    }
    let sentences = try #require(object["sentences"] as? [[String: Any]])
    #expect(sentences.map { $0["end"] as? Int } == [12, 16])
    #expect(sentences.allSatisfy { $0["effect"] is NSNumber && $0["probability"] is NSNumber })
    #expect(object["label"] as? String == explanation.prediction.label)
  }

  @Test func tablesHaveTheWordsInAColumn() throws {
    let place = try Workplace()
    let outcome = try run("--text", "good", "--format", "csv", in: place)
    let lines = outcome.output.split(separator: "\n")
    try #require(lines.count == 2)
    #expect(
      lines[0] == "text,label,probability,score,negative,positive,tokens,unknown_tokens,difference,"
        + "baseline,sum,gap,steps,words,error")
    #expect(lines[1].contains(#",4,"[{""start"":0,""end"":4,""text"":""good"","#))
  }

  // MARK: Sentences

  @Test func sentencesFollowTheText() throws {
    let place = try Workplace()
    let outcome = try run("--sentences", "--text", "A good  film. Bad!", in: place)
    #expect(
      outcome.output == """
        negative\t0.5000
          log-odds +0.00 = baseline +0.00 + words +0.00, gap +0.000, 4 steps
          A [-0.76 good]  film. [+0.76 Bad]!
          effect  without  sentence
          -2.28   0.9076   A good film.
          +1.14   0.2419   Bad!

        """)
  }

  // MARK: Pages

  @Test func writesAPage() throws {
    let place = try Workplace()
    try place.folder.write("A <b>good</b> film. Bad & bad.", to: "a<i>.txt")
    let arguments = ["a<i>.txt", "none.txt", "--html", "page.html", "--sentences"]
    let outcome = try Senti.run(Self.explain + arguments, in: place.folder)
    #expect(outcome.status == 1)
    let html = try String(contentsOfFile: place.folder["page.html"], encoding: .utf8)
    #expect(html.hasPrefix("<!DOCTYPE html>") && html.hasSuffix("</html>\n"))
    #expect(html.contains("<h2 id=\"text1\">a&lt;i&gt;.txt</h2>"))
    #expect(html.contains("A &lt;b&gt;<mark class=\"a") && html.contains("</mark> &amp; <mark"))
    #expect(html.contains("Without each sentence"))
    #expect(!html.contains("none.txt"))
  }

  @Test func replacesAPageOnlyWhenForced() throws {
    let place = try Workplace()
    try place.folder.write("mine", to: "page.html")
    let arguments = Self.explain + ["--text", "good", "--html", "page.html"]
    let refused = try Senti.run(arguments, in: place.folder)
    #expect(refused.errors == "senti: page.html: exists already; --force replaces it\n")
    #expect(refused.status != 0 && refused.output.isEmpty)
    #expect(try place.folder.bytes("page.html") == Data("mine".utf8))
    #expect(try Senti.run(arguments + ["--force"], in: place.folder).status == 0)
    #expect(try place.folder.bytes("page.html").count > 1000)
  }

  @Test func aPageNeverReplacesWhatIsRead() throws {
    let place = try Workplace()
    try place.folder.write("good", to: "a.txt")
    for page in ["a.txt", "tiny.safetensors"] {
      let outcome = try run("a.txt", "--html", page, "--force", in: place)
      #expect(outcome.status != 0 && outcome.output.isEmpty)
    }
    #expect(try place.folder.bytes("a.txt") == Data("good".utf8))
  }

  @Test func aFullPageSaysSo() throws {
    let place = try Workplace()
    for index in 0..<202 { try place.folder.write("good", to: "texts/\(index).txt") }
    let outcome = try run("-r", "texts", "--html", "page.html", in: place)
    #expect(outcome.errors == "senti: warning: page.html: shows the first 200 of 202 texts\n")
    #expect(outcome.output.split(separator: "\n").count == 3 * 202)
  }

  // MARK: Inputs that cannot be explained

  @Test(arguments: [
    ("", "expected a text, found nothing"), (" \n", "expected words, found only white space"),
  ])
  func textsWithoutWordsAreRefused(text: String, message: String) throws {
    let place = try Workplace()
    let outcome = try run("--html", "page.html", in: place, input: text)
    #expect(outcome == .init(errors: "senti: standard input: \(message)\n", status: 65))
    #expect(!FileManager.default.fileExists(atPath: place.folder["page.html"]))
  }

  @Test func unknownWordsExplainNothing() throws {
    let place = try Workplace()
    let outcome = try run("--text", "zzz qqq", in: place)
    #expect(outcome.output.hasSuffix("words +0.00, gap +0.000, 4 steps\n  zzz qqq\n"))
    let name = "--text \"zzz qqq\""
    #expect(outcome.errors == "senti: warning: \(name): the model knows none of the words\n")
    #expect(outcome.status == 0)
  }

  /// Weights whose sums overflow have no answer, and none to explain.
  @Test func undefinedAnswersAreNotExplained() throws {
    let place = try Workplace()
    try TinyModel.overflowingClassifier().write(
      to: place.folder["large.safetensors"], storedType: .float32)
    let outcome = try Senti.run(
      ["explain", "--model", "large.safetensors", "--text", "good"], in: place.folder)
    #expect(outcome.output.isEmpty && outcome.status == 1)
    #expect(outcome.errors.contains(Failure.undefinedAnswer))
  }

  @Test func aTableIsRefused() throws {
    let place = try Workplace()
    try place.folder.write("text\ngood\n", to: "a.csv")
    let outcome = try run("a.csv", in: place)
    #expect(outcome.errors == "senti: a.csv: is a table; senti score scores its rows\n")
  }
}
