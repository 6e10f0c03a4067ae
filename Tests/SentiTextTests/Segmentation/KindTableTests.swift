import Testing

@testable import SentiText

@Suite("Kinds by first characters")
struct KindTableTests {
  @Test func whatFollowsChangesNoKindThatIsTabulated() {
    for scalar in UInt32(0)..<0x10000 where !(0xD800..<0xE000).contains(scalar) {
      guard let kind = TokenKind(whateverFollows: scalar), kind != .ideograph else { continue }
      for follower in [nil, 0x61, 0x301, 0xFE0F, 0x200D, 0x1F3FB] as [UInt32?] {
        let expected = TokenKind(scalar: scalar, follower: follower)
        guard kind != expected else { continue }
        Issue.record("\(String(scalar, radix: 16)) \(follower ?? 0): \(kind), \(expected)")
        return
      }
    }
  }

  @Test func aTextSeenBeforeHasTheSameKinds() throws {
    var generator = SeededGenerator(seed: 3)
    let practised = try WordTokenizer()
    for _ in 0..<200 {
      let text = RandomText.make(using: &generator) + "\u{4E0D}\u{301}\u{30A2}_a\u{AC00}1\u{20E3}"
      _ = practised.tokens(in: text)
      #expect(try practised.tokens(in: text) == WordTokenizer().tokens(in: text))
    }
  }

  /// Letters, a connector and kana are one token, which the rule that ended it makes an ideograph.
  @Test(arguments: ["icu_\u{30A2}", "\u{4E0D}\u{301}", "1_\u{30A2}", "a\u{20E3}"])
  func theRuleDecidesAtFirstSightAndLater(text: String) throws {
    let practised = try WordTokenizer()
    _ = practised.tokens(in: "icu\u{3042} a\u{3042} 1\u{3042} \u{4E0D}\u{4E2D} \u{30A2}")
    #expect(try practised.tokens(in: text) == WordTokenizer().tokens(in: text))
  }
}
