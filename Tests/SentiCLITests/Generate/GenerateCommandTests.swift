import Foundation
import SentiModels
import SentiTensor
import SentiTestSupport
import SentiText
import Testing

@Suite("senti generate, senti evaluate language-model")
struct GenerateCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let pipeline = try TextPipeline(
      vocabulary: Vocabulary(parsing: Self.vocabulary, path: "memory"))
    var configuration = LanguageModelConfiguration(vocabularySize: pipeline.vocabulary.count)
    configuration.embeddingSize = 4
    configuration.hiddenSize = 5
    let network = LanguageModelNetwork(
      configuration, counts: [Int](repeating: 1, count: pipeline.vocabulary.count))
    try LanguageModel(
      codec: .words(pipeline), network: network, parameters: network.initialParameters(seed: 3)
    ).write(to: folder["m"])
  }

  private static var vocabulary: [UInt8] {
    get throws {
      var builder = try VocabularyBuilder(normalization: .none)
      for text in ["one two three", "two three", "three"] { builder.add(text) }
      return builder.vocabulary(minimumCount: 1, maximumSize: 100).serialized()
    }
  }

  private func generate(_ arguments: String..., input: String = "") throws -> Senti.Outcome {
    try Senti.run(["generate", "-m", "m"] + arguments, input: input, in: folder)
  }

  @Test func goesOnWithPrompts() throws {
    let found = try generate("one two", "three", "--max-length", "4", "--min-length", "4")
    #expect(found.status == 0)
    let lines = found.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("one two ") && lines[0].split(separator: " ").count == 6)
    #expect(lines[1].hasPrefix("three ") && lines[1].split(separator: " ").count == 5)
  }

  @Test func theSeedDecides() throws {
    let options = ["generate", "-m", "m", "--max-length", "30", "--min-length", "30"]
    let first = try Senti.run(options + ["--seed", "1"], in: folder)
    #expect(first.status == 0 && !first.output.isEmpty)
    #expect(try Senti.run(options + ["--seed", "1", "--threads", "1"], in: folder) == first)
    #expect(try Senti.run(options + ["--seed", "2"], in: folder).output != first.output)
    #expect(try Senti.run(options + ["--beam", "2"], in: folder).output != first.output)
  }

  @Test func promptsComeFromStandardInput() throws {
    let found = try generate("-", "--format", "jsonl", "--max-length", "2", input: "one\ntwo\n")
    let rows = found.output.split(separator: "\n")
    #expect(rows.count == 2)
    #expect(rows[0].hasPrefix("{\"prompt\":\"one\",\"text\":\"one"))
    #expect(rows[1].hasPrefix("{\"prompt\":\"two\",\"text\":\"two"))
  }

  /// A line that is no text costs that line.
  @Test func aBadPromptIsOneLine() throws {
    try folder.write([0xFF, 0x0A] + Array("two\n".utf8), to: "p.txt")
    let found = try Senti.shell(
      "senti generate -m m --max-length 2 --format jsonl - < p.txt", in: folder)
    let rows = found.output.split(separator: "\n")
    #expect(found.status == 1 && rows.count == 2)
    #expect(rows[0].hasPrefix("{\"error\":") && rows[1].hasPrefix("{\"prompt\":\"two\""))
  }

  /// A beam does not take a sampling away that was asked for.
  @Test func samplingGoesBeforeTheBeam() throws {
    let drawn = ["--sample", "--max-length", "30", "--min-length", "30"]
    let one = try Senti.run(["generate", "-m", "m"] + drawn, in: folder)
    let wide = try Senti.run(["generate", "-m", "m", "--beam", "2"] + drawn, in: folder)
    #expect(one.status == 0 && wide == one)
  }

  @Test func prefixesBeginTheText() throws {
    #expect(try generate("--prefix", "two three").output.hasPrefix("two three"))
  }

  @Test func nBestAreNumbered() throws {
    let found = try generate("one", "--n-best", "2", "--max-length", "3", "--min-length", "2")
    let rows = found.output.split(separator: "\n")
    #expect(rows.count == 2 && rows[0].hasPrefix("1\t1\t") && rows[1].hasPrefix("1\t2\t"))
  }

  @Test func mistakesAreNamed() throws {
    #expect(try generate("one", "--prefix", "two").status == 64)
    #expect(try generate("one", "--ban", "zebra").errors.contains("\"zebra\""))
    try folder.write("text,label\none,pos\ntwo,neg\n", to: "l.csv")
    let other = try Senti.run(["generate", "-m", "l.csv", "one"], in: folder)
    #expect(other.status == 65 && other.errors.hasPrefix("senti: l.csv: "))
  }

  // MARK: senti evaluate language-model

  private func evaluate(_ arguments: String...) throws -> Senti.Outcome {
    try Senti.run(["evaluate", "language-model", "-m", "m"] + arguments, in: folder)
  }

  @Test func perplexitiesAreThoseOfTheLibrary() throws {
    try folder.write("one two zebra\nthree\n", to: "t.txt")
    let found = try evaluate("t.txt", "--format", "json")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any])
    let model = try LanguageModel(contentsOf: folder["m"])
    let expected = model.perplexity(of: ["one two zebra", "three"])
    #expect(json["texts"] as? Int == 2 && json["tokens"] as? Int == 6)
    #expect(json["unknown"] as? Int == 1 && json["bytes"] as? Int == 18)
    let perToken = try #require(json["perplexity_per_token"] as? Double)
    #expect(abs(perToken - expected.perToken) < 1e-4)
    let text = try evaluate("t.txt")
    #expect(text.output.contains("unknown               16.67 % of the tokens\n"))
  }

  @Test func aMissedLimitIsAStatus() throws {
    try folder.write("one two\n", to: "t.txt")
    #expect(try evaluate("t.txt", "--max-perplexity", "1000").status == 0)
    let missed = try evaluate("t.txt", "--max-perplexity", "1.01")
    #expect(missed.status == 1)
    #expect(
      missed.errors.hasPrefix("senti: t.txt: expected a perplexity of 1.01 or less, found "))
  }

  @Test func nothingToReadExitsWith65() throws {
    try folder.write("text\n", to: "t.csv")
    #expect(try evaluate("t.csv").status == 65)
    #expect(try evaluate("missing.txt").status == 66)
  }
}
