import Foundation
import SentiModels
import Testing

@Suite("Pile report page")
struct PileReportPageTests {
  /// A report of 60 rows of two products.
  private static func report(
    text: String = "a good film", product: String = "pen", date: String? = "2024-05-01"
  ) throws -> PileReport {
    var report = try PileReport(groupFields: ["product"])
    for index in 0..<60 {
      let isGood = index % 3 > 0
      let answer = ReportRow.Answer(
        label: isGood ? "positive" : "negative", probability: 0.9 - 0.001 * Double(index),
        score: isGood ? 0.8 : -0.8)
      var row = ReportRow(place: "a.csv:\(index + 2)", answer: answer)
      row.text = isGood ? text : "the dull end"
      row.groups = [index % 2 == 0 ? product : "cup"]
      row.date = date
      report.add(row)
    }
    var failed = ReportRow(place: "a.csv:62", answer: nil)
    failed.error = "expected a text, found nothing"
    failed.groups = [""]
    report.add(failed)
    return report
  }

  private static func page(_ report: PileReport, title: String = "Reviews") -> String {
    PileReportPage(report, title: title, facts: [("file", "a.csv")]).html
  }

  @Test func everyPartIsThere() throws {
    let html = Self.page(try Self.report())
    for heading in [
      "Shares", "Scores", "By product", "Over time", "Words", "Rows",
      "Rows that could not be scored",
    ] {
      #expect(html.contains("<h2>\(heading)</h2>"), "\(heading)")
    }
    #expect(html.contains("<dt>rows</dt><dd lang=\"\" dir=\"auto\">61</dd>"))
    #expect(html.contains("<dt>not scored</dt><dd lang=\"\" dir=\"auto\">1</dd>"))
    #expect(html.contains(">positive</th><td>40</td><td>66.7 %</td>"))
    #expect(html.contains(">expected a text, found nothing</th><td>1</td>"))
    #expect(html.contains("a.csv:3</span>") && html.contains(">dull</th>"))
    #expect(html.components(separatedBy: "<svg").count - 1 == 3)
    #expect(html.contains("<summary>At random</summary>") && html.utf8.count < 200_000)
  }

  @Test func nothingComesFromElsewhere() throws {
    let html = Self.page(try Self.report())
    for word in ["http:", "https:", "src=", "<script ", "url(", "@import", "<link", "style=\""] {
      #expect(!html.contains(word), "\(word)")
    }
    #expect(html.contains("content=\"default-src 'none'; style-src 'sha256-"))
    #expect(html.components(separatedBy: "<script>").count == 2)
  }

  /// The words' bars, those of the other words and the baseline sum to the difference.
  @Test func aWordShiftIsShown() throws {
    var report = try PileReport(shift: (first: "pen", second: "cup"))
    for index in 0..<20 {
      var row = ReportRow(
        place: "a:\(index)", answer: .init(label: "positive", probability: 0.9, score: 0.8))
      row.isOfFirstGroup = index % 2 == 0
      row.text = index % 2 == 0 ? "good pen" : "dull cup"
      let contribution = index % 2 == 0 ? 1.5 : -0.5
      row.explanation = RowExplanation(
        label: "positive", difference: contribution + 0.25, baseline: 0.25,
        words: [.init(byteRange: 0..<4, contribution: contribution)])
      report.add(row)
    }
    let html = Self.page(report)
    #expect(html.contains("<h2>Word shift</h2>"))
    #expect(html.contains("+1.7500 in 10 rows of pen and -0.2500 in 10 rows of cup"))
    #expect(html.contains(">good</th><td>-1.5000</td><td>-1.5000</td>"))
    #expect(
      html.contains(">dull</th><td>-0.5000</td>") && html.contains(">sum</th><td>-2.0000</td>"))
    #expect(!html.contains("<summary>Most mixed</summary>"))
    #expect(html.contains("most come from good -1.5000, dull -0.5000"))
    let records = report.records
    let changes = records.filter { $0.part == "shift" }.compactMap(\.value)
    #expect(abs(changes.reduce(0, +) + 2) < 1e-12)
  }

  @Test func whatThereIsNotIsLeftOut() throws {
    var report = try PileReport()
    report.add(
      ReportRow(place: "a:1", answer: .init(label: "positive", probability: 1, score: 1)))
    let html = Self.page(report)
    for heading in ["Over time", "Words", "By ", "could not"] {
      #expect(!html.contains("<h2>\(heading)"), "\(heading)")
    }
    #expect(!html.contains("class=\"text\""))
  }

  @Test func datesThatCannotBeReadAreShown() throws {
    let html = Self.page(try Self.report(date: "<yesterday>"))
    #expect(html.contains("60 rows have dates that could not be read, such as &lt;yesterday&gt;"))
  }

  static let hostile = [
    "<script>alert(1)</script>", "</section></main><img src=x onerror=alert(1)>",
    "\"><svg onload='alert(1)'>", "&#60;script&#62;", "<!--", "a\u{202E}b\u{0}\u{1B}[2J",
  ]

  @Test(arguments: hostile)
  func hostileTextsStayTexts(_ text: String) throws {
    let plain = Self.tags(Self.page(try Self.report()))
    for html in [
      Self.page(try Self.report(text: text)), Self.page(try Self.report(product: text)),
      Self.page(try Self.report(date: text)), Self.page(try Self.report(), title: text),
    ] {
      #expect(Self.tags(html).isSubset(of: plain))
      #expect(!html.contains("\u{202E}") && !html.contains("\u{0}") && !html.contains("\u{1B}"))
    }
  }

  /// The tags of a page, without the values of their attributes.
  private static func tags(_ html: String) -> Set<String> {
    Set(html.matches(of: #/<[^>]*>/#).map { String($0.output).replacing(#/"[^"]*"/#, with: "") })
  }

  /// A word of a mebibyte takes no more room than an excerpt of it.
  @Test func enormousTextsAreCut() throws {
    let word = String(repeating: "w", count: 1 << 20)
    let html = Self.page(try Self.report(text: word, product: word), title: "Reviews")
    #expect(html.utf8.count < 300_000)
  }

  @Test func rowsOfOtherGroupsTrap() async {
    await #expect(processExitsWith: .failure) {
      var report = try PileReport(groupFields: ["a"])
      report.add(ReportRow(place: "a:1", answer: nil))
    }
  }
}
