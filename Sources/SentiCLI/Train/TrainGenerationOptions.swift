public import ArgumentParser
import SentiModels
import SentiRNN
import SentiText
import SentiTraining

extension VectorEntry: ExpressibleByArgument {}

/// How a translator's decoder looks at its encoder's outputs.
enum AttentionOption: String, ExpressibleByArgument, CaseIterable {
  /// A dot product of query and output.
  case dot
  /// A small net of query and output.
  case additive
  /// Not at all: the encoder's final states are all that the decoder knows.
  case none

  var kind: AttentionKind? { AttentionKind(rawValue: rawValue) }
}

/// What the options of a verb are that trains a net that writes.
protocol GenerationDefaults: TrainingDefaults {
  static var options: GenerationTrainingOptions { get }
}

extension GenerationDefaults {
  static var settings: TrainingSettings { options.settings }
  static var batch: String { "tokens, read and written," }
}

/// The defaults of `senti train captioner`.
enum CaptionerDefaults: GenerationDefaults {
  static let options = GenerationTrainingOptions.captioner
}

/// The defaults of `senti train translator`.
enum TranslatorDefaults: GenerationDefaults {
  static let options = GenerationTrainingOptions.translator
}

/// What net a training of a net that writes makes.
struct DecoderOptions<Defaults: GenerationDefaults>: ParsableArguments {
  @Option(help: "The recurrent cell.")
  var cell = Defaults.options.cell

  @Option(help: .size("The size of a token vector."))
  var embeddingSize = Defaults.options.embeddingSize

  @Option(help: .size("The number of hidden units of the decoder."))
  var decoderSize = Defaults.options.decoderSize

  @Option(help: .count("The number of recurrent layers of the decoder."))
  var decoderLayers = Defaults.options.decoderLayerCount

  @Option(help: "How the vector, or the encoder's final states, condition the decoder.")
  var entry = Defaults.options.entry

  @Flag(inversion: .prefixedNo, help: "Tie the output layer's weights to the token vectors.")
  var tied = Defaults.options.isTied

  @Flag(inversion: .prefixedNo, help: "Split words by byte-pair encoding.")
  var subwords = Defaults.options.codec.unit == .subwords

  @Option(help: .count("The maximum vocabulary size, the four special tokens included."))
  var maxSize = Defaults.options.codec.maximumSize

  @Option(help: .count("The minimum count of a word, or of a byte pair."))
  var minCount = Defaults.options.codec.minimumCount

  @Option(help: NormalizationSteps.help)
  var normalize = NormalizationSteps(
    normalization: Normalization(description: Defaults.options.codec.normalization) ?? .none)

  func validate() throws {
    try ValidationError.checkNet(sizes: [embeddingSize, decoderSize], layers: decoderLayers)
    try ValidationError.checkVocabulary(minCount: minCount, maxSize: maxSize)
  }

  func apply(to options: inout GenerationTrainingOptions) {
    options.cell = cell
    options.embeddingSize = embeddingSize
    options.decoderSize = decoderSize
    options.decoderLayerCount = decoderLayers
    options.entry = entry
    options.isTied = tied
    options.codec.unit = subwords ? .subwords : .words
    options.codec.maximumSize = maxSize
    options.codec.minimumCount = minCount
    options.codec.normalization = normalize.normalization.description
  }
}

/// What encoder a training makes.
struct EncoderOptions: ParsableArguments {
  @Option(help: .size("The number of hidden units of each direction of the encoder."))
  var encoderSize = TranslatorDefaults.options.encoderSize

  @Option(help: .count("The number of recurrent layers of the encoder."))
  var encoderLayers = TranslatorDefaults.options.encoderLayerCount

  @Option(help: "The attention over the encoder's outputs.")
  var attention = AttentionOption.dot

  @Flag(inversion: .prefixedNo, help: "Share one vocabulary between both languages.")
  var shared = TranslatorDefaults.options.sharesVocabulary

  func validate() throws {
    try ValidationError.checkNet(sizes: [encoderSize], layers: encoderLayers)
  }

  func apply(to options: inout GenerationTrainingOptions) {
    options.encoderSize = encoderSize
    options.encoderLayerCount = encoderLayers
    options.attention = attention.kind
    options.sharesVocabulary = shared
  }
}

/// How a net that writes is trained.
struct GenerationRecipe<Defaults: GenerationDefaults>: ParsableArguments {
  @OptionGroup var steps: StepOptions<Defaults>

  @Option(help: .fraction("Word dropout: the fraction of tokens replaced by the unknown token."))
  var wordDropout = Defaults.options.regularization.wordDropout

  @Option(help: .fraction("The dropout rate of token vectors."))
  var embeddingDropout = Defaults.options.regularization.embeddingDropout

  @Option(help: .fraction("The dropout rate between layers; one mask a text."))
  var layerDropout = Defaults.options.regularization.layerDropout

  @Option(
    help: .fraction("The dropout rate of recurrent weights (DropConnect); one mask a batch."))
  var recurrentDropout = Defaults.options.regularization.recurrentDropout

  @Option(help: .fraction("The dropout rate before the output layer."))
  var outputDropout = Defaults.options.regularization.readoutDropout

  @Option(help: .fraction("Label smoothing: the probability spread evenly over all tokens."))
  var labelSmoothing = Defaults.options.regularization.labelSmoothing

  @Option(
    help: .fraction(
      "Scheduled sampling: the fraction of own tokens fed back at the end of training."))
  var scheduledSampling = Defaults.options.regularization.scheduledSampling

  @Option(help: .fraction("BPE-dropout: the fraction of merges left out."))
  var subwordDropout = Defaults.options.regularization.subwordDropout

  @Option(
    help: .count(
      "Early stopping: the number of epochs without improvement (default: never)."))
  var patience: Int?

  func validate() throws {
    guard (patience ?? 1) > 0 else { throw ValidationError("Expected --patience above 0.") }
    try ValidationError.checkShares([
      wordDropout, embeddingDropout, layerDropout, recurrentDropout, outputDropout,
      labelSmoothing, scheduledSampling, subwordDropout,
    ])
  }

  func apply(to options: inout GenerationTrainingOptions, threadCount: Int) {
    steps.apply(to: &options.settings, threadCount: threadCount)
    options.patience = patience
    options.regularization.wordDropout = wordDropout
    options.regularization.embeddingDropout = embeddingDropout
    options.regularization.layerDropout = layerDropout
    options.regularization.recurrentDropout = recurrentDropout
    options.regularization.readoutDropout = outputDropout
    options.regularization.labelSmoothing = labelSmoothing
    options.regularization.scheduledSampling = scheduledSampling
    options.regularization.subwordDropout = subwordDropout
  }
}
