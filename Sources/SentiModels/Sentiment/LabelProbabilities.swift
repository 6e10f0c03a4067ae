/// The probability of each label: a collection in the model's order, which is also asked by label.
///
///     let prediction = classifier.prediction(for: "Slow at first, but what an ending!")
///     if let positive = prediction.probabilities["positive"] { print(positive) }
///     for (label, probability) in zip(prediction.labels, prediction.probabilities) {
///       print(label, probability)
///     }
public struct LabelProbabilities: RandomAccessCollection, Hashable, Sendable {
  /// The labels, in the model's order.
  public let labels: [String]

  /// The probabilities, in the same order.
  public let values: [Double]

  /// Pairs labels with their probabilities.
  init(labels: [String], values: [Double]) {
    precondition(
      labels.count == values.count, "\(values.count) probabilities for \(labels.count) labels")
    self.labels = labels
    self.values = values
  }

  /// The index of the first probability, 0.
  public var startIndex: Int { values.startIndex }

  /// The number of labels.
  public var endIndex: Int { values.endIndex }

  /// The probability of a label, by its index in ``labels``.
  public subscript(position: Int) -> Double { values[position] }

  /// The probability of a label; nil where the model has no such label.
  ///
  /// - Complexity: O(labels).
  public subscript(label: String) -> Double? {
    labels.firstIndex(of: label).map { values[$0] }
  }
}
