import Foundation
import SentiModels
import SentiTestSupport
import Testing

@Suite("senti score, explanations")
struct ScoreCommandExplainTests {
  /// Contributions and baseline sum to the log-odds of the last label, whatever the answer is.
  @Test func explanationsAreOfTheLastLabel() throws {
    let place = try Workplace()
    try place.folder.write("text\nGood film.\nbad bad film\n\"\"\n", to: "a.csv")
    let outcome = try place.score("a.csv", "-q", "--explain", "--format", "jsonl")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 3 && lines[2].contains("\"explanation\":null"))
    for (line, sign) in zip(lines.prefix(2), [1.0, -1]) {
      let start = try #require(line.firstRange(of: "\"explanation\":"))
      let end = try #require(line.firstRange(of: ",\"error\""))
      let json = Array(line[start.upperBound..<end.lowerBound].utf8)
      let explanation = try #require(RowExplanation(json: json[...]))
      let sum = explanation.words.reduce(explanation.baseline) { $0 + $1.contribution }
      let change = explanation.difference - explanation.baseline
      #expect(abs(explanation.difference - sum) <= max(0.01 * abs(change), 0.001))
      #expect(explanation.label == "positive" && explanation.difference * sign > 0)
      #expect(explanation.words.first?.byteRange.lowerBound == 0)
    }
    let table = try place.score("a.csv", "-q", "--explain")
    #expect(table.output.hasPrefix("text,label,probability,score,explanation,error\nGood film.,"))
  }

  @Test func thePageOfTheOutputIsWrittenToo() throws {
    let place = try Workplace()
    try place.folder.write("review,id\ngood film,1\n,2\n", to: "a.csv")
    let outcome = try place.score(
      "a.csv", "-q", "--text-field", "review", "-o", "scored.csv", "--report", "report.html")
    #expect(outcome == .init(status: 1))
    let html = String(decoding: try place.folder.bytes("report.html"), as: UTF8.self)
    #expect(html.contains("<h1>What scored.csv says</h1>") && html.contains(">good film</div>"))
    #expect(html.contains("expected a text, found nothing</th><td>1</td>"))
    let again = try place.score(
      "a.csv", "-q", "--text-field", "review", "-o", "b.csv", "--report", "report.html")
    #expect(again.status == 74 && !FileManager.default.fileExists(atPath: place.folder["b.csv"]))
  }

  @Test func aPageNeedsAnOutput() throws {
    let outcome = try Workplace().score("-", "--report", "report.html")
    #expect(outcome.errors.contains("Expected --output with --report") && outcome.status == 64)
  }
}
