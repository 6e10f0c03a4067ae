import SentiText
import Testing

@Suite("Case folding")
struct CaseFoldingTests {
  @Test(arguments: [
    ("HeLLo", "hello"), ("STRA\u{DF}E", "strasse"), ("\u{1E9E}", "ss"), ("\u{C4}", "\u{E4}"),
    ("\u{3A3}\u{3C2}", "\u{3C3}\u{3C3}"), ("\u{FB03}", "ffi"), ("\u{130}", "i\u{307}"),
    ("[@Z`{", "[@z`{"), ("\u{10400}", "\u{10428}"), ("", ""),
  ])
  func foldingIsUnicodesFullOne(text: String, expected: String) throws {
    let folded = try Normalizer(Normalization(foldsCase: true)).normalized(text)
    #expect(folded.utf8 == bytes(expected))
  }

  @Test func lettersOfEqualLengthNeedNoEdit() throws {
    let folded = try Normalizer(Normalization(foldsCase: true)).normalized("\u{C4}rger ABC")
    #expect(folded.alignment.isIdentity)
  }
}
