/// Metrics of an epoch so far, as sums over the examples that were trained on; where an example has
/// several terms, each counts as one.
public struct EpochMetrics: Hashable, Codable, Sendable {
  /// The sum of the losses, in nats.
  public var lossSum: Double
  /// How many examples were classified correctly.
  public var correctCount: Int
  /// The number of examples.
  public var exampleCount: Int
  /// The number of real tokens.
  public var tokenCount: Int

  /// Creates metrics.
  ///
  /// - Parameters:
  ///   - lossSum: The sum of the losses, in nats.
  ///   - correctCount: How many examples were classified correctly.
  ///   - exampleCount: The number of examples.
  ///   - tokenCount: The number of real tokens.
  public init(
    lossSum: Double = 0, correctCount: Int = 0, exampleCount: Int = 0, tokenCount: Int = 0
  ) {
    self.lossSum = lossSum
    self.correctCount = correctCount
    self.exampleCount = exampleCount
    self.tokenCount = tokenCount
  }

  /// The mean loss of an example, in nats; NaN of none.
  public var meanLoss: Double { lossSum / Double(exampleCount) }

  /// The fraction of examples that were classified correctly; NaN of none.
  public var accuracy: Double { Double(correctCount) / Double(exampleCount) }

  /// Adds other metrics.
  ///
  /// - Parameter other: The other metrics.
  public mutating func add(_ other: EpochMetrics) {
    lossSum += other.lossSum
    correctCount += other.correctCount
    exampleCount += other.exampleCount
    tokenCount += other.tokenCount
  }
}
