import Senti
import Testing

@Suite("README")
struct ReadmeTests {
  @Test func classifiesWithTheBundledModel() throws {
    let classifier = try SentimentClassifier.bundledEnglish()
    let prediction = classifier.prediction(for: "Slow at first, but what an ending!")
    #expect(classifier.labels.contains(prediction.label))
    #expect(prediction.probability >= 0.5 && prediction.probability <= 1)
    #expect(prediction.probabilities["positive"] != nil)
    #expect(classifier.predictions(for: ["A fine film.", ""], threadCount: 8).count == 2)
  }

  @Test func cutsTokensOutOfTheOriginal() throws {
    let tokenizer = try WordTokenizer()
    let text = "It isn't bad, 8/10 👍🏽"
    var words: [Substring] = []
    for token in tokenizer.tokens(in: text) where token.kind != .space {
      words.append(text[token.range(in: text)])
    }
    #expect(words == ["It", "isn't", "bad", ",", "8", "/", "10", "👍🏽"])
  }
}
