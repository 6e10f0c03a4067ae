internal import Glibc

/// McNemar's test: whether two classifiers differ, by the texts on which they do.
///
/// Of the texts on which exactly one of two things holds, each is as likely as the other where there
/// is no difference. Texts on which both or neither hold say nothing.
///
/// - SeeAlso: McNemar 1947, <https://doi.org/10.1007/BF02295996>; Dietterich 1998,
///   <https://doi.org/10.1162/089976698300017197>.
public struct McNemarTest: Encodable, Equatable, Sendable {
  /// The number of texts on which only the first holds.
  public let firstCount: Int
  /// The number of texts on which only the second holds.
  public let secondCount: Int
  /// The probability of counts as far apart, or farther, under the binomial distribution.
  public let exactProbability: Double
  /// Edwards' statistic, `(|first - second| - 1)² / (first + second)`; 0 where they are equal.
  public let chiSquared: Double
  /// The probability of that statistic, or a greater one, with one degree of freedom.
  public let chiSquaredProbability: Double

  private enum CodingKeys: String, CodingKey {
    case firstCount = "first_count"
    case secondCount = "second_count"
    case exactProbability = "exact_p"
    case chiSquared = "chi_squared"
    case chiSquaredProbability = "chi_squared_p"
  }

  /// Tests two counts.
  ///
  /// - Parameters:
  ///   - firstCount: The number of texts on which only the first holds.
  ///   - secondCount: The number of texts on which only the second holds.
  /// - Precondition: Neither is negative.
  /// - Complexity: O(the smaller count).
  public init(firstCount: Int, secondCount: Int) {
    precondition(firstCount >= 0 && secondCount >= 0, "counts \(firstCount), \(secondCount)")
    self.firstCount = firstCount
    self.secondCount = secondCount
    let count = firstCount + secondCount
    exactProbability = Self.binomialProbability(atMost: min(firstCount, secondCount), of: count)
    let excess = Double(max(abs(firstCount - secondCount) - 1, 0))
    chiSquared = count == 0 ? 0 : excess * excess / Double(count)
    chiSquaredProbability = erfc((chiSquared / 2).squareRoot())
  }

  /// The probability that the rarer side of fair coins comes up at most so often.
  ///
  /// The greatest term is found by logarithms, and the others, downwards, from it.
  private static func binomialProbability(atMost rarer: Int, of count: Int) -> Double {
    let (n, k) = (Double(count), Double(rarer))
    let logarithm = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2)
    var (term, sum) = (exp(logarithm), 0.0)
    for value in stride(from: rarer, through: 0, by: -1) {
      sum += term
      term *= Double(value) / Double(count - value + 1)
    }
    return min(1, 2 * sum)
  }
}
