/// What a training reports after every batch.
public struct TrainingProgress: Sendable {
  /// The epoch, counted from 0.
  public var epoch: Int
  /// The number of epochs.
  public var epochCount: Int
  /// The number of batches of this epoch that are done.
  public var batch: Int
  /// The number of batches of this epoch.
  public var batchCount: Int
  /// Metrics of the epoch so far.
  public var tally: EpochMetrics
  /// The learning rate of the last step.
  public var learningRate: Double
  /// The norm of the last gradient before clipping.
  public var gradientNorm: Double
  /// Whether that gradient was scaled down to ``TrainingSettings/clippingNorm``.
  public var isClipped: Bool
  /// How many gradients of this epoch were.
  public var clippedCount: Int
  /// Real tokens a second since this run began.
  public var tokensPerSecond: Double
  /// The time that the rest of all epochs will take at this rate, in seconds.
  public var secondsLeft: Double
}
