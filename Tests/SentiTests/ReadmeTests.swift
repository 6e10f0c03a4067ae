import Senti
import Testing

@Suite("README")
struct ReadmeTests {
  @Test func classifiesWithTheBundledModel() throws {
    let classifier = try SentimentClassifier.bundledEnglish()
    let prediction = classifier.prediction(for: "Slow at first, but what an ending!")
    #expect(classifier.labels.contains(prediction.label))
    #expect(prediction.probability >= 0.5 && prediction.probability <= 1)
  }

  @Test func cutsTokensOutOfTheOriginal() throws {
    let tokenizer = try WordTokenizer()
    let text = "It isn't bad, 8/10 👍🏽"
    var words: [String] = []
    for token in tokenizer.tokens(in: text) where token.kind != .space {
      words.append(String(decoding: Array(text.utf8)[token.byteRange], as: UTF8.self))
    }
    #expect(words == ["It", "isn't", "bad", ",", "8", "/", "10", "👍🏽"])
  }
}
