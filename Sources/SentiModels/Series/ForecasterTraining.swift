internal import SentiRNN
public import SentiTensor
public import SentiTraining

/// Trains a ``Forecaster``: windows, net, best epoch, intervals.
///
///     let table = try SeriesTable(rows, fields: SeriesFields())
///     var training = try ForecasterTraining(table.series, options: ForecasterTrainingOptions())
///     while !training.isFinished {
///       guard let record = try training.runEpoch(report: { _ in true }) else { break }
///       print(record)
///     }
///     try training.forecaster().write(to: "sales.safetensors")
///
/// The last times of each series are held out; after every epoch their quantile loss is measured, and the
/// parameters of the best epoch are kept. By the same times the intervals are then corrected. The result
/// follows from series, options and thread count alone, also across interruptions; see ``checkpoint`` and
/// ``resume(from:)``.
public struct ForecasterTraining: Sendable {
  /// The options.
  public let options: ForecasterTrainingOptions
  /// The shape of the net.
  public let configuration: ForecasterConfiguration
  /// Why some series are not trained on: too short, say, or the same number throughout.
  public let excluded: [SeriesError]

  private let step: TimeStep
  private let seriesIDs: [String]
  private let network: ForecasterNetwork
  private let series: [PreparedSeries]
  private let examples: [ForecasterExample]
  private let validation: [ForecasterExample]
  private var training: EpochTraining<ForecasterTask>

  /// At most so many windows are evaluated, spread evenly over the held-out times.
  private static var greatestValidationCount: Int { 2000 }

  /// Prepares windows and lays out the net.
  ///
  /// - Parameters:
  ///   - series: The series, with times at the same distance.
  ///   - options: The options.
  /// - Throws: ``SeriesError``, where a series has other times than the first, or where none can be trained
  ///   on; `TrainingError.noExamples` where there is no series.
  /// - Precondition: Sizes, counts and the horizon are above 0, and fractions are fractions.
  public init(_ series: [TimeSeries], options: ForecasterTrainingOptions) throws {
    guard let step = series.first?.axis.step else { throw TrainingError.noExamples }
    let held = Self.heldCounts(series, options)
    let counts = zip(series, held).map { $0.count - $1 }
    var shape = options.configuration(for: series, step: step, trainingCounts: counts)
    let (used, excluded) = try Self.usable(series, shape, held: held)
    if shape.embedsSeries { shape.seriesCount = used.count }
    self.step = step
    self.excluded = excluded
    configuration = shape
    seriesIDs = shape.embedsSeries ? used.map { series[$0].id } : []
    network = ForecasterNetwork(shape)
    let prepared = used.enumerated().map { place, index in
      PreparedSeries(
        series[index], shape, embeddingIndex: shape.embedsSeries ? Int32(place) : nil)
    }
    self.series = prepared
    let task = ForecasterTask(
      network: network, series: prepared, dropout: Dropout(rate: options.dropout))
    let ends = used.map { counts[$0] }
    let examples = Self.examples(task, ends: ends, options)
    guard !examples.isEmpty else { throw SeriesError.noValues(series: series[used[0]].id) }
    self.examples = examples
    validation = Self.validation(task, from: ends)
    var options = options
    let lengths = examples.map(task.tokenCount)
    options.lowerTokenBudget(tokenCount: lengths.reduce(0, +), longest: lengths.max() ?? 1)
    self.options = options
    training = EpochTraining(
      task, settings: options.settings,
      parameters: network.initialParameters(seed: options.settings.seed),
      identity: [
        .init("set of series", value: Self.fingerprint(used.map { series[$0] }, held: held)),
        .init("set of options", value: MetadataJSON.encoded(options)),
      ])
  }

  /// The metrics of every epoch; losses are mean pinball losses in scaled numbers.
  public var history: [EpochRecord] { training.history }

  /// The epoch whose parameters are kept, counted from 1; nil before the first.
  public var bestEpoch: Int? { training.bestEpoch }

  /// Whether all epochs are done, or no epoch was better for as many as the patience allows.
  public var isFinished: Bool {
    training.trainer.isFinished
      || options.patience.map { training.epochsSinceBest >= $0 } ?? false
  }

  /// The number of series that are trained on.
  public var seriesCount: Int { series.count }

  /// The number of times from which on a forecast is learned.
  public var originCount: Int { examples.reduce(0) { $0 + $1.outputCount } }

  /// The number of held-out windows.
  public var validationCount: Int { validation.count }

  /// Trains to the end of the epoch, then measures the loss of the held-out times.
  ///
  /// - Parameter report: Called after every batch; where it answers false, the training stops there.
  /// - Returns: The metrics of the epoch, or nil where `report` stopped it.
  /// - Throws: `TrainingError`, where a loss or gradient is not finite; a `CancellationError`.
  public mutating func runEpoch(
    report: (TrainingProgress) -> Bool
  ) throws -> EpochRecord? {
    let (task, validation) = (training.trainer.model, validation)
    let threadCount = options.settings.threadCount
    return try training.runEpoch(examples, report: report) { parameters, record in
      guard !validation.isEmpty else { return }
      let tally = task.tally(of: validation, parameters: parameters, threadCount: threadCount)
      record.validationLoss = tally.meanLoss
    }
  }

  /// The forecaster of the best epoch so far, its intervals corrected by the held-out times.
  ///
  /// - Parameter storedType: The type of the stored weights, to which they are rounded.
  /// - Returns: The forecaster.
  public func forecaster(
    storedAs storedType: SafetensorsArchive.ElementType = .float32
  ) -> Forecaster {
    let (shape, task) = (configuration, training.trainer.model)
    let parameters = training.bestParameters.rounded(to: storedType)
    let windows = task.quantiles(
      of: validation, parameters: parameters, threadCount: options.settings.threadCount)
    let actual = zip(validation, windows).map { example, window in
      let series = series[example.series]
      return window.steps.enumerated().map { step, forecast -> Double? in
        let time = example.origin + step
        let value = time < example.end && window.scale > 0 ? series[time] : nil
        return value.map { ($0 - forecast.base) / window.scale }
      }
    }
    var forecaster = Forecaster(
      network, parameters: parameters, step: step, seriesIDs: seriesIDs,
      correction: ConformalCorrection(
        windows, actual: actual, levels: shape.levels, horizon: shape.horizon))
    let best = bestEpoch.map { history[$0 - 1] }
    forecaster.card.figures["validation_loss"] = best?.validationLoss
    return forecaster
  }

  // MARK: Windows

  /// How many of the last times of each series are held out.
  private static func heldCounts(
    _ series: [TimeSeries], _ options: ForecasterTrainingOptions
  ) -> [Int] {
    precondition(
      (0..<1).contains(options.validationFraction) && options.outputCount ?? 1 > 0,
      "validation fraction \(options.validationFraction), \(options.outputCount ?? 1) outputs")
    return series.map {
      Int((Double($0.count) * options.validationFraction).rounded(.up))
    }
  }

  /// The indices of the series that can be trained on, and why others cannot.
  private static func usable(
    _ series: [TimeSeries], _ shape: ForecasterConfiguration, held: [Int]
  ) throws(SeriesError) -> (used: [Int], excluded: [SeriesError]) {
    var (used, excluded): ([Int], [SeriesError]) = ([], [])
    let step = series[0].axis.step
    for (index, series) in series.enumerated() {
      guard series.axis.step == step else {
        throw .otherStep(series: series.id, expected: step, found: series.axis.step)
      }
      if let error = exclusion(of: series, shape, held: held[index]) {
        excluded.append(error)
      } else {
        used.append(index)
      }
    }
    guard !used.isEmpty else { throw excluded[0] }
    return (used, excluded)
  }

  /// Why a series cannot be trained on; nil where it can.
  private static func exclusion(
    of series: TimeSeries, _ shape: ForecasterConfiguration, held: Int
  ) -> SeriesError? {
    do { try series.requireValues(for: shape.transform) } catch { return error }
    for column in shape.covariates where series.covariates[column.name] == nil {
      return .noCovariate(series: series.id, name: column.name)
    }
    let needed = shape.neededCount + 1
    if series.count - held < needed {
      return .tooShort(series: series.id, expected: needed + held, found: series.count)
    }
    return series.isConstant ? .constant(series: series.id) : nil
  }

  /// The windows to learn from, whose forecasts end before the held-out times.
  private static func examples(
    _ task: ForecasterTask, ends: [Int], _ options: ForecasterTrainingOptions
  ) -> [ForecasterExample] {
    let first = task.network.configuration.neededCount
    let outputCount = options.outputCount(originCount: ends.reduce(0) { $0 + $1 - first })
    return ends.enumerated().flatMap { index, end in
      stride(from: first, to: end, by: outputCount).compactMap { origin in
        task.usable(
          ForecasterExample(
            series: index, origin: origin, outputCount: min(outputCount, end - origin), end: end))
      }
    }
  }

  /// The windows to evaluate epochs by, whose forecasts begin in the held-out times.
  private static func validation(
    _ task: ForecasterTask, from starts: [Int]
  ) -> [ForecasterExample] {
    let total = zip(task.series, starts).reduce(0) { $0 + $1.0.count - $1.1 }
    let interval = max(1, (total + greatestValidationCount - 1) / greatestValidationCount)
    return starts.enumerated().flatMap { index, start in
      let end = task.series[index].count
      return stride(from: start, to: end, by: interval).compactMap { origin in
        task.usable(
          ForecasterExample(series: index, origin: origin, outputCount: 1, end: end))
      }
    }
  }

  /// What tells two sets of series apart.
  private static func fingerprint(_ series: [TimeSeries], held: [Int]) -> String {
    var numbers = Hasher64()
    for series in series {
      let columns = series.covariates.sorted { $0.key < $1.key }.map(\.value)
      for value in series.values + columns.flatMap(\.self) { numbers.combine(value ?? .nan) }
      numbers.combine(series.axis.start.value)
    }
    return "\(series.count) series, \(series.reduce(0) { $0 + $1.count }) times, "
      + "\(held.reduce(0, +)) held out, checksum \(String(numbers.value, radix: 16))"
  }

  // MARK: Checkpoints

  /// Everything that is needed to go on to the very same forecaster.
  public var checkpoint: TrainingCheckpoint { training.checkpoint }

  /// Goes on from a checkpoint.
  ///
  /// - Parameter path: A file that ``checkpoint`` was written to.
  /// - Throws: `ArchiveError`, where the file is damaged, or
  ///   `TrainingError.checkpointMismatch(path:what:expected:found:)`, where it came about with other
  ///   series or options.
  public mutating func resume(from path: String) throws { try training.resume(from: path) }
}

extension ForecasterTask {
  /// The window, where something can be learned from it: numbers before and after its origin that differ.
  fileprivate func usable(_ example: ForecasterExample) -> ForecasterExample? {
    let (series, shape) = (series[example.series], network.configuration)
    guard series.hasValue(before: example.origin), lossTermCount(of: example) > 0 else {
      return nil
    }
    let window = example.origin - shape.windowSize..<example.origin
    return series.scale(shape.scaling, window: window).deviation > 0 ? example : nil
  }
}
