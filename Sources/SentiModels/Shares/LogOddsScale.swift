internal import Glibc

/// Fractions and their log-odds.
enum LogOddsScale {
  /// The standard normal deviate that is exceeded, on either side, once in 20 times.
  static let deviate = 1.959963984540054

  /// The log-odds of a fraction between 0 and 1.
  static func logit(_ fraction: Double) -> Double { log(fraction / (1 - fraction)) }

  /// The fraction with these log-odds.
  static func logistic(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }
}
