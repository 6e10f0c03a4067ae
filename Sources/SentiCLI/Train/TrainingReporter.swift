import SentiModels
import SentiTraining

/// Tells of a training on standard error.
struct TrainingReporter {
  private let style: ProgressStyle
  private let bar: ProgressBar
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant?

  /// Prepares a reporter.
  init(_ style: ProgressStyle) {
    self.style = style
    bar = ProgressBar(style, printsResults: false)
  }

  /// Tells of a batch, where enough time has passed since the last one that was told of.
  mutating func report(_ progress: TrainingProgress) {
    let interval: Duration = bar.isShown ? .milliseconds(200) : .seconds(10)
    let now = clock.now
    if let last, now - last < interval { return }
    last = now
    switch style {
    case .never: return
    case .json: Diagnostics.print(Self.json(progress))
    case .auto where bar.isShown:
      bar.show(Self.fraction(progress), from: Self.place(progress), to: Self.end(progress))
    case .auto: Diagnostics.note(Self.line(progress))
    }
  }

  /// Tells of the end of an epoch.
  mutating func report(_ record: EpochRecord) {
    last = nil
    switch style {
    case .never: return
    case .json: Diagnostics.print(record.jsonLine)
    case .auto:
      clear()
      Diagnostics.note(Self.line(record))
    }
  }

  /// Takes the bar off the terminal, so that other lines can follow.
  func clear() { bar.clear() }

  static func line(_ record: EpochRecord) -> String {
    var line = "epoch \(record.epoch): loss \(Columns.fixed(record.trainingLoss, digits: 4))"
    if let loss = record.validationLoss {
      line += ", validation loss \(Columns.fixed(loss, digits: 4))"
    }
    if let accuracy = record.validationAccuracy {
      line += ", accuracy \(Columns.fixed(100 * accuracy, digits: 2)) %"
    }
    if let bleu = record.validationBLEU { line += ", BLEU \(Columns.fixed(bleu, digits: 2))" }
    if let share = record.clippedShare, share > 0 {
      line += ", \(Columns.fixed(100 * share, digits: 0)) % of gradients clipped"
    }
    let rate = Int(Double(record.tokens) / max(record.seconds, 1e-9))
    return line
      + ", \(Columns.fixed(record.seconds, digits: 1)) s, \(Columns.grouped(rate)) tokens/s"
  }

  /// A line for a file: where the training stands, how well it does, what is left.
  static func line(_ progress: TrainingProgress) -> String {
    // A language model counts no right answers: its softmax is sampled.
    let accuracy =
      progress.tally.correctCount == 0
      ? "" : "accuracy \(Columns.fixed(100 * progress.tally.accuracy, digits: 2)) %, "
    let norm = Columns.fixed(progress.gradientNorm, digits: 2)
    return "\(place(progress)), batch \(progress.batch)/\(progress.batchCount): "
      + "\(loss(progress)), \(accuracy)"
      + (progress.isClipped ? "gradient of norm \(norm) clipped, " : "") + pace(progress)
  }

  /// A line for a terminal: the same in short, with a bar as wide as there is room for.
  static func bar(_ progress: TrainingProgress, columnCount: Int) -> String {
    ProgressBar.line(
      fraction(progress), from: place(progress), to: end(progress), columnCount: columnCount)
  }

  private static func fraction(_ progress: TrainingProgress) -> Double {
    Double(progress.batch) / Double(max(1, progress.batchCount))
  }

  private static func end(_ progress: TrainingProgress) -> String {
    "\(loss(progress)), \(pace(progress))"
  }

  private static func place(_ progress: TrainingProgress) -> String {
    "epoch \(progress.epoch + 1)/\(progress.epochCount)"
  }

  private static func loss(_ progress: TrainingProgress) -> String {
    "loss \(Columns.fixed(progress.tally.meanLoss, digits: 4))"
  }

  private static func pace(_ progress: TrainingProgress) -> String {
    "\(Columns.grouped(Int(progress.tokensPerSecond))) tokens/s, \(time(progress.secondsLeft)) left"
  }

  static func json(_ progress: TrainingProgress) -> String {
    JSONValue.object([
      "epoch": .integer(progress.epoch + 1), "epochs": .integer(progress.epochCount),
      "batch": .integer(progress.batch), "batches": .integer(progress.batchCount),
      "loss": .number(progress.tally.meanLoss), "accuracy": .number(progress.tally.accuracy),
      "learning_rate": .number(progress.learningRate),
      "gradient_norm": .number(progress.gradientNorm), "clipped": .boolean(progress.isClipped),
      "tokens_per_second": .number(progress.tokensPerSecond),
      "seconds_left": .number(progress.secondsLeft),
    ]).text + "\n"
  }

  /// A time as m:ss or h:mm:ss.
  static func time(_ seconds: Double) -> String {
    let total = Int(seconds.rounded())
    func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return total >= 3600
      ? "\(total / 3600):\(pad(total / 60 % 60)):\(pad(total % 60))"
      : "\(total / 60):\(pad(total % 60))"
  }
}

extension EpochRecord {
  /// The record as a line of JSON Lines, as in a history file.
  var jsonLine: String {
    let figures: KeyValuePairs<String, Double?> = [
      "training_loss": trainingLoss, "training_accuracy": trainingAccuracy,
      "validation_loss": validationLoss, "validation_accuracy": validationAccuracy,
      "validation_bleu": validationBLEU,
    ]
    let found = figures.compactMap { name, value in
      value.map { JSONValue.Member(name: name, value: .number($0)) }
    }
    let members =
      JSONValue.Member.list(["epoch": .integer(epoch)]) + found
      + JSONValue.Member.list(["tokens": .integer(tokens), "seconds": .number(seconds)])
    return JSONValue.members(members).text + "\n"
  }
}
