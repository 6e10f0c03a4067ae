import ArgumentParser
import SentiModels
import SentiTraining

/// What a verb's options are where they are not given, and what its help says of them.
protocol TrainingDefaults {
  static var settings: TrainingSettings { get }
  /// How the learning rate changes, where no option decides it.
  static var schedule: String { get }
  /// What is counted in a batch.
  static var batch: String { get }
}

/// How nets of all kinds are trained.
struct StepOptions<Defaults: TrainingDefaults>: ParsableArguments {
  @Option(help: .count("The number of passes over the texts."))
  var epochs = Defaults.settings.epochCount

  @Option(help: .rate("The greatest learning rate\(Defaults.schedule)."))
  var learningRate = Defaults.settings.learningRate

  @Option(help: .count("The most \(Defaults.batch) that are learned in one step."))
  var batchTokens = Defaults.settings.tokenBudget

  @Option(help: .norm("The norm to which larger gradients are scaled down; 0: never."))
  var clip = Defaults.settings.clippingNorm ?? 0

  @Option(
    help: .share("The decay of the moving average of the weights that is kept; 0: no average."))
  var averaging = Defaults.settings.averagingDecay ?? 0

  @Option(help: .number("The seed of everything that is random."))
  var seed: UInt64 = 1

  func validate() throws {
    guard epochs > 0, batchTokens > 0, learningRate > 0, clip >= 0 else {
      throw ValidationError("Expected --epochs, --batch-tokens and --learning-rate above 0.")
    }
    try ValidationError.checkShares([averaging])
  }

  /// Writes the options into a training's.
  func apply(to settings: inout TrainingSettings, threadCount: Int) {
    settings.epochCount = epochs
    settings.learningRate = learningRate
    settings.tokenBudget = batchTokens
    settings.clippingNorm = clip > 0 ? clip : nil
    settings.averagingDecay = averaging > 0 ? averaging : nil
    settings.seed = seed
    settings.threadCount = threadCount
  }
}
