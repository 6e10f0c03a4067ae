import ArgumentParser
import SentiCorpora
import SentiText

/// `senti vocab build`: counts the words of texts.
struct VocabBuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Count the words of texts and number them, the most frequent first.",
    discussion: """
      A folder holds one text a file, also in folders within it. A file that ends in .csv, .tsv \
      or .jsonl holds one text a row; any other file, and - for standard input, one text a line. \
      The same texts give the same vocabulary, byte for byte, in whatever order they come.

      Examples:
        senti vocab build reviews/ -o reviews.vocab --min-count 2 --max-size 30000
        senti vocab build a.csv b.jsonl --text-field review -o reviews.vocab
      """)

  @Argument(help: "Files and folders of texts.", completion: .file())
  var paths: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where the vocabulary is written.", valueName: "file"),
    completion: .file())
  var output: String

  @Option(help: ArgumentHelp("How often a word must occur.", valueName: "count"))
  var minCount = 1

  @Option(
    help: ArgumentHelp(
      "How many tokens there may be, the four special ones included (default: any number).",
      valueName: "count"))
  var maxSize: Int?

  @Option(help: NormalizationSteps.help)
  var normalize = NormalizationSteps.reviews

  @Option(help: .locale)
  var locale = ""

  @Option(
    help: ArgumentHelp("The field that holds the text in .csv, .tsv and .jsonl.", valueName: "name")
  )
  var textField = "text"

  @Flag(help: "Replace the vocabulary where there is one already.")
  var force = false

  func validate() throws {
    guard minCount > 0 else { throw ValidationError("Expected --min-count of 1 or more.") }
    guard maxSize.map({ $0 > SpecialTokens.names.count }) ?? true else {
      throw ValidationError("Expected --max-size of more than the 4 special tokens.")
    }
  }

  func run() throws {
    try OutputFile.requireFree(output, replacing: force)
    var builder = try VocabularyBuilder(normalization: normalize.normalization, locale: locale)
    var tally = InputTally()
    for path in paths { count(path, &builder, &tally) }
    guard builder.textCount > 0 else { return try tally.finish() }
    let vocabulary = builder.vocabulary(minimumCount: minCount, maximumSize: maxSize)
    try AtomicFile.write(vocabulary.serialized(), to: output, overwrite: force)
    Diagnostics.note(
      "\(output): \(Columns.grouped(vocabulary.count)) tokens from "
        + "\(Columns.grouped(builder.textCount)) texts, \(vocabulary.coverageText)")
    try tally.finish()
  }

  /// Counts the words of all texts at a path.
  private func count(
    _ path: String, _ builder: inout VocabularyBuilder, _ tally: inout InputTally
  ) {
    do {
      for text in try TextStream(path, textField: textField) {
        switch text {
        case .success(let text):
          builder.add(text)
          tally.succeed()
        case .failure(let error): tally.fail(Failure(error))
        }
      }
    } catch {
      tally.fail(Failure(error))
    }
  }
}

extension Vocabulary {
  /// The share of the tokens of its texts that have a number of their own; nil where there is none.
  var coverage: Double? {
    let special: Set<TokenID> = [.padding, .unknown, .start, .end]
    let numbers = (0..<UInt32(count)).lazy.map { TokenID(rawValue: $0) }
    let known = numbers.filter { !special.contains($0) }.reduce(0) { $0 + (frequency(of: $1) ?? 0) }
    let total = known + (frequency(of: .unknown) ?? 0)
    return total == 0 ? nil : Double(known) / Double(total)
  }

  /// The coverage in words.
  var coverageText: String {
    guard let coverage else { return "no words" }
    return "\(Columns.fixed(100 * coverage, digits: 2)) % of the words covered"
  }
}
