/// The choice to leave texts without an answer of which a classifier is not sure enough.
///
///     let abstention = Abstention(below: 0.8)
///     print(abstention.label(of: classifier.prediction(for: review)))  // "positive" or "uncertain"
///
/// The decision depends on the text alone, so that a text has the same label alone and in any pile.
///
/// - SeeAlso: El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective Classification",
///   <https://www.jmlr.org/papers/v11/el-yaniv10a.html>.
public struct Abstention: Hashable, Sendable {
  /// What a text is called that has no answer.
  public static let label = "uncertain"

  /// The least probability of the most probable label that is an answer.
  public let threshold: Double

  /// Asks for a least probability.
  ///
  /// - Parameter threshold: The least probability of an answer.
  /// - Precondition: `threshold` is in 0 to 1.
  public init(below threshold: Double) {
    precondition((0...1).contains(threshold), "threshold \(threshold)")
    self.threshold = threshold
  }

  /// Asks for the fraction of texts that get an answer.
  ///
  /// The threshold is that of the texts on which the classifier was calibrated: of texts like these, so
  /// many get an answer; of others, more or fewer. Without quantiles there is no threshold.
  ///
  /// - Parameters:
  ///   - coverage: The fraction of texts that get an answer.
  ///   - quantiles: The classifier's ``ModelCard/confidenceQuantiles``.
  /// - Precondition: `coverage` is in 0 to 1.
  public init?(coverage: Double, quantiles: [Double]?) {
    precondition((0...1).contains(coverage), "coverage \(coverage)")
    guard let quantiles, let first = quantiles.first else { return nil }
    let place = (1 - coverage) * Double(quantiles.count - 1)
    let index = min(Int(place), quantiles.count - 1)
    let (low, high) = (quantiles[index], quantiles[min(index + 1, quantiles.count - 1)])
    let threshold = coverage == 1 ? first : low + (place - Double(index)) * (high - low)
    self.init(below: min(max(threshold, 0), 1))
  }

  /// Whether a prediction is an answer.
  public func accepts(_ prediction: SentimentPrediction) -> Bool {
    prediction.probability >= threshold
  }

  /// The prediction's label, or ``label``.
  public func label(of prediction: SentimentPrediction) -> String {
    accepts(prediction) ? prediction.label : Self.label
  }
}
