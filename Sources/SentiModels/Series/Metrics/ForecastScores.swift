/// How far forecasts are from what came, as sums over all of them.
public struct ForecastScores: Hashable, Sendable {
  /// The number of forecasts.
  public private(set) var count = 0
  private var absoluteSum = 0.0
  private var squaredSum = 0.0
  private var symmetricSum = 0.0
  private var scaledSum = 0.0
  private var scaledCount = 0
  private var quantileSum = 0.0
  private var quantileCount = 0

  /// Makes scores of no forecast.
  public init() {}

  /// Adds a forecast.
  ///
  /// - Parameters:
  ///   - forecast: The forecast.
  ///   - actual: What came.
  ///   - scale: What an error is divided by for ``mase``; forecasts of a scale of 0 do not count there.
  public mutating func add(_ forecast: Double, actual: Double, scale: Double) {
    let error = (forecast - actual).magnitude
    let size = forecast.magnitude + actual.magnitude
    count += 1
    absoluteSum += error
    squaredSum += error * error
    symmetricSum += size > 0 ? 2 * error / size : 0
    guard scale > 0 else { return }
    scaledSum += error / scale
    scaledCount += 1
  }

  /// Adds the quantiles of a forecast.
  ///
  /// - Parameters:
  ///   - quantiles: The quantiles.
  ///   - levels: Their levels.
  ///   - actual: What came.
  public mutating func add(_ quantiles: [Double], levels: QuantileLevels, actual: Double) {
    quantileSum += levels.score(quantiles, actual: actual)
    quantileCount += 1
  }

  /// The mean absolute error; NaN of none.
  public var mae: Double { absoluteSum / Double(count) }

  /// The root of the mean squared error; NaN of none.
  public var rmse: Double { (squaredSum / Double(count)).squareRoot() }

  /// The symmetric mean absolute percentage error, `200·|y - f| / (|y| + |f|)`, from 0 to 200; 0 where
  /// both are 0.
  public var smape: Double { 100 * symmetricSum / Double(count) }

  /// The mean absolute scaled error: by the error of the seasonal naive forecast one season ahead on the
  /// past; nil where that is 0.
  ///
  /// - SeeAlso: Hyndman and Koehler 2006, <https://doi.org/10.1016/j.ijforecast.2006.03.001>.
  public var mase: Double? { scaledCount > 0 ? scaledSum / Double(scaledCount) : nil }

  /// The continuous ranked probability score, by the quantiles; nil where none were given.
  ///
  /// That of a forecast without spread is its ``mae``.
  ///
  /// - SeeAlso: Gneiting and Raftery 2007, <https://doi.org/10.1198/016214506000001437>.
  public var crps: Double? { quantileCount > 0 ? quantileSum / Double(quantileCount) : nil }

  /// What errors are divided by for ``mase``: the mean absolute difference of numbers one season apart.
  ///
  /// - Parameters:
  ///   - past: The numbers that came before all forecasts, nil where one is missing.
  ///   - season: The number of steps of a season.
  /// - Returns: The scale; 0 where no two numbers are a season apart.
  public static func scale(of past: [Double?], season: Int) -> Double {
    let differences = zip(past.dropFirst(season), past).compactMap { later, earlier in
      later.flatMap { later in earlier.map { (later - $0).magnitude } }
    }
    return differences.isEmpty ? 0 : differences.reduce(0, +) / Double(differences.count)
  }
}

/// The levels of quantiles, in order, the median among them.
public struct QuantileLevels: Hashable, Codable, Sendable {
  /// The levels, between 0 and 1, in order.
  public let values: [Double]

  /// Takes levels.
  ///
  /// - Parameter values: Levels between 0 and 1, in order, that lie alike on both sides of a half.
  /// - Precondition: They are so.
  public init(_ values: [Double]) {
    precondition(Self.areLevels(values), "levels \(values)")
    self.values = values
  }

  /// Intervals of 95, 90, 80, 60, 40 and 20 %, and the median.
  public static let usual = QuantileLevels([
    0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975,
  ])

  /// Whether numbers are levels in order, alike on both sides of the median.
  static func areLevels(_ values: [Double]) -> Bool {
    let isOrdered = zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
    return isOrdered && values.count % 2 == 1 && values.allSatisfy { $0 > 0 && $0 < 1 }
      && zip(values, values.reversed()).allSatisfy { abs($0 + $1 - 1) < 1e-9 }
  }

  /// The number of levels.
  public var count: Int { values.count }

  /// The index of the median.
  public var medianIndex: Int { count / 2 }

  /// The intervals that there are, as the probability that each is to hold, greatest first.
  public var intervals: [Double] {
    values[..<medianIndex].map { ((1 - 2 * $0) * 1e9).rounded() / 1e9 }
  }

  /// The indices of the ends of an interval; nil where there is no such interval.
  ///
  /// - Parameter probability: The probability that it is to hold.
  /// - Returns: The indices of the lower and the upper end.
  public func ends(of probability: Double) -> (lower: Int, upper: Int)? {
    intervals.firstIndex { abs($0 - probability) < 1e-6 }.map { ($0, count - 1 - $0) }
  }

  /// The loss of a quantile: what it lacks weighs as much as its level says.
  ///
  /// - Parameters:
  ///   - quantile: The quantile.
  ///   - level: Its level τ.
  ///   - actual: What came.
  /// - Returns: `τ·(y - q)` where y is greater, else `(1 - τ)·(q - y)`.
  /// - SeeAlso: Koenker and Bassett 1978, <https://doi.org/10.2307/1913643>.
  public static func pinball(_ quantile: Double, level: Double, actual: Double) -> Double {
    actual >= quantile ? level * (actual - quantile) : (1 - level) * (quantile - actual)
  }

  /// Twice the integral of the pinball loss over all levels, each of which stands for those around it.
  func score(_ quantiles: [Double], actual: Double) -> Double {
    precondition(quantiles.count == count, "\(quantiles.count) quantiles of \(count) levels")
    var (sum, start) = (0.0, 0.0)
    for index in values.indices {
      let end = index + 1 < count ? (values[index] + values[index + 1]) / 2 : 1
      let loss = Self.pinball(quantiles[index], level: values[index], actual: actual)
      sum += 2 * (end - start) * loss
      start = end
    }
    return sum
  }
}
