import SentiText
import Testing

@Suite("Space collapsing")
struct SpaceCollapsingTests {
  @Test(arguments: [
    ("a  b", "a b"), ("a\n\t b", "a b"), ("\u{A0}\u{3000}x", " x"), ("a b", "a b"), ("\n", " "),
    ("", ""), ("a\u{200B} b", "a\u{200B} b"),
  ])
  func aRunOfSpaceBecomesOneSpace(text: String, expected: String) throws {
    let result = try Normalizer(Normalization(collapsesSpaces: true)).normalized(text)
    #expect(result.utf8 == bytes(expected))
  }

  @Test func rangesCoverTheRun() throws {
    let result = try Normalizer(Normalization(collapsesSpaces: true)).normalized("a \u{3000}b")
    #expect(result.originalRange(of: 1..<2) == 1..<5)
  }
}
