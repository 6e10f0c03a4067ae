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

  // MARK: Bad input

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
