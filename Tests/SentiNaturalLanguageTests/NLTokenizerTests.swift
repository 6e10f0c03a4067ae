import SentiNaturalLanguage
import Testing

@Suite("NLTokenizer")
struct NLTokenizerTests {
  private func tokens(_ unit: NLTokenUnit, _ text: String) -> [String] {
    let tokenizer = NLTokenizer(unit: unit)
    tokenizer.string = text
    return tokenizer.tokens(for: text.startIndex..<text.endIndex).map { String(text[$0]) }
  }

  @Test(arguments: [
    (NLTokenUnit.word, ["Don't", "miss", "it", "\u{1F600}", "1st"]),
    (.sentence, ["Don't miss it! ", "\u{1F600}\n", "1st."]),
    (.paragraph, ["Don't miss it! \u{1F600}\n", "1st."]),
    (.document, ["Don't miss it! \u{1F600}\n1st."]),
  ])
  func unitsAreCut(unit: NLTokenUnit, expected: [String]) {
    #expect(tokens(unit, "Don't miss it! \u{1F600}\n1st.") == expected)
    #expect(NLTokenizer(unit: unit).unit == unit)
    #expect(tokens(unit, "").isEmpty)
  }

  @Test func aRangeBecomesThatOfItsTokens() {
    let text = "one two three"
    let tokenizer = NLTokenizer(unit: .word)
    tokenizer.string = text
    let inside = text.index(text.startIndex, offsetBy: 5)..<text.index(text.startIndex, offsetBy: 9)
    #expect(text[tokenizer.tokenRange(for: inside)] == "two three")
    tokenizer.string = ""
    #expect(tokenizer.tokenRange(for: "".startIndex..<"".endIndex).isEmpty)
  }

  @Test func attributesTellOfTheToken() {
    let text = "a 1 2nd $ \u{1F600}"
    let tokenizer = NLTokenizer(unit: .word)
    tokenizer.string = text
    var attributes: [NLTokenizer.Attributes] = []
    tokenizer.enumerateTokens(in: text.startIndex..<text.endIndex) {
      attributes.append($1)
      return true
    }
    #expect(attributes == [[], .numeric, .numeric, .symbolic, .emoji])
    #expect(NLTokenizer.Attributes(rawValue: 1) == .numeric)
  }

  @Test func enumerationStopsWhenAsked() {
    let text = "a b c"
    let tokenizer = NLTokenizer(unit: .word)
    tokenizer.string = text
    var count = 0
    tokenizer.enumerateTokens(in: text.startIndex..<text.endIndex) { _, _ in
      count += 1
      return count < 2
    }
    #expect(count == 2)
  }

  @Test func anIndexFindsItsToken() {
    let text = "one two"
    let tokenizer = NLTokenizer(unit: .word)
    tokenizer.string = text
    let index = text.index(text.startIndex, offsetBy: 5)
    #expect(text[tokenizer.tokenRange(at: index)] == "two")
    let space = text.index(text.startIndex, offsetBy: 3)
    #expect(tokenizer.tokenRange(at: space).isEmpty)
  }

  @Test func aLanguageNobodyKnowsFollowsTheSharedRules() {
    let tokenizer = NLTokenizer(unit: .word)
    tokenizer.setLanguage(NLLanguage("qq"))
    tokenizer.string = "a b"
    #expect(tokenizer.tokens(for: "a b".startIndex..<"a b".endIndex).count == 2)
    tokenizer.setLanguage(.german)
    #expect(tokenizer.string == "a b")
  }
}
