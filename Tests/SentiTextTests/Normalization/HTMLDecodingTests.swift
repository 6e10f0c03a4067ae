import SentiText
import Testing

@Suite("HTML decoding")
struct HTMLDecodingTests {
  private func decoded(_ text: String) throws -> AlignedText {
    try Normalizer(Normalization(decodesHTML: true)).normalized(text)
  }

  @Test(arguments: [
    ("a<br />b", "a\nb"), ("a<BR>b<br/>c", "a\nb\nc"), ("<p>x</p>", "\nx\n"),
    ("&amp;&lt;&gt;&quot;&apos;", "&<>\"'"), ("&#39;&#x27;&#X27;", "'''"), ("&#146;", "\u{2019}"),
    ("&uuml;&eacute;&yuml;&nbsp;", "\u{FC}\u{E9}\u{FF}\u{A0}"), ("&hellip;", "\u{2026}"),
    ("&amp;amp;", "&amp;"), ("&#x1F600;", "\u{1F600}"),
    // The longest that is looked for, of twelve bytes.
    ("&#x0001F600;", "\u{1F600}"),
  ])
  func tagsAndReferencesBecomeCharacters(text: String, expected: String) throws {
    #expect(try decoded(text).utf8 == bytes(expected))
  }

  @Test(arguments: [
    "a < b && c > d", "<brr>", "<b>", "<br", "&amp", "&;", "&nothing;", "&#0;", "&#xD800;",
    "&#x110000;", "&#;", "&#99999999999;", "<", "&", "R&D;", "<br / >", "&averylongentityname;",
    "&#x00001F600;",
  ])
  func anythingElseStays(text: String) throws {
    #expect(try decoded(text) == AlignedText(text))
  }

  @Test func rangesCoverTheMarkup() throws {
    let text = try decoded("ab<br />&quot;c")
    #expect(text.originalRange(of: 2..<3) == 2..<8)
    #expect(text.originalRange(of: 3..<4) == 8..<14)
    #expect(text.originalRange(of: 4..<5) == 14..<15)
  }
}
