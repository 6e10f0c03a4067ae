import ArgumentParser
import Glibc
import SentiCorpora
import SentiModels
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
      .jsonl file with named fields. Labels such as neg, pos, 0 and 1 become negative and positive. \
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
    name: .shortAndLong, help: ArgumentHelp("Where the model is written.", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(
    help: ArgumentHelp(
      "The share of texts that are held out (default: a tenth).", valueName: "share"))
  var validationShare: Double?

  @Option(help: ArgumentHelp("The number of texts that are held out.", valueName: "count"))
  var validationCount: Int?

  @OptionGroup(title: "Net") var net: NetOptions
  @OptionGroup(title: "Recipe") var recipe: RecipeOptions
  @OptionGroup(title: "Transfer") var transfer: TransferOptions

  @Option(
    help: ArgumentHelp(
      "The number of threads (default: one a core); the model depends on it.", valueName: "count"))
  var threads: Int?

  @Option(
    help: ArgumentHelp("Where the training is saved while it runs.", valueName: "file"),
    completion: .file())
  var checkpoint: String?

  @Option(help: ArgumentHelp("The time between two savings, in seconds.", valueName: "seconds"))
  var checkpointInterval = 300.0

  @Flag(help: "Go on from the checkpoint, where there is one.")
  var resume = false

  @Option(
    help: ArgumentHelp("Where each epoch's figures are written, as JSON Lines.", valueName: "file"),
    completion: .file())
  var history: String?

  @Option(
    help: ArgumentHelp("A JSON file with the texts of the model card.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var card: String?

  @Option(help: ArgumentHelp("How progress is told on standard error.", valueName: "style"))
  var progress = ProgressStyle.auto

  @Flag(help: "Replace the model, the history and the checkpoint where they exist.")
  var force = false

  func validate() throws {
    guard validationShare == nil || validationCount == nil else {
      throw ValidationError("Expected --validation-share or --validation-count, found both.")
    }
    guard (validationShare ?? 0) >= 0, (validationShare ?? 0) < 1, (validationCount ?? 0) >= 0
    else {
      throw ValidationError("Expected --validation-share from 0 to below 1.")
    }
    guard !resume || checkpoint != nil else {
      throw ValidationError("Expected --checkpoint with --resume.")
    }
    guard (threads ?? 1) > 0 else { throw ValidationError("Expected --threads of 1 or more.") }
  }

  func run() throws {
    try requireFreeOutputs()
    let cardTexts = try card.map(ModelCard.init(contentsOf:)) ?? ModelCard()
    let start = ContinuousClock.now
    var training = try prepare()
    if resume, let checkpoint, access(checkpoint, F_OK) == 0 {
      try training.resume(from: checkpoint)
      note("\(checkpoint): going on after \(training.history.count) epochs")
    }
    Interruption.catchSignals()
    try train(&training)
    try finish(training, cardTexts, seconds: (ContinuousClock.now - start) / .seconds(1))
  }

  private func requireFreeOutputs() throws {
    try OutputFile.requireFree(output, replacing: force)
    if let history { try OutputFile.requireFree(history, replacing: force || resume) }
    if let checkpoint { try OutputFile.requireFree(checkpoint, replacing: force || resume) }
  }

  /// Reads the texts, holds some out and lays out the training.
  private func prepare() throws -> SentimentTraining {
    let texts = try labelledTexts()
    let labels = SentimentLabels.sorted(Set(texts.compactMap(\.label)))
    guard labels.count > 1 else {
      throw Failure(
        "\(source.data): expected texts of at least 2 labels, found \(labels.count)", .badData)
    }
    var generator = SeededGenerator(seed: recipe.seed)
    let held = HeldOut(texts, size: try heldOutSize(of: texts.count), using: &generator)
    var options = SentimentTrainingOptions()
    net.apply(to: &options)
    recipe.apply(to: &options, threadCount: threadCount)
    try transfer.apply(to: &options)
    var training = try SentimentTraining(
      held.training, validation: held.validation, labels: labels, options: options)
    describe(training, held)
    for line in try transfer.start(&training) { note(line) }
    return training
  }

  /// Reads the texts that have labels, and says of each label what a model says.
  private func labelledTexts() throws -> [LabelledText] {
    let corpus = try Corpus(source.reader())
    for problem in corpus.problems { Diagnostics.warn("\(problem); left out") }
    return corpus.texts.compactMap { text in
      guard let label = text.label else {
        Diagnostics.warn("\(text.origin): expected a label, found none; left out")
        return nil
      }
      return LabelledText(
        text.text, label: SentimentLabels.canonical(label), origin: text.origin)
    }
  }

  private func describe(_ training: SentimentTraining, _ held: HeldOut) {
    let counts = [
      "\(Columns.grouped(held.training.count)) texts to learn from",
      "\(Columns.grouped(held.validation.count)) held out",
      "\(Columns.grouped(training.tokenCount)) tokens",
      "\(Columns.grouped(training.vocabulary.count)) words",
    ]
    let labels = training.labels.joined(separator: ", ")
    note("\(source.data): \(counts.joined(separator: ", ")); labels \(labels)")
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

  private var threadCount: Int { threads ?? Int(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Runs all epochs that are left; saves now and then, and when interrupted.
  private func train(_ training: inout SentimentTraining) throws {
    var reporter = TrainingReporter(progress)
    defer { reporter.clear() }
    var isDue = false
    while !training.isFinished {
      let deadline = ContinuousClock.now + .seconds(checkpointInterval)
      let record = try training.runEpoch { progress in
        reporter.report(progress)
        isDue = checkpoint != nil && ContinuousClock.now >= deadline
        return !Interruption.wasRequested && !isDue
      }
      if let record {
        reporter.report(record)
        try writeHistory(training)
      }
      try save(training)
      if Interruption.wasRequested && !training.isFinished { throw interrupted }
    }
  }

  private func save(_ training: SentimentTraining) throws {
    if let checkpoint { try training.checkpoint.write(to: checkpoint) }
  }

  private func writeHistory(_ training: SentimentTraining) throws {
    guard let history else { return }
    let lines = training.history.map(\.jsonLine).joined()
    try AtomicFile.write(Array(lines.utf8), to: history, overwrite: true)
  }

  private var interrupted: Failure {
    let kept = checkpoint.map { "; \($0) goes on from here with --resume" } ?? ""
    return Failure("interrupted\(kept)", .interrupted)
  }

  /// Judges the best epoch as it will be stored, fills in the card and writes the model.
  private func finish(
    _ training: SentimentTraining, _ texts: ModelCard, seconds: Double
  ) throws {
    var classifier = training.classifier()
    classifier.card = texts
    classifier.card.record(training, seconds: seconds)
    classifier.card.command = "senti " + CommandLine.arguments.dropFirst().joined(separator: " ")
    classifier.card.machine = Machine.description
    classifier.card.date = Machine.date
    let scored = training.validationExamples(classifier)
    if let evaluation = Evaluation(of: scored) {
      classifier.card.record(evaluation)
      note(evaluation.table())
    }
    try classifier.write(to: output, overwriting: force)
    note("\(output): written")
  }

  private func note(_ line: String) {
    if progress == .auto { Diagnostics.note(line) }
  }
}
