import SentiText
import Testing

@Suite("Accent stripping")
struct AccentStrippingTests {
  @Test(arguments: [
    ("\u{E9}t\u{E9}", "ete"), ("e\u{301}te", "ete"), ("\u{1EC7}", "e"),
    ("\u{F8}\u{142}", "\u{F8}\u{142}"),
    ("\u{E4}\u{301}\u{323}b", "ab"), ("\u{3AC}\u{439}", "\u{3B1}\u{438}"),
    ("\u{0939}\u{093F}\u{0902}", "\u{0939}\u{093F}\u{0902}"),
    ("\u{0E14}\u{0E35}", "\u{0E14}\u{0E35}"),
    ("\u{AC00}", "\u{AC00}"), ("a b", "a b"), ("", ""), ("\u{301}a", "\u{301}a"),
  ])
  func marksOfLettersAreTakenOff(text: String, expected: String) throws {
    let result = try Normalizer(Normalization(stripsAccents: true)).normalized(text)
    #expect(result.utf8 == bytes(expected))
  }

  @Test func marksBelongToTheirLetters() throws {
    let result = try Normalizer(Normalization(stripsAccents: true)).normalized("e\u{301}\u{E9}!")
    #expect(result.originalRange(of: 0..<1) == 0..<3)
    #expect(result.originalRange(of: 1..<2) == 3..<5)
    #expect(result.originalRange(of: 2..<3) == 5..<6)
  }
}
