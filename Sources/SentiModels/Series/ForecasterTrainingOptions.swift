public import SentiTensor
public import SentiTraining

/// What decides the forecaster that a training ends with, apart from its series.
public struct ForecasterTrainingOptions: Hashable, Codable, Sendable {
  /// The number of times that one reading forecasts; nil: a season, or 8 where there is none.
  public var horizon: Int?
  /// The number of past times that are read; nil: three seasons, but at least 24 and at most 104.
  public var windowSize: Int?
  /// The number of steps of a season; nil: what the times' distance makes likely, ``TimeStep/season``.
  public var season: Int?
  /// What the net corrects; nil: what has the lower mean absolute error on the training part.
  public var base: ForecastBase?
  /// By what numbers are brought to the same size.
  public var scaling = ForecastScaling.window
  /// What numbers are turned into.
  public var transform = ValueTransform.none
  /// Whether the calendar is read where times are dates; nil: where there are 100 forecasts to learn from.
  public var readsCalendar: Bool?
  /// The quantiles that are forecast.
  public var levels = QuantileLevels.usual
  /// How many of the last numbers the output layer also reads directly; nil: a season, a week of days at
  /// least, and none where there are fewer than 100 forecasts to learn from.
  public var lagCount: Int?
  /// The columns that are read beside the numbers, and are known of past times alone.
  public var pastCovariates: [String] = []
  /// The columns that are read beside the numbers, and are known of the times that are forecast.
  public var knownCovariates: [String] = []
  /// The number of nets, begun with other numbers, whose outputs are averaged; nil: 5 where there are fewer
  /// than 1,000 forecasts to learn from, else 1.
  public var memberCount: Int?
  /// The recurrent cell.
  public var cell = CellConfiguration.gru
  /// The number of hidden units.
  public var hiddenSize = 32
  /// The number of recurrent layers.
  public var layerCount = 1
  /// The width of a vector for each series; 0: none, so that all series are read alike.
  public var embeddingSize = 0
  /// The dropout of states before the output layer.
  public var dropout = 0.1
  /// The fraction of each series' last times by which epochs are evaluated and intervals corrected.
  public var validationFraction = 0.1
  /// The number of outputs of a window, each one time later than the one before; nil: one for each thousand
  /// forecasts to learn from, 8 at most.
  ///
  /// More are faster, for a window is then read once for all of them, but all are scaled by what comes
  /// before the first.
  public var outputCount: Int?
  /// The number of epochs without a better one after which the training stops early; nil: never.
  public var patience: Int?
  /// The least number of steps an epoch, for which the token budget of `settings` is lowered where the
  /// series are few and short; nil: the token budget stays.
  public var minimumStepCount: Int? = 20
  /// How the net is trained.
  public var settings = Self.defaultSettings

  /// Creates the default options.
  public init() {}

  private static var defaultSettings: TrainingSettings {
    var settings = TrainingSettings()
    settings.epochCount = 30
    settings.learningRate = 0.005
    // Some twenty windows.
    settings.tokenBudget = 768
    settings.averagingDecay = 0.99
    return settings
  }

  /// With fewer forecasts to learn from, lags and calendar fit noise.
  private static var fewOrigins: Int { 100 }
  /// With so many, a net's random beginning hardly matters.
  private static var manyOrigins: Int { 1000 }
  private static var usualMemberCount: Int { 5 }

  /// The number of outputs of a window where there are so many forecasts to learn from.
  func outputCount(originCount: Int) -> Int {
    outputCount ?? min(max(1, originCount / 1000), 8)
  }

  /// Lowers the token budget so that an epoch has as many steps as asked for.
  mutating func lowerTokenBudget(tokenCount: Int, longest: Int) {
    guard let minimumStepCount else { return }
    settings.tokenBudget = min(
      settings.tokenBudget, max(longest, tokenCount / minimumStepCount))
  }

  /// The shape of a net for series.
  func configuration(
    for series: [TimeSeries], step: TimeStep, trainingCounts: [Int]
  ) -> ForecasterConfiguration {
    let season = season ?? step.season
    let window = windowSize ?? min(max(3 * season, 24), 104)
    var shape = ForecasterConfiguration(
      windowSize: window, horizon: horizon ?? (season > 1 ? season : 8))
    shape.season = season
    shape.scaling = scaling
    shape.transform = transform
    shape.levels = levels
    shape.cell = cell
    shape.hiddenSize = hiddenSize
    shape.layerCount = layerCount
    if embeddingSize > 0 {
      shape.seriesCount = series.count
      shape.embeddingSize = embeddingSize
    }
    let past = zip(series, trainingCounts).map { $0.values.prefix($1) }
    shape.base = base ?? Self.betterBase(past, season: season, horizon: shape.horizon)
    shape.covariates =
      pastCovariates.map { .init($0, isKnownAhead: false, of: series, counts: trainingCounts) }
      + knownCovariates.map { .init($0, isKnownAhead: true, of: series, counts: trainingCounts) }
    let originCount = trainingCounts.reduce(0) { $0 + max(0, $1 - shape.neededCount) }
    let isSmall = originCount < Self.fewOrigins
    shape.calendar =
      readsCalendar ?? !isSmall ? CalendarFeature.features(for: step) : []
    let usualLagCount = isSmall ? 0 : Autoregression.usualOrder(season: season)
    shape.lagCount = min(lagCount ?? usualLagCount, window)
    shape.memberCount =
      memberCount ?? (originCount < Self.manyOrigins ? Self.usualMemberCount : 1)
    return shape
  }

  /// The base with the lower mean absolute error, over some origins of each series.
  private static func betterBase(
    _ series: [ArraySlice<Double?>], season: Int, horizon: Int
  ) -> ForecastBase {
    guard season > 1 else { return .naive }
    var (naive, seasonal) = (0.0, 0.0)
    for values in series {
      let values = Array(values)
      let origins = stride(
        from: season, to: values.count, by: max(1, values.count / originsPerSeries))
      for origin in origins {
        let past = Array(values[..<origin])
        guard let last = past.compactMap(\.self).last else { continue }
        for step in 0..<min(horizon, values.count - origin) {
          guard let actual = values[origin + step] else { continue }
          let repeated = Baseline.seasonalNaive(past, ahead: step, season: season) ?? last
          naive += (last - actual).magnitude
          seasonal += (repeated - actual).magnitude
        }
      }
    }
    return seasonal < naive ? .seasonalNaive : .naive
  }

  private static var originsPerSeries: Int { 200 }
}
