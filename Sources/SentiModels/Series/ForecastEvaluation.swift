/// How a forecaster does beside methods without a net, from many times of each series on.
///
///     let evaluation = try ForecastEvaluation(
///       of: forecaster, on: table.series, by: RollingOrigin(horizon: 12, testCount: 24))
///     print(evaluation.rows[0].scores.mase ?? .nan)
///
/// Baselines are fitted once to what comes before the first origin, as the net was trained once; all of
/// them read what is known at each origin.
public struct ForecastEvaluation: Sendable {
  /// Who forecasts.
  public enum Method: Hashable, Sendable {
    /// The forecaster's net.
    case net
    /// A method without one.
    case baseline(BaselineMethod)

    /// The name in tables.
    public var name: String {
      switch self {
      case .net: "net"
      case .baseline(let method): method.rawValue
      }
    }
  }

  /// How one of the methods does.
  public struct Row: Sendable {
    /// Who forecasts.
    public let method: Method
    /// How far the forecasts are from what came.
    public let scores: ForecastScores
    /// Whether the net's mean absolute errors differ from these by more than chance; nil for the net.
    public let test: DieboldMarianoTest?
  }

  /// The net first, then the baselines.
  public let rows: [Row]
  /// The fraction of what came that lies within each interval of the net, in the order of
  /// ``QuantileLevels/intervals``.
  public let coverage: [Double]
  /// The net's intervals.
  public let intervals: [Double]
  /// The number of times from which on was forecast, of all series.
  public let originCount: Int
  /// Why some series are left out.
  public let excluded: [SeriesError]

  /// Forecasts and compares.
  ///
  /// - Parameters:
  ///   - forecaster: The forecaster.
  ///   - series: The series, with the times that are forecast.
  ///   - rolling: From which times on.
  ///   - threadCount: The number of threads; the result does not depend on it.
  /// - Throws: ``SeriesError``, where no series can be forecast.
  /// - Complexity: O(origins · n) of the baselines.
  public init(
    of forecaster: Forecaster, on series: [TimeSeries], by rolling: RollingOrigin,
    threadCount: Int = 1
  ) throws(SeriesError) {
    var tally = ForecastTally(forecaster, rolling)
    var excluded: [SeriesError] = []
    for series in series {
      do { try tally.add(series, threadCount: threadCount) } catch { excluded.append(error) }
    }
    if let first = excluded.first, tally.originCount == 0 { throw first }
    self.excluded = excluded
    rows = tally.rows
    coverage = tally.coverage
    intervals = forecaster.network.configuration.levels.intervals
    originCount = tally.originCount
  }

  /// The baseline with the lowest mean absolute error.
  public var bestBaseline: Row? { rows.dropFirst().min { $0.scores.mae < $1.scores.mae } }
}

/// From which times of a series on is forecast: the last ones, one after the other.
public struct RollingOrigin: Hashable, Sendable {
  /// How many times are forecast from each.
  public var horizon: Int
  /// The number of last times that are forecast.
  public var testCount: Int
  /// The distance of two origins.
  public var stride: Int

  /// Names the times.
  ///
  /// - Parameters:
  ///   - horizon: How many times are forecast from each.
  ///   - testCount: The number of last times that are forecast, at least the horizon.
  ///   - stride: The distance of two origins.
  public init(horizon: Int, testCount: Int, stride: Int = 1) {
    precondition(
      horizon > 0 && stride > 0 && testCount >= horizon,
      "horizon \(horizon), \(testCount) times, stride \(stride)")
    self.horizon = horizon
    self.testCount = testCount
    self.stride = stride
  }

  /// The indices of the first times that are forecast, of a series with so many times.
  func origins(of count: Int) -> [Int] {
    Array(Swift.stride(from: count - testCount, through: count - horizon, by: stride))
  }

  /// How many forecasts reach over the same time.
  var overlap: Int { (horizon + stride - 1) / stride }
}

/// The sums of an evaluation.
private struct ForecastTally {
  private let forecaster: Forecaster
  private let rolling: RollingOrigin
  private let methods: [ForecastEvaluation.Method]
  private var scores: [ForecastScores]
  /// For each method the absolute errors of each origin, summed over all series.
  private var losses: [[Double]]
  private var hits: [Int]
  private var actualCount = 0
  private(set) var originCount = 0

  init(_ forecaster: Forecaster, _ rolling: RollingOrigin) {
    self.forecaster = forecaster
    self.rolling = rolling
    methods = [.net] + BaselineMethod.allCases.map { .baseline($0) }
    let count = rolling.origins(of: rolling.testCount).count
    scores = methods.map { _ in ForecastScores() }
    losses = methods.map { _ in [Double](repeating: 0, count: count) }
    hits = forecaster.network.configuration.levels.intervals.map { _ in 0 }
  }

  mutating func add(_ series: TimeSeries, threadCount: Int) throws(SeriesError) {
    let shape = forecaster.network.configuration
    let needed = shape.neededCount + rolling.testCount
    guard series.count >= needed else {
      throw .tooShort(series: series.id, expected: needed, found: series.count)
    }
    let origins = rolling.origins(of: series.count)
    let forecasts = try forecaster.rollingForecasts(
      of: series, from: origins, horizon: rolling.horizon, threadCount: threadCount)
    let past = series.dropLast(rolling.testCount).values
    let scale = ForecastScores.scale(of: past, season: shape.season)
    let baselines = BaselineMethod.allCases.map {
      Baseline($0, fittedTo: past, season: shape.season)
    }
    for (place, origin) in origins.enumerated() {
      let actual = Array(series.values[origin..<origin + rolling.horizon])
      let known = Array(series.values[..<origin])
      addQuantiles(forecasts[place], actual: actual)
      add(forecasts[place].points, of: 0, at: place, actual: actual, scale: scale)
      for (index, baseline) in baselines.enumerated() {
        let points = baseline.forecast(after: known, horizon: rolling.horizon)
        add(points, of: index + 1, at: place, actual: actual, scale: scale)
      }
    }
    originCount += origins.count
  }

  private mutating func add(
    _ points: [Double], of method: Int, at place: Int, actual: [Double?], scale: Double
  ) {
    for (point, actual) in zip(points, actual) {
      guard let actual else { continue }
      scores[method].add(point, actual: actual, scale: scale)
      losses[method][place] += (point - actual).magnitude
    }
  }

  private mutating func addQuantiles(_ forecast: Forecast, actual: [Double?]) {
    for (quantiles, actual) in zip(forecast.quantiles, actual) {
      guard let actual else { continue }
      scores[0].add(quantiles, levels: forecast.levels, actual: actual)
      actualCount += 1
      for index in hits.indices {
        let range = quantiles[index]...quantiles[quantiles.count - 1 - index]
        hits[index] += range.contains(actual) ? 1 : 0
      }
    }
  }

  var rows: [ForecastEvaluation.Row] {
    methods.indices.map { index in
      ForecastEvaluation.Row(
        method: methods[index], scores: scores[index],
        test: index == 0
          ? nil : DieboldMarianoTest(losses[0], losses[index], overlap: rolling.overlap))
    }
  }

  var coverage: [Double] { hits.map { Double($0) / Double(actualCount) } }
}
