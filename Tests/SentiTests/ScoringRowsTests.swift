import Senti
import Synchronization
import Testing

/// The code of the article on scoring rows.
@Suite("Scoring rows")
struct ScoringRowsTests {
  struct Review: Sendable {
    let id: Int
    let text: String
  }

  actor Answers {
    private let scorer: SentimentScorer

    init() throws {
      scorer = SentimentScorer(try .bundledEnglish())
    }

    /// Writes one line a review, as soon as its score is there.
    nonisolated func respond(
      to reviews: AsyncStream<Review>, write: @Sendable (String) async throws -> Void
    ) async throws {
      let rows = scorer.scores(
        of: reviews, byteCount: { $0.text.utf8.count }, text: { RowText($0.text) })
      for try await scored in rows {
        try await write("\(scored.row.id)\t\(scored.prediction.label)\n")
      }
    }
  }

  @Test func aServerAnswersReviewByReview() async throws {
    let reviews = AsyncStream { continuation in
      continuation.yield(Review(id: 7, text: "A wonderful, moving film. I loved it."))
      continuation.yield(Review(id: 8, text: "Awful. Boring, badly acted, a waste of time."))
      continuation.finish()
    }
    let written = Mutex("")
    try await Answers().respond(to: reviews) { line in written.withLock { $0 += line } }
    #expect(written.withLock { $0 } == "7\tpositive\n8\tnegative\n")
  }

  @Test func aTimelineFollowsAReview() throws {
    let classifier = try SentimentClassifier.bundledEnglish()
    let review = "A wonderful ending! But the way there was awful, boring and far too long."
    let timeline = try TimelineReader(classifier).timeline(of: RowText(review))
    #expect(timeline.points.map(\.byteRange) == [0..<20, 20..<review.utf8.count])
    #expect(timeline.points.last?.score == classifier.prediction(for: review).score)
    #expect(timeline.isMixed)
  }
}
