import Foundation
import SentiModels
import SentiTensor
import Testing

@Suite("Generation page")
struct GenerationPageTests {
  static func page() -> GenerationPage {
    var page = GenerationPage(title: "a & b")
    page.add(
      "Ein <Hund>", text: "A \"dog\"", tokens: ["A", " dog", "end"],
      logProbabilities: [Float(log(0.5)), Float(log(0.04)), 0],
      attention: .init(
        source: ["Ein", "<Hund>"],
        weights: Matrix(rowCount: 3, columnCount: 2, elements: [0.98, 0.02, 0.25, 0.75, 0.5, 0.5])))
    return page
  }

  @Test func textsAreEscaped() {
    let html = Self.page().html
    #expect(html.contains("<title>a &amp; b</title>"))
    #expect(html.contains("<h2>A &quot;dog&quot;</h2>"))
    #expect(html.contains("<p class=\"sum\">Ein &lt;Hund&gt;</p>"))
    #expect(!html.contains("<Hund>"))
  }

  @Test func everyFigureIsANumberToo() {
    let html = Self.page().html
    for figure in ["50 %", "4.0 %", "100 %", ">98</text>", ">25</text>", ">75</text>"] {
      #expect(html.contains(figure), "\(figure)")
    }
    #expect(!html.contains(">2</text>"))
    #expect(html.contains("<title>A, &lt;Hund&gt;: 2 %</title>"))
    #expect(html.contains("A at Ein,  dog at &lt;Hund&gt;, end at Ein"))
    #expect(html.contains("\u{2423}dog"))
    #expect(html.components(separatedBy: "<rect").count == 7)
  }

  @Test func nothingComesFromElsewhere() {
    let html = Self.page().html
    for word in ["http:", "https:", "src=", "<script", "url(", "@import", "<link"] {
      #expect(!html.contains(word), "\(word)")
    }
  }

  @Test func aCaptionHasNoMatrix() {
    var page = GenerationPage(title: "Captions")
    page.add(
      "cat.jpg", text: "a cat", tokens: ["a", "cat", "end"], logProbabilities: [-1, -2, -3])
    #expect(!page.html.contains("class=\"matrix\""))
    #expect(page.html.contains("37 %"))
  }

  @Test func missingFiguresAreTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      var page = GenerationPage(title: "")
      page.add("", text: "", tokens: ["a"], logProbabilities: [])
    }
    await #expect(processExitsWith: .failure) {
      _ = GenerationPage.Attention(source: ["a"], weights: Matrix(rowCount: 1, columnCount: 2))
    }
  }
}
