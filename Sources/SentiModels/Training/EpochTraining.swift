internal import SentiTensor
internal import SentiTraining

/// What the epochs of a training have in common, whatever is trained: the records, the best
/// parameters, and the way to a checkpoint and back.
struct EpochTraining<Task: TrainableModel>: Sendable {
  /// What every epoch came to.
  private(set) var history: [EpochRecord] = []
  /// The trainer.
  private(set) var trainer: Trainer<Task>
  /// The parameters of the best epoch.
  private(set) var best: Parameters<Float>?

  /// How long this run has trained on the epoch under way.
  private var seconds = 0.0
  private let settings: TrainingSettings
  private let identity: [Identity]

  private static var historyNote: String { "history" }

  /// What must be equal for a checkpoint to be a training's.
  struct Identity: Sendable {
    /// What it is, for messages.
    let what: String
    /// The name of its note.
    let note: String
    /// How it is written.
    let value: String

    init(_ what: String, note: String? = nil, value: String) {
      (self.what, self.note, self.value) = (what, note ?? what, value)
    }
  }

  /// Prepares a training from its first step.
  ///
  /// - Parameters:
  ///   - task: What is trained.
  ///   - settings: How.
  ///   - parameters: The initial parameters.
  ///   - identity: What must be equal for a checkpoint to be this training's.
  init(
    _ task: Task, settings: TrainingSettings, parameters: Parameters<Float>,
    identity: [Identity]
  ) {
    self.settings = settings
    self.identity = identity
    trainer = Trainer(
      task, settings: settings, state: TrainingState(parameters: parameters, settings: settings))
  }

  /// The epoch whose parameters are kept, counted from 1; nil before the first.
  var bestEpoch: Int? {
    history.reduce(nil as EpochRecord?) { best, record in
      best.map { record.isBetter(than: $0) } ?? true ? record : best
    }?.epoch
  }

  /// The parameters of the best epoch, or those of now before the first.
  var bestParameters: Parameters<Float> { best ?? trainer.state.bestParameters }

  /// How many epochs are over since the best one.
  var epochsSinceBest: Int { bestEpoch.map { history.count - $0 } ?? 0 }

  /// Starts anew from other parameters.
  ///
  /// - Precondition: No epoch was trained.
  mutating func restart(from parameters: Parameters<Float>) {
    precondition(history.isEmpty, "\(history.count) epochs were trained already")
    trainer = Trainer(
      trainer.model, settings: settings,
      state: TrainingState(parameters: parameters, settings: settings))
  }

  /// Puts another task in, of the same net.
  mutating func replaceTask(_ task: Task) {
    trainer = Trainer(task, settings: settings, state: trainer.state)
  }

  /// Trains to the end of the epoch, then judges it.
  ///
  /// - Parameters:
  ///   - examples: The epoch's examples.
  ///   - report: Called after every batch; where it answers false, the training stops there.
  ///   - judge: Completes the record by what the parameters come to on other examples.
  /// - Returns: What the epoch came to, or nil where `report` stopped it.
  /// - Throws: ``TrainingError``, where a loss, a gradient or a figure of the record is not finite; a
  ///   `CancellationError`.
  mutating func runEpoch(
    _ examples: [Task.Example], report: (TrainingProgress) -> Bool,
    judge: (Parameters<Float>, inout EpochRecord) -> Void
  ) throws -> EpochRecord? {
    let start = ContinuousClock.now
    var clippedShare = 0.0
    let tally = try trainer.runEpoch(examples) { progress in
      clippedShare = Double(progress.clippedCount) / Double(progress.batchCount)
      return report(progress)
    }
    seconds += (ContinuousClock.now - start) / .seconds(1)
    guard let tally else { return nil }
    var record = EpochRecord(
      epoch: trainer.state.epoch, trainingLoss: tally.meanLoss, trainingAccuracy: tally.accuracy,
      tokens: tally.tokenCount, seconds: seconds)
    record.clippedShare = settings.clippingNorm.map { _ in clippedShare }
    seconds = 0
    let parameters = trainer.state.bestParameters
    judge(parameters, &record)
    let figures = [record.trainingLoss, record.validationLoss, record.validationBLEU]
    guard figures.allSatisfy({ $0?.isFinite ?? true }) else {
      throw TrainingError.nonFiniteValidation(epoch: record.epoch)
    }
    if let loss = record.validationLoss { trainer.recordValidationLoss(loss) }
    history.append(record)
    if bestEpoch == record.epoch { best = parameters }
    return record
  }

  // MARK: Checkpoints

  /// Everything that is needed to go on to the very same parameters.
  var checkpoint: TrainingCheckpoint {
    var notes = [Self.historyNote: MetadataJSON.encoded(history)]
    for part in identity { notes[part.note] = part.value }
    return TrainingCheckpoint(settings: settings, state: trainer.state, best: best, notes: notes)
  }

  /// Goes on from a checkpoint.
  ///
  /// - Parameter path: A file that ``checkpoint`` was written to.
  /// - Throws: `ArchiveError`, where the file is damaged, or
  ///   ``TrainingError/checkpointMismatch(path:what:expected:found:)``.
  mutating func resume(from path: String) throws {
    let model = trainer.model
    let checkpoint = try TrainingCheckpoint(contentsOf: path, layout: model.layout)
    for part in identity {
      let found = checkpoint.notes[part.note] ?? "nothing"
      guard found == part.value else {
        throw TrainingError.checkpointMismatch(
          path: path, what: part.what, expected: part.value, found: found)
      }
    }
    let written = checkpoint.notes[Self.historyNote] ?? ""
    let records: [EpochRecord]? = try? MetadataJSON.decoded(written)
    guard let records, records.map(\.epoch) == Array(1..<records.count + 1) else {
      throw ArchiveError.unexpectedMetadata(
        path: path, key: Self.historyNote, expected: "the records of epochs", found: written)
    }
    history = records
    best = checkpoint.best
    trainer = Trainer(model, settings: settings, state: checkpoint.state)
  }
}
