import ArgumentParser
import SentiText

/// `senti vocab inspect`: what a vocabulary says of itself.
struct VocabInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show how a vocabulary was built, and its first words.",
    discussion: """
      A model has a vocabulary of its own, which is shown of a model file.

      Examples:
        senti vocab inspect reviews.vocab
        senti vocab inspect reviews.vocab --format json | jq .coverage
      """)

  @Argument(help: "A vocabulary file, or a model.", completion: .file())
  var file: String

  @Option(help: .count("How many of the most frequent words to show."))
  var top = 10

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  func validate() throws {
    guard top >= 0 else { throw ValidationError("Expected --top of 0 or more.") }
  }

  func run() throws {
    let pipeline = try TextPipeline(vocabulary: VocabularyFile.words(contentsOf: file))
    try format.print(table(of: pipeline), json: json(of: pipeline))
  }

  private func topEntries(_ vocabulary: Vocabulary) -> [(word: String, count: Int)] {
    Array(vocabulary.entries.dropFirst(vocabulary.header.specialTokenCount).prefix(top))
  }

  private func table(of pipeline: TextPipeline) -> String {
    let vocabulary = pipeline.vocabulary
    let header = vocabulary.header
    let facts = Columns.aligned(
      [
        ["file", file],
        ["tokens", "\(Columns.grouped(vocabulary.count)), \(header.specialTokenCount) special"],
        ["texts", Columns.grouped(header.textCount)],
        ["coverage", vocabulary.coverageText],
        ["minimum count", String(header.minimumCount)],
        ["normalization", header.normalization.description],
        ["locale", header.locale.isEmpty ? "none" : header.locale],
        ["corpus checksum", String(header.corpusChecksum, radix: 16)],
      ] + pipeline.originFacts)
    let words = topEntries(vocabulary).map { [$0.word, Columns.grouped($0.count)] }
    return words.isEmpty ? facts : facts + "\n" + Columns.aligned([["word", "count"]] + words)
  }

  private func json(of pipeline: TextPipeline) -> JSONValue {
    let vocabulary = pipeline.vocabulary
    let header = vocabulary.header
    let members = JSONValue.Member.list([
      "file": .string(file), "format_version": .integer(VocabularyHeader.formatVersion),
      "tokens": .integer(vocabulary.count), "special_tokens": .integer(header.specialTokenCount),
      "texts": .integer(header.textCount),
      "coverage": vocabulary.coverage.map { .number($0) } ?? .null,
      "minimum_count": .integer(header.minimumCount),
      "normalization": .string(header.normalization.description),
      "locale": .string(header.locale),
      "corpus_checksum": .string(String(header.corpusChecksum, radix: 16)),
    ])
    let top = JSONValue.array(
      topEntries(vocabulary).map {
        .object(["word": .string($0.word), "count": .integer($0.count)])
      })
    return .members(
      members + pipeline.originMembers + [JSONValue.Member(name: "top", value: top)])
  }
}

/// How a verb that describes one thing writes its answer.
enum InspectionFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  /// One object, which stands on one line, so that both names hold.
  case json, jsonl

  /// Prints an answer in this format, and brings it out.
  func print(_ text: @autoclosure () -> String, json: @autoclosure () -> JSONValue) throws {
    var output = Output()
    switch self {
    case .text: try output.write(text())
    case .json, .jsonl: try output.writeLine(json())
    }
    try output.flush()
  }
}

extension TextPipeline {
  /// By which ICU the vocabulary was made, and by which texts are cut here, for people.
  var originFacts: [[String]] {
    [
      ["built with", vocabulary.header.versions.description],
      ["linked with", ICUVersion.linked.description],
      ["word boundaries", agreementText],
    ]
  }

  /// The same in JSON.
  var originMembers: [JSONValue.Member] {
    JSONValue.Member.list([
      "icu_version": .string(vocabulary.header.versions.icu),
      "unicode_version": .string(vocabulary.header.versions.unicode),
      "linked_icu_version": .string(ICUVersion.linked.icu),
      "linked_unicode_version": .string(ICUVersion.linked.unicode),
      "same_word_boundaries": cutsAsRecorded.map { .boolean($0) } ?? .null,
    ])
  }

  /// Whether texts are cut here as they were where the vocabulary was made, in words.
  private var agreementText: String {
    let isRecorded = vocabulary.header.boundaryChecksum != nil
    switch cutsAsRecorded {
    case true?: return isRecorded ? "the test sentences' are the same" : "of the same ICU"
    case false?: return "the test sentences' differ: some texts are cut otherwise here"
    case nil: return "unknown: another ICU, and no test sentences recorded"
    }
  }
}
