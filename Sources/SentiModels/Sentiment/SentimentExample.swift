/// A text as token ids, and its class.
public struct SentimentExample: Hashable, Sendable {
  /// The token ids.
  public let tokens: [Int32]
  /// The class, counted from 0.
  public let label: Int
  /// A teacher's probability of each class, in the order of the classes; nil: the label alone.
  public let softLabel: [Double]?
  /// The weight of the example in the loss.
  public let weight: Double

  /// Creates an example.
  ///
  /// - Parameters:
  ///   - tokens: The token ids.
  ///   - label: The class, counted from 0.
  ///   - softLabel: A teacher's probability of each class; nil: none.
  ///   - weight: The weight in the loss.
  public init(tokens: [Int32], label: Int, softLabel: [Double]? = nil, weight: Double = 1) {
    self.tokens = tokens
    self.label = label
    self.softLabel = softLabel
    self.weight = weight
  }
}
