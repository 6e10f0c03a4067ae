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

  /// The first token is found, and some behind it, but not all that there are.
  @Test func tokensOfALongTextAreNotFoundBeforeTheyAreAskedFor() throws {
    let tokenizer = try WordTokenizer()
    let text = String(repeating: "word ", count: 1_000_000)
    var tokens = tokenizer.lazyTokens(in: text).makeIterator()
    #expect(tokens.next()?.byteRange == 0..<4)
    let parts = Mirror(reflecting: tokens).children
    let found = try #require(parts.first { $0.label == "found" }?.value as? [Token])
    #expect((1...100_000).contains(found.count))
  }
}
