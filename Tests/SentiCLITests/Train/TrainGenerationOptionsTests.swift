import SentiTestSupport
import Testing

/// Each option changes what is trained: none is read and forgotten.
@Suite("senti train captioner, senti train translator: options")
struct TrainGenerationOptionsTests {
  private typealias Call = TrainSentimentOptionsTests.Call

  private static let subwords = ["--subwords"]
  /// Vectors of tokens that are no outputs, and that few steps have.
  private static let alone = ["--no-tied", "--batch-texts", "1"]

  /// What both verbs have.
  private static let common: [Call] = [
    // Net
    .option("--cell", "lstm"), .option("--embedding-size", "5"), .option("--decoder-size", "9"),
    .option("--decoder-layers", "3"), .option("--entry", "first-input"), .option("--no-tied"),
    .option("--subwords"), .option("--max-size", "5"), .option("--min-count", "2"),
    // Steps
    .option("--epochs", "3"), .option("--learning-rate", "0.01"), .option("--batch-tokens", "8"),
    .option("--batch-texts", "1"), .option("--clip", "0.01"), .option("--averaging", "0.5"),
    .option("--seed", "2"), .option("--threads", "1"), .option("--schedule", "constant"),
    .option("--optimizer", "sgd"), .option("--lazy", with: alone), .option("--weight-decay", "0.1"),
    .option("--clip-value", "0.0001"),
    // Recipe
    .option("--word-dropout", "0.4"), .option("--embedding-dropout", "0.4"),
    .option("--layer-dropout", "0.4"), .option("--recurrent-dropout", "0.4"),
    .option("--output-dropout", "0.6"), .option("--label-smoothing", "0.4"),
    .option("--scheduled-sampling", "0.9"), .option("--subword-dropout", "0.6", with: subwords),
  ]

  /// Some dropout, so that it shows on how many threads a net learns.
  private static let tiny =
    TrainGenerationCommandsTests.tiny + ["--output-dropout", "0.2", "--epochs", "2"]

  @Test func everyOptionChangesTheWeightsOfACaptioner() throws {
    let folder = try TrainGenerationCommandsTests.folder()
    let verb = ["train", "captioner", "v.csv", "c.tsv"] + Self.tiny
    let calls = Self.common + [.option("--normalize", "none")]
    let found = try TrainSentimentOptionsTests.ineffective(calls, of: verb, in: folder)
    #expect(found == [])
  }

  @Test func everyOptionChangesTheWeightsOfATranslator() throws {
    let folder = try TrainGenerationCommandsTests.folder()
    let calls: [Call] =
      Self.common + [
        .option("--encoder-size", "5"), .option("--encoder-layers", "2"),
        .option("--attention", "none"), .option("--attention", "additive"), .option("--shared"),
      ]
    let verb = ["train", "translator", "a.en", "a.de", "--encoder-size", "6"] + Self.tiny
    let found = try TrainSentimentOptionsTests.ineffective(calls, of: verb, in: folder)
    #expect(found == [])
  }

  /// A net that learns nothing is best in its first epoch.
  @Test func patienceEndsATraining() throws {
    let folder = try TrainGenerationCommandsTests.folder()
    func epochCount(_ arguments: [String]) throws -> Int {
      let outcome = try Senti.run(
        arguments + ["-o", "m", "--force", "--learning-rate", "1e-30", "--epochs", "6"],
        in: folder)
      try #require(outcome.status == 0)
      return (1...6).count { outcome.errors.contains("\nepoch \($0): ") }
    }
    let translator =
      ["train", "translator", "a.en", "a.de", "--validation-source", "a.en"]
      + ["--validation-target", "a.de", "--encoder-size", "6"] + TrainGenerationCommandsTests.tiny
    let captioner =
      ["train", "captioner", "v.csv", "c.tsv", "--validation-vectors", "v.csv"]
      + ["--validation-captions", "c.tsv"] + TrainGenerationCommandsTests.tiny
    for verb in [translator, captioner] {
      #expect(try epochCount(verb) == 6)
      #expect(try epochCount(verb + ["--patience", "2"]) == 3)
    }
  }
}
