import SentiCorpora
import SentiRNN
import SentiTensor
import Testing

@testable import SentiModels

@Suite("Sentence reader")
struct SentenceReaderTests {
  private static let review = TimelineReaderTests.review

  private func slices(_ text: String, _ sentences: [ScoredSentence]) -> [String] {
    let bytes = Array(text.utf8)
    return sentences.map { String(decoding: bytes[$0.byteRange], as: UTF8.self) }
  }

  /// A sentence is a text of its own: not the state of the net after those before it.
  @Test(arguments: [(CellConfiguration.gru, false), (.lstm, true)])
  func aSentenceHasThePredictionOfItsTextAlone(_ cell: CellConfiguration, isBidirectional: Bool)
    throws
  {
    let classifier = try TestModels.classifier(cell: cell, isBidirectional: isBidirectional)
    let sentences = try SentenceReader(classifier).sentences(of: RowText(Self.review))
    let texts = slices(Self.review, sentences)
    #expect(
      texts == [
        "The word1 was word2. ", "Mr. word3 isn't word4!<br />", "But word5 &amp; word6? ",
        "word7 word8... ", "3.5 word9",
      ])
    #expect(sentences.map(\.prediction) == texts.map(classifier.prediction))
  }

  @Test func aLongTextHasTheSentencesOfItsPieces() throws {
    let classifier = try TestModels.classifier()
    let reader = try SentenceReader(classifier)
    let texts = (0..<9).map { "Word\($0) word2 isn't word3, word4.\n" }
    let text = String(repeating: texts.joined(), count: 4_000)
    let sentences = reader.sentences(of: RowText(text))
    #expect(sentences.count == 36_000)
    let alone = texts.map(classifier.prediction)
    #expect(sentences.enumerated().allSatisfy { $1.prediction == alone[$0 % 9] })
    #expect(sentences.last?.byteRange.upperBound == text.utf8.count)
  }

  @Test(arguments: ["", " \n <br /> \n"])
  func aTextWithoutWordsHasNoSentences(text: String) throws {
    let reader = try SentenceReader(TestModels.classifier())
    #expect(reader.sentences(of: RowText(text)).isEmpty)
  }

  /// With timelines and without, texts are read in different ways.
  @Test(arguments: [true, false])
  func aScorerGivesTheSentencesOfEachText(hasTimelines: Bool) async throws {
    let classifier = try TestModels.classifier()
    let reader = try SentenceReader(classifier)
    let texts =
      (0..<80).map { String(repeating: "Word\($0) word1. ", count: $0) } + [Self.review, "\n"]
    let scorer = SentimentScorer(
      classifier, threadCount: 2, timelines: hasTimelines ? try TimelineReader(classifier) : nil,
      sentences: reader)
    var index = 0
    for try await scored in scorer.scores(of: texts) {
      #expect(scored.sentences == reader.sentences(of: RowText(texts[index])))
      #expect(scored.prediction == classifier.prediction(for: texts[index]))
      index += 1
    }
    #expect(index == texts.count)
  }

  @Test func withoutAReaderThereAreNone() async throws {
    for try await scored in SentimentScorer(try TestModels.classifier()).scores(of: ["word1."]) {
      #expect(scored.sentences == nil)
    }
  }
}
