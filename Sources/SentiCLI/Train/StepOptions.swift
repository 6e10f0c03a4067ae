import ArgumentParser
import SentiModels
import SentiTraining

/// What a verb's options are where they are not given, and what its help says of them.
protocol TrainingDefaults {
  static var settings: TrainingSettings { get }
  /// What is counted in a batch.
  static var batch: String { get }
  /// When there are more epochs by default, behind a comma; empty: never.
  static var moreEpochs: String { get }
  /// What an example is called.
  static var examples: String { get }
  /// Which vectors a lazy update leaves alone where a batch has none of their owners.
  static var lazyHelp: String { get }
}

extension TrainingDefaults {
  static var moreEpochs: String { "" }
  static var examples: String { "texts" }
  static var lazyHelp: String {
    "Update only the word vectors of words in the batch: faster, but rare words learn less."
  }
}

/// Optimizers by the names that they have on the command line.
enum OptimizerName: String, ExpressibleByArgument, CaseIterable {
  case adam
  case sgd
  case momentum
  case nesterov
  case rmsprop
  case averagedSGD = "averaged-sgd"

  /// The rule, with its usual settings.
  func rule(weightDecay: Double) -> OptimizerRule {
    switch self {
    case .adam: weightDecay > 0 ? .adamW(weightDecay: weightDecay) : .adam()
    case .sgd: .sgd()
    case .momentum: .sgd(momentum: 0.9)
    case .nesterov: .sgd(momentum: 0.9, isNesterov: true)
    case .rmsprop: .rmsProp()
    case .averagedSGD: .averagedSGD()
    }
  }
}

/// Schedules by the names that they have on the command line.
enum ScheduleName: String, ExpressibleByArgument, CaseIterable {
  case oneCycle = "one-cycle"
  case constant
  case step
  case cosine
  case linear
  case warmUp = "warm-up"
  case slantedTriangular = "slanted-triangular"
  case plateau

  /// The schedule, with its usual settings; way up: 5 % of the steps.
  var schedule: LearningRateSchedule {
    switch self {
    case .oneCycle: .oneCycle(warmUpShare: 0.05)
    case .constant: .constant
    case .step: .step(every: 1_000, factor: 0.5)
    case .cosine: .cosine
    case .linear: .linear
    case .warmUp: .linearWarmUp(share: 0.05)
    case .slantedTriangular: .slantedTriangular()
    case .plateau: .onPlateau(factor: 0.5, patience: 0)
    }
  }
}

/// How nets of all kinds are trained.
struct StepOptions<Defaults: TrainingDefaults>: ParsableArguments {
  @Option(
    help: .count(
      "The number of epochs (default: \(Defaults.settings.epochCount)\(Defaults.moreEpochs))."))
  var epochs: Int?

  @Option(help: .rate("The maximum learning rate."))
  var learningRate = Defaults.settings.learningRate

  @Option(
    help: .count(
      "The maximum number of \(Defaults.batch) in a batch (default: "
        + "\(Defaults.settings.tokenBudget), fewer for small data)."))
  var batchTokens: Int?

  @Option(
    help: .count("The maximum number of \(Defaults.examples) in a batch (default: no limit)."))
  var batchTexts: Int?

  @Option(help: .norm("The gradient norm to clip to; 0 disables clipping."))
  var clip = Defaults.settings.clippingNorm ?? 0

  @Option(
    help: .fraction("The decay of the exponential moving average of the weights; 0 disables it."))
  var averaging = Defaults.settings.averagingDecay ?? 0

  @Option(help: .number("The random seed."))
  var seed: UInt64 = 1

  @Option(
    help: .name(
      "The learning rate schedule. one-cycle warms up for 5 % of the steps, then follows half a cosine "
        + "down to zero; step halves the rate every 1,000 steps, plateau after an epoch without "
        + "improvement."))
  var schedule = ScheduleName.oneCycle

  @Option(help: .name("The optimizer."))
  var optimizer = OptimizerName.adam

  @Flag(help: "\(Defaults.lazyHelp)")
  var lazy = false

  @Option(help: .rate("The decoupled weight decay (AdamW)."))
  var weightDecay = 0.0

  @Option(help: .size("The absolute value to clip gradient elements to; 0 disables clipping."))
  var clipValue = 0.0

  func validate() throws {
    guard epochs ?? 1 > 0, batchTokens ?? 1 > 0, batchTexts ?? 1 > 0, learningRate > 0, clip >= 0
    else {
      throw ValidationError(
        "Expected --epochs, --batch-tokens, --batch-texts and --learning-rate above 0.")
    }
    guard clipValue >= 0, weightDecay >= 0 else {
      throw ValidationError("Expected --clip-value and --weight-decay of 0 or more.")
    }
    guard weightDecay == 0 || optimizer == .adam else {
      throw ValidationError("Expected --weight-decay with --optimizer adam only.")
    }
    try ValidationError.checkShares([averaging])
  }

  /// Writes the options into a training's.
  func apply(to settings: inout TrainingSettings, threadCount: Int) {
    settings.epochCount = epochs ?? settings.epochCount
    settings.learningRate = learningRate
    settings.tokenBudget = batchTokens ?? settings.tokenBudget
    settings.batchExampleLimit = batchTexts
    settings.clippingNorm = clip > 0 ? clip : nil
    settings.averagingDecay = averaging > 0 ? averaging : nil
    settings.clippingValue = clipValue > 0 ? clipValue : nil
    settings.optimizer = optimizer.rule(weightDecay: weightDecay)
    settings.schedule = schedule.schedule
    settings.isLazy = lazy
    settings.seed = seed
    settings.threadCount = threadCount
  }
}
