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

  @Option(
    help: .file(
      "Labelled texts to evaluate epochs by, with the same fields; none are held out then."),
    completion: .file())
  var validation: String?

  @Option(
    help: ArgumentHelp(
      "Stop early after this many epochs without a better one.", valueName: "count"))
  var patience: Int?

  @Option(
    help: .name(
      "The field that holds a teacher's probabilities, as an object of labels or an array in the "
        + "order of the labels; a row may lack it."))
  var softLabelField: String?

  @Option(help: .name("The field that holds the weight of a row in the loss; a row may lack it."))
  var weightField: String?

  @OptionGroup(title: "Net") var net: NetOptions
  @OptionGroup(title: "Recipe") var recipe: RecipeOptions
  @OptionGroup(title: "Transfer") var transfer: TransferOptions

  @OptionGroup var training: TrainingRun

  /// Below this number of steps an epoch a warning is due.
  private static let fewSteps = 20

  func validate() throws {
    guard
      [validationShare == nil, validationCount == nil, validation == nil].count(where: { !$0 }) < 2
    else {
      throw ValidationError(
        "Expected one of --validation, --validation-share and --validation-count, found several.")
    }
    guard (patience ?? 1) > 0 else { throw ValidationError("Expected --patience above 0.") }
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
    let texts = try labelledTexts(of: source.data)
    let labels = SentimentLabels.sorted(Set(texts.flatMap(\.labels)))
    guard labels.count > 1 else {
      throw Failure(
        "\(source.data): expected texts of at least 2 labels, found \(labels.count)", .badData)
    }
    try recipe.labelWeights?.check(labels)
    let held = try heldOut(of: texts.filter { $0.fits(labels) })
    var options = SentimentTrainingOptions()
    net.apply(to: &options)
    recipe.apply(to: &options, threadCount: training.threadCount)
    options.patience = patience
    let pretrained = try transfer.pretrainedModel()
    transfer.apply(to: &options, pretrained)
    guard options.longestMemory == nil || options.cell.hasGates else {
      throw ValidationError("Expected --longest-memory with a cell that has gates.")
    }
    var sentiment = try SentimentTraining(
      held.training, validation: held.validation, labels: labels, options: options,
      vocabulary: pretrained?.trainingVocabulary)
    describe(sentiment, held)
    for line in try transfer.start(&sentiment, pretrained) { training.note(line) }
    return sentiment
  }

  /// Reads the texts that have labels or soft labels, and says of each label what a model says.
  private func labelledTexts(of path: String) throws -> [LabelledText] {
    let corpus = try Corpus(source.reader(of: path, softLabel: softLabelField, weight: weightField))
    for problem in corpus.problems { Diagnostics.warn("\(problem); left out") }
    let names = try source.labels.names.ownNames(of: Set(corpus.labels), in: path)
    LabelNames.warnOfLikes(names, in: path)
    return corpus.texts.compactMap { text in
      let label = text.label.flatMap { SentimentLabels.trimmed($0).isEmpty ? nil : $0 }
      guard label != nil || text.softLabel != nil else {
        Diagnostics.warn("\(text.origin): expected a label, found none; left out")
        return nil
      }
      let name = label.flatMap { names[$0] }
      if name?.isEmpty ?? false { return nil }
      return LabelledText(
        text.text, label: name, softLabel: text.softLabel, weight: text.weight,
        origin: text.origin)
    }
  }

  /// The texts to learn from and those to evaluate by: from a file of their own, or held out.
  private func heldOut(of texts: [LabelledText]) throws -> (
    training: [LabelledText], validation: [LabelledText]
  ) {
    guard let validation else {
      var generator = SeededGenerator(seed: recipe.steps.seed)
      let held = HeldOut(texts, size: try heldOutSize(of: texts.count), using: &generator)
      return (held.training, held.validation)
    }
    let found = try labelledTexts(of: validation)
    let known = Set(texts.map(\.text))
    let common = found.count { known.contains($0.text) }
    if common > 0 {
      Diagnostics.warn(
        "\(validation): \(Columns.grouped(common)) of its texts are also trained on")
    }
    let labels = Set(texts.flatMap(\.labels))
    for text in found where text.label.map({ !labels.contains($0) }) ?? true {
      throw Failure(
        "\(text.origin): expected one of the labels \(SentimentLabels.sorted(labels)), found "
          + (text.label ?? "none"), .badData)
    }
    return (texts, found)
  }

  private func describe(
    _ sentiment: SentimentTraining, _ held: (training: [LabelledText], validation: [LabelledText])
  ) {
    let counts = [
      "\(Columns.grouped(held.training.count)) texts to learn from",
      "\(Columns.grouped(held.validation.count)) held out",
      "\(Columns.grouped(sentiment.tokenCount)) tokens",
      "\(Columns.grouped(sentiment.vocabulary.count)) words",
    ]
    let labels = sentiment.labels.joined(separator: ", ")
    training.note("\(source.data): \(counts.joined(separator: ", ")); labels \(labels)")
    if sentiment.stepCount < Self.fewSteps {
      training.note(
        "warning: an epoch has \(sentiment.stepCount) steps; with more epochs or fewer tokens a "
          + "batch the net learns more")
    }
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

extension LabelledText {
  /// The labels that the text names, its own and those of its soft label.
  fileprivate var labels: [String] {
    guard case .named(let named)? = softLabel else { return [label].compactMap(\.self) }
    return [label].compactMap(\.self) + named.keys
  }

  /// Whether the soft label has a probability for each of some labels; warns where it does not.
  fileprivate func fits(_ labels: [String]) -> Bool {
    guard let softLabel, softLabel.probabilities(of: labels) == nil else { return true }
    Diagnostics.warn(
      "\(origin): expected probabilities of \(labels.joined(separator: ", ")), found "
        + "\(softLabel.count); left out")
    return false
  }
}
