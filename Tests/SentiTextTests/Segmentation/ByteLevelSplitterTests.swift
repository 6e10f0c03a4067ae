import Testing

@testable import SentiText

@Suite("Byte-level splitter")
struct ByteLevelSplitterTests {
  @Test(
    arguments: [
      ("It's fine", ["It", "'s", " fine"]), ("a  b", ["a", " ", " b"]), ("a   ", ["a", "   "]),
      ("a\n\nb", ["a", "\n", "\n", "b"]), ("a \n b", ["a", " \n", " b"]),
      ("x1!?", ["x", "1", "!?"]),
      (" 12 !", [" 12", " !"]), ("we'll've'd", ["we", "'ll", "'ve", "'d"]), ("'S", ["'", "S"]),
      ("\u{E9}t\u{E9}\u{4E0D}", ["\u{E9}t\u{E9}\u{4E0D}"]), ("\u{A0}a", ["\u{A0}", "a"]), ("", []),
      (" 's", [" '", "s"]), ("\u{BD}\u{661}", ["\u{BD}\u{661}"]), ("'", ["'"]), ("'r", ["'", "r"]),
    ] as [(String, [String])])
  func piecesAreThoseOfThePattern(text: String, expected: [String]) {
    var pieces: [String] = []
    ByteLevelSplitter.forEachPiece(in: text.utf8.span) { pieces.append(slice(text, $0)) }
    #expect(pieces == expected)
  }
}
