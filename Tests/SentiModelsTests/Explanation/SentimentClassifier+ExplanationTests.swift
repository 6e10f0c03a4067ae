import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiText
import Testing

@testable import SentiModels

@Suite("Sentiment classifier: explanations")
struct SentimentClassifierExplanationTests {
  static let text = "<br />Great w\u{F6}rds, and one AWFUL word"

  @Test func wordsAreThoseOfTheOriginalText() throws {
    let explanation = try TestModels.opinionated().explanation(of: Self.text)
    let bytes = Array(Self.text.utf8)
    let words = explanation.words.map { String(decoding: bytes[$0.byteRange], as: UTF8.self) }
    #expect(words == ["Great", "w\u{F6}rds", ",", "and", "one", "AWFUL", "word"])
    #expect(explanation.words.map(\.isKnown) == [true, false, false, false, false, true, false])
    for word in explanation.words { #expect(word.isKnown == (word.contribution != 0)) }
  }

  /// Both words have vectors of one length, and the net has no memory, so that they cancel out.
  @Test func contributionsAreForTheAnsweredLabel() throws {
    let classifier = try TestModels.opinionated()
    let (good, bad) = (
      classifier.explanation(of: "great great film"), classifier.explanation(of: "awful film")
    )
    #expect(good.prediction.label == "positive" && bad.prediction.label == "negative")
    #expect(good.words.map(\.contribution.sign) == [.plus, .plus, .plus])
    #expect(good.words[0].contribution == good.words[1].contribution)
    #expect(bad.words[0].contribution > 1 && bad.words[1].contribution == 0)
    let balanced = classifier.explanation(of: "great awful")
    #expect(abs(balanced.words[0].contribution + balanced.words[1].contribution) < 1e-6)
  }

  @Test func sumBaselineAndGapMakeTheDifference() throws {
    let classifier = try TestModels.classifier(labels: ["bad", "so-so", "good"], cell: .lstm)
    let explanation = classifier.explanation(of: "word3 word17 none word8")
    let probability = explanation.prediction.probability
    #expect(explanation.prediction == classifier.prediction(for: "word3 word17 none word8"))
    let logits = classifier.logits(forTokens: [
      classifier.pipeline.encode("word3 word17 none word8").map { Int32($0.rawValue) }
    ])[0]
    let logOdds = LogOdds(
      label: explanation.prediction.labelIndex, temperature: classifier.temperature)
    #expect(explanation.difference == logOdds.value(logits.map { Double($0) }))
    #expect((explanation.difference > 0) == (probability > 0.5))
    let sum = explanation.words.reduce(0) { $0 + $1.contribution }
    #expect(explanation.sum == sum)
    #expect(explanation.gap == explanation.difference - explanation.baseline - sum)
    #expect(explanation.isComplete && explanation.isFinite)
    #expect(explanation.stepCount == 1 && abs(explanation.gap) < 1e-4)
  }

  /// The same bits each time, alone and among others, at any thread count.
  @Test(arguments: [CellConfiguration.gru, .lstm], [false, true])
  func explanationsHaveTheSameBits(_ cell: CellConfiguration, _ isBidirectional: Bool) throws {
    let classifier = try TestModels.classifier(cell: cell, isBidirectional: isBidirectional)
    var generator = SeededGenerator(seed: 2)
    let texts = [0, 1, 5, 40, 300].map { count in
      (0..<count).map { _ in TestModels.words.randomElement(using: &generator) ?? "" }
        .joined(separator: " ")
    }
    let alone = texts.map { classifier.explanation(of: $0) }
    for threadCount in [1, 2, 3] {
      let found = classifier.explanations(
        ofUTF8: texts.map { Array($0.utf8) }, threadCount: threadCount)
      #expect(found == alone)
    }
    #expect(alone.allSatisfy { $0.isComplete })
    #expect(alone.map(\.words.count) == [0, 1, 5, 40, 300])
  }

  /// A model from a file has its weights there, and explains with the same bits.
  @Test func aModelFromAFileExplainsAlike() throws {
    let folder = try TemporaryFolder()
    let classifier = try TestModels.classifier().rounded(to: .integer8)
    try classifier.write(to: folder["model"])
    let loaded = try SentimentClassifier(contentsOf: folder["model"])
    let text = "word1 word2 word30"
    #expect(loaded.explanation(of: text) == classifier.explanation(of: text))
  }

  /// Rounded weights are explained as what they stand for, without the rounding of states.
  @Test(arguments: [WeightPrecision.integer8, .bfloat16])
  func aQuantizedModelIsExplainedInFullPrecision(_ precision: WeightPrecision) throws {
    let classifier = try TestModels.classifier().rounded(to: precision)
    let full = SentimentClassifier(
      labels: classifier.labels, pipeline: classifier.pipeline, network: classifier.network,
      parameters: classifier.parameters, temperature: classifier.temperature)
    let text = "word1 word2 word30 word9 word9"
    let (rounded, plain) = (classifier.explanation(of: text), full.explanation(of: text))
    #expect(rounded.words == plain.words)
    #expect(rounded.difference == plain.difference && rounded.baseline == plain.baseline)
    #expect(rounded.prediction == classifier.prediction(for: text))
  }

  /// What a normalization makes of one word may be two tokens, which have one place.
  @Test func tokensOfOnePlaceAreOneWord() throws {
    var builder = try VocabularyBuilder(normalization: .reviews)
    builder.add("do not like it")
    let vocabulary = builder.vocabulary()
    let network = SentimentNetwork(SentimentConfiguration(vocabularySize: vocabulary.count))
    let classifier = SentimentClassifier(
      labels: ["negative", "positive"], pipeline: try TextPipeline(vocabulary: vocabulary),
      network: network, parameters: network.initialParameters(seed: 3))
    let text = "I don't like \u{2764}\u{FE0F} it, 7/10 :-)"
    let explanation = classifier.explanation(of: text)
    let ends = explanation.words.flatMap { [$0.byteRange.lowerBound, $0.byteRange.upperBound] }
    #expect(ends == ends.sorted())
    #expect(explanation.words.allSatisfy { !$0.byteRange.isEmpty })
    #expect(explanation.isComplete)
    #expect(explanation.words.count <= explanation.prediction.tokenCount)
  }

  @Test(arguments: ["", " \n\t", "zzz qqq"])
  func textsWithoutKnownWordsHaveNothingToExplain(_ text: String) throws {
    let explanation = try TestModels.classifier().explanation(of: text)
    #expect(explanation.sum == 0 && explanation.gap == 0)
    #expect(explanation.difference == explanation.baseline)
    #expect(explanation.words.count == (text == "zzz qqq" ? 2 : 0))
    #expect(explanation.isComplete && explanation.isFinite)
  }

  /// Beyond a mebibyte a text is cut as scoring cuts it, and offsets go on.
  @Test func aLongTextIsExplainedWhole() throws {
    let classifier = try TestModels.opinionated()
    let filler = String(repeating: "x", count: 120_000)
    let text = Array(repeating: filler, count: 10).joined(separator: " ") + " great"
    let explanation = classifier.explanation(of: text)
    #expect(explanation.words.last?.byteRange == text.utf8.count - 5..<text.utf8.count)
    #expect(explanation.words.last?.contribution ?? 0 > 0)
    #expect(explanation.prediction == classifier.prediction(for: text))
  }

  /// A book, in the memory of a chunk; every part of it has its say.
  @Test func aTextOfTwoHundredThousandWordsIsExplained() throws {
    let classifier = try TestModels.opinionated()
    let line = String(repeating: "film ", count: 99) + "great\n"
    let text = String(repeating: line, count: 2000)
    let explanation = classifier.explanation(of: text)
    #expect(explanation.words.count == 200_000 && explanation.isComplete)
    let telling = explanation.words.filter { $0.contribution != 0 }
    #expect(telling.count == 2000)
    #expect(Set(telling.map(\.contribution)).count == 1)
    #expect(telling.last?.byteRange == text.utf8.count - 6..<text.utf8.count - 1)
  }

  // MARK: Sentences

  @Test func sentencesAreLeftOutOneByOne() throws {
    var classifier = try TestModels.opinionated()
    classifier.temperature = 1.7
    let text = "Great, great. \u{201C}An awful film.\u{201D} And so on!"
    let effects = try classifier.sentenceEffects(ofUTF8: Array(text.utf8))
    let bytes = Array(text.utf8)
    let sentences = effects.map { String(decoding: bytes[$0.byteRange], as: UTF8.self) }
    #expect(sentences == ["Great, great. ", "\u{201C}An awful film.\u{201D} ", "And so on!"])
    for (index, effect) in effects.enumerated() {
      let others = sentences.indices.filter { $0 != index }
      let prediction = classifier.prediction(for: others.map { sentences[$0] }.joined())
      #expect(effect.probability == prediction.probabilities["positive"])
    }
    #expect(effects[0].effect > 0 && effects[1].effect < 0)
    for threadCount in [2, 5] {
      let found = try classifier.sentenceEffects(ofUTF8: bytes, threadCount: threadCount)
      #expect(found == effects)
    }
  }

  @Test(arguments: ["", "  ", "\n"])
  func textsWithoutWordsHaveNoSentences(_ text: String) throws {
    #expect(
      try TestModels.classifier().sentenceEffects(ofUTF8: Array(text.utf8)).isEmpty)
  }
}
