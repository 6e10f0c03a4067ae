/// What decides, together with data and thread count, the weights that a training ends with.
public struct TrainingSettings: Hashable, Codable, Sendable {
  /// The number of passes over the examples.
  public var epochCount = 6

  /// The most tokens in a batch; 8,192 keeps some 35 film reviews, enough rows for the kernels.
  public var tokenBudget = 8192

  /// The most examples in a batch; nil: as many as the tokens allow.
  ///
  /// Without a limit a batch of one-line texts holds hundreds, so that short texts take part in few
  /// of the steps where the examples are of very unequal length.
  public var batchExampleLimit: Int?

  /// The greatest learning rate; Adam's usual 0.001.
  public var learningRate = 0.001

  /// How the learning rate changes.
  public var schedule = LearningRateSchedule.oneCycle(warmUpShare: 0.05)

  /// The optimizer's rule.
  public var optimizer = OptimizerRule.adam()

  /// The norm to which larger gradients are scaled down, by ``GradientClipping``; nil for never.
  public var clippingNorm: Double? = 1

  /// What each element of a gradient is then cut to, in both directions; nil for never.
  public var clippingValue: Double?

  /// Whether rows, such as word vectors, that have no gradient in a step are left alone.
  ///
  /// Faster where a batch holds few of many words, but rare words then learn more slowly.
  public var isLazy = false

  /// Which parameters learn more slowly, later or not at all.
  public var groups: [ParameterGroup] = []

  /// The decay of the moving average of the weights that is evaluated and kept; nil: no average.
  ///
  /// After step t, counted from 0, the average keeps `min(averagingDecay, (t + 1) / (t + 10))` of
  /// itself and takes the rest from the weights, so that it soon forgets those of the first steps. With
  /// ``OptimizerRule/averagedSGD(decay:power:start:)`` that rule's own average is kept instead. See
  /// <doc:Optimization>.
  ///
  /// - SeeAlso: Polyak and Juditsky 1992, <https://doi.org/10.1137/0330046>.
  public var averagingDecay: Double?

  /// The seed of everything that is random.
  public var seed: UInt64 = 1

  /// The number of shards that a batch is split into, one a thread.
  public var threadCount = 2

  /// Creates the default settings.
  public init() {}
}
