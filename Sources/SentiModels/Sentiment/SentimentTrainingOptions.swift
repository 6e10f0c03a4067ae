public import SentiRNN
public import SentiTensor
internal import SentiText
public import SentiTraining

/// What decides the classifier that a training ends with, apart from its texts.
public struct SentimentTrainingOptions: Hashable, Codable, Sendable {
  /// How often a word must occur to get a number of its own; 2 leaves typing errors out.
  public var minimumCount = 2
  /// The most words in the vocabulary, special ones included.
  public var maximumVocabularySize = 30_000
  /// How texts are normalized, as `Normalization` writes it.
  public var normalization = Normalization.reviews.description
  /// The width of a word vector.
  public var embeddingSize = 128
  /// The recurrent cell.
  public var cell = CellConfiguration.gru
  /// The number of hidden units of each direction.
  public var hiddenSize = 256
  /// The number of recurrent layers.
  public var layerCount = 1
  /// Whether every layer also reads backwards.
  public var isBidirectional = false
  /// What a text is summed up by.
  public var pooling: [Pooling] = [.last, .max, .mean]
  /// What keeps the net from learning its texts by heart.
  public var regularization = SentimentRegularization()
  /// What the loss of each label's texts is multiplied by; nil: 1.
  public var labelWeights: LabelWeights?
  /// How soft labels count.
  public var distillation = DistillationOptions()
  /// The number of epochs without a better one after which the training stops early; nil: never.
  public var patience: Int?
  /// How many words a fresh net's gates remember, at least 3, by chrono initialization; nil: a few.
  ///
  /// - SeeAlso: Tallec and Ollivier 2018, <https://arxiv.org/abs/1804.11188>.
  public var longestMemory: Int?
  /// The least number of steps an epoch, for which the token budget of `settings` is lowered where the
  /// texts are few; nil: the token budget stays.
  public var minimumStepCount: Int?
  /// The least number of steps in all, for which few texts are read in more epochs than `settings` says,
  /// at most 20; nil: the number of epochs stays.
  public var minimumUpdateCount: Int?
  /// How the net is trained.
  public var settings = TrainingSettings()

  /// The token budget, no lower than which few texts lower it.
  static let leastTokenBudget = 128

  /// Creates the default options.
  public init() {}

  /// The number of epochs, no higher than which few texts raise it.
  static let mostEpochs = 20

  /// Lowers the token budget, and raises the number of epochs, so that there are as many steps as asked
  /// for.
  mutating func adapt(toTokenCount tokenCount: Int) {
    if let minimumStepCount {
      settings.tokenBudget = min(
        settings.tokenBudget, max(Self.leastTokenBudget, tokenCount / minimumStepCount))
    }
    if let minimumUpdateCount {
      let stepCount = max(1, tokenCount / settings.tokenBudget)
      settings.epochCount = max(
        settings.epochCount, min(Self.mostEpochs, minimumUpdateCount / stepCount))
    }
  }
}

extension SentimentTrainingOptions {
  /// The net that the options ask for.
  func configuration(vocabularySize: Int, classCount: Int) -> SentimentConfiguration {
    var configuration = SentimentConfiguration(vocabularySize: vocabularySize)
    configuration.classCount = classCount
    configuration.embeddingSize = embeddingSize
    configuration.cell = cell
    configuration.hiddenSize = hiddenSize
    configuration.layerCount = layerCount
    configuration.isBidirectional = isBidirectional
    configuration.pooling = pooling
    return configuration
  }
}
