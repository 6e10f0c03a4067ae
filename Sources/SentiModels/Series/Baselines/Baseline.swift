/// Forecasting methods without a net, which a net has to beat.
///
/// - SeeAlso: Hyndman and Athanasopoulos 2021, <https://otexts.com/fpp3/>.
public enum BaselineMethod: String, CaseIterable, Codable, Hashable, Sendable {
  /// The last number.
  case naive
  /// The number of one season before.
  case seasonalNaive = "seasonal-naive"
  /// The straight line through the first and the last number.
  case drift
  /// Simple exponential smoothing.
  case exponentialSmoothing = "ses"
  /// The Theta method on seasonally adjusted numbers.
  case theta
  /// A linear autoregression, fitted by least squares, fed back step by step.
  case autoregression = "ar"
}

/// A forecasting method without a net, fitted to the past of a series.
///
///     let theta = Baseline(.theta, fittedTo: series.dropLast(24).values, season: 12)
///     theta.forecast(after: series.dropLast(24).values, horizon: 24)
///
/// What is fitted stays as it is when the past grows: the smoothing factor and the coefficients of the
/// autoregression. Levels, slopes and seasonal indices are those of the past that is given.
public struct Baseline: Sendable {
  /// The method.
  public let method: BaselineMethod
  /// The number of steps of a season; 1: none.
  public let season: Int

  private var smoothing = ExponentialSmoothing(alpha: 1)
  private var regression: Autoregression?

  /// Fits a method.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - past: The numbers to fit to, nil where one is missing.
  ///   - season: The number of steps of a season; 1: none.
  ///   - order: The number of past values that an autoregression reads; nil: a season, 7 at least.
  /// - Complexity: O(n·order²) of the autoregression, O(n) of others.
  public init(
    _ method: BaselineMethod, fittedTo past: [Double?], season: Int, order: Int? = nil
  ) {
    precondition(season > 0 && order ?? 1 > 0, "season \(season), order \(order ?? 0)")
    self.method = method
    self.season = season
    switch method {
    case .naive, .seasonalNaive, .drift: break
    case .exponentialSmoothing: smoothing = ExponentialSmoothing(fittedTo: past)
    case .theta:
      let values = Interpolation.filled(past)
      let adjusted = SeasonalIndices(of: values, season: season).removed(from: values)
      smoothing = ExponentialSmoothing(fittedTo: adjusted)
    case .autoregression:
      regression = Autoregression(
        fittedTo: past, order: order ?? Autoregression.usualOrder(season: season))
    }
  }

  /// Forecasts the numbers after a past.
  ///
  /// - Parameters:
  ///   - past: All numbers until now, nil where one is missing.
  ///   - horizon: How many to forecast.
  /// - Returns: The forecasts, first one first.
  /// - Precondition: One number is not missing.
  /// - Complexity: O(n + horizon).
  public func forecast(after past: [Double?], horizon: Int) -> [Double] {
    guard let last = past.lastIndex(where: { $0 != nil }), let level = past[last] else {
      preconditionFailure("a forecast after \(past.count) gaps")
    }
    switch method {
    case .naive: return [Double](repeating: level, count: horizon)
    case .seasonalNaive:
      return (0..<horizon).map { Self.seasonalNaive(past, ahead: $0, season: season) ?? level }
    case .drift:
      let slope = Self.slope(past, to: last)
      return (0..<horizon).map { level + slope * Double(past.count + $0 - last) }
    case .exponentialSmoothing:
      return [Double](repeating: smoothing.level(of: past) ?? level, count: horizon)
    case .theta:
      return ThetaMethod(smoothing: smoothing, season: season)
        .forecast(after: Interpolation.filled(past), horizon: horizon)
    case .autoregression:
      let filled = Interpolation.filled(past)
      return regression?.forecast(after: filled, horizon: horizon)
        ?? [Double](repeating: level, count: horizon)
    }
  }

  /// The number that is there one season or more before a step.
  ///
  /// - Parameters:
  ///   - past: All numbers until now.
  ///   - ahead: The step, counted from 0 for the first one after the past.
  ///   - season: The number of steps of a season.
  /// - Returns: The latest number at the same place of a season; nil where none is there.
  static func seasonalNaive(_ past: [Double?], ahead: Int, season: Int) -> Double? {
    var index = past.count + ahead - season * (ahead / season + 1)
    while index >= 0 {
      if let value = past[index] { return value }
      index -= season
    }
    return nil
  }

  private static func slope(_ past: [Double?], to last: Int) -> Double {
    guard let first = past.firstIndex(where: { $0 != nil }), first < last,
      let start = past[first], let end = past[last]
    else { return 0 }
    return (end - start) / Double(last - first)
  }
}

/// Numbers in the place of those that are missing.
enum Interpolation {
  /// Puts a straight line into each gap; before the first number and after the last that number.
  static func filled(_ values: [Double?]) -> [Double] {
    var filled: [Double] = []
    var last: Double?
    for value in values {
      guard let value else { continue }
      last = value
      break
    }
    guard var before = last else { return [Double](repeating: 0, count: values.count) }
    var gap = 0
    var isFirst = true
    for value in values {
      guard let value else {
        gap += 1
        continue
      }
      for step in 0..<gap {
        let weight = isFirst ? 1 : Double(step + 1) / Double(gap + 1)
        filled.append(before + weight * (value - before))
      }
      filled.append(value)
      (before, gap, isFirst) = (value, 0, false)
    }
    return filled + [Double](repeating: before, count: gap)
  }
}
