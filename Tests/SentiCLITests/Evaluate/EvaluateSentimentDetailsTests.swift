import Foundation
import SentiModels
import SentiTestSupport
import Testing

@Suite("senti evaluate, details")
struct EvaluateSentimentDetailsTests {
  /// Products that the tiny model knows: of pens all are right, of cups half are.
  private static let rows =
    "id,text,product,stars\n"
    + (0..<40).map { index in
      let isGood = index.isMultiple(of: 2)
      let product = index < 20 ? "pen" : "cup"
      let isRight = index < 20 || index.isMultiple(of: 4) || index % 4 == 1
      let label = isGood == isRight ? "pos" : "neg"
      return "\(index),\(isGood ? "a good film" : "bad"),\(product),\(label)\n"
    }.joined()

  private func evaluate(_ arguments: String..., in place: Workplace) throws -> Senti.Outcome {
    try place.folder.write(Self.rows, to: "a.csv")
    return try Senti.run(
      ["evaluate", "a.csv", "--model", "tiny.safetensors", "--label-field", "stars"] + arguments,
      in: place.folder)
  }

  private func lines(_ outcome: Senti.Outcome) -> [[Substring]] {
    outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
  }

  @Test func intervalsAndCoverageFollow() throws {
    let outcome = try evaluate(in: Workplace())
    let lines = lines(outcome)
    #expect(lines.contains(["95", "%", "interval", "from", "to"]))
    let accuracy = try #require(lines.last { $0.first == "accuracy" }?.compactMap { Double($0) })
    #expect(accuracy.count == 2 && accuracy[0] < 0.75 && accuracy[1] > 0.75)
    #expect(lines.contains(["coverage", "least", "probability", "accuracy"]))
    #expect(lines.last?.count == 3)
    #expect(try evaluate(in: Workplace()) == outcome)
  }

  @Test func groupsHaveTheirOwnFigures() throws {
    let outcome = try evaluate("--by", "product", in: Workplace())
    let groups = lines(outcome).suffix(3)
    #expect(groups.first?.first == "group")
    let figures = groups.dropFirst().map { $0.prefix(3).joined(separator: " ") }
    #expect(figures == ["cup 20 0.5000", "pen 20 1.0000"])
  }

  @Test func manyGroupsAreFiftyAndTheRest() throws {
    let outcome = try evaluate("--by", "id", "--format", "json", in: Workplace())
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect((value["groups"] as? [[String: Any]])?.count == 40)
    let place = try Workplace()
    let many = "id,text,label\n" + (0..<80).map { "\($0 < 3 ? 0 : $0),good,pos\n" }.joined()
    try place.folder.write(many, to: "b.csv")
    let rest = try place.run("evaluate", "b.csv", "--model", "tiny.safetensors", "--by", "id")
    let last = rest.output.split(separator: "\n").last ?? ""
    #expect(last.hasPrefix("(28 others)  28 "))
  }

  @Test func jsonHasAllOfIt() throws {
    let outcome = try evaluate("--by", "product", "--format", "json", in: Workplace())
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let intervals = try #require(value["intervals"] as? [String: [Double]])
    #expect(intervals.keys.sorted() == ["accuracy", "brier_score", "log_loss", "macro_f1"])
    let coverage = try #require(value["coverage"] as? [[String: Double]])
    #expect(coverage.first?["coverage"] == 1 && coverage.first?["accuracy"] == 0.75)
    let groups = try #require(value["groups"] as? [[String: Any]])
    #expect(groups.map { $0["group"] as? String } == ["cup", "pen"])
    #expect(groups.map { $0["accuracy"] as? Double } == [0.5, 1])
    #expect(value["brier_score"] != nil && value["adaptive_calibration_error"] != nil)
  }

  @Test func chartsAreWritten() throws {
    let place = try Workplace()
    let outcome = try evaluate("--plot", "a.html", in: place)
    #expect(outcome == (try evaluate(in: place)))
    let html = String(decoding: try place.folder.bytes("a.html"), as: UTF8.self)
    for heading in ["Reliability", "Accuracy against coverage", "Confusion matrix", "Labels"] {
      #expect(html.contains("<h2>\(heading)</h2>"), "\(heading)")
    }
    #expect(try evaluate("--plot", "a.html", in: place).status == 74)
    #expect(try evaluate("--plot", "a.html", "--force", in: place).status == 0)
    #expect(try evaluate("--plot", "a.pdf", in: place).status == 64)
  }

  @Test func aGroupFieldThatIsNotThereIsNamed() throws {
    let outcome = try evaluate("--by", "colour", in: Workplace())
    #expect(outcome.errors.contains("colour") && outcome.status == 65)
    let place = try Workplace()
    try place.folder.write("good", to: "texts/positive/1.txt")
    let folder = try place.run(
      "evaluate", "texts", "--model", "tiny.safetensors", "--by", "product")
    #expect(folder.errors == "senti: texts: expected a table with --by, found a folder\n")
    #expect(folder.status == 64)
  }

  // MARK: Mistakes

  @Test func theMostWrongTextsComeFirst() throws {
    let place = try Workplace()
    try place.folder.write(
      "text,label\ngood,pos\ngood film,neg\n\"great, good\",neg\nawful,neg\nfilm,pos\n",
      to: "b.csv")
    let outcome = try place.run(
      "evaluate", "b.csv", "--model", "tiny.safetensors", "--mistakes", "wrong.csv")
    #expect(outcome.status == 0)
    let lines = try String(decoding: place.folder.bytes("wrong.csv"), as: UTF8.self)
      .split(separator: "\n")
    #expect(lines[0] == "place,true_label,true_probability,label,probability,text")
    #expect(lines[1].hasPrefix("b.csv:4,negative,0.0"))
    #expect(lines[1].hasSuffix(",\"great, good\""))
    #expect(lines[2].hasPrefix("b.csv:3,negative,0.") && lines[2].hasSuffix(",good film"))
    #expect(lines.last?.hasPrefix("b.csv:6,positive,0.5,negative,0.5,film") == true)
    #expect(lines.count == 4)
    let again = try place.run(
      "evaluate", "b.csv", "--model", "tiny.safetensors", "--mistakes", "wrong.csv")
    #expect(again.status == 74)
  }

  @Test func mistakesAreExplained() throws {
    let place = try Workplace()
    let outcome = try evaluate("--mistakes", "wrong.jsonl", "--explain", in: place)
    #expect(outcome.status == 0)
    let lines = try String(decoding: place.folder.bytes("wrong.jsonl"), as: UTF8.self)
      .split(separator: "\n")
    #expect(lines.count == 10)
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
    #expect(value["true_label"] as? String != value["label"] as? String)
    #expect((value["words"] as? [[String: Any]])?.isEmpty == false)
  }

  @Test func whatCannotBeReadTwiceIsRefused() throws {
    let place = try Workplace()
    let pipe = try place.run(
      "evaluate", "-", "--model", "tiny.safetensors", "--mistakes", "wrong.csv", input: Self.rows)
    let message = "senti: --mistakes: expected a file or folder, found standard input\n"
    #expect(pipe == .init(errors: message, status: 64))
    let explain = try evaluate("--explain", in: place)
    #expect(explain.errors.contains("Expected --mistakes with --explain.") && explain.status == 64)
  }

  // MARK: Training texts

  @Test func textsOfTheTrainingAreTold() throws {
    let place = try Workplace()
    let texts = (0..<12).map { "good film \($0), good film \($0), good film \($0), film \($0)" }
    var classifier = try TinyModel.classifier()
    classifier.card.trainingTexts = TextFingerprints(of: texts.prefix(6))
    try classifier.write(to: place.folder["known.safetensors"])
    try place.folder.write(
      "text,label\n" + texts.map { "\"\($0)\",pos\n" }.joined(), to: "b.csv")
    let outcome = try place.run("evaluate", "b.csv", "--model", "known.safetensors")
    let message = """
      senti: warning: b.csv: the model was trained on 6 of the 12 texts that could be compared by \
      their hashes; its figures do not hold for new texts

      """
    #expect(outcome.errors == message && outcome.status == 0)
    // A model that notes nothing says nothing.
    let old = try place.run("evaluate", "b.csv", "--model", "tiny.safetensors")
    #expect(old.errors.isEmpty)
  }
}
