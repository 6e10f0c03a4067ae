internal import SentiTensor
public import SentiText

extension SentimentClassifier {
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
