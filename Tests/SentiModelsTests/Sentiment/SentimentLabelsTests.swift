import SentiModels
import Testing

@Suite("Sentiment labels")
struct SentimentLabelsTests {
  @Test(arguments: [
    ("pos", "positive"), ("POS", "positive"), ("1", "positive"), ("+1", "positive"),
    ("neg", "negative"), ("0", "negative"), ("-1", "negative"), ("Neutral", "neutral"),
    ("neu", "neutral"), ("5 stars", "5 stars"), ("", ""),
  ])
  func namesLabelsAsModelsDo(_ written: String, _ name: String) {
    #expect(SentimentLabels.canonical(written) == name)
  }

  @Test func sortsFromLeastToMostFavourableThenByBytes() {
    #expect(SentimentLabels.ordered == ["negative", "neutral", "positive"])
    #expect(
      SentimentLabels.sorted(["b", "positive", "a", "negative", "B"])
        == ["negative", "positive", "B", "a", "b"])
  }
}
