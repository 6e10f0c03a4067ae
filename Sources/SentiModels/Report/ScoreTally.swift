internal import Glibc

/// The number of rows, their labels and the moments of their scores.
struct ScoreTally: Sendable {
  private(set) var count = 0
  private(set) var labelCounts: [Int] = []
  private var sum = 0.0
  private var squares = 0.0

  /// Adds a row whose label has a number.
  mutating func add(label: Int, score: Double) {
    while labelCounts.count <= label { labelCounts.append(0) }
    labelCounts[label] += 1
    count += 1
    sum += score
    squares += score * score
  }

  /// Adds the rows of another tally.
  mutating func merge(_ other: ScoreTally) {
    while labelCounts.count < other.labelCounts.count { labelCounts.append(0) }
    for (label, count) in other.labelCounts.enumerated() { labelCounts[label] += count }
    count += other.count
    sum += other.sum
    squares += other.squares
  }

  /// The rows of another tally taken away.
  func removing(_ other: ScoreTally) -> ScoreTally {
    var rest = self
    for (label, count) in other.labelCounts.enumerated() { rest.labelCounts[label] -= count }
    rest.count -= other.count
    rest.sum -= other.sum
    rest.squares -= other.squares
    return rest
  }

  /// The fraction of rows with a label.
  func share(of label: Int) -> Proportion {
    Proportion(label < labelCounts.count ? labelCounts[label] : 0, of: count)
  }

  /// The mean score; 0 of no rows.
  var mean: Double { count == 0 ? 0 : sum / Double(count) }

  /// The variance of the mean; nil of fewer than two rows.
  var meanVariance: Double? {
    guard count > 1 else { return nil }
    return max(0, squares - sum * mean) / Double(count - 1) / Double(count)
  }

  /// The 95 % interval of the mean; nil of fewer than two rows.
  var interval: ClosedRange<Double>? {
    meanVariance.map { variance in
      let reach = 1.959963984540054 * variance.squareRoot()
      return max(-1, mean - reach)...min(1, mean + reach)
    }
  }

  /// The probability of so great a difference of two means where there is none (Welch's test, its
  /// statistic being normal for many rows); nil of fewer than five rows on a side.
  func differenceProbability(from other: ScoreTally) -> Double? {
    guard count >= 5, other.count >= 5, let one = meanVariance, let two = other.meanVariance,
      one + two > 0
    else { return nil }
    return erfc((mean - other.mean).magnitude / (2 * (one + two)).squareRoot())
  }
}
