import Foundation
import SentiTestSupport
import SentiText
import Testing

@Suite("senti vocab convert")
struct VocabConvertCommandTests {
  @Test func subwordsGoThereAndBackWithoutLoss() throws {
    let folder = try TemporaryFolder()
    try folder.write("the film of the year\nthe best film\n", to: "a.txt")
    let outcome = try Senti.shell(
      """
      senti vocab build a.txt --subword bpe --max-size 280 --threads 2 -o bpe.json
      senti vocab convert bpe.json --to vocabulary -o bpe.vocab
      senti vocab convert bpe.vocab --to tokenizer-json -o again.json
      cmp bpe.json again.json
      """, in: folder)
    let size = try BytePairEncoding(contentsOf: folder["bpe.json"]).count
    let messages = """
      bpe.json: \(size) subwords from 2 texts
      bpe.vocab: \(size) tokens
      again.json: \(size) tokens

      """
    #expect(outcome == .init(errors: messages))
    #expect(try Vocabulary(contentsOf: folder["bpe.vocab"]).count == size)
  }

  @Test func wordsBecomeAListAndAVocabulary() throws {
    let folder = try TemporaryFolder()
    try folder.write("b a b c", to: "a.txt")
    let outcome = try Senti.shell(
      """
      senti vocab build a.txt -o v --reserve '<mask>' 2> /dev/null
      senti vocab convert v --to words -o words 2> /dev/null
      cat words
      senti vocab convert words --to vocabulary --normalize reviews -o again
      """, in: folder)
    #expect(outcome == .init(output: "b\na\nc\n", errors: "again: 7 tokens\n"))
    let vocabulary = try Vocabulary(contentsOf: folder["again"])
    #expect(vocabulary.entries.map(\.word) == SpecialTokens.names + ["b", "a", "c"])
    #expect(vocabulary.header.normalization == .reviews)
  }

  @Test(arguments: [
    ("words", "good\nfilm\n", "tokenizer-json", "token 4 is no pair of earlier ones"),
    ("json", "{}", "words", "not a byte-pair encoding: 'model' is missing"),
    ("bytes", "a\u{0}\n", "tokenizer-json", "token 4 is no pair of earlier ones"),
  ])
  func refusesWhatCannotBeConverted(
    name: String, text: String, format: String, reason: String
  ) throws {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "in")
    let outcome = try Senti.run(
      ["vocab", "convert", "in", "--to", format, "-o", "out"], in: folder)
    #expect(outcome.errors.hasPrefix("senti: in: ") && outcome.errors.contains(reason))
    #expect(outcome.status == 65 && !FileManager.default.fileExists(atPath: folder["out"]))
  }

  @Test func invalidUTF8AndMissingFilesAreNamed() throws {
    let folder = try TemporaryFolder()
    try folder.write([0x61, 0xFF], to: "bad")
    let bad = try Senti.run(["vocab", "convert", "bad", "--to", "words", "-o", "o"], in: folder)
    #expect(bad.errors == "senti: bad: expected UTF-8, found an invalid byte at offset 1\n")
    #expect(bad.status == 65)
    let none = try Senti.run(["vocab", "convert", "none", "--to", "words", "-o", "o"], in: folder)
    #expect(none == .init(errors: "senti: none: no such file or folder\n", status: 66))
  }

  @Test func replacesNothingUnlessForced() throws {
    let folder = try TemporaryFolder()
    try folder.write("a\n", to: "words")
    try folder.write("precious", to: "o")
    let arguments = ["vocab", "convert", "words", "--to", "vocabulary", "-o", "o"]
    let refused = try Senti.run(arguments, in: folder)
    #expect(refused == .init(errors: "senti: o: exists already; --force replaces it\n", status: 74))
    #expect(try Senti.run(arguments + ["--force"], in: folder).status == 0)
    #expect(try Vocabulary(contentsOf: folder["o"]).count == 5)
  }
}
