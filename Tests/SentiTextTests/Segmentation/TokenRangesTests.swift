import SentiText
import Testing

@Suite("Ranges of tokens")
struct TokenRangesTests {
  private let text = "\u{1F600} na\u{EF}ve e\u{301} \u{4E0D}"

  @Test func indexRangesCutTheString() throws {
    for token in try WordTokenizer().tokens(in: text) {
      #expect(bytes(String(text[token.range(in: text)])) == bytes(slice(text, token.byteRange)))
    }
  }

  @Test func utf16RangesCutTheUnits() throws {
    let units = Array(text.utf16)
    for token in try WordTokenizer().tokens(in: text) {
      let cut = String(decoding: units[token.utf16Range(in: text)], as: UTF16.self)
      #expect(bytes(cut) == bytes(slice(text, token.byteRange)))
    }
  }

  @Test func rangesOfUTF16CallersCountUnits() throws {
    let units: [UInt16] = [0x61, 0x20, 0xD83D, 0xDE00, 0x20, 0xDC00, 0x62, 0xD800]
    let (tokens, replacementCount) = try WordTokenizer().tokens(utf16: units.span)
    #expect(replacementCount == 2)
    #expect(
      tokens.map(\.byteRange) == [0..<1, 1..<2, 2..<4, 4..<5, 5..<6, 6..<7, 7..<8])
    let aligned = AlignedText(repairingUTF16: units.span)
    #expect(aligned.string == "a \u{1F600} \u{FFFD}b\u{FFFD}" && aligned.replacementCount == 2)
  }

  @Test func rangeOutsideIsTheCallersMistake() async {
    await #expect(processExitsWith: .failure) { _ = "abc".range(ofUTF8: 2..<4) }
    #expect("abc".range(ofUTF8: 2..<3).upperBound == "abc".endIndex)
  }
}
