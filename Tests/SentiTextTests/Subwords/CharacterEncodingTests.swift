import SentiText
import Testing

@Suite("Characters")
struct CharacterEncodingTests {
  private static func encoding(
    _ texts: [String], minimumCount: Int = 1, maximumSize: Int? = nil
  ) throws -> CharacterEncoding {
    var counter = try CharacterCounter()
    for text in texts { counter.add(text) }
    return try counter.encoding(minimumCount: minimumCount, maximumSize: maximumSize)
  }

  @Test func charactersAreNumberedByCountThenByTheirNumber() throws {
    let encoding = try Self.encoding(["bcab", "b\u{1F600}"])
    #expect(encoding.vocabulary.count == 8)
    #expect(encoding.encode("b").map(\.rawValue) == [4])
    #expect(encoding.encode("ac\u{1F600}").map(\.rawValue) == [5, 6, 7])
  }

  @Test func rareCharactersAreUnknown() throws {
    let encoding = try Self.encoding(["aab", "bc"], minimumCount: 2)
    #expect(encoding.encode("abc") == [TokenID(rawValue: 4), TokenID(rawValue: 5), .unknown])
    #expect(encoding.decode(encoding.encode("abca")) == "aba")
    let one = try Self.encoding(["aab"], maximumSize: 5)
    #expect(one.encode("ab") == [TokenID(rawValue: 4), .unknown])
    #expect(try Self.encoding(["ab"], maximumSize: 0).vocabulary.count == 4)
  }

  /// Names of special tokens are characters like others, line feeds and zeros too.
  @Test(arguments: [
    "<pad>", "a\nb\tc\\d", "\u{0}\r\n", "ｅ\u{301}\u{0E01}\u{1F468}\u{200D}\u{1F469}",
  ])
  func everyTextOfKnownCharactersComesBack(_ text: String) throws {
    let encoding = try Self.encoding([text])
    #expect(encoding.decode(encoding.encode(text)) == text)
    let read = try Vocabulary(parsing: encoding.vocabulary.serialized(), path: "v")
    #expect(try CharacterEncoding(vocabulary: read).encode(text) == encoding.encode(text))
  }

  @Test func textsAreComposedFirst() throws {
    let encoding = try Self.encoding(["\u{E9}"])
    #expect(encoding.encode("e\u{301}") == encoding.encode("\u{E9}"))
    #expect(encoding.encode("e\u{301}").count == 1)
  }
}
