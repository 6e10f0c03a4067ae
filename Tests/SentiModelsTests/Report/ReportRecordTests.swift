import SentiModels
import Testing

@Suite("Records of a report")
struct ReportRecordTests {
  private static func report() throws -> PileReport {
    var report = try PileReport(groupFields: ["product"], rowLimit: 3)
    for index in 0..<40 {
      let isGood = index % 4 > 0
      var row = ReportRow(
        place: "a:\(index)",
        answer: .init(
          label: isGood ? "positive" : "negative", probability: 0.9 - 0.001 * Double(index),
          score: isGood ? 0.8 : -0.8))
      row.text = isGood ? "a good film" : "the dull end"
      row.groups = [index % 2 == 0 ? "pen" : "cup"]
      row.date = "2024-05-0\(index % 5 + 1)"
      report.add(row)
    }
    var failed = ReportRow(place: "a:41", answer: nil)
    (failed.error, failed.groups) = ("no text", [""])
    report.add(failed)
    return report
  }

  @Test func everyPartIsThere() throws {
    let records = try Self.report().records
    let parts = Set(records.map(\.part))
    #expect(
      parts == [
        "counts", "shares", "scores", "groups", "group_shares", "dates", "date_shares", "terms",
        "rows", "errors",
      ])
    let share = records.first { $0.part == "shares" && $0.label == "positive" }
    #expect(share?.rows == 30 && share?.value == 0.75 && share?.low ?? 1 < 0.75)
    let pen = records.first { $0.part == "groups" && $0.name == "pen" }
    #expect(pen?.field == "product" && pen?.rows == 20 && pen?.probability != nil)
    #expect(records.filter { $0.part == "dates" }.map(\.name).count == 5)
    #expect(records.filter { $0.part == "scores" }.compactMap(\.rows).reduce(0, +) == 40)
    #expect(records.last?.name == "no text" && records.last?.rows == 1)
  }

  @Test func rowsComeInTheirOrder() throws {
    let report = try Self.report()
    #expect(report.rows(.highest, 2).map(\.place) == ["a:1", "a:2"])
    #expect(report.rows(.leastSure, 9).map(\.place) == ["a:39", "a:38", "a:37"])
    #expect(report.rows(.lowest, 1).first?.text == "the dull end")
    #expect(report.rows(.mixed, 9).isEmpty && report.rows(.random, 99).count == 40)
  }
}
