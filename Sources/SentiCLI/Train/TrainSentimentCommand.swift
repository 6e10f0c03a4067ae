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

  @OptionGroup var texts: TrainingTextOptions

  @Option(
    name: .shortAndLong, help: .file("The model file to write."),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Early stopping: the number of epochs without improvement.", valueName: "count"))
  var patience: Int?

  @OptionGroup(title: "Net") var net: NetOptions
  @OptionGroup(title: "Recipe") var recipe: RecipeOptions
  @OptionGroup(title: "Transfer") var transfer: TransferOptions

  @OptionGroup var training: TrainingRun

  /// Below this number of steps an epoch a warning is due.
  private static let fewSteps = 20

  func validate() throws {
    guard (patience ?? 1) > 0 else { throw ValidationError("Expected --patience above 0.") }
  }

  func run() throws {
    try training.requireFreeOutputs(
      output, reading: texts.paths + [transfer.from, transfer.wordVectors])
    var card = try training.cardTexts()
    let texts = try self.texts.read(seed: recipe.steps.seed)
    card.trainingTexts = TextFingerprints(of: texts.training.lazy.map(\.text))
    var sentiment = try prepare(texts)
    let seconds = try training.finish(&sentiment)
    try finish(sentiment, card, seconds: seconds)
  }

  /// Lays out the training.
  private func prepare(_ texts: TrainingTexts) throws -> SentimentTraining {
    try recipe.labelWeights?.check(texts.labels)
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
      texts.training, validation: texts.validation, labels: texts.labels, options: options,
      vocabulary: transfer.vocabulary(of: pretrained))
    describe(sentiment, texts)
    for line in try transfer.start(&sentiment, pretrained) { training.note(line) }
    return sentiment
  }

  private func describe(_ sentiment: SentimentTraining, _ texts: TrainingTexts) {
    let counts = [
      "\(Columns.grouped(texts.training.count)) texts to learn from",
      "\(Columns.grouped(texts.validation.count)) held out",
      "\(Columns.grouped(sentiment.tokenCount)) tokens",
      "\(Columns.grouped(sentiment.vocabulary.count)) words",
    ]
    let labels = sentiment.labels.joined(separator: ", ")
    training.note("\(self.texts.source.data): \(counts.joined(separator: ", ")); labels \(labels)")
    if sentiment.stepCount < Self.fewSteps {
      training.note(
        "warning: an epoch has \(sentiment.stepCount) steps; with more epochs or fewer tokens a "
          + "batch the net learns more")
    }
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
    if let evaluation = classifier.card.record(scored) {
      training.noteResult(evaluation.table())
    }
    try classifier.write(to: output, overwriting: training.force)
    training.noteResult("\(output): written")
  }
}
