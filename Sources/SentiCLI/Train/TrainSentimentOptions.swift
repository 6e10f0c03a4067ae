public import ArgumentParser
import SentiModels
import SentiRNN
public import SentiTensor
import SentiText
import SentiTraining

extension CellConfiguration: ExpressibleByArgument {
  /// The cell with a name.
  ///
  /// - Parameter argument: The name.
  public init?(argument: String) { self.init(name: argument) }
}

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

/// The weights of labels as they are written on the command line.
struct LabelWeightsOption: ExpressibleByArgument {
  let weights: LabelWeights

  init?(argument: String) {
    guard argument != "balanced" else {
      weights = .balanced
      return
    }
    var given: [String: Double] = [:]
    for pair in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let equals = pair.lastIndex(of: "="),
        let weight = Double(pair[pair.index(after: equals)...]), weight > 0, weight.isFinite,
        given.updateValue(weight, forKey: String(pair[..<equals])) == nil
      else { return nil }
    }
    weights = .given(given)
  }

  /// Refuses weights of other labels than the texts have.
  func check(_ labels: [String]) throws(Failure) {
    guard case .given(let given) = weights, !Set(given.keys).isSubset(of: labels) else { return }
    throw Failure(
      "--label-weights: expected labels among \(LabelNames.list(labels)), found "
        + LabelNames.list(given.keys), .usage)
  }
}

/// What net a training makes.
struct NetOptions: ParsableArguments {
  @Option(help: "The recurrent cell.")
  var cell = Self.defaults.cell

  @Option(help: .size("The size of a word vector."))
  var embeddingSize = Self.defaults.embeddingSize

  @Option(help: .size("The number of hidden units of each direction."))
  var hiddenSize = Self.defaults.hiddenSize

  @Option(help: .count("The number of recurrent layers."))
  var layers = Self.defaults.layerCount

  @Flag(help: "Read texts in both directions.")
  var bidirectional = false

  @Option(
    help: ArgumentHelp(
      "How states are pooled into one vector: last, max and mean, separated by commas, are concatenated.",
      valueName: "kinds"))
  var pooling = PoolingKinds(Self.defaults.pooling)

  @Option(help: .count("The maximum vocabulary size, the four special tokens included."))
  var maxSize = Self.defaults.maximumVocabularySize

  @Option(help: .count("The minimum count of a word in the vocabulary."))
  var minCount = Self.defaults.minimumCount

  @Option(help: NormalizationSteps.help)
  var normalize = NormalizationSteps.reviews

  private static var defaults: SentimentTrainingOptions { SentimentTrainingOptions() }

  func validate() throws {
    try ValidationError.checkNet(sizes: [embeddingSize, hiddenSize], layers: layers)
    try ValidationError.checkVocabulary(minCount: minCount, maxSize: maxSize)
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

/// The defaults of `senti train sentiment`.
enum SentimentDefaults: TrainingDefaults {
  static var settings: TrainingSettings {
    var settings = TrainingSettings()
    settings.averagingDecay = 0.998
    return settings
  }
  static var batch: String { "tokens" }
  static var moreEpochs: String { ", up to 20 for small data" }
}

/// How a net is trained.
struct RecipeOptions: ParsableArguments {
  @OptionGroup var steps: StepOptions<SentimentDefaults>

  @Option(help: .fraction("Word dropout: the fraction of words replaced by the unknown token."))
  var wordDropout = Self.regularization.wordDropout

  @Option(help: .fraction("The dropout rate of word vectors."))
  var embeddingDropout = Self.regularization.embeddingDropout

  @Option(help: .fraction("The dropout rate between layers; one mask for all steps of a text."))
  var layerDropout = Self.regularization.layerDropout

  @Option(
    help: .fraction("The dropout rate of recurrent weights (DropConnect); one mask a batch."))
  var recurrentDropout = Self.regularization.recurrentDropout

  @Option(help: .fraction("The dropout rate before the output layer."))
  var outputDropout = Self.regularization.outputDropout

  @Option(help: .fraction("Label smoothing: the probability spread evenly over all labels."))
  var labelSmoothing = Self.regularization.labelSmoothing

  @Option(
    help: ArgumentHelp(
      "The weight of each label in the loss, as label=weight separated by commas; 1 for labels that "
        + "are not named. balanced gives all labels the same total weight.", valueName: "weights")
  )
  var labelWeights: LabelWeightsOption?

  @Option(
    help: ArgumentHelp(
      "The distillation temperature of a teacher's probabilities (--soft-label-field).",
      valueName: "temperature"))
  var temperature = Self.distillation.temperature

  @Option(help: .fraction("The weight of the hard label beside the soft label."))
  var hardShare = Self.distillation.hardFraction

  @Option(help: .count("Chrono initialization: how many words gates remember (default: few)."))
  var longestMemory: Int?

  @Option(help: .fraction("Adversarial perturbation of word vectors, relative to their norm."))
  var adversarial = Self.regularization.adversarialShare

  private static var regularization: SentimentRegularization { SentimentRegularization() }
  private static var distillation: DistillationOptions { DistillationOptions() }

  func validate() throws {
    guard adversarial >= 0 else { throw ValidationError("Expected --adversarial of 0 or more.") }
    guard longestMemory ?? 3 > 2 else {
      throw ValidationError("Expected --longest-memory of 3 or more.")
    }
    guard temperature > 0, temperature.isFinite else {
      throw ValidationError("Expected --temperature above 0.")
    }
    guard (0...1).contains(hardShare) else {
      throw ValidationError("Expected --hard-share from 0 to 1.")
    }
    try ValidationError.checkShares([
      wordDropout, embeddingDropout, layerDropout, recurrentDropout, outputDropout, labelSmoothing,
    ])
  }

  /// Writes the options into a training's.
  func apply(to options: inout SentimentTrainingOptions, threadCount: Int) {
    steps.apply(to: &options.settings, threadCount: threadCount)
    options.regularization.wordDropout = wordDropout
    options.regularization.embeddingDropout = embeddingDropout
    options.regularization.layerDropout = layerDropout
    options.regularization.recurrentDropout = recurrentDropout
    options.regularization.outputDropout = outputDropout
    options.regularization.labelSmoothing = labelSmoothing
    options.regularization.adversarialShare = adversarial
    options.labelWeights = labelWeights?.weights
    options.minimumStepCount = steps.batchTokens == nil ? 100 : nil
    options.minimumUpdateCount = steps.epochs == nil ? 1_500 : nil
    options.distillation.temperature = temperature
    options.distillation.hardFraction = hardShare
    options.longestMemory = longestMemory
  }
}
