import SentiCorpora
import Testing

@Suite("UTF-8 validation")
struct UTF8ValidationTests {
  @Test(arguments: [
    "", "plain", "naïve café", "ไทย 中文 русский عربى", "🎬👩‍👩‍👧", "\u{10FFFF}\0\u{7FF}\u{FFFF}",
  ])
  func acceptsText(text: String) {
    #expect(firstInvalidUTF8Offset(in: Array(text.utf8)) == nil)
  }

  @Test(
    arguments: [
      ([0xFF], 0), ([0x61, 0x80], 1), ([0x61, 0xC3], 1), ([0xC0, 0xAF], 0),
      ([0xE0, 0x80, 0xAF], 0),
      ([0x61, 0x62, 0xED, 0xA0, 0x80], 2), ([0xF4, 0x90, 0x80, 0x80], 0), ([0xE2, 0x82], 0),
      ([0xF0, 0x9F, 0x8E, 0x41], 0), ([0xC3, 0xA9, 0xE9], 2), ([0xF8, 0x88, 0x80, 0x80], 0),
    ] as [([UInt8], Int)])
  func findsTheFirstInvalidByte(bytes: [UInt8], offset: Int) {
    #expect(firstInvalidUTF8Offset(in: bytes) == offset)
  }

  @Test func countsFromTheStartOfASlice() {
    let bytes: [UInt8] = [0x61, 0x62, 0x63, 0xFF]
    #expect(firstInvalidUTF8Offset(in: bytes[2...]) == 1)
  }

  @Test func agreesWithTheStandardLibraryOnRandomBytes() {
    var generator = SplitMixGenerator(seed: 1)
    let alphabet: [UInt8] = [
      0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED,
      0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF,
    ]
    for _ in 0..<20_000 {
      let bytes = (0..<5).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
      let isValid = String(validating: bytes, as: UTF8.self) != nil
      #expect((firstInvalidUTF8Offset(in: bytes) == nil) == isValid, "\(bytes)")
    }
  }
}
