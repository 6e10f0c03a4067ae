import Foundation
import SentiModels
import SentiTestSupport
import SentiText
import Testing

@Suite("senti vocab inspect")
struct VocabInspectCommandTests {
  private func folderWithVocabulary() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var builder = try VocabularyBuilder(normalization: .reviews1)
    builder.add("The film, the best film of the year.")
    try builder.vocabulary(minimumCount: 2).write(to: folder["v"])
    return folder
  }

  @Test func describesAVocabularyInWords() throws {
    let folder = try folderWithVocabulary()
    let checksum = try Vocabulary(contentsOf: folder["v"]).header.corpusChecksum
    let outcome = try Senti.run(["vocab", "inspect", "v", "--top", "1"], in: folder)
    #expect(
      outcome
        == .init(
          output: """
            file             v
            tokens           6, 4 special
            texts            1
            coverage         50.00 % of the words covered
            minimum count    2
            normalization    html nfkc fold
            locale           none
            corpus checksum  \(String(checksum, radix: 16))
            built with       \(ICUVersion.linked)
            linked with      \(ICUVersion.linked)
            word boundaries  the test sentences' are the same

            word  count
            the   3

            """))
  }

  @Test func describesAVocabularyInJSON() throws {
    let folder = try folderWithVocabulary()
    let outcome = try Senti.run(["vocab", "inspect", "v", "--format", "json"], in: folder)
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(value["tokens"] as? Int == 6)
    #expect(value["coverage"] as? Double == 0.5)
    #expect(value["icu_version"] as? String == ICUVersion.linked.icu)
    #expect(value["same_word_boundaries"] as? Bool == true)
    #expect(value["linked_unicode_version"] as? String == ICUVersion.linked.unicode)
    let top = try #require(value["top"] as? [[String: Any]])
    #expect(top.map { $0["word"] as? String } == ["the", "film"])
  }

  @Test(arguments: [
    ("boundaries: 1", "", "the test sentences' differ: some texts are cut otherwise here"),
    ("", "icu: 60.2", "unknown: another ICU, and no test sentences recorded"),
    ("", "", "of the same ICU"),
  ])
  func saysWhetherThisMachineCutsAlike(boundaries: String, icu: String, answer: String) throws {
    let folder = try folderWithVocabulary()
    let fields = [boundaries, icu].filter { !$0.isEmpty }
    let names = ["boundaries"] + fields.map { String($0.prefix { $0 != ":" }) }
    let lines = try String(contentsOfFile: folder["v"], encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    let kept = lines.dropFirst().filter { line in !names.contains { line.hasPrefix("\($0):") } }
    try folder.write(([lines[0]] + fields.map { $0[...] } + kept).joined(separator: "\n"), to: "v")
    let outcome = try Senti.run(["vocab", "inspect", "v"], in: folder)
    #expect(outcome.output.contains("word boundaries  \(answer)\n"))
  }

  @Test(arguments: [
    ("nothing", "", "v:1: not a vocabulary: expected 'senti vocabulary 1' in the first line"),
    (
      "newer", "senti vocabulary 2\n",
      "v: vocabulary format 2 is newer than 1, the newest supported"
    ),
    ("malformed", "film\n", "v:16: expected a word, a tab and a count"),
    ("duplicate", "<unk>\t3\n", "v:16: the word of line 13 again"),
    ("short", "", "v: expected 5 words, found 4"),
  ])
  func refusesWhatIsNoVocabulary(name: String, ending: String, message: String) throws {
    let folder = try TemporaryFolder()
    let isWhole = name == "nothing" || name == "newer"
    try folder.write((isWhole ? "" : Self.start) + ending, to: "v")
    let outcome = try Senti.run(["vocab", "inspect", "v"], in: folder)
    #expect(outcome == .init(errors: "senti: \(message)\n", status: 65))
  }

  private static let start = """
    senti vocabulary 1
    normalization: none
    locale: 
    icu: 72.1
    unicode: 15.0
    corpus-checksum: 0
    texts: 1
    minimum-count: 1
    special-tokens: 4
    words: 5

    <pad>\t0
    <unk>\t0
    <bos>\t1
    <eos>\t1

    """

  /// The file is wrong, not the command line.
  @Test func aWrongLocaleExitsWith65() throws {
    let folder = try TemporaryFolder()
    let whole = Self.start.replacing("locale: ", with: "locale: xx-nowhere") + "film\t3\n"
    try folder.write(whole, to: "v")
    let message = "v:3: expected a locale that ICU knows, found \"xx-nowhere\""
    for arguments in [["vocab", "inspect", "v"], ["tokenize", "--vocab", "v", "--text", "x"]] {
      let outcome = try Senti.run(arguments, in: folder)
      #expect(outcome == .init(errors: "senti: \(message)\n", status: 65))
    }
  }

  @Test func aModelHasAVocabularyOfItsOwn() throws {
    let place = try Workplace()
    let outcome = try place.run("vocab", "inspect", "tiny.safetensors")
    #expect(
      outcome.output.hasPrefix(
        "file             tiny.safetensors\ntokens           14, 4 special\n"))
    #expect(outcome.errors.isEmpty && outcome.status == 0)
    let pieces = try place.run(
      "tokenize", "--vocab", "tiny.safetensors", "--format", "csv", "--text", "Good film")
    let vocabulary = try TinyModel.classifier().pipeline.vocabulary
    let ids = ["good", "film"].map { vocabulary.id(for: $0)?.description ?? "" }
    #expect(
      pieces.output == """
        file,start,end,kind,id,text
        Good film,0,4,word,\(ids[0]),good
        Good film,5,9,word,\(ids[1]),film

        """)
    let words = try place.run("vocab", "coverage", "tiny.safetensors", "-", input: "good")
    #expect(words.output.contains("known tokens       100.00 %"))
  }

  @Test func aModelOfSubwordsIsNoVocabularyOfWords() throws {
    let place = try Workplace()
    var trainer = try BytePairTrainer(form: .nfc)
    trainer.add("the film the film")
    try place.folder.write(try trainer.encoding(size: 300).tokenizerJSON(), to: "bpe.json")
    let outcome = try place.run("vocab", "inspect", "bpe.json")
    let message =
      "bpe.json: expected a vocabulary of words, found subwords; senti vocab convert makes one of them"
    #expect(outcome == .init(errors: "senti: \(message)\n", status: 65))
  }

  @Test func aMissingFileExitsWith66() throws {
    let outcome = try Senti.run(["vocab", "inspect", "none"], in: TemporaryFolder())
    #expect(outcome == .init(errors: "senti: none: no such file or folder\n", status: 66))
  }

  @Test func aNegativeNumberOfWordsExitsWith64() throws {
    let outcome = try Senti.run(["vocab", "inspect", "v", "--top=-1"], in: TemporaryFolder())
    #expect(outcome.errors.hasPrefix("Error: Expected --top of 0 or more.\n"))
    #expect(outcome.status == 64)
  }
}
