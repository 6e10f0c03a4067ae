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

  /// Whether the net has an answer; see ``SentimentPrediction/isFinite``.
  public var isFinite: Bool {
    (timeline?.isFinite ?? prediction.isFinite)
      && (sentences?.allSatisfy(\.prediction.isFinite) ?? true)
  }

  init(row: Row, outcome: ScoringOutcome) {
    self.row = row
    prediction = outcome.prediction
    timeline = outcome.timeline
    sentences = outcome.sentences
  }
}

/// What the net says of a text.
struct ScoringOutcome: Sendable {
  let prediction: SentimentPrediction
  let timeline: SentimentTimeline?
  private(set) var sentences: [ScoredSentence]?

  init(_ prediction: SentimentPrediction, timeline: SentimentTimeline? = nil) {
    self.prediction = prediction
    self.timeline = timeline
  }

  /// The outcome with what the net says of each sentence.
  func with(sentences: [ScoredSentence]?) -> ScoringOutcome {
    var outcome = self
    outcome.sentences = sentences
    return outcome
  }
}
