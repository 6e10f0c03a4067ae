/// What a classifier says of a text.
public struct SentimentPrediction: Hashable, Sendable {
  /// The probability of each label, by its index or by the label; they sum to 1.
  public let probabilities: LabelProbabilities
  /// The number of tokens that were read.
  public let tokenCount: Int
  /// How many of them the model does not know.
  public let unknownCount: Int

  init(labels: [String], probabilities: [Double], tokenCount: Int, unknownCount: Int) {
    self.probabilities = LabelProbabilities(labels: labels, values: probabilities)
    self.tokenCount = tokenCount
    self.unknownCount = unknownCount
  }

  /// The labels, in the model's order.
  public var labels: [String] { probabilities.labels }

  /// Whether the net has an answer.
  ///
  /// Where the weights are so large that their sums overflow, the probabilities and all that follows
  /// from them are no numbers, and ``label`` means nothing.
  public var isFinite: Bool { probabilities.allSatisfy(\.isFinite) }

  /// The index of the most probable label; the first of equals.
  public var labelIndex: Int {
    probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
  }

  /// The most probable label.
  public var label: String { labels[labelIndex] }

  /// The probability of ``label``.
  public var probability: Double { probabilities[labelIndex] }

  /// The expected place between the first label, -1, and the last, 1.
  public var score: Double {
    guard labels.count > 1 else { return 0 }
    let step = 2 / Double(labels.count - 1)
    return probabilities.enumerated().reduce(0) { $0 + $1.element * (Double($1.offset) * step - 1) }
  }
}
