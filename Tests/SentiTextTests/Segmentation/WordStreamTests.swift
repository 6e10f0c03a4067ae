import SentiText
import Testing

@Suite("Word stream")
struct WordStreamTests {
  private static let texts: [[UInt8]] = [
    bytes("It's na\u{EF}ve, 3.5 \u{4E0D}\u{597D}!\r\n\n  e\u{301} \u{1F1E9}\u{1F1EA} end"),
    [], [0x61, 0xE2, 0x82, 0x20, 0x62, 0x0A, 0xF0, 0x9F, 0x98], bytes("word \u{301}a b"),
  ]

  @Test(arguments: texts, 1...7)
  func chunksGiveTheTokensOfTheWhole(text: [UInt8], size: Int) throws {
    let tokenizer = try WordTokenizer()
    let (expected, replacementCount) = tokenizer.tokens(utf8: text.span)
    var stream = WordStream(tokenizer)
    var tokens: [Token] = []
    for start in stride(from: 0, to: text.count, by: size) {
      let chunk = Array(text[start..<min(text.count, start + size)])
      tokens += stream.tokens(in: chunk.span)
    }
    tokens += stream.finish()
    #expect(tokens == expected)
    #expect(stream.replacementCount == replacementCount)
  }

  @Test func aStreamMayBeUsedAgain() throws {
    var stream = WordStream(try WordTokenizer())
    #expect(stream.tokens(in: bytes("a b").span).map(\.byteRange) == [0..<1, 1..<2])
    #expect(stream.finish().map(\.byteRange) == [2..<3])
    #expect(stream.tokens(in: bytes("c\n").span).map(\.byteRange) == [0..<1, 1..<2])
    #expect(stream.finish().isEmpty)
  }
}
