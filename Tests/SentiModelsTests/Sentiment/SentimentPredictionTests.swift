import Testing

@testable import SentiModels

@Suite("Sentiment prediction")
struct SentimentPredictionTests {
  func prediction(_ probabilities: [Double]) -> SentimentPrediction {
    SentimentPrediction(
      labels: ["negative", "neutral", "positive"].suffix(probabilities.count),
      probabilities: probabilities, tokenCount: 7, unknownCount: 2)
  }

  @Test func saysTheMostProbableLabel() {
    let found = prediction([0.2, 0.5, 0.3])
    #expect(found.labelIndex == 1)
    #expect(found.label == "neutral")
    #expect(found.probability == 0.5)
    #expect(found.tokenCount == 7)
    #expect(found.unknownCount == 2)
  }

  @Test func labelsAreAskedForTheirProbability() {
    let found = prediction([0.2, 0.5, 0.3])
    #expect(found.labels == ["negative", "neutral", "positive"])
    #expect(found.probabilities["positive"] == 0.3)
    #expect(found.probabilities["mixed"] == nil)
  }

  @Test func saysTheFirstOfEquals() {
    #expect(prediction([0.4, 0.2, 0.4]).label == "negative")
  }

  @Test func scoreIsTheExpectedPlaceFromMinusOneToOne() {
    #expect(prediction([1, 0, 0]).score == -1)
    #expect(prediction([0, 1, 0]).score == 0)
    #expect(prediction([0, 0, 1]).score == 1)
    #expect(prediction([0.25, 0.75]).score == 0.5)
    #expect(abs(prediction([0.1, 0.3, 0.6]).score - 0.5) < 1e-15)
    #expect(prediction([1]).score == 0)
  }
}
