/// What a report takes from a row of a scored file.
public struct ReportRow: Sendable {
  /// What was said of the text: label, probability and score.
  public struct Answer: Hashable, Sendable {
    /// The label.
    public let label: String
    /// The label's probability.
    public let probability: Double
    /// The score, from -1 to 1.
    public let score: Double

    /// Collects an answer.
    ///
    /// - Parameters:
    ///   - label: The label.
    ///   - probability: The label's probability.
    ///   - score: The score, from -1 to 1.
    public init(label: String, probability: Double, score: Double) {
      (self.label, self.probability, self.score) = (label, probability, score)
    }
  }

  /// Where the row stands, as `path:line`.
  public let place: String
  /// The answer; nil where the row could not be scored.
  public let answer: Answer?
  /// The text; nil where none is shown or counted.
  public var text: String?
  /// The value of each group field, in the order of the report's fields.
  public var groups: [String] = []
  /// What its words contributed; nil where nobody asked.
  public var explanation: RowExplanation?
  /// Whether it is of the first of two groups whose difference is taken apart; nil: of neither.
  public var isOfFirstGroup: Bool?
  /// The date, as it is written; nil where there is no such field.
  public var date: String?
  /// Why the row could not be scored.
  public var error: String?

  /// Starts with a place and an answer.
  ///
  /// - Parameters:
  ///   - place: Where the row stands, as `path:line`.
  ///   - answer: The answer; nil where the row could not be scored.
  public init(place: String, answer: Answer?) {
    self.place = place
    self.answer = answer
  }
}
