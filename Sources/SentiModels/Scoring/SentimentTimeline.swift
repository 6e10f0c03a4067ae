/// How a text's score runs from its first sentence to its last.
///
///     let timeline = try TimelineReader(classifier).timeline(of: RowText(review))
///     for point in timeline.points { print(point.byteRange, point.score) }
///     if timeline.isMixed { print("the reviewer changed sides") }
///
/// The score after a sentence is that of the text up to there, so the last one is the text's own, to
/// the bit.
public struct SentimentTimeline: Hashable, Sendable {
  /// The running score after a sentence.
  public struct Point: Hashable, Sendable {
    /// The sentence, in UTF-8 bytes of the text, the space behind it included.
    public let byteRange: Range<Int>
    /// The score of the text up to the sentence's end, from -1 to 1.
    public let score: Double
  }

  /// One point for each sentence that has a word, in order.
  public let points: [Point]

  /// What the net says of the whole text.
  public let prediction: SentimentPrediction

  /// How far a running score must be on one side to count as a stand: a probability of 3/4 where
  /// there are two labels.
  public static let stand = 0.5

  /// Whether the net has an answer for the text and up to each sentence; see
  /// ``SentimentPrediction/isFinite``.
  public var isFinite: Bool { prediction.isFinite && points.allSatisfy(\.score.isFinite) }

  /// Whether the text takes a stand on both sides, one after the other.
  public var isMixed: Bool {
    points.contains { $0.score >= Self.stand } && points.contains { $0.score <= -Self.stand }
  }
}
