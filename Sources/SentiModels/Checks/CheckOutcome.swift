/// What a classifier makes of a case.
public struct CheckOutcome: Sendable {
  /// A text of the case that is not classified as expected.
  public struct Failure: Hashable, Sendable {
    /// The index of the text in ``CheckCase/texts``.
    public let textIndex: Int
    /// What was expected of it, in words, such as `negative` or `positive 0.7312 to 1.0000`.
    public let expected: String
    /// The label that was found, or the label of which the probability was bounded.
    public let label: String
    /// The probability of ``label``.
    public let probability: Double
  }

  /// The case.
  public let check: CheckCase
  /// The predictions of ``CheckCase/texts``, in their order.
  public let predictions: [SentimentPrediction]
  /// The texts that are not classified as expected.
  public let failures: [Failure]

  /// Whether every text of the case is classified as expected.
  public var isPassed: Bool { failures.isEmpty }

  /// Holds predictions against what is expected.
  ///
  /// - Parameters:
  ///   - check: The case.
  ///   - predictions: The predictions of its texts.
  ///   - names: The model's labels, by the names that cases have for them.
  init(_ check: CheckCase, _ predictions: [SentimentPrediction], names: [String: String]) {
    self.check = check
    self.predictions = predictions
    failures =
      switch check.expectation {
      case .label(let labels): Self.failures(predictions[0], labels, names)
      case .invariance(let tolerance): Self.failures(predictions, tolerance)
      case .direction(let direction): Self.failures(predictions, direction, names)
      }
  }

  private static func failures(
    _ prediction: SentimentPrediction, _ labels: [String], _ names: [String: String]
  ) -> [Failure] {
    guard !labels.contains(where: { names[$0] == prediction.label }) else { return [] }
    return [
      Failure(
        textIndex: 0, expected: labels.joined(separator: " or "), label: prediction.label,
        probability: prediction.probability)
    ]
  }

  private static func failures(
    _ predictions: [SentimentPrediction], _ tolerance: Double
  ) -> [Failure] {
    let (label, probability) = (predictions[0].labelIndex, predictions[0].probability)
    return predictions.enumerated().dropFirst().compactMap { index, variant in
      let isNear = (variant.probabilities[label] - probability).magnitude <= tolerance
      guard variant.labelIndex != label || !isNear else { return nil }
      let bounds = [max(0, probability - tolerance), min(1, probability + tolerance)]
      return Failure(
        textIndex: index,
        expected: "\(predictions[0].label) " + bounds.map { decimal($0) }.joined(separator: " to "),
        label: variant.label, probability: variant.probability)
    }
  }

  private static func failures(
    _ predictions: [SentimentPrediction], _ direction: CheckDirection, _ names: [String: String]
  ) -> [Failure] {
    guard let label = names[direction.label],
      let first = predictions[0].probabilities[label]
    else { return [] }
    return predictions.enumerated().dropFirst().compactMap { index, variant in
      guard let probability = variant.probabilities[label] else { return nil }
      guard !direction.holds(from: first, to: probability) else { return nil }
      let limit =
        direction.bound == .notMore
        ? min(1, first + direction.tolerance) : max(0, first - direction.tolerance)
      return Failure(
        textIndex: index, expected: "\(label) \(direction.bound.rawValue) than \(decimal(limit))",
        label: label, probability: probability)
    }
  }
}
