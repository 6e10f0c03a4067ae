import ArgumentParser
import Glibc
import SentiCorpora
import SentiModels
import SentiRNN
import SentiTensor
import SentiText
import SentiTraining

/// `senti train sentiment`: makes a sentiment classifier of labelled texts.
struct TrainSentimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sentiment",
    abstract: "Train a sentiment classifier on labelled texts.",
    discussion: """
      The texts are a folder whose folders are the labels, one text a file, or a .csv, .tsv or \
      .jsonl file with named fields. Labels such as neg and pos, and 0 and 1 where there are no \
      others, become negative and positive; see --stars and --label-map for numbers of stars. \
      Some texts are held out; no text is on both sides. The epoch that is best on them is kept, \
      and its probabilities are calibrated on them.

      The same texts, options, seed and number of threads give the same weights, bit for bit, \
      also when the training was interrupted with Ctrl-C and resumed.

      Examples:
        senti train sentiment aclImdb/train -o model.safetensors --bidirectional
        senti train sentiment b.csv -o b.safetensors --from a.safetensors --freeze embedding.
      """)

  @OptionGroup var source: LabelledDataOptions

  @Option(
    name: .shortAndLong, help: .file("Where the model is written."),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(help: .share("The share of texts that are held out (default: a tenth)."))
  var validationShare: Double?

  @Option(help: .count("The number of texts that are held out."))
  var validationCount: Int?

  @OptionGroup(title: "Net") var net: NetOptions
  @OptionGroup(title: "Recipe") var recipe: RecipeOptions
  @OptionGroup(title: "Transfer") var transfer: TransferOptions

  @OptionGroup var training: TrainingRun

  func validate() throws {
    guard validationShare == nil || validationCount == nil else {
      throw ValidationError("Expected --validation-share or --validation-count, found both.")
    }
    guard (validationShare ?? 0) >= 0, (validationShare ?? 0) < 1, (validationCount ?? 0) >= 0
    else {
      throw ValidationError("Expected --validation-share from 0 to below 1.")
    }
  }

  func run() throws {
    try training.requireFreeOutputs(
      output, reading: [source.data, transfer.from, transfer.wordVectors])
    let cardTexts = try training.cardTexts()
    var sentiment = try prepare()
    let seconds = try training.finish(&sentiment)
    try finish(sentiment, cardTexts, seconds: seconds)
  }

  /// Reads the texts, holds some out and lays out the training.
  private func prepare() throws -> SentimentTraining {
    let texts = try labelledTexts()
    let labels = SentimentLabels.sorted(Set(texts.compactMap(\.label)))
    guard labels.count > 1 else {
      throw Failure(
        "\(source.data): expected texts of at least 2 labels, found \(labels.count)", .badData)
    }
    try recipe.labelWeights?.check(labels)
    var generator = SeededGenerator(seed: recipe.steps.seed)
    let held = HeldOut(texts, size: try heldOutSize(of: texts.count), using: &generator)
    var options = SentimentTrainingOptions()
    net.apply(to: &options)
    recipe.apply(to: &options, threadCount: training.threadCount)
    try transfer.apply(to: &options)
    guard options.longestMemory == nil || options.cell.hasGates else {
      throw ValidationError("Expected --longest-memory with a cell that has gates.")
    }
    var sentiment = try SentimentTraining(
      held.training, validation: held.validation, labels: labels, options: options)
    describe(sentiment, held)
    for line in try transfer.start(&sentiment) { training.note(line) }
    return sentiment
  }

  /// Reads the texts that have labels, and says of each label what a model says.
  private func labelledTexts() throws -> [LabelledText] {
    let corpus = try Corpus(source.reader())
    for problem in corpus.problems { Diagnostics.warn("\(problem); left out") }
    let names = try source.labels.names.ownNames(of: Set(corpus.labels), in: source.data)
    LabelNames.warnOfLikes(names, in: source.data)
    return corpus.texts.compactMap { text in
      guard let label = text.label, !SentimentLabels.trimmed(label).isEmpty else {
        Diagnostics.warn("\(text.origin): expected a label, found none; left out")
        return nil
      }
      guard let name = names[label], !name.isEmpty else { return nil }
      return LabelledText(text.text, label: name, origin: text.origin)
    }
  }

  private func describe(_ sentiment: SentimentTraining, _ held: HeldOut) {
    let counts = [
      "\(Columns.grouped(held.training.count)) texts to learn from",
      "\(Columns.grouped(held.validation.count)) held out",
      "\(Columns.grouped(sentiment.tokenCount)) tokens",
      "\(Columns.grouped(sentiment.vocabulary.count)) words",
    ]
    let labels = sentiment.labels.joined(separator: ", ")
    training.note("\(source.data): \(counts.joined(separator: ", ")); labels \(labels)")
  }

  private func heldOutSize(of count: Int) throws -> HeldOut.Size {
    guard let validationCount else { return .share(validationShare ?? 0.1) }
    guard validationCount < count else {
      throw Failure(
        "\(source.data): expected more than the \(validationCount) texts to hold out, found \(count)",
        .badData)
    }
    return .count(validationCount)
  }

  /// Judges the best epoch as it will be stored, fills in the card and writes the model.
  private func finish(
    _ sentiment: SentimentTraining, _ texts: ModelCard, seconds: Double
  ) throws {
    var classifier = sentiment.classifier()
    classifier.card = texts
    classifier.card.record(sentiment, seconds: seconds)
    training.recordCommand(in: &classifier.card)
    let scored = try sentiment.validationExamples(classifier)
    if let evaluation = Evaluation(of: scored) {
      classifier.card.record(evaluation)
      training.noteResult(evaluation.table())
    }
    try classifier.write(to: output, overwriting: training.force)
    training.noteResult("\(output): written")
  }
}
