import ArgumentParser
import Glibc
import SentiCorpora
import SentiIO
import SentiModels
import SentiTensor
import SentiTraining

/// A training as a verb runs it: epoch by epoch, from and to checkpoints.
protocol EpochwiseTraining {
  /// Whether all epochs are done.
  var isFinished: Bool { get }
  /// What every epoch came to.
  var history: [EpochRecord] { get }
  /// Everything that is needed to go on.
  var checkpoint: TrainingCheckpoint { get }

  /// Trains to the end of the epoch.
  mutating func runEpoch(
    report: (TrainingProgress) -> Bool
  ) throws -> EpochRecord?

  /// Goes on from a checkpoint.
  mutating func resume(from path: String) throws
}

extension SentimentTraining: EpochwiseTraining {}
extension GenerationTraining: EpochwiseTraining {}

/// What every verb that trains asks about the run itself.
struct TrainingRun: ParsableArguments {
  @Option(help: .count("The number of threads (default: one a core); the model depends on it."))
  var threads: Int?

  @Option(help: .file("Where the training is saved while it runs."), completion: .file())
  var checkpoint: String?

  @Option(help: ArgumentHelp("The time between two savings, in seconds.", valueName: "seconds"))
  var checkpointInterval = 300.0

  @Flag(help: "Go on from the checkpoint, where there is one.")
  var resume = false

  @Option(
    help: .file("Where each epoch's figures are written, as JSON Lines."), completion: .file())
  var history: String?

  @Option(
    help: .plot("the learning curves"), completion: .file(extensions: ["html", "svg"]))
  var plot: String?

  @Option(
    help: .file("A JSON file with the texts of the model card."),
    completion: .file(extensions: ["json"]))
  var card: String?

  @Option(
    help: ArgumentHelp(
      "How progress is told on standard error: a bar on a terminal and else lines, JSON Lines, or not "
        + "at all but for the final figures.", valueName: "style"))
  var progress = ProgressStyle.auto

  @Flag(help: "Replace the model, the history and the checkpoint where they exist.")
  var force = false

  func validate() throws {
    guard !resume || checkpoint != nil else {
      throw ValidationError("Expected --checkpoint with --resume.")
    }
    guard (threads ?? 1) > 0 else { throw ValidationError("Expected --threads of 1 or more.") }
  }

  /// The number of threads.
  var threadCount: Int { threads ?? Machine.coreCount }

  /// Refuses files that are read, or exist and may not be replaced, before any work is done.
  func requireFreeOutputs(_ output: String, reading inputs: [String?]) throws {
    let inputs = inputs + [card]
    try OutputFile.requireFree(output, replacing: force, reading: inputs)
    for path in [history, checkpoint].compactMap({ $0 }) {
      try OutputFile.requireFree(path, replacing: force || resume, reading: inputs)
    }
    if let plot { _ = try PlotFile(plot, replaces: force || resume, reading: inputs) }
  }

  /// The model card, as far as its texts were given.
  func cardTexts() throws -> ModelCard { try card.map(ModelCard.init(contentsOf:)) ?? ModelCard() }

  /// Fills in where and by which command a model was made.
  func recordCommand(in card: inout ModelCard) {
    card.command = "senti " + CommandLine.arguments.dropFirst().joined(separator: " ")
    card.machine = Machine.description
    card.date = Machine.date
  }

  /// Goes on from the checkpoint where there is one, and runs all epochs that are left; saves now
  /// and then, and when interrupted.
  ///
  /// - Returns: How long this run took, in seconds.
  func finish(_ training: inout some EpochwiseTraining) throws -> Double {
    let start = ContinuousClock.now
    if resume, let checkpoint, access(FileName.cString(checkpoint), F_OK) == 0 {
      try training.resume(from: checkpoint)
      note("\(checkpoint): going on after \(training.history.count) epochs")
    }
    Interruption.catchSignals()
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
        try writeHistory(training.history)
        try writePlot(training.history)
      }
      if let checkpoint { try training.checkpoint.write(to: checkpoint) }
      if Interruption.wasRequested && !training.isFinished { throw interrupted }
    }
    return (ContinuousClock.now - start) / .seconds(1)
  }

  private func writeHistory(_ records: [EpochRecord]) throws {
    guard let history else { return }
    let lines = records.map(\.jsonLine).joined()
    try AtomicFile.write(Array(lines.utf8), to: history, overwrite: true)
  }

  private func writePlot(_ records: [EpochRecord]) throws {
    guard let plot else { return }
    try PlotFile(plot, replaces: true).write(
      Chart.learningCurves(records), title: "Learning curves")
  }

  private var interrupted: Failure {
    let kept = checkpoint.map { "; \($0) goes on from here with --resume" } ?? ""
    return Failure("interrupted\(kept)", .interrupted)
  }

  /// Says something on standard error, unless progress is told otherwise.
  func note(_ line: String) {
    if progress == .auto { Diagnostics.note(line) }
  }

  /// Says what a training came to, unless standard error is for JSON.
  func noteResult(_ line: String) {
    if progress != .json { Diagnostics.note(line) }
  }
}

extension ValidationError {
  /// Refuses a net of no size, or one that no file could hold.
  static func checkNet(sizes: [Int], layers: Int) throws(ValidationError) {
    let (size, layerCount) = (ModelLimits.greatestSize, ModelLimits.greatestLayerCount)
    guard sizes.allSatisfy((1...size).contains), (1...layerCount).contains(layers) else {
      throw ValidationError("Expected sizes from 1 to \(size), and 1 to \(layerCount) layers.")
    }
  }

  /// Refuses a vocabulary without words.
  static func checkVocabulary(minCount: Int, maxSize: Int) throws(ValidationError) {
    guard minCount > 0 else { throw ValidationError("Expected --min-count of 1 or more.") }
    guard maxSize > 4 else {
      throw ValidationError("Expected --max-size of more than the 4 special tokens.")
    }
  }

  /// Refuses shares that are none.
  static func checkShares(_ shares: [Double]) throws(ValidationError) {
    guard shares.allSatisfy({ $0 >= 0 && $0 < 1 }) else {
      throw ValidationError("Expected dropouts, smoothing and averaging from 0 to below 1.")
    }
  }
}
