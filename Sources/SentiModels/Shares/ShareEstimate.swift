/// Which fraction of a pile of rows has a label, and how far that can be trusted.
public struct ShareEstimate: Hashable, Sendable {
  /// The label.
  public let label: String
  /// The fraction of rows to which the classifier gives the label.
  public let counted: Double
  /// The fraction of rows that have it.
  public let share: Double
  /// What holds the true fraction in 95 of 100 samples of labelled rows.
  public let interval: ClosedRange<Double>

  /// The width of the interval.
  public var width: Double { interval.upperBound - interval.lowerBound }

  /// Estimates a fraction from its variance.
  ///
  /// The interval is a normal one of the log-odds, so that it stays within 0 to 1. Where it would reach 0 or
  /// 1, log-odds are far from normal, and it is a normal one of the fraction, cut off there.
  init(label: String, counted: Double, share: Double, variance: Double, labelledCount: Int) {
    self.label = label
    self.counted = counted
    self.share = min(max(share, 0), 1)
    let edge = 1 / (4 * Double(max(labelledCount, 1)))
    let inner = min(max(share, edge), 1 - edge)
    let reach = LogOddsScale.deviate * variance.squareRoot()
    if reach >= min(inner, 1 - inner) {
      interval = max(0, self.share - reach)...min(1, self.share + reach)
    } else {
      let (center, distance) = (LogOddsScale.logit(inner), reach / (inner * (1 - inner)))
      interval =
        min(
          self.share, LogOddsScale.logistic(center - distance))...max(
          self.share, LogOddsScale.logistic(center + distance))
    }
  }

  /// An estimate whose interval was found otherwise.
  init(label: String, counted: Double, share: Double, interval: ClosedRange<Double>) {
    self.label = label
    self.counted = counted
    self.share = share
    self.interval = interval
  }
}

/// The row of a pile, as a classifier scored it.
public struct ScoredShareRow: Hashable, Sendable {
  /// The label; one that is none of the estimator's says nothing.
  public let label: String
  /// The label's probability.
  public let probability: Double
  /// The score, from -1 to 1.
  public let score: Double

  /// Collects what is known of a row.
  ///
  /// - Parameters:
  ///   - label: The label.
  ///   - probability: The label's probability.
  ///   - score: The score.
  public init(label: String, probability: Double, score: Double) {
    self.label = label
    self.probability = probability
    self.score = score
  }
}
