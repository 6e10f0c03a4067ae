import SentiText
import Testing

@Suite("Text segmenter")
struct TextSegmenterTests {
  private func pieces(_ unit: TextUnit, _ text: String, locale: String = "") throws -> [String] {
    try TextSegmenter(unit, locale: locale).ranges(in: text).map { slice(text, $0) }
  }

  @Test func graphemesAreWhatAReaderSees() throws {
    let text = "e\u{301}\u{1F468}\u{200D}\u{1F469}\r\n\u{1F1E9}\u{1F1EA}x"
    #expect(try pieces(.grapheme, text).map(bytes) == text.map { bytes(String($0)) })
  }

  @Test func sentencesKeepTheirSpaces() throws {
    #expect(
      try pieces(.sentence, "It ends. Why? \u{1F600}") == ["It ends. ", "Why? ", "\u{1F600}"])
    let text = "It ends. Nobody claps."
    #expect(try SentenceTokenizer(locale: "en").ranges(in: text) == [0..<9, 9..<22])
    #expect(try SentenceTokenizer(locale: "en").locale == "en")
  }

  @Test func linesMayEndAfterSpacesAndHyphens() throws {
    #expect(try pieces(.line, "well-known film\nend") == ["well-", "known ", "film\n", "end"])
  }

  @Test func wordsAreTheTokenizersOnes() throws {
    let text = "Don't stop \u{4E0D}\u{597D}."
    #expect(
      try TextSegmenter(.word).ranges(in: text)
        == WordTokenizer().tokens(in: text).map(\.byteRange))
  }

  @Test(arguments: TextUnit.allCases)
  func longTextHasTheUnitsOfItsParagraphs(unit: TextUnit) throws {
    let segmenter = try TextSegmenter(unit)
    let paragraph = "Mr. Smith went. \u{201C}Na\u{EF}ve?\u{201D} e\u{301}\r\n\n"
    let part = segmenter.ranges(in: paragraph)
    let whole = segmenter.ranges(in: String(repeating: paragraph, count: 2_000))
    let size = paragraph.utf8.count
    let expected = (0..<2_000).flatMap { index in
      part.map { ($0.lowerBound + index * size)..<($0.upperBound + index * size) }
    }
    #expect(whole == expected)
    #expect(segmenter.unit == unit && segmenter.locale == "")
  }

  @Test func illFormedBytesAreCountedAndCovered() throws {
    let source: [UInt8] = [0x61, 0xFF, 0x62]
    let (ranges, replacementCount) = try TextSegmenter(.grapheme).ranges(utf8: source.span)
    #expect(ranges == [0..<1, 1..<2, 2..<3] && replacementCount == 1)
  }

  @Test func rewrittenTextGivesRangesOfTheOriginal() throws {
    let text = try Normalizer(.reviews).normalized("One.<br />Two.")
    #expect(try TextSegmenter(.sentence).ranges(in: text) == [0..<10, 10..<14])
  }

  @Test func unknownLocaleIsRefused() {
    #expect(throws: ICUError.unknownLocale("qq")) { try TextSegmenter(.line, locale: "qq") }
    #expect(throws: ICUError.unknownLocale("qq")) { try SentenceTokenizer(locale: "qq") }
  }

  @Test(arguments: TextUnit.allCases)
  func aMillionCombiningMarksAreOneCharacter(unit: TextUnit) throws {
    let text = "a" + String(repeating: "\u{301}", count: 1_000_000)
    #expect(try TextSegmenter(unit).ranges(in: text) == [0..<2_000_001])
  }

  @Test(arguments: TextUnit.allCases)
  func emptyTextHasNoUnits(unit: TextUnit) throws {
    #expect(try TextSegmenter(unit).ranges(in: "").isEmpty)
  }
}
