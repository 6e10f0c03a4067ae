import Foundation
import SentiModels
import Testing

@Suite("Chart")
struct ChartTests {
  private static func chart(_ style: Chart.Style, name: String = "rows") -> Chart {
    Chart(
      "Shares", x: .init("label", categories: ["negative", "positive"]),
      y: .init("rows, in percent", range: 0...100),
      series: [
        .init(name, style, [.init(0, 25, interval: 20...30), .init(1, 75)]),
        .init("others", .points, [.init(0, 50), .init(1, .nan)]),
      ], alternative: "negative 25 %, positive 75 %")
  }

  @Test func axesHaveLabelsAndAnAlternativeStandsInWords() {
    let svg = Self.chart(.bars).svg
    #expect(svg.contains("aria-label=\"Shares: negative 25 %, positive 75 %\""))
    #expect(svg.contains("role=\"img\""))
    for word in [">label<", ">rows, in percent<", ">negative<", ">positive<", ">40<", ">100<"] {
      #expect(svg.contains(word), "\(word)")
    }
    #expect(svg.contains("<title>negative: 25.0000</title>"))
  }

  @Test(arguments: [(Chart.Style.bars, "<rect", 2), (.line, "<path", 1), (.points, "<circle", 3)])
  func seriesAreDrawnInTheirStyle(_ style: Chart.Style, _ element: String, _ count: Int) {
    let svg = Self.chart(style).svg
    #expect(svg.components(separatedBy: element).count - 1 == count)
  }

  /// A bar from 0 to 75 of 100 fills three quarters of the room.
  @Test func barsAreAsHighAsTheirValues() throws {
    let svg = Self.chart(.bars).svg
    let heights = svg.matches(of: #/<rect [^>]* height="([0-9.]+)"/#).compactMap {
      Double($0.output.1)
    }
    #expect(heights.count == 2 && abs(heights[1] / heights[0] - 3) < 0.01)
  }

  /// Of 24 dates as many are named as there is room for, without one lying over another.
  @Test func longNamesLeaveOthersOut() {
    let names = (10..<34).map { "2024-05-\($0)" }
    let chart = Chart(
      "a", x: .init("day", categories: names), y: .init("y"),
      series: [.init("s", .line, names.indices.map { .init(Double($0), 1) })], alternative: "")
    let places = chart.svg.matches(of: #/<text x="([0-9.]+)" y="298"/#).compactMap {
      Double($0.output.1)
    }
    #expect(places.count == 6)
    #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 > 10 * 8 })
  }

  @Test func aLineBreaksWhereAValueIsMissing() throws {
    let chart = Chart(
      "a", x: .init("x"), y: .init("y"),
      series: [.init("s", .line, [.init(0, 1), .init(1, .nan), .init(2, 3), .init(3, 4)])],
      alternative: "")
    let path = try #require(chart.svg.firstMatch(of: #/<path d="([^"]*)"/#)?.output.1)
    #expect(path.count { $0 == "M" } == 2 && path.count { $0 == "L" } == 1)
  }

  /// Every chart is well-formed XML, whatever its names are.
  @Test(arguments: ["rows", "<script>alert(1)</script>", "a\" onload=\"b", "&\u{202E}\u{0}", ""])
  func namesStayTexts(_ name: String) throws {
    let file = Self.chart(.line, name: name).svgFile
    #expect(file.hasPrefix("<?xml") && file.contains("fill=\"#fff\""))
    let parser = XMLTags(file)
    #expect(parser.isBalanced && !parser.names.contains("script"))
    #expect(!file.contains("\u{202E}") && !file.contains("onload=\"b"))
  }

  @Test func anEmptyChartHasItsAxes() {
    let chart = Chart("a", x: .init("x"), y: .init("y"), series: [], alternative: "nothing")
    #expect(chart.svg.contains(">x<") && chart.svg.contains(">y<"))
    #expect(XMLTags(chart.svgFile).isBalanced)
  }

  @Test func manyCategoriesAreNamedNowAndThen() {
    let names = (0..<100).map { "week \($0)" }
    let chart = Chart(
      "a", x: .init("week", categories: names), y: .init("y"),
      series: [.init("s", .line, names.indices.map { .init(Double($0), 1) })], alternative: "")
    let texts = chart.svg.matches(of: #/>week [0-9]+</#)
    // Each point has a title of its own too.
    #expect(texts.count <= 12)
  }
}

/// The tags of a piece of XML.
private struct XMLTags {
  private(set) var names: Set<String> = []
  private(set) var isBalanced = true

  init(_ text: String) {
    var open: [String] = []
    for match in text.matches(of: #/<(\/?)([A-Za-z]+)((?:[^"<>]|"[^"<]*")*?)(\/?)>/#) {
      let name = String(match.output.2)
      names.insert(name)
      if match.output.1 == "/" {
        if open.popLast() != name { isBalanced = false }
      } else if match.output.4 != "/" {
        open.append(name)
      }
    }
    if !open.isEmpty { isBalanced = false }
  }
}
