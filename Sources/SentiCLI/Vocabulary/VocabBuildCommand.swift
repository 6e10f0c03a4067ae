import ArgumentParser
import SentiCorpora
import SentiText

/// `senti vocab build`: counts the words of texts.
struct VocabBuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Build a vocabulary: the words of texts, the most frequent first.",
    discussion: """
      A folder holds one text a file, also in folders within it. A file that ends in .csv, .tsv \
      or .jsonl holds one text a row; any other file, and - for standard input, one text a line. \
      The same texts give the same vocabulary, byte for byte, in whatever order they come, on \
      any number of threads and in any memory.

      With --subword bpe, byte pairs are merged instead: the file is a tokenizer.json, which \
      Hugging Face's tokenizers load too. Of --normalize the form alone is taken (default: nfc), \
      and --max-size says how many subwords there are (default: 8000).

      Examples:
        senti vocab build reviews/ -o reviews.vocab --min-count 2 --max-size 30000
        senti vocab build a.csv b.jsonl --text-field review -o reviews.vocab
      """)

  @Argument(help: "Files and folders of texts.", completion: .file())
  var paths: [String]

  @Option(name: .shortAndLong, help: .file("Where the vocabulary is written."), completion: .file())
  var output: String

  @Option(help: .count("How often a word must occur."))
  var minCount = 1

  @Option(
    help: .count(
      "How many tokens there may be, the four special ones included (default: any number)."))
  var maxSize: Int?

  @Option(help: NormalizationSteps.helpWithDefault)
  var normalize: NormalizationSteps?

  @Option(help: .locale)
  var locale = ""

  @Option(help: "Merge byte pairs into subwords.")
  var subword: SubwordKind?

  @Option(help: ArgumentHelp("A token of your own, behind the special ones.", valueName: "token"))
  var reserve: [String] = []

  @Option(help: .name("The field that holds the text in .csv, .tsv and .jsonl."))
  var textField = "text"

  @Option(help: .encoding)
  var encoding = TextEncoding.auto

  @Option(
    help: ArgumentHelp(
      "The memory that counts may take, in megabytes; more goes to files in /tmp.",
      valueName: "megabytes"))
  var maxMemory = 200

  @Option(help: .count("How many threads count (default: one for each processor)."))
  var threads: Int?

  @Flag(help: "Replace the vocabulary where there is one already.")
  var force = false

  /// How subwords are made.
  enum SubwordKind: String, ExpressibleByArgument, CaseIterable {
    case bpe
  }

  func validate() throws {
    guard minCount > 0 else { throw ValidationError("Expected --min-count of 1 or more.") }
    guard maxMemory > 0 else { throw ValidationError("Expected --max-memory of 1 or more.") }
    guard threads.map({ $0 > 0 }) ?? true else {
      throw ValidationError("Expected --threads of 1 or more.")
    }
    try subword == nil ? validateWords() : validateSubwords()
  }

  private func validateWords() throws {
    let special = SpecialTokens.names + reserve
    guard Set(special).count == special.count, !reserve.contains("") else {
      throw ValidationError("Expected --reserve to give each token once, and no special one.")
    }
    guard maxSize.map({ $0 > special.count }) ?? true else {
      throw ValidationError("Expected --max-size of more than the \(special.count) special tokens.")
    }
  }

  private func validateSubwords() throws {
    guard reserve.isEmpty, locale.isEmpty else {
      throw ValidationError("With --subword there are no --reserve and no --locale.")
    }
    guard subwordCount >= 260 else {
      throw ValidationError("Expected --max-size of 260 or more: special tokens and bytes.")
    }
    let steps = normalize?.normalization ?? .none
    guard steps == Normalization(form: steps.form) else {
      throw ValidationError("With --subword, --normalize takes none, nfc, nfd, nfkc or nfkd.")
    }
  }

  private var subwordCount: Int { maxSize ?? 8_000 }

  func run() throws {
    try OutputFile.requireFree(output, replacing: force)
    let (bytes, tally, note) = try Waiting.result { [self] in try await build() }
    guard let bytes else { return try tally.finishWithoutInput(paths) }
    try AtomicFile.write(bytes, to: output, overwrite: force)
    Diagnostics.note("\(output): \(note)")
    try tally.finish()
  }

  /// The file's bytes, nil where there was no text; what became of the texts; and what to say of it.
  private func build() async throws -> ([UInt8]?, InputTally, String) {
    let texts = TextSupply(paths, textField: textField, encoding: encoding)
    let builder = try builder()
    try await builder.add(texts)
    guard texts.count > 0 else { return (nil, texts.tally, "") }
    let countText = "from \(Columns.grouped(texts.count)) texts"
    if subword != nil {
      let encoding = try builder.encoding(size: subwordCount, minimumCount: minCount)
      let note = "\(Columns.grouped(encoding.count)) subwords \(countText)"
      return (encoding.tokenizerJSON(), texts.tally, note)
    }
    let vocabulary = try builder.vocabulary(
      minimumCount: minCount, maximumSize: maxSize, reservedTokens: reserve)
    let note =
      "\(Columns.grouped(vocabulary.count)) tokens \(countText), \(vocabulary.coverageText)"
    return (vocabulary.serialized(), texts.tally, note)
  }

  private func builder() throws -> BoundedVocabularyBuilder {
    let threadCount = threads ?? Machine.coreCount
    guard subword == nil else {
      return try BoundedVocabularyBuilder(
        subwordForm: normalize?.normalization.form ?? .nfc, maximumMemory: maxMemory << 20,
        threadCount: threadCount)
    }
    return try BoundedVocabularyBuilder(
      normalization: normalize?.normalization ?? .reviews, locale: locale,
      maximumMemory: maxMemory << 20, threadCount: threadCount)
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
