import Testing

@testable import SentiText

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

  /// `ß` is folded where it stands; the ligature and `ẞ` behind it make the text shorter.
  @Test func everyPartOfALetterThatBecomesTwoIsTheWholeLetter() throws {
    let text = "Gro\u{DF}e \u{FB01}nale \u{DF}\u{DF} STRA\u{1E9E}E Fu\u{DF}"
    let folded = try Normalizer(Normalization(foldsCase: true)).normalized(text)
    #expect(folded.string == "grosse finale ssss strasse fuss")
    let originals = folded.utf8.indices.map { index in
      let range = folded.originalRange(of: index..<index + 1)
      return String(decoding: Array(text.utf8)[range], as: UTF8.self)
    }
    let doubled = text.unicodeScalars.map {
      "\u{DF}\u{FB01}\u{1E9E}".unicodeScalars.contains($0) ? "\($0)\($0)" : "\($0)"
    }
    #expect(originals.joined() == doubled.joined())
  }

  @Test func aTextThatIsReadInTheMemoryOfAnotherHasItsOwnEdits() throws {
    let normalizer = try Normalizer(Normalization(foldsCase: true))
    var text = AlignedText("\u{DF} \u{DF}")
    normalizer.normalize(&text)
    text.replaceAll(with: bytes("A\u{DF}").span)
    #expect(text.alignment.isIdentity)
    normalizer.normalize(&text)
    #expect(text.string == "ass" && text.originalRange(of: 1..<2) == 1..<3)
    #expect(text.originalRange(of: 0..<1) == 0..<1)
  }
}
