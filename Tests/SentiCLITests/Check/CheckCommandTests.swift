import Foundation
import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@Suite("senti check")
struct CheckCommandTests {
  private static let suite = """
    {"capability":"words"}
    {"text":"good","expect":"positive"}
    {"text":"bad","expect":"positive"}
    {"text":"awful","expect":"negative"}
    {"capability":"names","kind":"invariance","tolerance":0.05}
    {"text":"good the","variants":["good a","the good film\\tthe film"]}
    {"capability":"irony","counted":false}
    {"text":"great","expect":"negative"}
    {"text":"the film","expect":"neutral"}

    """

  private func place() throws -> Workplace {
    let place = try Workplace()
    try place.folder.write(Self.suite, to: "a.jsonl")
    return place
  }

  private func check(_ arguments: String..., in place: Workplace) throws -> Senti.Outcome {
    try Senti.run(
      ["check", "--suite", "a.jsonl", "--model", "tiny.safetensors"] + arguments, in: place.folder)
  }

  private static let note =
    "tiny.safetensors: 1 of 6 cases left out, for the model has no label for them\n"

  @Test func listsFailuresAndRates() throws {
    let outcome = try check(in: place())
    #expect(outcome.errors == Self.note && outcome.status == 0)
    #expect(
      outcome.output == """
        a.jsonl:3	words	positive	negative	0.9897	bad
        a.jsonl:6	names	positive 0.8576 to 0.9576	positive	0.7138	the good film the film	good the
        a.jsonl:8	irony	negative	positive	0.9897	great

        capability      passed  cases  rate    95 % interval
        words           2       3      0.6667  0.2077 to 0.9385
        names           0       1      0.0000  0.0000 to 0.7935
        irony           0       1      0.0000  0.0000 to 0.7935  not counted
        all that count  2       4      0.5000  0.1500 to 0.8500

        """)
  }

  @Test(arguments: [("0.5", 0), ("0.51", 1)])
  func exitsWith1BelowMinPass(_ limit: String, status: Int32) throws {
    let outcome = try check("--min-pass", limit, in: place())
    let message = "expected a pass rate of \(limit) or more, found 0.5000"
    let line = status == 0 ? "" : "senti: tiny.safetensors: \(message)\n"
    #expect(outcome.errors == Self.note + line)
    #expect(outcome.status == status && outcome.output.contains("all that count"))
  }

  @Test func writesJSON() throws {
    let outcome = try check("--format", "json", in: place())
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let rate = try #require(value["pass_rate"] as? [String: Any])
    #expect(rate["passed"] as? Int == 2 && rate["cases"] as? Int == 4)
    #expect(rate["rate"] as? Double == 0.5 && (rate["interval"] as? [Double])?.count == 2)
    #expect(value["left_out_count"] as? Int == 1 && value["suites"] as? [String] == ["a.jsonl"])
    let capabilities = try #require(value["capabilities"] as? [[String: Any]])
    #expect(capabilities.map { $0["capability"] as? String } == ["words", "names", "irony"])
    #expect(capabilities.map { $0["counted"] as? Bool } == [true, true, false])
    let failures = try #require(value["failures"] as? [[String: Any]])
    #expect(failures.map { $0["place"] as? String } == ["a.jsonl:3", "a.jsonl:6", "a.jsonl:8"])
    let texts = try #require(failures[1]["failures"] as? [[String: Any]])
    #expect(texts.map { $0["text"] as? String } == ["the good film\tthe film"])
    #expect(texts[0]["found"] as? String == "positive")
  }

  // MARK: Comparison

  /// The tiny model with its labels swapped has the opposite opinion of everything.
  private func placeOfTwo() throws -> Workplace {
    let place = try place()
    let tiny = try TinyModel.classifier()
    let other = SentimentClassifier(
      labels: ["positive", "negative"], pipeline: tiny.pipeline, network: tiny.network,
      parameters: tiny.parameters)
    try other.write(to: place.folder["other.safetensors"], storedType: .float32)
    return place
  }

  @Test func showsWhatChanged() throws {
    let outcome = try check("--compare", "other.safetensors", in: placeOfTwo())
    #expect(outcome.status == 0)
    #expect(
      outcome.output == """
        fixed	a.jsonl:2	words	positive	negative	0.9897	good
        broken	a.jsonl:3	words	positive	negative	0.9897	bad
        fixed	a.jsonl:4	words	negative	positive	0.9897	awful
        broken	a.jsonl:8	irony	negative	positive	0.9897	great

        capability      passed  cases  rate    95 % interval     other
        words           2       3      0.6667  0.2077 to 0.9385  0.3333
        names           0       1      0.0000  0.0000 to 0.7935  0.0000
        irony           0       1      0.0000  0.0000 to 0.7935  1.0000  not counted
        all that count  2       4      0.5000  0.1500 to 0.8500  0.2500

        passed by tiny.safetensors alone   2
        passed by other.safetensors alone  1
        McNemar's test, exact              p = 1.0000

        """)
  }

  @Test func aComparisonIsJSONToo() throws {
    let outcome = try check("--compare", "other.safetensors", "--format", "json", in: placeOfTwo())
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let compared = try #require(value["compared"] as? [String: Any])
    #expect(compared["model"] as? String == "other.safetensors")
    let changes = try #require(compared["changes"] as? [[String: Any]])
    #expect(changes.map { $0["change"] as? String } == ["fixed", "broken", "fixed", "broken"])
    #expect((compared["mcnemar"] as? [String: Any])?["second_count"] as? Int == 2)
  }

  // MARK: The suite inside the program

  @Test func withoutASuiteTheOneInTheProgramIsRun() throws {
    let folder = try TemporaryFolder()
    let outcome = try Senti.run(["check", "--model", "small", "--compare", "english"], in: folder)
    #expect(outcome.errors.isEmpty && outcome.status == 0)
    for capability in try CheckSuite.bundled().capabilities {
      #expect(outcome.output.contains("\n\(capability) "), "\(capability)")
    }
    #expect(outcome.output.contains("passed by english.safetensors (inside the program) alone"))
  }

  // MARK: Bad input

  @Test(arguments: [
    ("{\"text\":\"good\"}\n", "a label, or several of which any will do in field \"expect\""),
    ("{\"text\":\"good\",\"expcet\":\"positive\"}\n", "fields among"),
    ("good\n", "an object, found \"g\" at byte 0 of the row"),
  ])
  func aMalformedCaseExitsWith65(_ line: String, _ complaint: String) throws {
    let place = try place()
    try place.folder.write("\n" + line, to: "b.jsonl")
    let outcome = try check("--suite", "b.jsonl", in: place)
    #expect(outcome.errors.hasPrefix("senti: b.jsonl:2: expected \(complaint)"))
    #expect(outcome.output.isEmpty && outcome.status == 65)
  }

  @Test func aSuiteThatIsNotThereExitsWith66() throws {
    let outcome = try check("--suite", "none", in: place())
    #expect(outcome == .init(errors: "senti: none: no such file or folder\n", status: 66))
  }

  @Test func aSuiteOfOtherLabelsIsRefused() throws {
    let place = try place()
    try place.folder.write("{\"text\":\"good\",\"expect\":\"joy\"}\n", to: "b.jsonl")
    let outcome = try place.run("check", "--suite", "b.jsonl", "--model", "tiny.safetensors")
    let message = "tiny.safetensors: expected labels of the suite's cases, found none"
    #expect(outcome == .init(errors: "senti: \(message)\n", status: 65))
  }

  @Test func aLimitNeedsCasesThatCount() throws {
    let place = try place()
    let line = "{\"text\":\"good\",\"expect\":\"positive\",\"counted\":false}\n"
    try place.folder.write(line, to: "b.jsonl")
    let outcome = try place.run(
      "check", "--suite", "b.jsonl", "--model", "tiny.safetensors", "--min-pass", "0.5")
    #expect(
      outcome.errors == "senti: tiny.safetensors: expected cases that count, found none\n")
    #expect(outcome.status == 65)
  }

  @Test func anOverflowingModelIsRefused() throws {
    let place = try place()
    try TinyModel.overflowingClassifier().write(
      to: place.folder["large"], storedType: .float32)
    let outcome = try place.run("check", "--suite", "a.jsonl", "--model", "large")
    #expect(outcome.errors.hasPrefix("senti: large: expected finite numbers"))
    #expect(outcome.status == 65)
  }

  @Test(arguments: ["-0.1", "1.5"])
  func aLimitThatIsNoRateIsRefused(_ limit: String) throws {
    let outcome = try check("--min-pass=\(limit)", in: place())
    #expect(outcome.errors.contains("Expected --min-pass from 0 to 1, found \(limit)."))
    #expect(outcome.status == 64)
  }

  /// A terminal or a table would obey what stands in a text.
  @Test func aLineOfATextIsOneLine() throws {
    let place = try place()
    try place.folder.write(
      #"{"text":"bad\n\tfilm","expect":"positive"}"# + "\n", to: "b.jsonl")
    let outcome = try place.run("check", "--suite", "b.jsonl", "--model", "tiny.safetensors")
    #expect(outcome.output.hasPrefix("b.jsonl:1\tb\tpositive\tnegative\t0.9076\tbad  film\n"))
  }
}
