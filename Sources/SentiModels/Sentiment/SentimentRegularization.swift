/// What keeps a sentiment net from overfitting.
public struct SentimentRegularization: Hashable, Codable, Sendable {
  /// The share of tokens that are read as unknown, so that no single word decides.
  public var wordDropout = 0.1
  /// The dropout of word vectors, one mask for all places of a word in a batch.
  ///
  /// - SeeAlso: Gal and Ghahramani 2016, <https://arxiv.org/abs/1512.05287>.
  public var embeddingDropout = 0.3
  /// The dropout of what a layer hands to the one above, one mask a text for all of its words.
  ///
  /// - SeeAlso: Gal and Ghahramani 2016, <https://arxiv.org/abs/1512.05287>.
  public var layerDropout = 0.0
  /// The dropout of recurrent weights, the same ones for all words of a batch.
  ///
  /// - SeeAlso: Merity et al. 2018, <https://arxiv.org/abs/1708.02182>.
  public var recurrentDropout = 0.0
  /// The dropout of pooled states before the output.
  public var outputDropout = 0.5
  /// The share of probability spread evenly over all classes in the loss.
  public var labelSmoothing = 0.0
  /// The size ε of the adversarial perturbation, relative to the embedding norm; 0 disables it.
  ///
  /// Each batch is learned twice, the second time with its word vectors moved by this fraction of their
  /// norm in the direction in which the loss grows fastest: Miyato et al. 2017,
  /// <https://arxiv.org/abs/1605.07725>, with one perturbation for all places of a word in a batch.
  public var adversarialShare = 0.0

  /// Creates the defaults.
  public init() {}

  /// Nothing dropped, nothing smoothed.
  public static var none: SentimentRegularization {
    var none = SentimentRegularization()
    none.wordDropout = 0
    none.embeddingDropout = 0
    none.outputDropout = 0
    return none
  }
}
