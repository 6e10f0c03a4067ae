import SentiText
import Testing

@Suite("Byte-pair encoding as a vocabulary")
struct BytePairEncodingVocabularyTests {
  @Test(arguments: [Normalization.Form.none, .nfc])
  func theFileIsTheSameThereAndBack(form: Normalization.Form) throws {
    let encoding = try BytePairEncodingTests.encoding(size: 330, form: form)
    let vocabulary = try #require(encoding.vocabulary)
    #expect(vocabulary.header.normalization == Normalization(form: form))
    let file = vocabulary.serialized()
    let read = try BytePairEncoding(vocabulary: Vocabulary(parsing: file, path: "bpe"))
    #expect(read.tokenizerJSON() == encoding.tokenizerJSON())
    #expect(read.vocabulary?.serialized() == file)
  }

  @Test func wordsAreNoEncoding() throws {
    let words = Vocabulary(words: ["good", "film", "good", ""])
    #expect(words.entries.map(\.word) == SpecialTokens.names + ["good", "film"])
    let error = #expect(throws: SubwordError.self) {
      try BytePairEncoding(vocabulary: words, path: "words")
    }
    #expect(
      error == .malformed(path: "words", reason: "token 4 is no pair of earlier ones"))
  }

  @Test func foreignSpecialTokensHaveNoVocabulary() throws {
    let file = String(
      decoding: try BytePairEncodingTests.encoding().tokenizerJSON(), as: UTF8.self)
    let foreign = file.replacing("<pad>", with: "[PAD]")
    #expect(try BytePairEncoding(tokenizerJSON: bytes(foreign), path: "t").vocabulary == nil)
  }
}
