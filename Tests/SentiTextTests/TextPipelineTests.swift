import SentiText
import Testing

@Suite("Text pipeline")
struct TextPipelineTests {
  private let pipeline: TextPipeline

  init() throws {
    var builder = try VocabularyBuilder(normalization: .reviews1)
    builder.add("\"It's good,\" she said (twice). The film cost $5! \u{1F600} stra\u{DF}e")
    pipeline = try TextPipeline(vocabulary: builder.vocabulary())
  }

  @Test func encodeGivesTheVocabularysNumbers() {
    let ids = pipeline.encode("GOOD film,<br />unheard!")
    #expect(
      ids.map { pipeline.vocabulary.word(for: $0) } == ["good", "film", ",", "<unk>", "!"])
  }

  @Test func bytesAndStringsEncodeAlike() {
    let text = "\u{1F600} STRASSE, it's \u{FB01}lm &quot;good&quot;"
    #expect(pipeline.encode(utf8: bytes(text).span) == pipeline.encode(text))
    #expect(!pipeline.encode(text).contains(.unknown))
  }

  @Test(arguments: ["", " ", "\n<br />\t"])
  func blankTextHasNoNumbers(text: String) {
    #expect(pipeline.encode(text).isEmpty)
  }

  @Test func tokensSliceTheOriginal() {
    let text = "The STRA\u{DF}E &quot;unheard&quot;"
    let tokens = pipeline.tokens(in: text)
    #expect(
      tokens.map { slice(text, $0.token.byteRange) }
        == ["The", "STRA\u{DF}E", "&quot;", "unheard", "&quot;"])
    #expect(tokens.map(\.text) == ["the", "strasse", "\"", "unheard", "\""])
    #expect(tokens.map(\.id) == pipeline.encode(text))
    #expect(tokens.map(\.token.kind) == [.word, .word, .punctuation, .word, .punctuation])
  }

  @Test func illFormedPartsAreCounted() {
    let source: [UInt8] = [0x67, 0x6F, 0x6F, 0x64, 0x20, 0xFF]
    let (tokens, replacementCount) = pipeline.tokens(utf8: source.span)
    #expect(replacementCount == 1)
    #expect(tokens.map(\.token.byteRange) == [0..<4, 5..<6])
  }

  @Test func decodeJoinsWordsAsAPersonWould() {
    let text = "\"It's good,\" she said (twice). The film cost $5!"
    #expect(pipeline.decode(pipeline.encode(text)) == text.lowercased())
  }

  @Test func decodeStopsAtTheEnd() throws {
    let good = try #require(pipeline.vocabulary.id(for: "good"))
    #expect(pipeline.decode([.start, good, .unknown, .padding, .end, good]) == "good <unk>")
  }

  @Test func boundariesAreCompared() throws {
    #expect(pipeline.cutsAsRecorded == true)
    let file = String(decoding: pipeline.vocabulary.serialized(), as: UTF8.self)
    let checksum = try #require(pipeline.vocabulary.header.boundaryChecksum)
    let field = "boundaries: \(String(checksum, radix: 16))\n"
    // Without a checksum the versions decide: the same ones cut alike, of others nothing is known.
    let linked = "icu: \(ICUVersion.linked.icu)\n"
    for (other, icu, expected) in [
      ("boundaries: 1\n", linked, false), ("", linked, true), ("", "icu: 60.2\n", nil),
      (field, "icu: 60.2\n", true),
    ] as [(String, String, Bool?)] {
      let changed = bytes(file.replacing(field, with: other).replacing(linked, with: icu))
      let vocabulary = try Vocabulary(parsing: changed, path: "v.txt")
      #expect(try TextPipeline(vocabulary: vocabulary).cutsAsRecorded == expected)
    }
  }

  @Test func settingsComeFromTheVocabulary() {
    #expect(pipeline.normalization == .reviews1)
  }
}
