import SentiText
import Testing

@Suite("Normalizer")
struct NormalizerTests {
  private func normalized(_ text: String, _ normalization: Normalization) throws -> AlignedText {
    try Normalizer(normalization).normalized(text)
  }

  @Test(arguments: [
    ("e\u{301}", Normalization.Form.nfc, "\u{E9}"), ("\u{E9}", .nfd, "e\u{301}"),
    ("\u{FB01}lm", .nfkc, "film"), ("\u{FB01}lm", .nfc, "\u{FB01}lm"),
    ("\u{AC00}", .nfd, "\u{1100}\u{1161}"), ("\u{1100}\u{1161}\u{11A8}", .nfc, "\u{AC01}"),
    ("\u{BD}", .nfkd, "1\u{2044}2"), ("a\u{301}\u{323}", .nfc, "\u{1EA1}\u{301}"),
    ("\u{212B}ngstr\u{F6}m", .nfc, "\u{C5}ngstr\u{F6}m"), ("\u{FDFA}x", .nfc, "\u{FDFA}x"),
    ("e\u{301}", .none, "e\u{301}"), ("", .nfkc, ""),
    ("\u{1F600} ok", .nfkd, "\u{1F600} ok"),
  ])
  func formIsUnicodes(text: String, form: Normalization.Form, expected: String) throws {
    let result = try normalized(text, Normalization(form: form))
    #expect(result.utf8 == bytes(expected))
  }

  @Test func longestExpansionFits() throws {
    let result = try normalized("a\u{FDFA}b", Normalization(form: .nfkc))
    #expect(result.string.unicodeScalars.count == 20)
    #expect(result.originalRange(of: 1..<34) == 1..<4)
  }

  @Test func tokensOfNormalizedTextSliceTheOriginal() throws {
    let source = "STRA\u{DF}E \u{FB01}lm e\u{301}tude &amp; &quot;x&quot;<br />\u{130}zmir"
    let result = try normalized(source, .reviews1)
    let expected = [
      ("strasse", "STRA\u{DF}E"), ("film", "\u{FB01}lm"), ("\u{E9}tude", "e\u{301}tude"),
      ("&", "&amp;"), ("\"", "&quot;"), ("x", "x"), ("\"", "&quot;"),
      ("i\u{307}zmir", "\u{130}zmir"),
    ]
    var found: [(String, String)] = []
    let inner = try WordTokenizer()
    let normalizedTokens = inner.tokens(in: result.string)
    for (token, place) in zip(normalizedTokens, inner.tokens(in: result))
    where token.kind != .space {
      found.append((slice(result.string, token.byteRange), slice(source, place.byteRange)))
    }
    #expect(found.map { bytes($0.0) } == expected.map { bytes($0.0) })
    #expect(found.map { bytes($0.1) } == expected.map { bytes($0.1) })
  }

  @Test func normalizingTwiceChangesNothing() throws {
    let source = "\u{345}\u{1F88} \u{212A}\u{2126} \u{3A5}\u{308}\u{301} \u{1E9E} &lt;br&gt;"
    let normalizer = try Normalizer(Normalization(form: .nfkc, foldsCase: true))
    let once = normalizer.normalized(source).string
    #expect(bytes(normalizer.normalized(once).string) == bytes(once))
    #expect(normalizer.normalization == Normalization(form: .nfkc, foldsCase: true))
  }

  @Test func rewrittenTextKeepsItsOriginal() throws {
    let units: [UInt16] = [0xFB01, 0x6C, 0x6D, 0x20, 0x41]
    let result = try Normalizer(.reviews1).normalized(AlignedText(repairingUTF16: units.span))
    #expect(result.string == "film a")
    #expect(result.originalRange(of: 0..<2) == 0..<1)
    #expect(result.originalRange(of: 5..<6) == 4..<5)
  }

  @Test func invalidBytesKeepTheirPlaces() throws {
    let source: [UInt8] = [0x41, 0xFF, 0xEF, 0xAC, 0x81, 0x42]
    let result = try Normalizer(.reviews1).normalized(utf8: source.span)
    #expect(result.string == "a\u{FFFD}fib")
    #expect(result.replacementCount == 1)
    #expect(result.originalRange(of: 4..<5) == 2..<5)
    #expect(result.originalRange(of: 6..<7) == 5..<6)
  }
}

@Suite("Normalizer: alignment")
struct NormalizerAlignmentTests {
  private static let everything = Normalization(
    decodesHTML: true, form: .nfkc, foldsCase: true, lowercaseLocale: "tr", stripsAccents: true,
    collapsesSpaces: true)

  @Test(arguments: 0..<6)
  func everyRangeIsInTheTextAndInOrder(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let normalizer = try Normalizer(Self.everything)
    let tokenizer = try WordTokenizer()
    for _ in 0..<1_000 {
      let text =
        RandomText.make(using: &generator) + "<br />\u{FB01}\u{1F1E9}&amp;\u{AC01}\u{BD}\u{200F}"
      let result = normalizer.normalized(text)
      var last = 0..<0
      for token in tokenizer.tokens(in: result) {
        let range = token.byteRange
        #expect(range.lowerBound >= last.lowerBound && range.upperBound >= last.upperBound)
        #expect(String(validating: Array(text.utf8)[range], as: UTF8.self) != nil)
        last = range
      }
      #expect(last.upperBound == text.utf8.count)
    }
  }

  @Test(arguments: [Normalization.Form.nfc, .nfd, .nfkc, .nfkd])
  func everyCharacterNormalizesAsItsPartsDo(form: Normalization.Form) throws {
    let normalizer = try Normalizer(Normalization(form: form))
    for value in stride(from: 0xA0 as UInt32, to: 0x3_0000, by: 37) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let once = normalizer.normalized("x\(scalar)y")
      // A mark may join the letter before it; nothing joins the letter behind.
      let range = once.originalRange(of: 1..<(once.utf8.count - 1))
      #expect(range.lowerBound <= 1 && range.upperBound == 1 + String(scalar).utf8.count)
      #expect(normalizer.normalized(once.string).utf8 == once.utf8)
    }
  }

  @Test(.timeLimit(.minutes(60)))
  func aMillionMarksOutOfOrderTakeLinearTime() throws {
    let text = "a" + String(repeating: "\u{301}\u{323}", count: 500_000)
    let normalizer = try Normalizer(Normalization(form: .nfd))
    let expected =
      "a" + String(repeating: "\u{323}", count: 500_000)
      + String(repeating: "\u{301}", count: 500_000)
    let isExpected = normalizer.normalized(text).utf8 == bytes(expected)
    #expect(isExpected)
  }
}
