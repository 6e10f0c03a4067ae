import Foundation
import SentiTestSupport
import Testing

@Suite("senti report")
struct ReportCommandTests {
  /// Scored reviews of two products on 40 days.
  private static let rows =
    "id,text,product,date,label,probability,score,error\n"
    + (0..<120).map { index in
      let isGood = index % 3 > 0
      let (day, month) = (index % 20 + 10, index / 60 + 1)
      let text = isGood ? "a good film" : "the dull end"
      let product = index % 2 == 0 ? "pen" : "cup"
      return "\(index),\(text),\(product),"
        + "2024-0\(month)-\(day),\(isGood ? "positive,0.9,0.8" : "negative,0.85,-0.7"),\n"
    }.joined() + "120,,pen,2024-01-01,,,,\"expected a text, found nothing\"\n"

  private func report(_ arguments: String..., in place: Workplace) throws -> Senti.Outcome {
    try place.folder.write(Self.rows, to: "scored.csv")
    return try Senti.run(
      ["report", "scored.csv", "-o", "report.html"] + arguments, in: place.folder)
  }

  private func page(in place: Workplace) throws -> String {
    String(decoding: try place.folder.bytes("report.html"), as: UTF8.self)
  }

  @Test func aPageShowsThePile() throws {
    let place = try Workplace()
    let outcome = try report("--by", "product,id", "--date-field", "date", in: place)
    #expect(outcome == .init())
    let html = try page(in: place)
    for heading in [
      "Shares", "Scores", "By product", "By id", "Over time", "Words", "Rows",
      "Rows that could not be scored",
    ] {
      #expect(html.contains("<h2>\(heading)</h2>"), "\(heading)")
    }
    #expect(html.contains("<h1>What scored.csv says</h1>"))
    #expect(html.contains(">positive</th><td>80</td><td>66.7 %</td>"))
    #expect(html.contains("(70 others)"))
    #expect(html.contains(">day</text>"))
    #expect(try report("--by", "product", in: place).status == 74)
  }

  @Test func withoutTextsThereAreNone() throws {
    let place = try Workplace()
    #expect(try report("--without-texts", "--title", "Pens", in: place).status == 0)
    let html = try page(in: place)
    #expect(!html.contains("good film") && !html.contains("<h2>Words</h2>"))
    #expect(html.contains("<h1>Pens</h1>") && html.contains("scored.csv:3</span>"))
  }

  /// What `score` writes, `report` reads.
  @Test func readsWhatScoreWrites() throws {
    let place = try Workplace()
    try place.folder.write(
      "label,text\n1,good film\n0,bad\n1,\n", to: "a.csv")
    #expect(try place.score("a.csv", "-q", "-o", "scored.csv").status == 1)
    let outcome = try place.run("report", "scored.csv", "-o", "report.html")
    #expect(outcome == .init())
    #expect(try page(in: place).contains("expected a text, found nothing</th><td>1</td>"))
  }

  /// What `score --explain` writes, `report` takes apart; its figures are in the data too.
  @Test func aWordShiftComesOfExplanations() throws {
    let place = try Workplace()
    var rows = "product,date,text\n"
    for _ in 0..<5 { rows += "pen,2024-01-03,good film\ncup,2024-02-03,bad film\n" }
    try place.folder.write(rows, to: "a.csv")
    #expect(try place.score("a.csv", "-q", "--explain", "-o", "scored.csv") == .init())
    let outcome = try place.run(
      "report", "scored.csv", "-o", "report.html", "--data", "data.jsonl", "--shift",
      "product=cup,pen")
    #expect(outcome == .init())
    let html = try page(in: place)
    #expect(html.contains("<h2>Word shift</h2>") && html.contains(">good</th><td>+"))
    #expect(html.contains("<mark class=\"f5\"") && html.contains("5 rows of cup"))
    let lines = String(decoding: try place.folder.bytes("data.jsonl"), as: UTF8.self)
      .split(separator: "\n")
    #expect(lines.contains { $0.contains(#""name":"good","part":"shift""#) })
    #expect(lines.contains(#"{"name":"rows","part":"counts","rows":10}"#))
    let dates = try place.run(
      "report", "scored.csv", "-o", "b.html", "--date-field", "date", "--shift",
      "date=2024-01,2024-02")
    #expect(dates == .init())
    let second = String(decoding: try place.folder.bytes("b.html"), as: UTF8.self)
    #expect(second.contains("5 rows of 2024-01") && second.contains(">bad</th><td>-"))
  }

  @Test func rowsArePrintedWithoutAPage() throws {
    let place = try Workplace()
    try place.folder.write(Self.rows, to: "scored.csv")
    let outcome = try place.run("report", "scored.csv", "--top", "2", "--sort", "lowest-score")
    let expected = """
      label     probability  score    row           text
      negative  0.8500       -0.7000  scored.csv:2  the dull end
      negative  0.8500       -0.7000  scored.csv:5  the dull end

      """
    #expect(outcome == .init(output: expected))
    let none = try place.run("report", "scored.csv", "--top", "2", "--sort", "mixed")
    #expect(none.output == "label  probability  score  row  text\n" && none.status == 0)
  }

  // MARK: Bad input

  @Test(arguments: [
    ([], "Expected --output, --data or --top."), (["--top", "0"], "Expected --top of 1 or more."),
    (["--top", "1", "--shift", "product=a"], "Expected --shift field=first,second"),
    (["--top", "1", "--shift", "product=a,a"], "Expected --shift field=first,second"),
    (
      ["--top", "1", "--without-texts", "--shift", "a=b,c"],
      "Expected --shift or --without-texts, found both."
    ),
  ])
  func wrongOptionsAreRefused(_ arguments: [String], _ message: String) throws {
    let place = try Workplace()
    try place.folder.write(Self.rows, to: "scored.csv")
    let outcome = try Senti.run(["report", "scored.csv"] + arguments, in: place.folder)
    #expect(outcome.errors.contains(message) && outcome.status == 64)
  }

  @Test func explanationsThatScoreDidNotWriteAreFailures() throws {
    let place = try Workplace()
    try place.folder.write(
      "text,label,probability,score,explanation\ngood,positive,0.9,0.8,what\n", to: "scored.csv")
    let outcome = try place.run("report", "scored.csv", "-o", "report.html")
    #expect(outcome.errors.contains("an explanation that senti score wrote"))
    try place.folder.write(Self.rows, to: "scored.csv")
    let missing = try place.run("report", "scored.csv", "--top", "1", "--shift", "product=a,b")
    #expect(missing.errors.contains("; senti score --explain adds it") && missing.status == 65)
  }

  @Test func aFileThatWasNotScoredIsRefused() throws {
    let place = try Workplace()
    try place.folder.write("id,text\n1,good\n", to: "a.csv")
    let outcome = try place.run("report", "a.csv", "-o", "report.html")
    let message = """
      senti: a.csv: expected the columns that senti score adds, found no "label", "probability", \
      "score" among "id", "text"

      """
    #expect(outcome == .init(errors: message, status: 65))
    #expect(!FileManager.default.fileExists(atPath: place.folder["report.html"]))
  }

  @Test(arguments: [
    (["--by", "colour"], "expected the fields \"colour\", found"),
    (["--date-field", "day"], "expected the fields \"day\", found"),
    (["--text-field", "review"], "; --text-field names it, or --without-texts"),
  ])
  func fieldsThatAreNotThereAreNamed(_ arguments: [String], _ message: String) throws {
    let place = try Workplace()
    try place.folder.write(Self.rows, to: "scored.csv")
    let outcome = try Senti.run(
      ["report", "scored.csv", "-o", "report.html"] + arguments, in: place.folder)
    #expect(outcome.errors.contains(message) && outcome.status == 65)
  }

  @Test func datesThatDoNotParseAreCounted() throws {
    let place = try Workplace()
    let outcome = try report("--date-field", "product", in: place)
    #expect(outcome.status == 0)
    #expect(try page(in: place).contains("120 rows have dates that could not be read, such as pen"))
  }

  @Test func aFileWithoutRowsIsNoPile() throws {
    let place = try Workplace()
    try place.folder.write("text,label,probability,score\n", to: "scored.csv")
    let outcome = try place.run("report", "scored.csv", "-o", "report.html")
    #expect(outcome.status == 65 && outcome.errors.contains("scored.csv"))
  }
}
