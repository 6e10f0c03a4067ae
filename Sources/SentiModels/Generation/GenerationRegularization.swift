internal import SentiRNN

/// What keeps a generator from overfitting.
public struct GenerationRegularization: Hashable, Codable, Sendable {
  /// The share of tokens that are read as unknown, on both sides.
  public var wordDropout = 0.0
  /// The dropout of tokens' vectors, one mask for all places of a token in a batch.
  public var embeddingDropout = 0.2
  /// The dropout of the outputs of recurrent layers, one mask for all steps of a sequence.
  ///
  /// - SeeAlso: Gal and Ghahramani 2016, <https://arxiv.org/abs/1512.05287>.
  public var layerDropout = 0.3
  /// The dropout of recurrent weights, the same ones at every step of a batch.
  ///
  /// - SeeAlso: Merity et al. 2018, <https://arxiv.org/abs/1708.02182>.
  public var recurrentDropout = 0.0
  /// The dropout of what the output layer reads.
  public var readoutDropout = 0.3
  /// The share of probability spread evenly over all tokens in the loss.
  public var labelSmoothing = 0.1
  /// The share of tokens that are fed back as the net would have written them, at the end of the
  /// training; it grows from 0 in a straight line, epoch by epoch.
  ///
  /// - SeeAlso: Bengio et al. 2015, <https://arxiv.org/abs/1506.03099>; in two passes over all steps:
  ///   Duckworth et al. 2019, <https://arxiv.org/abs/1906.04331>.
  public var scheduledSampling = 0.0
  /// The probability that a merge of subwords is left out.
  ///
  /// - SeeAlso: Provilkov et al. 2020, <https://arxiv.org/abs/1910.13267>.
  public var subwordDropout = 0.0

  /// Creates the defaults.
  public init() {}

  /// Nothing dropped, nothing smoothed.
  public static var none: GenerationRegularization {
    var none = GenerationRegularization()
    (none.embeddingDropout, none.layerDropout, none.readoutDropout) = (0, 0, 0)
    none.labelSmoothing = 0
    return none
  }

  var dropout: DecoderDropout? {
    guard max(embeddingDropout, layerDropout, readoutDropout) > 0 else { return nil }
    return DecoderDropout(
      embedding: Dropout(rate: embeddingDropout), layers: Dropout(rate: layerDropout),
      readout: Dropout(rate: readoutDropout))
  }
}
