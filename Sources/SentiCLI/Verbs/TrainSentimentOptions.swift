public import ArgumentParser
import SentiModels
public import SentiRNN
import SentiText
import SentiTraining

extension CellKind: ExpressibleByArgument {}
extension Pooling: ExpressibleByArgument {}

/// What net a training makes.
struct NetOptions: ParsableArguments {
  @Option(help: "The recurrent cell.")
  var cell = Self.defaults.cell

  @Option(help: "The width of a word vector.")
  var embeddingSize = Self.defaults.embeddingSize

  @Option(help: "The number of hidden units of each direction.")
  var hiddenSize = Self.defaults.hiddenSize

  @Option(help: "The number of recurrent layers.")
  var layers = Self.defaults.layerCount

  @Flag(help: "Read every text in both directions.")
  var bidirectional = false

  @Option(
    parsing: .upToNextOption, help: "What a text is summed up by, side by side.")
  var pooling = Self.defaults.pooling

  @Option(help: "The most words in the vocabulary, the four special ones included.")
  var maxSize = Self.defaults.maximumVocabularySize

  @Option(help: "How often a word must occur to be in the vocabulary.")
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
    guard !pooling.isEmpty, Set(pooling).count == pooling.count else {
      throw ValidationError("Expected each --pooling once, and at least one.")
    }
  }

  /// Writes the options into a training's.
  func apply(to options: inout SentimentTrainingOptions) {
    options.cell = cell
    options.embeddingSize = embeddingSize
    options.hiddenSize = hiddenSize
    options.layerCount = layers
    options.isBidirectional = bidirectional
    options.pooling = pooling
    options.maximumVocabularySize = maxSize
    options.minimumCount = minCount
    options.normalization = normalize.normalization.description
  }
}

/// How a net is trained.
struct RecipeOptions: ParsableArguments {
  @Option(help: "The number of passes over the texts.")
  var epochs = Self.defaults.epochCount

  @Option(help: "The greatest learning rate; up for 5 % of the steps, then down to zero.")
  var learningRate = Self.defaults.learningRate

  @Option(help: "The most tokens that are learned in one step.")
  var batchTokens = Self.defaults.tokenBudget

  @Option(help: "The decoupled weight decay.")
  var weightDecay = 0.0

  @Option(help: "The norm to which larger gradients are scaled down; 0: never.")
  var clip = Self.defaults.clippingNorm ?? 0

  @Option(help: "The decay of the moving average of the weights that is kept; 0: no average.")
  var averaging = 0.998

  @Option(help: "The share of words that are read as unknown.")
  var wordDropout = Self.regularization.wordDropout

  @Option(help: "The dropout of word vectors.")
  var embeddingDropout = Self.regularization.embeddingDropout

  @Option(help: "The dropout before the output.")
  var outputDropout = Self.regularization.outputDropout

  @Option(help: "The share of probability that is spread over all labels.")
  var labelSmoothing = Self.regularization.labelSmoothing

  @Option(help: "How far word vectors are moved against the net, relative to their norm.")
  var adversarial = Self.regularization.adversarialShare

  @Option(help: "The seed of everything that is random.")
  var seed: UInt64 = 1

  private static var defaults: TrainingSettings { TrainingSettings() }
  private static var regularization: SentimentRegularization { SentimentRegularization() }

  func validate() throws {
    guard epochs > 0, batchTokens > 0, learningRate > 0, clip >= 0, weightDecay >= 0 else {
      throw ValidationError("Expected --epochs, --batch-tokens and --learning-rate above 0.")
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
    options.settings.optimizer = weightDecay > 0 ? .adamW(weightDecay: weightDecay) : .adam()
    options.settings.seed = seed
    options.settings.threadCount = threadCount
    options.regularization.wordDropout = wordDropout
    options.regularization.embeddingDropout = embeddingDropout
    options.regularization.outputDropout = outputDropout
    options.regularization.labelSmoothing = labelSmoothing
    options.regularization.adversarialShare = adversarial
  }
}
