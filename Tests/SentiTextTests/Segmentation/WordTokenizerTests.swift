import SentiText
import Testing

@Suite("Word tokenizer")
struct WordTokenizerTests {
  private let tokenizer: WordTokenizer

  init() throws {
    tokenizer = try WordTokenizer()
  }

  private func words(_ text: String) -> [String] {
    tokenizer.tokens(in: text).filter { $0.kind != .space }.map { slice(text, $0.byteRange) }
  }

  @Test func tokensSliceTheOriginal() {
    #expect(
      words("It's 3.5 stars, caf\u{E9}!") == ["It's", "3.5", "stars", ",", "caf\u{E9}", "!"])
  }

  @Test(arguments: [
    ("film", TokenKind.word), ("3.5", .number), (",", .punctuation), ("$", .symbol),
    ("\u{1F600}", .emoji), ("\u{2764}\u{FE0F}", .emoji), ("1\u{FE0F}\u{20E3}", .emoji),
    ("\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", .emoji), ("\u{1F44D}\u{1F3FD}", .emoji),
    ("\u{1F1E9}\u{1F1EA}", .emoji), ("  ", .space), ("\u{A0}", .space), ("\0", .space),
    ("\u{FEFF}", .space), ("\u{4E0D}", .ideograph), ("\u{20AC}", .symbol),
    ("\u{2014}", .punctuation), ("\u{201C}", .punctuation), ("caf\u{E9}", .word),
    ("\u{0E14}\u{0E35}", .word), ("#\u{FE0F}\u{20E3}", .emoji), ("\u{2603}", .symbol),
    ("\u{200D}\u{1F600}", .emoji), (" \u{1F3FB}", .emoji), ("\u{200D}\u{2764}", .emoji),
    (" \u{301}", .space), ("\u{FE0F}", .space),
  ])
  func kindFollowsTheCharacters(text: String, kind: TokenKind) {
    let tokens = tokenizer.tokens(in: text)
    #expect(tokens == [Token(byteRange: 0..<text.utf8.count, kind: kind)])
  }

  @Test func dictionariesFindThaiAndChineseWords() {
    #expect(words("\u{0E20}\u{0E32}\u{0E29}\u{0E32}\u{0E44}\u{0E17}\u{0E22}").count == 2)
    #expect(words("\u{7535}\u{5F71}\u{5F88}\u{597D}").first == "\u{7535}\u{5F71}")
  }

  @Test(arguments: [
    ("", 1), ("plain", 1), ("a\r\nb", 1), ("caf\u{E9} \u{1F600}\u{1F600}", 1),
    ("\u{0301}\u{0301}", 1), ("\u{FEFF}x\0y", 1), ("word \u{E4}\u{FC} ", 5_000),
    ("x", 100_000), ("\u{1F600}", 1_000),
  ])
  func tokensCoverTheText(piece: String, count: Int) {
    let text = String(repeating: piece, count: count)
    var end = 0
    for token in tokenizer.tokens(in: text) {
      #expect(token.byteRange.lowerBound == end && !token.byteRange.isEmpty)
      end = token.byteRange.upperBound
    }
    #expect(end == text.utf8.count)
  }

  @Test func longTextHasTheTokensOfItsParts() {
    let sentence = "Nothing is cut, 3.5 times; na\u{EF}ve caf\u{E9}s \u{1F600}.\n"
    let whole = tokenizer.tokens(in: String(repeating: sentence, count: 2_000))
    let part = tokenizer.tokens(in: sentence)
    #expect(whole.count == 2_000 * part.count)
    let expected = (0..<2_000).flatMap { index in
      part.map { token in
        let start = token.byteRange.lowerBound + index * sentence.utf8.count
        return Token(byteRange: start..<(start + token.byteRange.count), kind: token.kind)
      }
    }
    #expect(whole == expected)
  }

  @Test(.timeLimit(.minutes(60)))
  func oneLineOfFourMegabytesIsCutInLinearTime() {
    let text = String(repeating: "a line without an end, ", count: 180_000)
    #expect(tokenizer.tokens(in: text).count == 180_000 * 11)
  }

  @Test func bytesThatAreNotUTF8AreCountedAndCovered() {
    let source: [UInt8] = [0x61, 0xE2, 0x82, 0x20, 0xC0, 0xAF, 0x62]
    let (tokens, replacementCount) = tokenizer.tokens(utf8: source.span)
    #expect(replacementCount == 3)
    #expect(
      tokens.map(\.byteRange) == [0..<1, 1..<3, 3..<4, 4..<5, 5..<6, 6..<7])
  }

  @Test func unknownLocaleIsRefused() {
    #expect(throws: ICUError.unknownLocale("zz-unheard")) {
      try WordTokenizer(locale: "zz-unheard")
    }
  }

  @Test func boundaryChecksumTellsRulesApart() throws {
    #expect(try tokenizer.boundaryChecksum == WordTokenizer().boundaryChecksum)
    // In Finnish the colon joins letters.
    #expect(try tokenizer.boundaryChecksum != WordTokenizer(locale: "fi").boundaryChecksum)
  }

  @Test func localeIsKept() throws {
    #expect(try WordTokenizer(locale: "fi").locale == "fi")
  }

  @Test func threadsShareATokenizer() async {
    let text = String(repeating: "Don't na\u{EF}ve 3.14 \u{4E0D}\u{597D}. ", count: 500)
    let expected = tokenizer.tokens(in: text)
    await withTaskGroup(of: [Token].self) { group in
      for _ in 0..<8 { group.addTask { [tokenizer] in tokenizer.tokens(in: text) } }
      for await tokens in group { #expect(tokens == expected) }
    }
  }
}
