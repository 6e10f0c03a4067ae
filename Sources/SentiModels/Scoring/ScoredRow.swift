/// A row, and what the net says of its text.
public struct ScoredRow<Row: Sendable>: Sendable {
  /// The row, as it came.
  public let row: Row
  /// What the net says.
  public let prediction: SentimentPrediction
  /// How the score runs through the text, where the scorer was asked for it.
  public let timeline: SentimentTimeline?

  /// Whether the net has an answer; see ``SentimentPrediction/isFinite``.
  public var isFinite: Bool { timeline?.isFinite ?? prediction.isFinite }

  init(row: Row, outcome: ScoringOutcome) {
    self.row = row
    prediction = outcome.prediction
    timeline = outcome.timeline
  }
}

/// What the net says of a text.
struct ScoringOutcome: Sendable {
  let prediction: SentimentPrediction
  let timeline: SentimentTimeline?
}
