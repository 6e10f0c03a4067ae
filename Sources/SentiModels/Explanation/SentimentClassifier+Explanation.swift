internal import SentiTensor
public import SentiText

extension SentimentClassifier {
  /// Explains the answer for a text by its words.
  ///
  /// Contributions are integrated gradients of the net in full precision, which a quantized classifier
  /// agrees with but for its rounding; see <doc:Explanations>. They have the same bits each time.
  ///
  /// - Parameter text: The text, of any length.
  /// - Returns: What each word contributed.
  /// - Complexity: Some ten forward and backward passes; memory that does not grow with the text beyond
  ///   its tokens, where the net can be streamed.
  public func explanation(of text: String) -> SentimentExplanation {
    explanation(ofUTF8: Array(text.utf8))
  }

  /// Explains the answer for a text in UTF-8; ill-formed parts are read as U+FFFD.
  ///
  /// - Parameter bytes: The text.
  /// - Returns: What each word contributed.
  public func explanation(ofUTF8 bytes: [UInt8]) -> SentimentExplanation {
    let tokens = pipeline.placedTokens(bytes)
    return explanation(predictions(forTokens: [tokens.map(\.id)])[0], of: tokens)
  }

  /// Explains the answers for many texts in UTF-8.
  ///
  /// - Parameters:
  ///   - texts: The texts.
  ///   - threadCount: The number of threads to use; results do not depend on it.
  /// - Returns: One explanation a text, in order.
  /// - Precondition: `threadCount` is at least 1.
  public func explanations(
    ofUTF8 texts: [[UInt8]], threadCount: Int = 1
  ) -> [SentimentExplanation] {
    let tokens = concurrentlyMapped(texts, threadCount: threadCount) { pipeline.placedTokens($0) }
    let predictions = predictions(
      forTokens: tokens.map { $0.map(\.id) }, threadCount: threadCount)
    // Before the threads begin, so that each does not pack the weights for itself.
    _ = inputGradientNetwork
    return concurrentlyMapped(Array(texts.indices), threadCount: threadCount) { index in
      explanation(predictions[index], of: tokens[index])
    }
  }

  private func explanation(
    _ prediction: SentimentPrediction, of tokens: [PlacedToken]
  ) -> SentimentExplanation {
    let unknownToken = Int32(pipeline.vocabulary.unknownID.rawValue)
    let gradients = IntegratedGradients(inputGradientNetwork, unknownToken: unknownToken)
    let attribution = gradients.attribution(
      of: LogOdds(label: prediction.labelIndex, temperature: temperature), to: tokens.map(\.id))
    return SentimentExplanation(prediction, tokens, attribution, unknownToken: unknownToken)
  }

  /// Classifies a text without each of its sentences.
  ///
  /// This is exact, not a sum: the classifier itself reads the text once for each sentence that has a word.
  ///
  /// - Parameters:
  ///   - bytes: The text, in UTF-8.
  ///   - threadCount: The number of threads to use; results do not depend on it.
  /// - Returns: One effect for each sentence that has a word, in order.
  /// - Throws: `ICUError` when ICU's data is missing.
  /// - Complexity: O(tokens · sentences).
  public func sentenceEffects(
    ofUTF8 bytes: [UInt8], threadCount: Int = 1
  ) throws(ICUError) -> [SentenceEffect] {
    let tokens = pipeline.placedTokens(bytes)
    let ids = tokens.map(\.id)
    let whole = predictions(forTokens: [ids])[0]
    let logOdds = LogOdds(label: whole.labelIndex, temperature: temperature)
    let sentences = Self.parts(
      tokens, of: try SentenceSegmenter(self).sentences(inPiecesOf: bytes))
    let full = logOdds.value(logits(forTokens: [ids])[0].map { Double($0) })
    let effects = concurrentlyMapped(sentences, threadCount: threadCount) { sentence in
      let rest = Array(ids[..<sentence.tokens.lowerBound] + ids[sentence.tokens.upperBound...])
      let logits = logits(forTokens: [rest])[0]
      let probabilities = Calibration.probabilities(logits, temperature: temperature)
      return SentenceEffect(
        byteRange: sentence.byteRange, effect: full - logOdds.value(logits.map { Double($0) }),
        probability: probabilities[logOdds.label])
    }
    return effects
  }

  /// The sentences that have tokens, with these as indices; a token is in the sentence in which it begins.
  private static func parts(
    _ tokens: [PlacedToken], of sentences: [Range<Int>]
  ) -> [(byteRange: Range<Int>, tokens: Range<Int>)] {
    var start = 0
    return sentences.compactMap { sentence -> (byteRange: Range<Int>, tokens: Range<Int>)? in
      var end = start
      while end < tokens.count && tokens[end].byteRange.lowerBound < sentence.upperBound {
        end += 1
      }
      defer { start = end }
      return start == end ? nil : (sentence, start..<end)
    }
  }
}
