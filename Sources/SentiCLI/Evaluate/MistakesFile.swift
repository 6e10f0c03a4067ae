import SentiCorpora
import SentiModels

/// The file of the texts that a classifier gets most wrong.
struct MistakesFile {
  /// Where it is written: JSON Lines, TSV or else CSV, by its name.
  let path: String
  /// Whether what each word contributed is told.
  let explains: Bool

  /// The most texts that are written.
  static let textLimit = 100

  /// Refuses a path at which nothing can be made, and texts that cannot be read again.
  ///
  /// - Parameters:
  ///   - path: Where the texts are written.
  ///   - explains: Whether what each word contributed is told.
  ///   - data: The data, which are read twice.
  ///   - replaces: Whether a file there is replaced.
  /// - Throws: A ``Failure``.
  init(_ path: String, explains: Bool, data: String, replaces: Bool) throws {
    guard data != "-" else {
      throw Failure("--mistakes: expected a file or folder, found standard input", .usage)
    }
    try OutputFile.requireFree(path, replacing: replaces, reading: [data])
    self.path = path
    self.explains = explains
  }

  /// Writes the texts whose true labels are least probable, most wrong first.
  ///
  /// - Parameters:
  ///   - scoring: The scored texts.
  ///   - texts: The same texts, from the first on.
  ///   - classifier: What scored them.
  ///   - replaces: Whether a file there is replaced.
  /// - Throws: A ``Failure`` or `CorpusError` where the file cannot be written.
  func write(
    _ scoring: LabelledScoring, _ texts: CorpusReader, by classifier: SentimentClassifier,
    replacing replaces: Bool
  ) throws {
    let mistakes = Self.mistakes(of: scoring.examples[0])
    let places = Dictionary(
      uniqueKeysWithValues: mistakes.map { (scoring.itemOfExample[$0], $0) })
    var found: [Int: LabelledText] = [:]
    for (item, text) in texts.enumerated() {
      guard found.count < mistakes.count else { break }
      if let example = places[item] { found[example] = try text.get() }
    }
    let records = mistakes.compactMap { example in
      found[example].map { record(of: $0, example, in: scoring.examples[0], by: classifier) }
    }
    try AtomicFile.write(bytes(of: records), to: path, overwrite: replaces)
  }

  /// The examples that are wrong, that with the least probable truth first.
  private static func mistakes(of examples: ScoredExamples) -> [Int] {
    let wrong = (0..<examples.count).filter {
      examples.predictedLabels[$0] != examples.trueLabels[$0]
    }.map { (example: $0, truth: examples.probability(of: examples.trueLabels[$0], inExample: $0)) }
    let ranked = wrong.sorted { ($0.truth, $0.example) < ($1.truth, $1.example) }
    return ranked.prefix(textLimit).map(\.example)
  }

  private func record(
    of text: LabelledText, _ example: Int, in examples: ScoredExamples,
    by classifier: SentimentClassifier
  ) -> [JSONValue.Member] {
    let (truth, label) = (examples.trueLabels[example], examples.predictedLabels[example])
    let members = JSONValue.Member.list([
      "place": .name(text.origin.description), "true_label": .string(examples.labels[truth]),
      "true_probability": .number(examples.probability(of: truth, inExample: example)),
      "label": .string(examples.labels[label]),
      "probability": .number(examples.probability(of: label, inExample: example)),
      "text": .string(text.text),
    ])
    guard explains else { return members }
    let explanation = classifier.explanation(of: text.text)
    let explained = ExplainedText(explanation, in: Array(text.text.utf8), sentences: nil)
    return members + explained.members
  }

  private func bytes(of records: [[JSONValue.Member]]) -> [UInt8] {
    let columns =
      ["place", "true_label", "true_probability", "label", "probability", "text"]
      + (explains ? ExplainedText.columns : [])
    let format: OutputFormat =
      switch CorpusFormat(extensionOf: path) {
      case .jsonl: .jsonl
      case .tsv: .tsv
      default: .csv
      }
    let lines = RecordLines(format, columns: columns)
    return lines.header + records.flatMap { lines.line(of: $0) }
  }
}
