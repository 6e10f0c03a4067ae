import SentiText
import Testing

@Suite("Lower-casing")
struct LowercasingTests {
  @Test(arguments: [
    ("", "HELLO \u{C9}T\u{C9}", "hello \u{E9}t\u{E9}"), ("tr", "I\u{130}", "\u{131}i"),
    ("tr", "I\u{307}", "i"), ("lt", "I\u{300}", "i\u{307}\u{300}"), ("", "\u{130}", "i\u{307}"),
    (
      "el", "\u{39F}\u{394}\u{39F}\u{3A3} \u{3A3}\u{391}",
      "\u{3BF}\u{3B4}\u{3BF}\u{3C2} \u{3C3}\u{3B1}"
    ),
    ("", "A\u{3A3}.", "a\u{3C2}."), ("", "A\u{3A3}'B", "a\u{3C3}'b"), ("", "\u{3A3}", "\u{3C3}"),
    ("de", "STRA\u{DF}E", "stra\u{DF}e"), ("", "\u{10400}", "\u{10428}"), ("", "", ""),
  ])
  func localeDecides(locale: String, text: String, expected: String) throws {
    let result = try Normalizer(Normalization(lowercaseLocale: locale)).normalized(text)
    #expect(result.utf8 == bytes(expected))
  }

  @Test func rangesCoverLettersWithTheirMarks() throws {
    let result = try Normalizer(Normalization(lowercaseLocale: "tr")).normalized("aI\u{307}b")
    #expect(result.originalRange(of: 1..<2) == 1..<4)
    #expect(result.originalRange(of: 2..<3) == 4..<5)
  }

  @Test func unknownLocaleIsRefused() {
    #expect(throws: ICUError.unknownLocale("qq")) {
      try Normalizer(Normalization(lowercaseLocale: "qq"))
    }
  }

  @Test(.timeLimit(.minutes(60)))
  func manyMarksTakeLinearTime() throws {
    let text = "I" + String(repeating: "\u{301}", count: 1_000_000)
    let normalizer = try Normalizer(Normalization(lowercaseLocale: "lt"))
    #expect(normalizer.normalized(text).utf8.count == 2_000_003)
  }
}
