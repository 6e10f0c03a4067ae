internal import Glibc

/// The Diebold-Mariano test: whether one forecaster's losses are lower than another's by more than chance.
///
/// The mean difference is divided by its standard deviation, in which neighbours count as dependent as far
/// as their forecasts overlap; with the correction for few forecasts of Harvey et al.
///
/// - SeeAlso: Diebold and Mariano 1995, <https://doi.org/10.1080/07350015.1995.10524599>; Harvey, Leybourne
///   and Newbold 1997, <https://doi.org/10.1016/S0169-2070(96)00719-4>.
public struct DieboldMarianoTest: Hashable, Sendable {
  /// The mean of the first one's losses without the second one's; below 0 where the first is better.
  public let meanDifference: Double
  /// The statistic; 0 where the losses say nothing.
  public let statistic: Double
  /// The probability of a statistic so far from 0, or farther, where neither is better.
  public let probability: Double

  /// Compares losses.
  ///
  /// - Parameters:
  ///   - first: The losses of one forecaster, in the order of time.
  ///   - second: Those of the other for the same times.
  ///   - overlap: How many forecasts reach over the same time: the horizon, where one is made at each
  ///     step; 1: they do not overlap.
  /// - Precondition: There are as many of one as of the other.
  public init(_ first: [Double], _ second: [Double], overlap: Int) {
    precondition(
      first.count == second.count && overlap > 0,
      "\(first.count) and \(second.count) losses, overlap \(overlap)")
    let differences = zip(first, second).map { $0 - $1 }
    let count = Double(differences.count)
    let mean = differences.isEmpty ? 0 : differences.reduce(0, +) / count
    meanDifference = mean
    let lag = Double(overlap)
    let correction = (count + 1 - 2 * lag + lag * (lag - 1) / count) / count
    let variance = Self.longRunVariance(differences.map { $0 - mean }, overlap: overlap) / count
    guard count > 1, correction > 0, variance > 0 else {
      (statistic, probability) = (0, 1)
      return
    }
    statistic = mean / variance.squareRoot() * correction.squareRoot()
    probability = StudentDistribution.probability(
      beyond: statistic.magnitude, degreesOfFreedom: count - 1)
  }

  /// Whether the difference is more than chance, at 5 %.
  public var isSignificant: Bool { probability < 0.05 }

  /// The variance with the covariances of overlapping ones; that alone where the sum is none.
  private static func longRunVariance(_ centered: [Double], overlap: Int) -> Double {
    let count = Double(centered.count)
    func covariance(_ lag: Int) -> Double {
      zip(centered.dropFirst(lag), centered).reduce(0) { $0 + $1.0 * $1.1 } / count
    }
    let variance = covariance(0)
    let sum = (1..<max(1, min(overlap, centered.count))).reduce(variance) {
      $0 + 2 * covariance($1)
    }
    return sum > 0 ? sum : variance
  }
}

/// Student's t distribution.
enum StudentDistribution {
  /// The probability of a value at least so far from 0, in both directions.
  static func probability(beyond value: Double, degreesOfFreedom: Double) -> Double {
    let x = degreesOfFreedom / (degreesOfFreedom + value * value)
    return incompleteBeta(x, degreesOfFreedom / 2, 0.5)
  }

  /// The regularized incomplete beta function by its continued fraction.
  ///
  /// - SeeAlso: Abramowitz and Stegun 1964, 26.5.8.
  static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges fast on this side only; at the border itself on both.
    guard x <= (a + 1) / (a + b + 2) + 1e-9 else { return 1 - incompleteBeta(1 - x, b, a) }
    let logarithm = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)
    return exp(logarithm) / a / continuedFraction(x, a, b)
  }

  /// 1 + d_1/(1 + d_2/(1 + …)), by Lentz's method.
  private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    var (value, c, d) = (1.0, 1.0, 0.0)
    for step in 1..<1000 {
      let m = Double(step / 2)
      let numerator =
        step.isMultiple(of: 2)
        ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / (1 + numerator * d).orTiny(tiny)
      c = (1 + numerator / c).orTiny(tiny)
      value *= c * d
      if abs(c * d - 1) < 1e-15 { break }
    }
    return value
  }
}

extension Double {
  /// The number, or a tiny one in the place of 0.
  fileprivate func orTiny(_ tiny: Double) -> Double { magnitude < tiny ? tiny : self }
}
