public import SentiCorpora
public import SentiText

/// Classifies each sentence of a text on its own.
///
///     let sentences = try SentenceReader(classifier).sentences(of: RowText(review))
///     for sentence in sentences { print(sentence.byteRange, sentence.prediction.label) }
///
/// A sentence has the prediction, to the bit, that its text has when it is classified alone: what stands
/// before it does not count. A ``TimelineReader`` says how the score runs instead.
///
/// Sentences end by Unicode's rules (UAX #29). A text of more than a mebibyte in one line is cut there
/// too. A value may be used from any number of threads.
public struct SentenceReader: Sendable {
  private let classifier: SentimentClassifier
  private let segmenter: SentenceSegmenter

  /// Prepares the rules for sentences in the language of the classifier's vocabulary.
  ///
  /// - Parameter classifier: The classifier.
  /// - Throws: `ICUError` when ICU's data is missing.
  public init(_ classifier: SentimentClassifier) throws(ICUError) {
    self.classifier = classifier
    segmenter = try SentenceSegmenter(classifier)
  }

  /// Classifies the sentences of a text.
  ///
  /// - Parameter text: The text, of any length.
  /// - Returns: The sentences that have a word, in order.
  /// - Complexity: O(tokens), in memory for the tokens of a mebibyte and for the sentences.
  public func sentences(of text: RowText) -> [ScoredSentence] {
    var stream = segmenter.stream
    var (scored, unread, tokenCount) = ([ScoredSentence](), [TokenizedSentence](), 0)
    func read(_ piece: TextPieceStream.Piece) {
      let sentences = tokenized(piece.utf8, at: piece.byteOffset)
      unread += sentences
      tokenCount += sentences.reduce(0) { $0 + $1.ids.count }
      guard tokenCount >= SentimentClassifier.batchTokenBudget else { return }
      scored += self.scored(unread)
      (unread, tokenCount) = ([], 0)
    }
    for chunk in text.pieces(upTo: TextReading.pieceByteCount) {
      for piece in stream.pieces(adding: chunk) { read(piece) }
    }
    if let last = stream.finish() { read(last) }
    return scored + self.scored(unread)
  }

  /// Classifies the sentences of many texts at once.
  ///
  /// - Parameter texts: The texts; their tokens are held together.
  /// - Returns: The sentences of each text.
  func sentences(of texts: [RowText]) -> [[ScoredSentence]] {
    let sentences = texts.map { tokenized(Array($0.bytes), at: 0) }
    var rest = scored(sentences.flatMap(\.self))[...]
    return sentences.map { sentences in
      defer { rest = rest.dropFirst(sentences.count) }
      return Array(rest.prefix(sentences.count))
    }
  }

  /// A sentence that is to be classified.
  private struct TokenizedSentence {
    let byteRange: Range<Int>
    let ids: [Int32]
  }

  /// The sentences of a piece of a text that begins at an offset.
  private func tokenized(_ utf8: [UInt8], at byteOffset: Int) -> [TokenizedSentence] {
    segmenter.sentences(of: utf8).compactMap { range in
      let ids = classifier.pipeline.tokenIDs(utf8[range])
      // A sentence of white space says nothing.
      guard !ids.isEmpty else { return nil }
      return TokenizedSentence(
        byteRange: range.lowerBound + byteOffset..<range.upperBound + byteOffset, ids: ids)
    }
  }

  private func scored(_ sentences: [TokenizedSentence]) -> [ScoredSentence] {
    zip(sentences, classifier.predictions(forTokens: sentences.map(\.ids))).map {
      ScoredSentence(byteRange: $0.byteRange, prediction: $1)
    }
  }
}

/// A sentence, and what the net says of it alone.
public struct ScoredSentence: Hashable, Sendable {
  /// The sentence, in UTF-8 bytes of the text, the space behind it included.
  public let byteRange: Range<Int>
  /// What the net says of the sentence alone.
  public let prediction: SentimentPrediction
}
