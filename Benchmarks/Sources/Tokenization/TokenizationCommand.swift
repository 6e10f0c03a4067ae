internal import ArgumentParser
internal import Measurement
internal import SentiCorpora
internal import SentiText

/// The program: measures tokenization beside ICU's own iterator.
@main
struct TokenizationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenization",
    abstract: "Measures word boundaries and token ids beside a plain loop over ICU's iterator.",
    discussion: """
      All texts are in memory before the clock starts: in UTF-16 for ICU, in UTF-8 and as strings \
      for senti. One thread. The vocabulary is built of the same texts. Megabytes are a million \
      bytes of UTF-8.

      Exits with 1 where senti's tokens are not as many as ICU's, or a limit is missed.

      Examples:
        tokenization aclImdb/train --boundaries-at-least 15 --ids-at-least 4
        tokenization reviews.csv --text-field review
      """)

  @Argument(help: "A folder of texts, or a file of JSON Lines, CSV, TSV or plain lines.")
  var corpus: String

  @Option(help: "The field that holds the text.")
  var textField = "text"

  @Option(help: "The most words in the vocabulary, special ones included.")
  var vocabularySize = 30_000

  @Option(help: "The time to measure each figure for.")
  var seconds = 2.0

  @Option(help: "Fail where boundaries are found less than this many times as fast as by ICU.")
  var boundariesAtLeast: Double?

  @Option(help: "Fail where ids are found less than this many times as fast as ICU's boundaries.")
  var idsAtLeast: Double?

  @Flag(help: "Measure nothing but boundaries.")
  var onlyBoundaries = false

  @Option(help: "Fail where a token costs more allocations than this.")
  var allocationsAtMost: Double?

  @Option(help: "Write the figures to this file as JSON Lines.")
  var json: String?

  func run() throws {
    let texts = try MeasuredTexts(corpus, fields: CorpusFields(text: textField, label: nil))
    let measurement = try TokenizationMeasurement(
      texts, maximumVocabularySize: vocabularySize, sampling: Sampling(seconds: seconds))
    print(measurement.conditions)
    let results = measurement.results(onlyBoundaries: onlyBoundaries)
    print(TokenizationResult.heading)
    for result in results { print(result.row) }
    if let json { try Report.write(lines: results.flatMap(\.figures), to: json) }
    let misses = limits.flatMap { limit in results.compactMap(limit.miss) }
    for miss in misses { print("MISSED: \(miss)") }
    if !misses.isEmpty { throw ExitCode.failure }
  }

  private var limits: [Limit] {
    [
      Limit(name: TokenizationMeasurement.boundaries, ratio: boundariesAtLeast),
      Limit(name: TokenizationMeasurement.ids, ratio: idsAtLeast),
      Limit(name: TokenizationMeasurement.boundaries, allocations: allocationsAtMost),
      Limit(name: TokenizationMeasurement.ids, allocations: allocationsAtMost),
    ]
  }
}

/// What a result may not fall short of.
struct Limit {
  var name: String
  var ratio: Double?
  var allocations: Double?

  /// What is wrong with a result; nil where nothing is, or where it is another work's.
  func miss(_ result: TokenizationResult) -> String? {
    guard result.work == name else { return nil }
    if let ratio, result.ratio < ratio {
      return "\(name) at \(result.ratio) times ICU's speed, expected \(ratio)"
    }
    if let allocations, result.allocationsPerToken > allocations {
      let found = "\(result.allocationsPerToken) allocations a token"
      return "\(name) at \(found), expected \(allocations) at most"
    }
    return nil
  }
}
