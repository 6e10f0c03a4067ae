import Foundation
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Explanation page")
struct ExplanationPageTests {
  static func page(_ text: String, name: String = "a.txt") throws -> ExplanationPage {
    let classifier = try TestModels.opinionated()
    let bytes = Array(text.utf8)
    var page = ExplanationPage(title: "Why & how")
    page.add(
      name, classifier.explanation(ofUTF8: bytes), in: bytes,
      sentences: try classifier.sentenceEffects(ofUTF8: bytes))
    return page
  }

  @Test func wordsAreMarkedInTheOriginalText() throws {
    let html = try Self.page("A GREAT film.\nGreat awful  end").html
    #expect(html.contains("<title>Why &amp; how</title>"))
    #expect(html.contains("A <mark class=\"f5\" title=\"+0."))
    #expect(html.contains("\">GREAT<span class=\"hidden\"> (+0."))
    #expect(html.contains(") </span></mark> film.\n<mark class=\"f5\""))
    #expect(html.contains("<mark class=\"a5\" title=\"-0."))
    #expect(html.contains("</mark>  end</div>"))
    #expect(html.contains("<strong>positive</strong>, probability 0."))
  }

  /// Every figure is there in words too, for those who see no colours.
  @Test func theSumAndTablesAreThere() throws {
    let html = try Self.page("Great film. Awful film.").html
    let explanation = try TestModels.opinionated().explanation(of: "Great film. Awful film.")
    #expect(explanation.stepCount == 4)
    #expect(html.contains("<p class=\"sum\">log-odds "))
    #expect(html.contains(", in 4 steps</p>"))
    #expect(html.contains("<details><summary>Words</summary>"))
    #expect(html.contains("<th scope=\"row\" lang=\"\" dir=\"auto\">Great</th><td>-"))
    #expect(html.contains("<td>0\u{2013}5</td>"))
    #expect(html.contains("<details><summary>Without each sentence</summary>"))
    #expect(html.contains("<th scope=\"row\" lang=\"\" dir=\"auto\">Awful film.</th><td>+"))
    #expect(html.components(separatedBy: "<tr>").count - 1 == 1 + 2 + 1 + 2)
  }

  @Test func nothingComesFromElsewhere() throws {
    let html = try Self.page("great").html
    for word in ["http:", "https:", "src=", "<script", "url(", "@import", "<link", "style=\""] {
      #expect(!html.contains(word), "\(word)")
    }
    #expect(html.contains("content=\"default-src 'none'; style-src 'sha256-"))
    #expect(html.contains("base-uri 'none'; form-action 'none'\">"))
    #expect(html.contains("@media (prefers-color-scheme: dark)"))
  }

  static let hostile = [
    "<script>alert(1)</script> great", "</div></main><img src=x onerror=alert(1)> great",
    "\"><svg onload='alert(1)'> great", "great&lt;b&gt; &#60;script&#62;", "<!-- great -->",
    "great\u{202E}evil\u{2066}\u{200F} \u{0}\u{1B}[2J \u{85}",
  ]

  @Test(arguments: hostile)
  func hostileTextsStayTexts(_ text: String) throws {
    for html in [try Self.page(text).html, try Self.page("great", name: text).html] {
      let plain = try Self.page("great").html
      // No tag but those of a page with an innocent text.
      #expect(Self.tags(html).isSubset(of: Self.tags(plain)))
      let isClean = html.unicodeScalars.allSatisfy { scalar in
        switch scalar.value {
        case 0x0A: true
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
        default: true
        }
      }
      #expect(isClean)
    }
  }

  /// The tags of a page, without their attributes' values.
  private static func tags(_ html: String) -> Set<String> {
    Set(html.matches(of: #/<[^>]*>/#).map { String($0.output).replacing(#/"[^"]*"/#, with: "") })
  }

  @Test func whatIsHiddenIsSpelledOut() throws {
    let html = try Self.page("great\u{202E}evil\u{0}").html
    #expect(html.contains("\\u{202E}evil\\u{0}</div>"))
  }

  /// A word of a mebibyte is there once, and an excerpt of it in tables and headings.
  @Test func enormousWordsDoNotMultiply() throws {
    let word = String(repeating: "w", count: 1 << 20)
    let html = try Self.page("great " + word, name: word).html
    #expect(html.utf8.count < 1_100_000 && html.utf8.count > 1 << 20)
  }

  @Test func longTextsHaveAShortTable() throws {
    let text = String(repeating: "great awful ", count: 40)
    let html = try Self.page(text).html
    #expect(html.contains("<p>40 more words contribute less.</p>"))
    #expect(ExplanationPage.tableLimit == 40)
  }

  @Test func unknownWordsAreSaidToBe() throws {
    let page = try Self.page("zzz")
    #expect(page.html.contains("<p>The model knows none of the words.</p>"))
    #expect(!page.html.contains("<mark class=\"f5\"") && page.count == 1)
    #expect(page.title == "Why & how")
  }
}
