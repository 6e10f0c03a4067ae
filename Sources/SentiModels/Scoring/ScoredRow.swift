/// A row, and what the net says of its text.
public struct ScoredRow<Row: Sendable>: Sendable {
  /// The row, as it came.
  public let row: Row
  /// What the net says.
  public let prediction: SentimentPrediction
  /// How the score runs through the text, where the scorer was asked for it.
  public let timeline: SentimentTimeline?
  /// What the net says of each sentence alone, where the scorer was asked for it.
  public let sentences: [ScoredSentence]?

  /// What each word contributed to the log-odds of one label, where the scorer was asked for it.
  public let explanation: SentimentExplanation?

  /// Whether the net has an answer; see ``SentimentPrediction/isFinite``.
  public var isFinite: Bool {
    (timeline?.isFinite ?? prediction.isFinite)
      && (sentences?.allSatisfy(\.prediction.isFinite) ?? true)
      && (explanation?.isFinite ?? true)
  }

  init(row: Row, outcome: ScoringOutcome) {
    self.row = row
    prediction = outcome.prediction
    timeline = outcome.timeline
    sentences = outcome.sentences
    explanation = outcome.explanation
  }
}

/// What the net says of a text.
struct ScoringOutcome: Sendable {
  let prediction: SentimentPrediction
  let timeline: SentimentTimeline?
  private(set) var sentences: [ScoredSentence]?
  let explanation: SentimentExplanation?

  init(
    _ prediction: SentimentPrediction, timeline: SentimentTimeline? = nil,
    explanation: SentimentExplanation? = nil
  ) {
    self.prediction = prediction
    self.timeline = timeline
    self.explanation = explanation
  }

  /// The outcome with what the net says of each sentence.
  func with(sentences: [ScoredSentence]?) -> ScoringOutcome {
    var outcome = self
    outcome.sentences = sentences
    return outcome
  }
}
