/// How many of some things have a property, and how far that can be trusted.
public struct Proportion: Hashable, Sendable {
  /// The number of things that have the property.
  public let count: Int
  /// The number of things.
  public let total: Int

  /// Counts things.
  ///
  /// - Parameters:
  ///   - count: The number of things that have the property.
  ///   - total: The number of things.
  /// - Precondition: `count` lies in `0...total`.
  public init(_ count: Int, of total: Int) {
    precondition(count >= 0 && count <= total, "\(count) of \(total)")
    self.count = count
    self.total = total
  }

  /// The fraction of things that have the property; nil of none.
  public var fraction: Double? { total == 0 ? nil : Double(count) / Double(total) }

  /// The Wilson score interval, which holds the true fraction in 95 of 100 samples; all of 0 to 1 for
  /// no things.
  ///
  /// With `p = count / total`, `n = total` and `z = 1.96`:
  ///
  ///     (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n)
  ///
  /// Unlike `p ± z √(p(1 - p)/n)` it holds for few things too, and for fractions near 0 and 1.
  ///
  /// - SeeAlso: Wilson 1927, <https://doi.org/10.1080/01621459.1927.10502953>.
  public var interval: ClosedRange<Double> {
    guard let p = fraction else { return 0...1 }
    let (n, z) = (Double(total), Self.deviate)
    let center = p + z * z / (2 * n)
    let margin = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    return max(0, (center - margin) / scale)...min(1, (center + margin) / scale)
  }

  /// The standard normal deviate that is exceeded, on either side, once in 20 times.
  private static let deviate = 1.959963984540054
}
