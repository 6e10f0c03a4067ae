import SentiCorpora
import SentiRNN
import SentiTensor
import Testing

@testable import SentiModels

@Suite("Timeline reader")
struct TimelineReaderTests {
  static let review = """
    The word1 was word2. Mr. word3 isn't word4!<br /><br />But word5 &amp; word6? \
    word7 word8... 3.5 word9
    """

  /// A net of each kind: one that carries its state, and two that must go back.
  @Test(arguments: [(CellConfiguration.gru, false), (.lstm, false), (.gru, true)])
  func eachRunningScoreIsThatOfTheTextUpToThere(cell: CellConfiguration, isBidirectional: Bool)
    throws
  {
    let classifier = try TestModels.classifier(cell: cell, isBidirectional: isBidirectional)
    let timeline = try TimelineReader(classifier).timeline(of: RowText(Self.review))
    let bytes = Array(Self.review.utf8)
    #expect(timeline.points.count >= 4)
    for point in timeline.points {
      let prefix = String(decoding: bytes[..<point.byteRange.upperBound], as: UTF8.self)
      #expect(point.score == classifier.prediction(for: prefix).score)
    }
    #expect(timeline.prediction == classifier.prediction(for: Self.review))
    #expect(timeline.points.last?.score == timeline.prediction.score)
  }

  @Test func rangesAreSentencesOfTheOriginal() throws {
    let timeline = try TimelineReader(TestModels.classifier()).timeline(of: RowText(Self.review))
    let bytes = Array(Self.review.utf8)
    let sentences = timeline.points.map { String(decoding: bytes[$0.byteRange], as: UTF8.self) }
    #expect(
      sentences == [
        "The word1 was word2. ", "Mr. word3 isn't word4!<br />", "But word5 &amp; word6? ",
        "word7 word8... ", "3.5 word9",
      ])
  }

  @Test func aLongTextHasTheTimelineOfItsPieces() throws {
    let classifier = try TestModels.classifier()
    let sentence = "Word1 word2 isn't word3, word4.\n"
    let text = String(repeating: sentence, count: 6_000)
    let timeline = try TimelineReader(classifier).timeline(of: RowText(text))
    #expect(timeline.points.count == 6_000)
    #expect(
      timeline.points.map(\.byteRange)
        == (0..<6_000).map { $0 * sentence.utf8.count..<($0 + 1) * sentence.utf8.count })
    #expect(timeline.prediction == classifier.prediction(for: text))
    #expect(timeline.points.last?.score == timeline.prediction.score)
  }

  @Test(arguments: ["", " \n <br /> \n"])
  func aTextWithoutWordsHasNoPoints(text: String) throws {
    let classifier = try TestModels.classifier()
    let timeline = try TimelineReader(classifier).timeline(of: RowText(text))
    #expect(timeline.points.isEmpty && !timeline.isMixed)
    #expect(timeline.prediction == classifier.prediction(for: text))
  }

  @Test func aScorerGivesTimelinesWithTheScoresOfOneThatDoesNot() async throws {
    let classifier = try TestModels.classifier()
    let timelines = try TimelineReader(classifier)
    let texts = (1..<80).map { String(repeating: "Word\($0) word1. ", count: $0) }
    let scorer = SentimentScorer(classifier, threadCount: 2, timelines: timelines)
    var index = 0
    for try await scored in scorer.scores(of: SentimentScorerTests.stream(texts)) {
      #expect(scored.timeline == timelines.timeline(of: RowText(texts[index])))
      #expect(scored.prediction == classifier.prediction(for: texts[index]))
      index += 1
    }
    #expect(index == texts.count)
  }
}

@Suite("Sentiment timeline")
struct SentimentTimelineTests {
  /// A timeline of scores, through a classifier that knows how favourable each word is.
  static func timeline(_ text: String) throws -> SentimentTimeline {
    try TimelineReader(TestModels.opinionated()).timeline(of: RowText(text))
  }

  @Test func aTextThatChangesSidesIsMixed() throws {
    let timeline = try Self.timeline("Great great. Awful awful awful. Awful awful awful awful.")
    #expect(timeline.points.map { $0.score > 0 } == [true, false, false])
    #expect(timeline.isMixed)
  }

  @Test(arguments: ["Great. Great great. Great.", "Awful. Awful.", "Great great. Awful.", "Word."])
  func aTextThatStaysOnOneSideIsNot(text: String) throws {
    #expect(try !Self.timeline(text).isMixed)
  }

  @Test func aStandIsAProbabilityOfThreeQuarters() {
    let prediction = SentimentPrediction(
      labels: ["a", "b"], probabilities: [0.25, 0.75], tokenCount: 1, unknownCount: 0)
    #expect(prediction.score == SentimentTimeline.stand)
  }
}
