/// How accurate a classifier is on the texts of which it is most sure.
///
///     let curve = CoverageCurve(of: examples)
///     print(curve.point(at: 0.9)?.accuracy ?? 0)
///
/// - SeeAlso: Geifman and El-Yaniv 2017, "Selective Classification for Deep Neural Networks",
///   <https://arxiv.org/abs/1705.08500>.
public struct CoverageCurve: Sendable {
  /// The accuracy on the texts that are at least so probable.
  public struct Point: Hashable, Codable, Sendable {
    /// The fraction of examples that get an answer.
    public let coverage: Double
    /// The least probability of an answer.
    public let threshold: Double
    /// The fraction of answers that are right.
    public let accuracy: Double
  }

  /// The points of a table.
  public static let coverages = [1, 0.95, 0.9, 0.8, 0.7, 0.5]

  /// The number of steps of ``confidenceQuantiles``.
  public static let quantileCount = 101

  /// Each example's confidence, highest first, and how many up to there are right.
  private var confidences: [Double] = []
  private var rightCounts: [Int] = []

  /// Sorts examples by the probability of their predicted label.
  ///
  /// - Parameter examples: The predictions, and the truth.
  /// - Complexity: O(n log n).
  public init(of examples: ScoredExamples) {
    let answers = (0..<examples.count).map { example in
      let label = examples.predictedLabels[example]
      return (
        confidence: examples.probability(of: label, inExample: example),
        isRight: label == examples.trueLabels[example]
      )
    }
    var rightCount = 0
    for answer in answers.sorted(by: { $0.confidence > $1.confidence }) {
      rightCount += answer.isRight ? 1 : 0
      confidences.append(answer.confidence)
      rightCounts.append(rightCount)
    }
  }

  /// The point at which at least a fraction of the examples is answered; examples that are as probable as
  /// the last of them are answered too.
  ///
  /// - Parameter coverage: The fraction.
  /// - Returns: nil where there are no examples.
  /// - Precondition: `coverage` is above 0, and at most 1.
  public func point(at coverage: Double) -> Point? {
    precondition(coverage > 0 && coverage <= 1, "coverage \(coverage)")
    guard !confidences.isEmpty else { return nil }
    var count = max(1, Int((coverage * Double(confidences.count)).rounded()))
    let threshold = confidences[count - 1]
    while count < confidences.count && confidences[count] == threshold { count += 1 }
    return Point(
      coverage: Double(count) / Double(confidences.count), threshold: threshold,
      accuracy: Double(rightCounts[count - 1]) / Double(count))
  }

  /// The points of ``coverages``, each once.
  public var points: [Point] {
    Self.coverages.compactMap(point).reduce(into: []) { points, point in
      if points.last != point { points.append(point) }
    }
  }

  /// The percentiles of the confidences, from the lowest to the highest; nil without examples.
  ///
  /// They are what an ``Abstention`` finds the threshold for a coverage by. They are rounded down to a
  /// millionth below, so that a text that is as sure as one of them is not lost to the rounding of weights.
  public var confidenceQuantiles: [Double]? {
    guard !confidences.isEmpty else { return nil }
    let last = Self.quantileCount - 1
    return (0...last).map { step in
      let confidence = confidences[(confidences.count - 1) * (last - step) / last]
      return max(0, (1e6 * confidence - 1).rounded(.down) / 1e6)
    }
  }
}
