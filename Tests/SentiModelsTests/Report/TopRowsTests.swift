import Testing

@testable import SentiModels

@Suite("Top rows")
struct TopRowsTests {
  @Test func theHighestAreKeptInOrder() {
    var top = TopRows()
    for index in 0..<100 {
      let value = Double((index * 37) % 100)
      let answer = ReportRow.Answer(label: "a", probability: 1, score: 0)
      top.add(ReportRow(place: "a:\(index)", answer: answer), answer, value: value)
    }
    #expect(top.entries.count == top.limit && top.limit == 20)
    #expect(top.entries.map(\.value) == (80..<100).reversed().map(Double.init))
    #expect(!top.takes(80) && top.takes(80.5))
  }

  @Test func ofEqualRowsTheEarlierStay() {
    var top = TopRows()
    let answer = ReportRow.Answer(label: "a", probability: 1, score: 0)
    for index in 0..<30 {
      top.add(ReportRow(place: "a:\(index)", answer: answer), answer, value: 1)
    }
    #expect(top.entries.first?.place == "a:0" && top.entries.last?.place == "a:19")
  }

  @Test func longTextsAreCut() throws {
    var top = TopRows()
    let answer = ReportRow.Answer(label: "a", probability: 1, score: 0)
    var row = ReportRow(place: "a:1", answer: answer)
    row.text = String(repeating: "\u{E9}", count: 1 << 19)
    top.add(row, answer, value: 1)
    let bytes = try #require(top.entries[0].text?.bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(bytes.count <= TopRows.textByteLimit + 3 && text.hasSuffix("\u{E9}\u{2026}"))
  }

  /// Words behind the end of what is kept have no marks.
  @Test func wordsAreMarkedByTheirContributions() throws {
    var top = TopRows(limit: 1)
    let answer = ReportRow.Answer(label: "a", probability: 1, score: 0)
    var row = ReportRow(place: "a:1", answer: answer)
    row.text = "good bad " + String(repeating: "w", count: 700) + " end"
    row.explanation = RowExplanation(
      label: "a", difference: 1, baseline: 0,
      words: [
        .init(byteRange: 0..<4, contribution: 2), .init(byteRange: 5..<8, contribution: -1),
        .init(byteRange: 710..<713, contribution: 1),
      ])
    top.add(row, answer, value: 1)
    let text = try #require(top.entries[0].text)
    #expect(text.marks.map(\.level) == [5, -3])
    #expect(text.html.hasPrefix("<mark class=\"f5\" title=\"+2.00\">good<span class=\"hidden\">"))
    top.add(row, answer, value: 2)
    #expect(top.entries.map(\.value) == [2])
  }
}
