import SentiText
import Testing

@Suite("Joined tokens")
struct JoinedTokensTests {
  private func joined(_ text: String, _ options: JoinedTokens = .all) throws -> [String] {
    try WordTokenizer(joinedTokens: options).tokens(in: text)
      .filter { [.url, .email, .mention, .hashtag].contains($0.kind) }
      .map { "\($0.kind) \(slice(text, $0.byteRange))" }
  }

  @Test(
    arguments: [
      ("see https://example.org/a_b?q=1#x, now", ["url https://example.org/a_b?q=1#x"]),
      ("(HTTP://a.b/c)", ["url HTTP://a.b/c"]), ("www.example.org.", ["url www.example.org"]),
      ("http://a.b/(c)", ["url http://a.b/(c)"]), ("http://", []), ("httpx://a", []),
      ("mail a.b+c@x-y.co.uk.", ["email a.b+c@x-y.co.uk"]), ("a@b", []), ("a@b.", []),
      ("@name_1, @2 @", ["mention @name_1", "mention @2"]),
      (
        "#topic #1 #1st #\u{E9}t\u{E9}!",
        ["hashtag #topic", "hashtag #1st", "hashtag #\u{E9}t\u{E9}"]
      ),
      (
        "https://de.wikipedia.org/wiki/M\u{FC}ller_(Beruf), http://m\u{FC}ller.de",
        ["url https://de.wikipedia.org/wiki/M\u{FC}ller_(Beruf)", "url http://m\u{FC}ller.de"]
      ),
      ("j\u{F6}rg@m\u{FC}ller.de <x@y.z>", ["email j\u{F6}rg@m\u{FC}ller.de", "email x@y.z"]),
      (
        "@j\u{FC}rgen, <http://a.b> [www.c.d]",
        ["mention @j\u{FC}rgen", "url http://a.b", "url www.c.d"]
      ),
      ("http://a.b\u{3002}\u{597D} http://a.b\u{597D}", ["url http://a.b", "url http://a.b"]),
      ("", []), ("# @ .", []),
    ] as [(String, [String])])
  func addressesAreOneToken(text: String, expected: [String]) throws {
    #expect(try joined(text) == expected)
  }

  /// RFC 5321, 4.5.3.1.1.
  @Test(arguments: [64, 65])
  func whatStandsBeforeTheSignOfAnAddressHasAtMost64Bytes(count: Int) throws {
    let address = String(repeating: "a", count: count) + "@b.c"
    #expect(try joined(address, .emails) == (count == 64 ? ["email \(address)"] : []))
  }

  @Test func onlyTheChosenOnesAreJoined() throws {
    let text = "@a #b www.c.d e@f.g"
    #expect(try joined(text, .mentions) == ["mention @a"])
    #expect(try joined(text, .hashtags) == ["hashtag #b"])
    #expect(try joined(text, .urls) == ["url www.c.d"])
    #expect(try joined(text, .emails) == ["email e@f.g"])
    #expect(try joined(text, []) == [])
    #expect(JoinedTokens(rawValue: 15) == .all)
  }

  @Test func tokensStillCoverTheText() throws {
    let text = "x:http://a.b'c @a.b@c.d#e #f#g \u{E9}@x \u{4E0D}#\u{4E0D} www.a\u{E9}b"
    var end = 0
    for token in try WordTokenizer(joinedTokens: .all).tokens(in: text) {
      #expect(token.byteRange.lowerBound == end && !token.byteRange.isEmpty)
      end = token.byteRange.upperBound
    }
    #expect(end == text.utf8.count)
  }

  /// In quadratic time each would take hours.
  @Test(.timeLimit(.minutes(60)), arguments: ["a-", "@", "#", "www.", "a@a.", "http://)"])
  func repetitionTakesLinearTime(piece: String) throws {
    let text = String(repeating: piece, count: 100_000)
    let tokens = try WordTokenizer(joinedTokens: .all).tokens(in: text)
    #expect(tokens.last?.byteRange.upperBound == text.utf8.count)
  }
}
