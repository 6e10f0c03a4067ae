import SentiText
import Testing

@Suite("Vocabulary")
struct VocabularyTests {
  private static let header = """
    senti vocabulary 1
    normalization: html nfkc fold
    locale:\u{20}
    icu: 72.1
    unicode: 15.0
    corpus-checksum: abc
    texts: 2
    minimum-count: 1
    special-tokens: 4
    words: 6

    <pad>\t0
    <unk>\t1
    <bos>\t2
    <eos>\t2

    """
  private static let valid = header + "good\t3\n\\x09\\\\\u{E9}\t1\n"

  private func parsed(_ text: String) throws -> Vocabulary {
    try Vocabulary(parsing: bytes(text), path: "v.txt")
  }

  @Test func fileIsReadBack() throws {
    let vocabulary = try parsed(Self.valid)
    #expect(vocabulary.count == 6)
    #expect(vocabulary.word(for: TokenID(rawValue: 5)) == "\t\\\u{E9}")
    #expect(vocabulary.id(for: "good") == TokenID(rawValue: 4))
    #expect(vocabulary.id(for: "goo") == nil)
    #expect(vocabulary.frequency(of: TokenID(rawValue: 4)) == 3)
    #expect(vocabulary.serialized() == bytes(Self.valid))
  }

  @Test func headerIsReadBack() throws {
    let header = try parsed(Self.valid).header
    #expect(
      header
        == VocabularyHeader(
          normalization: .reviews1, locale: "", versions: ICUVersion(icu: "72.1", unicode: "15.0"),
          corpusChecksum: 0xABC, textCount: 2, minimumCount: 1, specialTokenCount: 4))
    #expect(header.isOfLinkedICU == (ICUVersion.linked == header.versions))
  }

  @Test func numbersBeyondTheEndHaveNoWord() throws {
    let vocabulary = try parsed(Self.valid)
    let beyond = TokenID(rawValue: 6)
    #expect(vocabulary.word(for: beyond) == nil && vocabulary.wordUTF8(for: beyond) == nil)
    #expect(vocabulary.frequency(of: beyond) == nil)
  }

  @Test func specialTokensHaveTheFirstNumbers() throws {
    let vocabulary = try parsed(Self.valid)
    #expect(vocabulary.paddingID == .padding && vocabulary.unknownID == .unknown)
    #expect(vocabulary.startID == .start && vocabulary.endID == .end)
    #expect(SpecialTokens.names.map { vocabulary.id(for: $0)?.rawValue } == [0, 1, 2, 3])
    #expect(vocabulary.isSpecial(.end) && !vocabulary.isSpecial(TokenID(rawValue: 4)))
  }

  @Test func lookUpTakesARangeOfBytes() throws {
    let vocabulary = try parsed(Self.valid)
    let text = bytes("so good.")
    #expect(vocabulary.id(forUTF8: text.span, 3..<7)?.rawValue == 4)
    #expect(vocabulary.id(forUTF8: text.span, 2..<7) == nil)
    #expect(vocabulary.wordUTF8(for: TokenID(rawValue: 4)).map(Array.init) == bytes("good"))
  }

  @Test func entriesAreInTheOrderOfTheirNumbers() throws {
    let entries = try parsed(Self.valid).entries.map { "\($0.word) \($0.count)" }
    #expect(entries == ["<pad> 0", "<unk> 1", "<bos> 2", "<eos> 2", "good 3", "\t\\\u{E9} 1"])
  }

  // MARK: Bad files

  @Test(arguments: [
    ("good 3", "expected a word, a tab and a count"),
    ("good\t", "expected a word, a tab and a count"),
    ("good\t-1", "expected a word, a tab and a count"), ("\t3", "expected a word before the tab"),
    ("", "expected a word, a tab and a count"), ("good\t3\r", "expected a word, a tab and a count"),
    ("a\tb\t3", "a control character that is not escaped"),
    ("a\\q\t3", "expected '\\\\' or '\\x' and two digits"),
    ("a\\x1\t3", "expected two hexadecimal digits after '\\x'"),
    ("a\\x\t3", "expected two hexadecimal digits after '\\x'"),
    ("a\\\t3", "expected '\\\\' or '\\x' and two digits"),
    ("a\t1234567890123456789", "a count of more than 18 digits"),
  ])
  func malformedLineIsNamed(line: String, reason: String) {
    #expect(
      throws: VocabularyError.malformedLine(path: "v.txt", line: 16, reason: reason)
    ) { try parsed(Self.header + line + "\nother\t1\n") }
  }

  @Test func duplicateWordNamesBothLines() {
    #expect(throws: VocabularyError.duplicateWord(path: "v.txt", line: 18, first: 16)) {
      try parsed(Self.header + "good\t3\nbad\t2\ngood\t1\n")
    }
  }

  @Test func escapedDuplicateIsADuplicate() {
    #expect(throws: VocabularyError.duplicateWord(path: "v.txt", line: 17, first: 16)) {
      try parsed(Self.header + "good\t3\n\\x67ood\t1\n")
    }
  }

  @Test func newerFormatIsRefusedWithBothNumbers() {
    let error = VocabularyError.newerFormat(path: "v.txt", found: 2, supported: 1)
    #expect(throws: error) { try parsed("senti vocabulary 2\n") }
    #expect(error.description.contains("2") && error.description.contains("1"))
  }

  @Test(arguments: ["", "\n", "hello\n", "senti vocabulary x\n", "senti vocabulary 0\n", "\u{0}"])
  func foreignFileIsRefused(text: String) {
    #expect(throws: VocabularyError.notAVocabulary(path: "v.txt")) { try parsed(text) }
  }

  @Test func truncatedFileIsRefused() {
    #expect(throws: VocabularyError.wrongWordCount(path: "v.txt", expected: 6, found: 5)) {
      try parsed(Self.header + "good\t3\n")
    }
  }

  /// The file is wrong, not who reads it.
  @Test(arguments: [
    ("locale: ", "locale: xx-nowhere", 3, "xx-nowhere"),
    ("nfkc fold", "nfkc lower:qq", 2, "qq"),
  ])
  func aLocaleThatNobodyKnowsIsAMalformedLine(
    _ old: String, _ new: String, _ line: Int, _ name: String
  ) {
    let reason = "expected a locale that ICU knows, found \"\(name)\""
    #expect(
      throws: VocabularyError.malformedLine(path: "v.txt", line: line, reason: reason)
    ) { try parsed(Self.valid.replacing(old, with: new)) }
  }

  @Test func aWrongFieldIsNamedWithItsLineAndCutShort() {
    let value = String(repeating: "9", count: 300) + "\u{1B}"
    let reason = "expected a number as 'texts', found \"\(value.prefix(200))\u{2026}\""
    #expect(throws: VocabularyError.malformedLine(path: "v.txt", line: 7, reason: reason)) {
      try parsed(Self.valid.replacing("texts: 2", with: "texts: \(value)"))
    }
  }

  @Test func missingFieldIsNamed() {
    #expect(throws: VocabularyError.missingField(path: "v.txt", name: "locale")) {
      try parsed("senti vocabulary 1\nnormalization: none\ncorpus-checksum: 0\n\n")
    }
  }

  @Test(arguments: [
    ("normalization: html nfkc fold", "normalization: upside-down"), ("texts: 2", "texts: two"),
    ("texts: 2", "texts:2"), ("texts: 2", "words: 6"),
    ("corpus-checksum: abc", "corpus-checksum: g"),
    ("words: 6", "words: -6"),
  ])
  func malformedHeaderIsRefused(field: String, broken: String) {
    let range = Self.valid.firstRange(of: field)
    let text = range.map { Self.valid.replacingCharacters(in: $0, with: broken) } ?? ""
    let error = #expect(throws: VocabularyError.self) { try parsed(text) }
    guard case .malformedLine? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func missingSpecialTokenIsNamed() {
    let text = Self.valid.split(separator: "<unk>", maxSplits: 1).joined(separator: "<nil>")
    #expect(
      throws: VocabularyError.missingSpecialToken(path: "v.txt", line: 13, expected: "<unk>")
    ) { try parsed(text) }
  }

  @Test func missingFileIsNamed() {
    let path = "/nonexistent/v.txt"
    #expect(
      throws: VocabularyError.unreadable(path: path, reason: "No such file or directory")
    ) { try Vocabulary(contentsOf: path) }
  }

  @Test func hugeWordCountAsksForNoMemory() {
    let text = Self.valid.split(separator: "words: 6").joined(separator: "words: 999999999999")
    #expect(
      throws: VocabularyError.wrongWordCount(path: "v.txt", expected: 999_999_999_999, found: 6)
    ) { try parsed(text) }
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
