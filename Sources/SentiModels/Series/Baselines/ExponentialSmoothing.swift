/// Simple exponential smoothing: a level that each number moves by a fraction of its distance.
///
///     l_t = l_{t-1} + α·(y_t - l_{t-1})
///
/// The level begins at the first number; a gap leaves it as it is.
///
/// - SeeAlso: Hyndman and Athanasopoulos 2021, <https://otexts.com/fpp3/ses.html>.
struct ExponentialSmoothing: Hashable, Sendable {
  /// The smoothing factor α, above 0 and up to 1.
  let alpha: Double

  /// Takes a factor.
  init(alpha: Double) { self.alpha = alpha }

  /// Chooses the factor with the least sum of squared one-step errors, in hundredths.
  init(fittedTo values: [Double?]) {
    let observed = values.compactMap(\.self)
    var best = (error: Double.infinity, alpha: 1.0)
    for hundredth in 1...100 {
      let alpha = Double(hundredth) / 100
      let error = Self.squaredError(observed, alpha)
      if error < best.error { best = (error, alpha) }
    }
    alpha = best.alpha
  }

  /// The level after all numbers; nil where there is none.
  func level(of values: [Double?]) -> Double? {
    values.reduce(nil as Double?) { level, value in
      guard let value else { return level }
      return level.map { $0 + alpha * (value - $0) } ?? value
    }
  }

  private static func squaredError(_ values: [Double], _ alpha: Double) -> Double {
    guard var level = values.first else { return 0 }
    var sum = 0.0
    for value in values {
      let error = value - level
      sum += error * error
      level += alpha * error
    }
    return sum
  }
}
