import Foundation
import SentiTensor
import Testing

@testable import SentiModels

@Suite("HTML page")
struct HTMLPageTests {
  /// The policy lets the style sheet and the script of a page pass, and no other.
  @Test func thePolicyNamesTheStyleSheetAndTheScript() throws {
    func hash(_ name: String, in html: String) throws -> String {
      let start = try #require(html.range(of: "<\(name)>"))
      let end = try #require(html.range(of: "</\(name)>"))
      let digest = SHA256.digest(Array(html[start.upperBound..<end.lowerBound].utf8))
      return "sha256-\(Data(digest).base64EncodedString())"
    }
    let html = HTMLPage(title: "a", lead: "", sections: [PageScript.box], hasSearch: true).html
    #expect(try hash("style", in: html) == PageStyle.hash)
    #expect(try hash("script", in: html) == PageScript.hash)
    #expect(
      html.contains("style-src '\(PageStyle.hash)'; script-src '\(PageScript.hash)'; base-uri"))
    #expect(SHA256.digest(Array("abc".utf8)).prefix(4) == [0xBA, 0x78, 0x16, 0xBF])
    let plain = HTMLPage(title: "a", lead: "", sections: []).html
    #expect(!plain.contains("script"))
    #expect(HTMLPage.section("a & b", "c") == "<section>\n<h2>a &amp; b</h2>\nc\n</section>")
  }

  static let hostile = [
    "good film", "<script>alert(1)</script>", "</section></main><img src=x onerror=alert(1)>",
    "\"><svg onload='alert(1)'>", "&#60;script&#62; &amp &", "<!-- a", "]]> <![CDATA[",
    "a\u{202E}b\u{0}\u{1B}[2J", "' onfocus=alert(1) autofocus '", "",
    String(repeating: "w", count: 1 << 12),
  ]

  /// Every page that the library makes, of any texts.
  @Test(arguments: hostile)
  func everyPageIsWellFormed(_ text: String) throws {
    for (name, html) in [
      ("explanation", try Self.explanation(text)), ("report", try Self.report(text)),
      ("charts", Self.charts(text)), ("laboratory", Self.laboratory(text)),
      ("generation", Self.generation(text)),
    ] {
      #expect(HTMLCheck.problems(of: html) == [], "\(name)")
    }
  }

  private static func explanation(_ text: String) throws -> String {
    let classifier = try TestModels.opinionated()
    let bytes = Array((text + " great awful").utf8)
    var page = ExplanationPage(title: text)
    for _ in 0..<2 {
      page.add(
        text, classifier.explanation(ofUTF8: bytes), in: bytes,
        sentences: try classifier.sentenceEffects(ofUTF8: bytes))
    }
    return page.html
  }

  private static func report(_ text: String) throws -> String {
    var report = try PileReport(groupFields: [text], shift: (first: text, second: "b"))
    for index in 0..<40 {
      let score = index % 3 == 0 ? -0.8 : 0.7
      let label = index % 5 == 0 ? text : "positive"
      var row = ReportRow(
        place: text, answer: .init(label: label, probability: 0.9, score: score))
      row.text = "good " + text
      row.groups = [index % 2 == 0 ? text : "b"]
      row.date = index == 0 ? text : "2024-05-0\(1 + index % 9)"
      row.isOfFirstGroup = index % 2 == 0
      row.explanation = RowExplanation(
        label: text, difference: 1.5, baseline: 0.25,
        words: [.init(byteRange: 0..<4, contribution: index % 2 == 0 ? 1.25 : -0.5)])
      report.add(row)
    }
    var failed = ReportRow(place: text, answer: nil)
    (failed.error, failed.groups) = (text, [""])
    report.add(failed)
    return PileReportPage(report, title: text, facts: [(text, text)]).html
  }

  private static func charts(_ text: String) -> String {
    var examples = ScoredExamples(labels: [text + "a", text + "b"])
    for index in 0..<30 {
      examples.append(trueLabel: index % 2, probabilities: [0.3, 0.7])
    }
    guard let evaluation = Evaluation(of: examples) else { return "" }
    var page = ChartPage(evaluation, of: examples, title: text)
    let record = EpochRecord(
      epoch: 1, trainingLoss: 0.5, trainingAccuracy: 0.8, tokens: 1, seconds: 1)
    for chart in Chart.learningCurves([record, record]) { page.add(chart) }
    page.add(
      Chart(
        text, x: .init(text, categories: [text, "b"]), y: .init(text),
        series: [.init(text, .bars, [.init(0, 1), .init(1, -2)]), .init("b", .points, [])],
        alternative: text))
    page.add(text, columns: [text, "b"], rows: [[text, text]])
    return page.html
  }

  private static func generation(_ text: String) -> String {
    var page = GenerationPage(title: text)
    for _ in 0..<2 {
      page.add(
        text, text: text, tokens: [text, "end"], logProbabilities: [-1, 0],
        attention: .init(
          source: ["a", text],
          weights: Matrix(rowCount: 2, columnCount: 2, elements: [0.98, 0.02, 0.25, 0.75])))
    }
    return page.html
  }

  private static func laboratory(_ text: String) -> String {
    let chart = Chart(
      text, x: .init("x"), y: .init("y"), series: [.init("s", .line, [.init(0, 1)])],
      alternative: text)
    let report = LabReport(
      tables: [LabTable(text, columns: [text, "b"], rows: [[.text(text), .text("c")]])],
      charts: [chart])
    return LabPage(.neuron, report, seed: 1).html
  }

  /// The check itself notices what is wrong.
  @Test(arguments: [
    ("<p>a", "p is not closed"), ("<p>a</div>", "</div> in p"), ("<i id=\"a\"></i>", "element i"),
    ("<p id=\"a\">b</p><p id=\"a\">c</p>", "id a twice"), ("<p>a & b</p>", "& that is no entity"),
    ("<p><div>a</div></p>", "div in p"), ("<input id=\"a\">", "input without a label"),
    ("<p onclick=\"a\">b</p>", "attribute onclick"),
    ("<div tabindex=\"0\"></div>", "without a role"),
    ("<section aria-labelledby=\"a\"></section>", "no id a"), ("<svg></svg>", "svg without a name"),
    ("<p title=\"a\" title=\"b\">c</p>", "title twice"),
  ])
  func theCheckNotices(_ content: String, _ problem: String) {
    let html = HTMLPage(title: "a", lead: "", sections: [content]).html
    #expect(HTMLCheck.problems(of: html).contains { $0.contains(problem) }, "\(problem)")
  }
}
