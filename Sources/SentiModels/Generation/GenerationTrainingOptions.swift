public import SentiRNN
public import SentiTensor
internal import SentiText
public import SentiTraining

/// What decides the model that a training ends with, apart from its texts.
public struct GenerationTrainingOptions: Hashable, Codable, Sendable {
  /// How token ids are made.
  public var codec = TextCodecOptions()
  /// Whether a translator's languages have one vocabulary, and one vector a token.
  public var sharesVocabulary = false
  /// The width of a token's vector.
  public var embeddingSize = 256
  /// The recurrent cell of both halves.
  public var cell = CellConfiguration.gru
  /// The number of hidden units of each direction of a translator's encoder.
  public var encoderSize = 256
  /// The number of recurrent layers of a translator's encoder.
  public var encoderLayerCount = 1
  /// The number of hidden units of the decoder.
  public var decoderSize = 320
  /// The number of recurrent layers of the decoder.
  public var decoderLayerCount = 2
  /// How a translator's decoder looks at its encoder's outputs; nil: it knows the final states alone.
  public var attention: AttentionKind? = .dot
  /// How the vector gets into the decoder.
  public var entry = VectorEntry.initialState
  /// Whether the output layer's weights are the tokens' vectors.
  public var isTied = true
  /// Whether BLEU is measured on lower-cased texts.
  public var lowercasesBLEU = false
  /// What keeps the net from learning its texts by heart.
  public var regularization = GenerationRegularization()
  /// After how many epochs without a better one the training ends; nil: after all epochs.
  public var patience: Int?
  /// How the net is trained.
  public var settings = TrainingSettings()

  /// Creates the default options.
  public init() {}

  /// The recipe for translators that was found on Multi30k: 27,000 pairs of short sentences.
  public static var translator: GenerationTrainingOptions {
    var options = GenerationTrainingOptions()
    options.codec.maximumSize = 6000
    options.settings.epochCount = 16
    options.settings.tokenBudget = 4096
    options.settings.learningRate = 0.002
    options.settings.averagingDecay = 0.998
    return options
  }

  /// The recipe for captioners that was found on Flickr8k: 6,000 images with five captions each.
  public static var captioner: GenerationTrainingOptions {
    var options = GenerationTrainingOptions()
    options.codec.unit = .words
    options.codec.minimumCount = 3
    options.codec.normalization = Normalization(form: .nfkc, foldsCase: true).description
    options.lowercasesBLEU = true
    options.entry = .everyStep
    options.decoderSize = 512
    options.decoderLayerCount = 1
    options.regularization.readoutDropout = 0.4
    options.regularization.labelSmoothing = 0.05
    options.settings.epochCount = 12
    options.settings.tokenBudget = 2048
    options.settings.learningRate = 0.002
    options.settings.averagingDecay = 0.998
    return options
  }
}

extension GenerationTrainingOptions {
  /// The shape of the net.
  func configuration(
    source: Int?, target: Int, vectorSize: Int
  ) -> GenerationConfiguration {
    let encoder = source.map { size in
      var encoder = EncoderConfiguration(vocabularySize: size)
      encoder.embeddingSize = embeddingSize
      encoder.cell = cell
      encoder.hiddenSize = encoderSize
      encoder.layerCount = encoderLayerCount
      encoder.sharesEmbedding = sharesVocabulary
      return encoder
    }
    var decoder = DecoderConfiguration(
      vocabularySize: target, vectorSize: encoder == nil ? vectorSize : 2 * encoderSize)
    decoder.entry = entry
    decoder.embeddingSize = embeddingSize
    decoder.cell = cell
    decoder.hiddenSize = decoderSize
    decoder.layerCount = decoderLayerCount
    decoder.attention = encoder == nil ? nil : attention
    decoder.isTied = isTied
    return GenerationConfiguration(encoder: encoder, decoder: decoder)
  }
}
