import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiText
import Testing

@Suite("Sentiment classifier")
struct SentimentClassifierTests {
  let classifier: SentimentClassifier

  init() throws { classifier = try TestModels.classifier() }

  /// Texts of up to 999 tokens, 40,000 in all: more than one thread's batch holds.
  static let texts: [[Int32]] = {
    var generator = SeededGenerator(seed: 7)
    let lengths = [0, 1, 255, 256, 257, 999] + (0..<76).map { $0 * 13 % 1000 }
    return lengths.map { length in
      (0..<length).map { _ in Int32.random(in: 0..<50, using: &generator) }
    }
  }()

  @Test func keepsItsParts() {
    #expect(classifier.labels == ["negative", "positive"])
    #expect(classifier.temperature == 1.25)
    #expect(classifier.card.name == "test")
    #expect(classifier.pipeline.vocabulary.count == 50)
    #expect(classifier.network.configuration.vocabularySize == 50)
    #expect(classifier.parameters.layout == classifier.network.layout)
  }

  // MARK: Law 1

  @Test(arguments: [CellConfiguration.gru, .lstm])
  func logitsHaveTheSameBitsAtAnyThreadCount(_ cell: CellConfiguration) throws {
    let classifier = try TestModels.classifier(cell: cell)
    let expected = classifier.logits(forTokens: Self.texts).map { bits($0) }
    #expect(Self.texts.reduce(0) { $0 + $1.count } > 32_768)
    for threadCount in [2, 3, 4, 64] {
      let found = classifier.logits(forTokens: Self.texts, threadCount: threadCount)
      #expect(found.map { bits($0) } == expected)
    }
    let reversed = classifier.logits(forTokens: Self.texts.reversed(), threadCount: 2)
    #expect(reversed.map { bits($0) } == expected.reversed())
    for text in [0, 1, 2, 3, 4, 5, 81] {
      #expect(classifier.logits(forTokens: [Self.texts[text]]).map { bits($0) } == [expected[text]])
    }
  }

  @Test func predictionsAreTheSameByStringBytesAndTokens() {
    let texts = ["", "word1", "word3 word3 unheard-of word7!", "word9 " + "word2 ".repeated(300)]
    let bytes = texts.map { Array($0.utf8) }
    let together = classifier.predictions(forUTF8: bytes, threadCount: 3)
    #expect(classifier.predictions(for: texts) == together)
    #expect(classifier.predictions(for: texts, threadCount: 2) == together)
    #expect(texts.map { classifier.prediction(for: $0) } == together)
    #expect(bytes.map { classifier.prediction(forUTF8: $0) } == together)
    let tokens = texts.map { classifier.pipeline.encode($0).map { Int32($0.rawValue) } }
    #expect(classifier.predictions(forTokens: tokens) == together)
    #expect(classifier.predictions(forUTF8: []).isEmpty)
  }

  // MARK: Predictions

  /// A text of more than a mebibyte is cut, as one that comes in pieces is.
  @Test(arguments: [0, 2, 250_000])
  func tokenIDsAreThoseThatAreRead(_ wordCount: Int) {
    let text = String(repeating: "word3", count: wordCount) + " word4"
    let tokens = classifier.tokenIDs(forUTF8: Array(text.utf8))
    #expect(classifier.predictions(forTokens: [tokens])[0] == classifier.prediction(for: text))
  }

  @Test func predictionsCountTokensAndUnknownOnes() {
    let found = classifier.prediction(for: "word3 something word7 else")
    #expect(found.tokenCount == 4)
    #expect(found.unknownCount == 2)
    #expect(found.labels == classifier.labels)
    #expect(abs(found.probabilities.reduce(0, +) - 1) < 1e-12)
  }

  @Test func probabilitiesAreOfTheLogitsByTheTemperature() throws {
    var changed = classifier
    let logits = try #require(changed.logits(forTokens: [[4, 9, 5]]).first)
    for temperature in [0.5, 1, 3] {
      changed.temperature = temperature
      #expect(
        changed.predictions(forTokens: [[4, 9, 5]])[0].probabilities.values
          == Calibration.probabilities(logits, temperature: temperature))
    }
  }

  @Test func illFormedBytesAreRead() {
    let found = classifier.prediction(forUTF8: Array("word3 ".utf8) + [0xFF, 0xC0])
    #expect(found.probabilities.allSatisfy { $0.isFinite })
    #expect(found.tokenCount >= 1)
  }

  // MARK: Preconditions

  @Test func stopsAtATokenBeyondTheVocabulary() async {
    await #expect(processExitsWith: .failure) {
      _ = try TestModels.classifier().predictions(forTokens: [[1], [1, 50]])
    }
    await #expect(processExitsWith: .failure) {
      _ = try TestModels.classifier().logits(forTokens: [[1], [-1]])
    }
  }

  @Test func stopsWithoutThreads() async {
    await #expect(processExitsWith: .failure) {
      _ = try TestModels.classifier().logits(forTokens: [[1]], threadCount: 0)
    }
  }

  @Test func stopsAtAnotherNumberOfLabels() async {
    await #expect(processExitsWith: .failure) {
      let model = try TestModels.classifier()
      _ = SentimentClassifier(
        labels: ["one"], pipeline: model.pipeline, network: model.network,
        parameters: model.parameters)
    }
  }

  @Test func stopsAtAVocabularyOfAnotherSize() async {
    await #expect(processExitsWith: .failure) {
      let model = try TestModels.classifier()
      let network = SentimentNetwork(SentimentConfiguration(vocabularySize: 51))
      _ = SentimentClassifier(
        labels: model.labels, pipeline: model.pipeline, network: network,
        parameters: network.initialParameters(seed: 1))
    }
  }
}

extension String {
  func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
