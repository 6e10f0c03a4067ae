public import ArgumentParser
import SentiModels
public import SentiRNN
import SentiText
import SentiTraining

extension CellKind: ExpressibleByArgument {}

/// Poolings as they are written on the command line, with commas.
struct PoolingKinds: ExpressibleByArgument {
  /// The poolings, each once.
  let kinds: [Pooling]

  init(_ kinds: [Pooling]) {
    self.kinds = kinds
  }

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    kinds = names.compactMap { Pooling(rawValue: String($0)) }
    guard kinds.count == names.count, Set(kinds).count == kinds.count else { return nil }
  }

  /// The argument that stands for the poolings in help texts.
  var defaultValueDescription: String { kinds.map(\.rawValue).joined(separator: ",") }
}

/// What net a training makes.
struct NetOptions: ParsableArguments {
  @Option(help: "The recurrent cell.")
  var cell = Self.defaults.cell

  @Option(help: ArgumentHelp("The width of a word vector.", valueName: "size"))
  var embeddingSize = Self.defaults.embeddingSize

  @Option(help: ArgumentHelp("The number of hidden units of each direction.", valueName: "size"))
  var hiddenSize = Self.defaults.hiddenSize

  @Option(help: ArgumentHelp("The number of recurrent layers.", valueName: "count"))
  var layers = Self.defaults.layerCount

  @Flag(help: "Read every text in both directions.")
  var bidirectional = false

  @Option(
    help: ArgumentHelp(
      "What a text is summed up by, side by side: last, max and mean, with commas.",
      valueName: "kinds"))
  var pooling = PoolingKinds(Self.defaults.pooling)

  @Option(
    help: ArgumentHelp(
      "The most words in the vocabulary, the four special ones included.", valueName: "count"))
  var maxSize = Self.defaults.maximumVocabularySize

  @Option(
    help: ArgumentHelp("How often a word must occur to be in the vocabulary.", valueName: "count"))
  var minCount = Self.defaults.minimumCount

  @Option(help: NormalizationSteps.help)
  var normalize = NormalizationSteps.reviews

  private static var defaults: SentimentTrainingOptions { SentimentTrainingOptions() }

  func validate() throws {
    let sizes = [embeddingSize, hiddenSize, layers, minCount]
    guard sizes.allSatisfy({ $0 > 0 }) else {
      throw ValidationError("Expected sizes, layers and --min-count of 1 or more.")
    }
    guard maxSize > 4 else {
      throw ValidationError("Expected --max-size of more than the 4 special tokens.")
    }
  }

  /// Writes the options into a training's.
  func apply(to options: inout SentimentTrainingOptions) {
    options.cell = cell
    options.embeddingSize = embeddingSize
    options.hiddenSize = hiddenSize
    options.layerCount = layers
    options.isBidirectional = bidirectional
    options.pooling = pooling.kinds
    options.maximumVocabularySize = maxSize
    options.minimumCount = minCount
    options.normalization = normalize.normalization.description
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
    case .cosine: .cosine
    case .linear: .linear
    case .warmUp: .linearWarmUp(share: 0.05)
    case .slantedTriangular: .slantedTriangular()
    case .plateau: .onPlateau(factor: 0.5, patience: 0)
    }
  }
}

/// How a net is trained.
struct RecipeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The number of passes over the texts.", valueName: "count"))
  var epochs = Self.defaults.epochCount

  @Option(help: ArgumentHelp("The greatest learning rate.", valueName: "rate"))
  var learningRate = Self.defaults.learningRate

  @Option(
    help: ArgumentHelp(
      "How the rate changes: one-cycle is up for 5 % of the steps, then half a cosine down to zero; "
        + "plateau halves it after an epoch that is no better.", valueName: "name"))
  var schedule = ScheduleName.oneCycle

  @Option(help: ArgumentHelp("What turns gradients into steps.", valueName: "name"))
  var optimizer = OptimizerName.adam

  @Option(help: ArgumentHelp("The most tokens that are learned in one step.", valueName: "count"))
  var batchTokens = Self.defaults.tokenBudget

  @Flag(
    help: "Leave vectors of words alone in steps without them: faster, but rare words learn less.")
  var lazy = false

  @Option(help: ArgumentHelp("The decoupled weight decay of Adam.", valueName: "rate"))
  var weightDecay = 0.0

  @Option(
    help: ArgumentHelp(
      "The norm to which larger gradients are scaled down; 0: never.", valueName: "norm"))
  var clip = Self.defaults.clippingNorm ?? 0

  @Option(
    help: ArgumentHelp("What each element of a gradient is cut to; 0: never.", valueName: "size"))
  var clipValue = 0.0

  @Option(
    help: ArgumentHelp(
      "The decay of the moving average of the weights that is kept; 0: no average.",
      valueName: "share"))
  var averaging = 0.998

  @Option(help: ArgumentHelp("The share of words that are read as unknown.", valueName: "share"))
  var wordDropout = Self.regularization.wordDropout

  @Option(help: ArgumentHelp("The dropout of word vectors.", valueName: "share"))
  var embeddingDropout = Self.regularization.embeddingDropout

  @Option(help: ArgumentHelp("The dropout before the output.", valueName: "share"))
  var outputDropout = Self.regularization.outputDropout

  @Option(
    help: ArgumentHelp(
      "The share of probability that is spread over all labels.", valueName: "share"))
  var labelSmoothing = Self.regularization.labelSmoothing

  @Option(
    help: ArgumentHelp(
      "How far word vectors are moved against the net, relative to their norm.", valueName: "share")
  )
  var adversarial = Self.regularization.adversarialShare

  @Option(help: ArgumentHelp("The seed of everything that is random.", valueName: "number"))
  var seed: UInt64 = 1

  private static var defaults: TrainingSettings { TrainingSettings() }
  private static var regularization: SentimentRegularization { SentimentRegularization() }

  func validate() throws {
    guard epochs > 0, batchTokens > 0, learningRate > 0, clip >= 0, clipValue >= 0,
      weightDecay >= 0
    else {
      throw ValidationError("Expected --epochs, --batch-tokens and --learning-rate above 0.")
    }
    guard weightDecay == 0 || optimizer == .adam else {
      throw ValidationError("Expected --weight-decay with --optimizer adam only.")
    }
    let shares = [wordDropout, embeddingDropout, outputDropout, labelSmoothing, averaging]
    guard shares.allSatisfy({ $0 >= 0 && $0 < 1 }), adversarial >= 0 else {
      throw ValidationError("Expected dropouts, smoothing and averaging from 0 to below 1.")
    }
  }

  /// Writes the options into a training's.
  func apply(to options: inout SentimentTrainingOptions, threadCount: Int) {
    options.settings.epochCount = epochs
    options.settings.learningRate = learningRate
    options.settings.tokenBudget = batchTokens
    options.settings.clippingNorm = clip > 0 ? clip : nil
    options.settings.averagingDecay = averaging > 0 ? averaging : nil
    options.settings.clippingValue = clipValue > 0 ? clipValue : nil
    options.settings.optimizer = optimizer.rule(weightDecay: weightDecay)
    options.settings.isLazy = lazy
    options.settings.schedule = schedule.schedule
    options.settings.seed = seed
    options.settings.threadCount = threadCount
    options.regularization.wordDropout = wordDropout
    options.regularization.embeddingDropout = embeddingDropout
    options.regularization.outputDropout = outputDropout
    options.regularization.labelSmoothing = labelSmoothing
    options.regularization.adversarialShare = adversarial
  }
}
