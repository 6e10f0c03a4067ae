import Foundation
import SentiModels
import SentiTensor
import SentiTestSupport
import SentiText
import Testing

/// Each option changes what is trained: none is read and forgotten.
@Suite("senti train sentiment: options")
struct TrainSentimentOptionsTests {
  /// A way to call the verb, beside the usual one.
  struct Call: CustomTestStringConvertible, Sendable {
    var arguments: [String]
    /// What the call has in common with one without the arguments.
    var common: [String] = []

    var testDescription: String { arguments.joined(separator: " ") }

    static func option(_ arguments: String..., with common: [String] = []) -> Call {
      Call(arguments: arguments, common: common)
    }
  }

  /// Trains without each option and with it, in one folder, and names those that changed no weight.
  ///
  /// Calls that have the same in common are compared with one training.
  static func ineffective(
    _ calls: [Call], of verb: [String], in folder: TemporaryFolder
  ) throws -> [String] {
    var usual: [[String]: String] = [:]
    func weights(_ arguments: [String]) throws -> String {
      let outcome = try Senti.run(verb + arguments + ["-o", "m", "--force"], in: folder)
      try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
      return try SafetensorsArchive(contentsOf: folder["m"])
        .requireMetadata(SafetensorsArchive.checksumKey)
    }
    return try calls.compactMap { call in
      let expected = try usual[call.common] ?? weights(call.common)
      usual[call.common] = expected
      let isSame = try weights(call.common + call.arguments) == expected
      return isSame ? call.testDescription : nil
    }
  }

  private static let layers = ["--layers", "2"]

  static let calls: [Call] = [
    // Net
    .option("--cell", "lstm"), .option("--embedding-size", "4"), .option("--hidden-size", "3"),
    .option("--layers", "2"), .option("--bidirectional"), .option("--pooling", "mean"),
    .option("--max-size", "20"), .option("--min-count", "2"), .option("--normalize", "none"),
    // Steps
    .option("--epochs", "1"), .option("--learning-rate", "0.01"), .option("--batch-tokens", "32"),
    .option("--batch-texts", "3"), .option("--clip", "0.01"), .option("--averaging", "0.5"),
    .option("--seed", "2"), .option("--threads", "1"), .option("--lazy"),
    .option("--clip-value", "0.0001"), .option("--weight-decay", "0.1"),
    .option("--optimizer", "sgd"), .option("--optimizer", "momentum"),
    .option("--optimizer", "nesterov"), .option("--optimizer", "rmsprop"),
    .option("--optimizer", "averaged-sgd"), .option("--schedule", "constant"),
    .option("--schedule", "cosine"), .option("--schedule", "linear"),
    .option("--schedule", "warm-up"), .option("--schedule", "slanted-triangular"),
    .option("--schedule", "plateau"),
    // Recipe
    .option("--word-dropout", "0.4"), .option("--embedding-dropout", "0.1"),
    .option("--layer-dropout", "0.4", with: layers), .option("--recurrent-dropout", "0.4"),
    .option("--output-dropout", "0.1"), .option("--label-smoothing", "0.2"),
    .option("--label-weights", "positive=3"), .option("--longest-memory", "20"),
    .option("--adversarial", "0.5"),
    // Texts
    .option("--validation-share", "0.4"), .option("--label-field", "other"),
    .option("--text-field", "label"),
  ]

  /// What is tiny, but for the number of texts that are held out, which has a share beside it.
  private static let tiny = [
    "--embedding-size", "3", "--hidden-size", "4", "--min-count", "1", "--batch-tokens", "64",
    "--learning-rate", "0.03", "--averaging", "0", "--threads", "2", "--epochs", "2",
  ]

  @Test func everyOptionChangesTheWeights() throws {
    let folder = try TemporaryFolder()
    let rows = TrainSentimentCommandTests.rows.split(separator: "\n").enumerated()
    let table = rows.map { index, row in
      index == 0 ? "\(row),other" : "\(row),\(index.isMultiple(of: 3) ? "pos" : "neg")"
    }
    try folder.write(table.joined(separator: "\n") + "\n", to: "a.csv")
    let verb = ["train", "sentiment", "a.csv"] + Self.tiny
    #expect(try Self.ineffective(Self.calls, of: verb, in: folder) == [])
  }

  @Test func whatATeacherSaysIsWeighedAsTold() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<12).map { index in
      let label = index.isMultiple(of: 2) ? "pos" : "neg"
      return """
        {"text": "word\(index % 4) film", "label": "\(label)", "teacher": [0.3, 0.7], \
        "weight": \(index % 3 + 1)}
        """
    }
    try folder.write(rows.joined(separator: "\n") + "\n", to: "a.jsonl")
    let soft = ["--soft-label-field", "teacher"]
    let calls: [Call] = [
      .option("--soft-label-field", "teacher"), .option("--weight-field", "weight"),
      .option("--temperature", "3", with: soft), .option("--hard-share", "0.5", with: soft),
    ]
    let verb = ["train", "sentiment", "a.jsonl", "--validation-count", "0"] + Self.tiny
    #expect(try Self.ineffective(calls, of: verb, in: folder) == [])
  }

  /// Each text has a word of its own, which the vocabulary lacks where the text is held out.
  @Test func theSeedDecidesWhichTextsAreHeldOut() throws {
    let folder = try TemporaryFolder()
    try folder.write(TrainSentimentCommandTests.rows, to: "a.csv")
    func words(_ seed: String) throws -> [String] {
      let arguments = ["train", "sentiment", "a.csv", "-o", "m", "--force", "--seed", seed]
      try #require(try Senti.run(arguments + Self.tiny, in: folder).status == 0)
      let entries = try SentimentClassifier(contentsOf: folder["m"]).pipeline.vocabulary.entries
      return entries.map(\.word).sorted()
    }
    let first = try words("1")
    #expect(try words("2") != first)
    #expect(try words("1") == first)
  }
}
