import Testing

@testable import SentiText

@Suite("Quoted text")
struct QuotedTextTests {
  @Test(arguments: [
    ("plain \u{E9}\u{1F600}\u{2026}", "plain \u{E9}\u{1F600}\u{2026}"),
    ("\u{1B}[31m\r\n\t\u{7F}", #"\u{1B}[31m\u{D}\u{A}\u{9}\u{7F}"#),
    ("\u{9B}2J\u{202E}abc\u{2066}\u{200F}\u{061C}", #"\u{9B}2J\u{202E}abc\u{2066}\u{200F}\u{61C}"#),
    ("\u{2028}\u{0}", #"\u{2028}\u{0}"#), ("", ""),
  ])
  func escapesWhatTerminalsWouldObey(text: String, escaped: String) {
    #expect(text.escapingControls() == escaped)
    #expect(text.quoted == "\"\(escaped)\"")
  }

  @Test func keepsWhatItIsTold() {
    #expect("a\tb\u{7}".escapingControls { $0 == "\t" } == "a\tb" + #"\u{7}"#)
  }

  @Test(arguments: ["x", "\u{E9}", "\u{20AC}", "\u{1F600}"])
  func atMost200BytesAreShown(character: String) {
    let text = String(repeating: character, count: 300)
    let count = 200 / character.utf8.count
    #expect(text.excerpt == String(repeating: character, count: count) + "\u{2026}")
    #expect(String(text.prefix(count)).excerpt == text.prefix(count))
  }
}
