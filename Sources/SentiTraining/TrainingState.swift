public import SentiTensor

/// The complete training state: enough to resume to the very same weights.
public struct TrainingState: Sendable {
  /// The parameters.
  public var parameters: Parameters<Float>

  /// The optimizer with its moments, and the moving average where one is kept.
  public var optimizer: Optimizer<Float>

  /// The epoch, counted from 0.
  public var epoch = 0

  /// The next batch of the epoch, counted from 0.
  public var batch = 0

  /// Metrics of the epoch so far.
  public var tally = EpochMetrics()

  /// How many gradients of the epoch so far were scaled down to ``TrainingSettings/clippingNorm``.
  public internal(set) var clippedCount = 0

  /// The loss of every epoch that is over, for ``LearningRateSchedule/onPlateau(factor:patience:threshold:)``:
  /// the mean training loss, unless ``Trainer/recordValidationLoss(_:)`` was told another.
  public internal(set) var epochLosses: [Double] = []

  /// Creates the state before the first step.
  ///
  /// - Parameters:
  ///   - parameters: The initial parameters.
  ///   - settings: The settings.
  public init(parameters: Parameters<Float>, settings: TrainingSettings) {
    self.parameters = parameters
    optimizer = Optimizer(
      settings.optimizer, layout: parameters.layout, averagingDecay: settings.averagingDecay)
  }

  /// The moving average of the parameters, where one is kept.
  ///
  /// - Complexity: O(parameters).
  public var average: Parameters<Float>? { optimizer.average(of: parameters) }

  /// The parameters to evaluate and keep: the average where there is one.
  public var bestParameters: Parameters<Float> { average ?? parameters }
}
