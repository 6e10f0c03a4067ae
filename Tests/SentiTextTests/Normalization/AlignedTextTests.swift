import SentiText
import Testing

@Suite("Aligned text")
struct AlignedTextTests {
  @Test(
    arguments: [
      // Table 3-8 of the Unicode Standard: one U+FFFD for each maximal subpart.
      ([0x61, 0xF1, 0x80, 0x80, 0xE1, 0x80, 0xC2, 0x62], [1, 3, 2, 1, 1]),
      // Overlong forms, surrogates and scalars past the last have no well-formed beginning.
      ([0xC0, 0xAF, 0xE0, 0x80, 0xBF, 0xF0, 0x81, 0x82, 0x41], [1, 1, 1, 1, 1, 1, 1, 1, 1]),
      ([0xED, 0xA0, 0x80, 0xED, 0xBF, 0xBF, 0x41], [1, 1, 1, 1, 1, 1, 1]),
      ([0xF4, 0x91, 0x92, 0x93, 0xFF, 0x41, 0x80, 0xBF, 0x42], [1, 1, 1, 1, 1, 1, 1, 1, 1]),
      // Truncated sequences.
      ([0xE1, 0x80, 0xE2, 0xF0, 0x91, 0x92, 0xF1, 0xBF, 0x41], [2, 1, 3, 2, 1]),
    ] as [([UInt8], [Int])])
  func illFormedPartsAreReplacedAsUnicodeRecommends(source: [UInt8], lengths: [Int]) {
    let text = AlignedText(repairing: source.span)
    #expect(text.string == String(decoding: source, as: UTF8.self))
    #expect(text.replacementCount == text.string.unicodeScalars.count { $0 == "\u{FFFD}" })
    var (position, start) = (0, 0)
    for (scalar, length) in zip(text.string.unicodeScalars, lengths) {
      let end = position + scalar.utf8.count
      #expect(text.originalRange(of: position..<end) == start..<(start + length))
      (position, start) = (end, start + length)
    }
    #expect(start == source.count)
  }

  @Test func wellFormedTextStaysAsItIs() {
    let text = AlignedText(repairing: bytes("na\u{EF}ve \u{1F600}\0").span)
    #expect(text == AlignedText("na\u{EF}ve \u{1F600}\0"))
    #expect(text.replacementCount == 0 && text.alignment.isIdentity)
    #expect(text.utf8 == bytes("na\u{EF}ve \u{1F600}\0"))
  }
}
