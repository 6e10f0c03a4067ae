import ArgumentParser
import SentiCorpora
import SentiText

/// `senti vocab coverage`: how much of other texts a vocabulary knows.
struct VocabCoverageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage",
    abstract: "Measure how many words of held-out texts a vocabulary covers.",
    discussion: """
      Texts are read as by senti vocab build, and normalized and cut as the vocabulary says. \
      Tokens are counted as often as they occur, types once.

      Examples:
        senti vocab coverage reviews.vocab held-out/
        senti vocab coverage reviews.vocab b.csv --format json | jq .out_of_vocabulary_rate
      """)

  @Argument(help: "A vocabulary file, or a model.", completion: .file())
  var vocabulary: String

  @Argument(help: "Files and folders of texts.", completion: .file())
  var paths: [String]

  @Option(help: .name("The field that holds the text in .csv, .tsv and .jsonl."))
  var textField = "text"

  @Option(help: .encoding)
  var encoding = TextEncoding.auto

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  func run() throws {
    let vocabulary = try VocabularyFile.words(contentsOf: vocabulary)
    var builder = try VocabularyBuilder(
      normalization: vocabulary.header.normalization, locale: vocabulary.header.locale)
    let texts = TextSupply(paths, textField: textField, encoding: encoding)
    for text in texts { builder.add(utf8: text.span) }
    guard texts.count > 0 else { return try texts.tally.finishWithoutInput(paths) }
    let coverage = builder.coverage(by: vocabulary)
    try format.print(
      table(coverage, textCount: texts.count), json: json(coverage, textCount: texts.count))
    try texts.tally.finish()
  }

  private func table(_ coverage: VocabularyCoverage, textCount: Int) -> String {
    func row(_ name: String, _ known: Int, of all: Int, share: Double) -> [String] {
      let counts = "\(Columns.grouped(known)) of \(Columns.grouped(all))"
      return [name, "\(Columns.fixed(100 * share, digits: 2)) %, \(counts)"]
    }
    return Columns.aligned([
      ["texts", Columns.grouped(textCount)],
      row(
        "known tokens", coverage.knownTokenCount, of: coverage.tokenCount,
        share: coverage.tokenShare),
      row(
        "known types", coverage.knownTypeCount, of: coverage.typeCount, share: coverage.typeShare),
      [
        "out of vocabulary",
        "\(Columns.fixed(100 * coverage.outOfVocabularyRate, digits: 2)) % of the tokens",
      ],
    ])
  }

  private func json(_ coverage: VocabularyCoverage, textCount: Int) -> JSONValue {
    .object([
      "vocabulary": .string(vocabulary), "texts": .integer(textCount),
      "tokens": .integer(coverage.tokenCount), "known_tokens": .integer(coverage.knownTokenCount),
      "types": .integer(coverage.typeCount), "known_types": .integer(coverage.knownTypeCount),
      "token_share": .number(coverage.tokenShare), "type_share": .number(coverage.typeShare),
      "out_of_vocabulary_rate": .number(coverage.outOfVocabularyRate),
    ])
  }
}
