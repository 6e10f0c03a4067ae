internal import SentiTensor
internal import SentiText

extension SentimentClassifier {
  /// Explains the answer for a text by its words.
  ///
  /// Contributions are of the net in full precision, which a quantized classifier agrees with but for its
  /// rounding, and sum to the change of the log-odds; see <doc:Explanations>. They have the same bits each time.
  ///
  /// - Parameter text: The text, of any length.
  /// - Returns: What each word contributed.
  /// - Complexity: Two forward passes and a backward pass, some ten of each where the net has no chords; memory
  ///   that does not grow with the text beyond its tokens, where the net can be streamed.
  public func explanation(of text: String) -> SentimentExplanation {
    explanation(ofUTF8: Array(text.utf8))
  }

  /// Explains the answer for a text in UTF-8; ill-formed parts are read as U+FFFD.
  ///
  /// - Parameter bytes: The text.
  /// - Returns: What each word contributed.
  public func explanation(ofUTF8 bytes: [UInt8]) -> SentimentExplanation {
    explanations(ofUTF8: [bytes])[0]
  }

  /// Explains the answers for many texts in UTF-8.
  ///
  /// Explanations of one label for all texts can be averaged; those of each answer cannot.
  ///
  /// - Parameters:
  ///   - texts: The texts.
  ///   - label: The index of the label whose log-odds are explained; nil: that of each text's answer.
  ///   - threadCount: The number of threads to use; results do not depend on it.
  /// - Returns: One explanation a text, in order.
  /// - Precondition: `threadCount` is at least 1, and `label` is one of ``labels``.
  public func explanations(
    ofUTF8 texts: [[UInt8]], of label: Int? = nil, threadCount: Int = 1
  ) -> [SentimentExplanation] {
    precondition(
      label.map(labels.indices.contains) ?? true, "label \(label ?? 0) of \(labels.count)")
    let tokens = concurrentlyMapped(texts, threadCount: threadCount) { pipeline.placedTokens($0) }
    let ids = tokens.map { $0.map(\.id) }
    let predictions = predictions(forTokens: ids, threadCount: threadCount)
    let logOdds = predictions.map {
      LogOdds(label: label ?? $0.labelIndex, temperature: temperature)
    }
    let attributions = attributions(of: logOdds, to: ids, threadCount: threadCount)
    return texts.indices.map { index in
      var explanation = SentimentExplanation(
        predictions[index], tokens[index], attributions[index], unknownToken: unknownToken)
      explanation.labelIndex = logOdds[index].label
      return explanation
    }
  }

  private var unknownToken: Int32 { Int32(pipeline.vocabulary.unknownID.rawValue) }

  /// Attributes by chords where the net has them, texts of about one length together; else by the integral.
  private func attributions(
    of logOdds: [LogOdds], to texts: [[Int32]], threadCount: Int
  ) -> [Attribution] {
    // Before the threads begin, so that each does not pack the weights for itself.
    let net = inputGradientNetwork
    guard ChordAttribution<Float>.explains(network) else {
      let gradients = IntegratedGradients(net, unknownToken: unknownToken)
      return concurrentlyMapped(Array(texts.indices), threadCount: threadCount) { index in
        gradients.attribution(of: logOdds[index], to: texts[index])
      }
    }
    let chords = ChordAttribution(net, unknownToken: unknownToken)
    let order = texts.indices.sorted { (texts[$0].count, $0) < (texts[$1].count, $1) }
    let size = ChordAttribution<Float>.batchSize
    let batches = stride(from: 0, to: order.count, by: size).map {
      Array(order[$0..<min(order.count, $0 + size)])
    }
    let found = concurrentlyMapped(batches, threadCount: threadCount) { batch in
      chords.attributions(of: batch.map { logOdds[$0] }, to: batch.map { texts[$0] })
    }
    let ordered = zip(batches.joined(), found.joined()).sorted { $0.0 < $1.0 }
    return ordered.map(\.1)
  }
}
