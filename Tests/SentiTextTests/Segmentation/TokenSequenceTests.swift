import SentiText
import Testing

@Suite("Token sequence")
struct TokenSequenceTests {
  @Test(arguments: [
    ("", 1), ("one", 1), ("It's na\u{EF}ve \u{4E0D}\u{597D}, \u{1F600}! ", 5_000),
  ])
  func lazyTokensAreTheEagerOnes(piece: String, count: Int) throws {
    let tokenizer = try WordTokenizer()
    let text = String(repeating: piece, count: count)
    #expect(Array(tokenizer.lazyTokens(in: text)) == tokenizer.tokens(in: text))
  }

  @Test func lazyTokensAreJoinedToo() throws {
    let tokenizer = try WordTokenizer(joinedTokens: .all)
    let text = String(repeating: "see www.a.b/\u{4E0D} or @me \u{4E0D}#\u{4E0D}, ", count: 2_000)
    #expect(Array(tokenizer.lazyTokens(in: text)) == tokenizer.tokens(in: text))
    #expect(tokenizer.lazyTokens(in: text).contains { $0.kind == .mention })
  }

  @Test func firstTokenOfALongTextIsFoundAtOnce() throws {
    let tokenizer = try WordTokenizer()
    let text = String(repeating: "word ", count: 10_000_000)
    let duration = ContinuousClock().measure {
      #expect(tokenizer.lazyTokens(in: text).first { _ in true }?.byteRange == 0..<4)
    }
    #expect(duration < .seconds(1))
  }
}
