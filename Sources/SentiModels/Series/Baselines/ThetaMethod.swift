internal import Glibc

/// The Theta method: exponential smoothing with half the slope of the trend as drift, on numbers whose
/// seasonal pattern is taken out and put back.
///
/// - SeeAlso: Assimakopoulos and Nikolopoulos 2000, <https://doi.org/10.1016/S0169-2070(00)00066-2>; as
///   smoothing with drift: Hyndman and Billah 2003, <https://doi.org/10.1016/S0169-2070(01)00143-1>.
struct ThetaMethod: Sendable {
  let smoothing: ExponentialSmoothing
  let season: Int

  func forecast(after past: [Double], horizon: Int) -> [Double] {
    let indices = SeasonalIndices(of: past, season: season)
    let adjusted = indices.removed(from: past)
    let (alpha, drift) = (smoothing.alpha, Self.slope(of: adjusted) / 2)
    let level = smoothing.level(of: adjusted) ?? 0
    let settled = (1 - pow(1 - alpha, Double(adjusted.count))) / alpha
    let forecasts = (0..<horizon).map { level + drift * (Double($0) + settled) }
    return indices.restored(to: forecasts, from: past.count)
  }

  /// The slope of the straight line with the least squared distance.
  static func slope(of values: [Double]) -> Double {
    guard values.count > 1 else { return 0 }
    let center = Double(values.count - 1) / 2
    let mean = values.reduce(0, +) / Double(values.count)
    var (product, square) = (0.0, 0.0)
    for (index, value) in values.enumerated() {
      let distance = Double(index) - center
      product += distance * (value - mean)
      square += distance * distance
    }
    return product / square
  }
}

/// The pattern of a season by classical decomposition: factors where all numbers are above 0, else terms.
///
/// There is one where two seasons are there and the autocorrelation at the season's lag is significant
/// at 90 %, as in the M4 competition's Theta.
///
/// - SeeAlso: Makridakis et al. 2020, <https://doi.org/10.1016/j.ijforecast.2019.04.014>.
struct SeasonalIndices: Sendable {
  /// One index a place of the season; empty where there is no pattern.
  let indices: [Double]
  /// Whether numbers are multiplied by them.
  let isMultiplicative: Bool

  init(of values: [Double], season: Int) {
    isMultiplicative = values.allSatisfy { $0 > 0 }
    guard Self.isSeasonal(values, season: season) else {
      indices = []
      return
    }
    let trend = Self.trend(of: values, season: season)
    var (sums, counts) = (
      [Double](repeating: 0, count: season), [Double](repeating: 0, count: season)
    )
    for (index, level) in trend {
      sums[index % season] += isMultiplicative ? values[index] / level : values[index] - level
      counts[index % season] += 1
    }
    let means = zip(sums, counts).map { $0 / max($1, 1) }
    let mean = means.reduce(0, +) / Double(season)
    let isRatio = isMultiplicative
    indices = means.map { isRatio ? $0 / mean : $0 - mean }
  }

  /// The numbers without the pattern.
  func removed(from values: [Double]) -> [Double] {
    applied(to: values, from: 0) { isMultiplicative ? $0 / $1 : $0 - $1 }
  }

  /// The numbers with the pattern, the first one at an index of the series.
  func restored(to values: [Double], from start: Int) -> [Double] {
    applied(to: values, from: start) { isMultiplicative ? $0 * $1 : $0 + $1 }
  }

  private func applied(
    to values: [Double], from start: Int, _ body: (Double, Double) -> Double
  ) -> [Double] {
    guard !indices.isEmpty else { return values }
    return values.enumerated().map { body($1, indices[(start + $0) % indices.count]) }
  }

  /// The centred moving average over a season, where there is one.
  private static func trend(of values: [Double], season: Int) -> [(index: Int, level: Double)] {
    let half = season / 2
    return (half..<values.count - half).map { index in
      let window = values[index - half...index + half]
      var sum = window.reduce(0, +)
      // Of an even season the two ends count half.
      if season.isMultiple(of: 2), let first = window.first, let last = window.last {
        sum -= (first + last) / 2
      }
      return (index, sum / Double(season))
    }
  }

  private static func isSeasonal(_ values: [Double], season: Int) -> Bool {
    guard season > 1, values.count >= 2 * season + 1 else { return false }
    let mean = values.reduce(0, +) / Double(values.count)
    let centered = values.map { $0 - mean }
    let variance = centered.reduce(0) { $0 + $1 * $1 }
    guard variance > 0 else { return false }
    func correlation(_ lag: Int) -> Double {
      zip(centered.dropFirst(lag), centered).reduce(0) { $0 + $1.0 * $1.1 } / variance
    }
    let others = (1..<season).reduce(0.0) { $0 + correlation($1) * correlation($1) }
    let limit = 1.645 * ((1 + 2 * others) / Double(values.count)).squareRoot()
    return correlation(season).magnitude > limit
  }
}
