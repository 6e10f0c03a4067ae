import SentiText
import Testing

@Suite("Review steps")
struct ReviewStepsTests {
  @Test func headerNamesTheVersionAndTheStepsInTheirOrder() throws {
    let text =
      "v2 markup typography addresses nfkc emoticons ratings capitals elongation contractions "
      + "fold emoji"
    #expect(Normalization.reviews.description == text)
    #expect(Normalization(description: text) == .reviews)
    #expect(Normalization.reviews1.description == "html nfkc fold")
    #expect(ReviewSteps.all.names.count == 9 && ReviewSteps.version == "v2")
    for bits in 0..<512 {
      var normalization = Normalization(form: .nfc, foldsCase: true)
      normalization.reviewSteps = ReviewSteps(rawValue: UInt16(bits))
      #expect(Normalization(description: normalization.description) == normalization)
    }
  }

  @Test(arguments: ["markup nfkc", "v2 nfkc", "v3 markup", "v2 fold markup", "v2 emoji fold"])
  func unknownVersionsAndOrdersAreRefused(text: String) {
    #expect(Normalization(description: text) == nil)
  }

  /// Each line holds spellings of one text.
  @Test(arguments: [
    [
      "It wasn't worth it", "It wasn\u{2019}t worth it", "It wasn\u{2BC}t worth it",
      "It wasn\u{2018}t worth it", "It wasn\u{FF07}t worth it", "It wasn\u{B4}t worth it",
      "It wasn`t worth it", "It wasnt worth it", "It was n't worth it", "It wasn&#39;t worth it",
      "It wasn&rsquo;t worth it", "It wasn&amp;#39;t worth it", "It wasn\\'t worth it",
    ],
    [
      "I love this movie", "I lo\u{AD}ve this movie", "I lo\u{200B}ve this mov\u{200D}ie",
      "\u{FEFF}I love\u{2060} this \u{202A}movie\u{202C}",
      "I l\u{FE0F}ove this mo\u{200C}vie\u{200E}",
      "I <b>love</b> this <i>mov</i>ie", "<div class=\"x\">I love this movie</div>",
      "I love <!-- not --> this movie", "<style>p { color: red }</style>I love this movie",
      "<![CDATA[I love this movie]]>", "I love this movie https://a.b/c?d=e",
      "@jane I love this movie", "I love this movie (www.example.org)", "I love this movie\0",
      "I&nbsp;love this movie <https://a.b/M\u{FC}ller>",
      "I love this movie j\u{F6}rg@m\u{FC}ller.de",
      "<script type='a'>if (a < b) hate()</script>I love this movie", "&lt;p&gt;I love this movie",
      "I love this\u{A0}movie @j\u{FC}rgen",
    ],
    [
      "\"Well\" - he said (twice)...", "\u{201C}Well\u{201D} \u{2014} he said (twice)\u{2026}",
      "``Well'' \u{2013} he said -LRB-twice-RRB-...",
      "\u{AB}Well\u{BB} - he said -lrb- twice -rrb- ....",
    ],
    ["It's what they'll do, won't they?", "It 's what they 'll do , wo n't they ?"],
    [
      "4 stars", "four stars", "4/5", "8/10", "4-star", "4 out of 5", "8 out of 10", "80/100",
      "\u{2605}\u{2605}\u{2605}\u{2605}\u{2606}", "\u{2B50}\u{2B50}\u{2B50}\u{2B50}",
      "4 of 5 stars", "4.0 / 5 stars", "4 stars out of 5",
    ],
    ["so good :)", "so good :-)", "so good =)", "so good (:", "so good \u{1F642}", "so good :]"],
  ])
  func spellingsOfOneTextHaveTheSameWords(texts: [String]) throws {
    let expected = try words(texts[0])
    for text in texts { #expect(try words(text) == expected, "\(text)") }
  }

  @Test(arguments: [
    "if a < b and c > d", "x <y and z> w", "a<", "<", "<>", "< b >", "<b",
    "an unclosed <style> tag",
    "an open <!-- comment", "5 > 3 <= 4",
  ])
  func whatIsNoTagLosesNoWord(text: String) throws {
    let letters = try words(text).filter(\.isLetter)
    let expected = text == "an unclosed <style> tag" ? "anunclosedtag" : text.filter(\.isLetter)
    #expect(letters == expected)
  }

  // MARK: Laws

  @Test func offsetsSliceTheOriginal() throws {
    var generator = SeededGenerator(seed: 7)
    var builder = try VocabularyBuilder(normalization: .reviews)
    builder.add("a")
    let pipeline = try TextPipeline(vocabulary: builder.vocabulary())
    for _ in 0..<400 {
      let text = ReviewTexts.random(8, using: &generator)
      var end = 0
      for token in pipeline.tokens(in: text) {
        let range = token.token.byteRange
        #expect(
          range.lowerBound >= 0 && range.upperBound <= text.utf8.count && end <= range.upperBound)
        end = max(end, range.upperBound)
        // A word that stands as it is slices to itself.
        let source = slice(text, range)
        if source.allSatisfy({ $0.isLetter && $0.isASCII }), !token.text.hasPrefix("_"),
          !source.isEmpty, source.count == token.text.count
        {
          #expect(source.lowercased() == token.text, "\(text)")
        }
      }
    }
  }

  @Test func normalizingTwiceIsNormalizingOnce() throws {
    let normalizer = try Normalizer(.reviews)
    for text in [
      "I SOOOO love it!!! It's 4/5, don't \u{1F600}\u{1F600} :) &amp; cannot", "?!?! **** -----",
      "wow!!great \u{1F44D}\u{1F3FD}ok (\u{2605}\u{2606}\u{2606}) IT'S n't mmmmmm",
      "\u{1F3FB} \u{200D}\u{1F600}",
    ] {
      let once = normalizer.normalized(text).string
      #expect(bytes(normalizer.normalized(once).string) == bytes(once), "\(once)")
    }
  }

  @Test(arguments: [TextUnit.word, .sentence, .grapheme, .line])
  func stretchesOfAnySizeNormalizeAsTheWhole(unit: TextUnit) throws {
    var generator = SeededGenerator(seed: 11)
    let normalizer = try Normalizer(.reviews)
    for _ in 0..<400 {
      let text = ReviewTexts.random(24, using: &generator)
      var stretches = TextStretches(of: unit, normalization: .reviews)
      var (rest, parts) = (Array(text.utf8)[...], [UInt8]())
      while !rest.isEmpty {
        let size = Int.random(in: 1...40, using: &generator)
        let chunk = Array(rest.prefix(size))
        if let part = stretches.append(chunk.span) {
          parts += normalizer.normalized(utf8: part.bytes.span).utf8
        }
        rest = rest.dropFirst(size)
      }
      parts += normalizer.normalized(utf8: stretches.finish().bytes.span).utf8
      #expect(parts == normalizer.normalized(text).utf8, "\(text.debugDescription)")
    }
  }

  @Test func piecesOfLongTextsHaveTheWordsOfTheWhole() throws {
    var generator = SeededGenerator(seed: 13)
    let text = ReviewTexts.random(20_000, using: &generator)
    var builder = try VocabularyBuilder(normalization: .reviews)
    builder.add(text)
    let pipeline = try TextPipeline(vocabulary: builder.vocabulary())
    for size in [900, 70_000] {
      let pieces = TextPieceStreamTests.pieces(of: text, chunkSize: size)
      #expect(pieces.count > 3)
      #expect(pieces.flatMap { pipeline.encode(utf8: $0.utf8.span) } == pipeline.encode(text))
    }
  }

  @Test(arguments: [
    "<a ", "<!--", "&amp;", "&lt;", "<style>", "\u{1F600}", "i", "so", "!", "'", "@", "a@", "4/",
    "star ", "xD",
    "]]>", "\u{2019}", "A", "AB ", "nt ", "\u{2605}", ":", "http://", "(www.", "_",
    "\u{C9}\u{C9}\u{C9}",
  ])
  func repetitionTakesLinearTime(piece: String) throws {
    let normalizer = try Normalizer(.reviews)
    let text = String(repeating: piece, count: 20_000)
    #expect(normalizer.normalized(text).utf8.count < 20 * text.utf8.count)
    var stretches = TextStretches(of: .word, normalization: .reviews)
    for part in 0..<20 {
      let chunk = Array(
        text.utf8.dropFirst(part * text.utf8.count / 20).prefix(text.utf8.count / 20))
      _ = stretches.append(chunk.span)
    }
    #expect(!stretches.finish().bytes.isEmpty)
  }
}
