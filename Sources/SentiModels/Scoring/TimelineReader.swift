public import SentiCorpora
public import SentiText

/// Follows a classifier's score through texts, sentence by sentence.
///
/// A net that reads in one direction reads each text once. One that also reads backwards reads the
/// text up to each sentence anew, which takes time in the square of the number of sentences.
///
/// Sentences end by Unicode's rules (UAX #29). A text of more than a mebibyte in one line is cut there
/// too. A value may be used from any number of threads.
public struct TimelineReader: Sendable {
  private let classifier: SentimentClassifier
  private let normalizer: Normalizer
  private let segmenter: TextSegmenter

  /// Prepares the rules for sentences in the language of the classifier's vocabulary.
  ///
  /// - Parameter classifier: The classifier.
  /// - Throws: `ICUError` when ICU's data is missing.
  public init(_ classifier: SentimentClassifier) throws(ICUError) {
    self.classifier = classifier
    // Letters keep their case, by which sentences are told; tags become the line feeds that they are.
    let steps = classifier.pipeline.normalization
    var normalization = Normalization(decodesHTML: steps.decodesHTML)
    normalization.reviewSteps = steps.reviewSteps.intersection(.markup)
    normalizer = try Normalizer(normalization)
    segmenter = try TextSegmenter(
      .sentence, locale: classifier.pipeline.vocabulary.header.locale)
  }

  /// Reads a text.
  ///
  /// - Parameter text: The text, of any length.
  /// - Returns: The score after each sentence, and the prediction for the whole.
  public func timeline(of text: RowText) -> SentimentTimeline {
    var words = TextPieceStream(.word, normalization: classifier.pipeline.normalization)
    var sentences = TextPieceStream(.sentence, normalization: normalizer.normalization)
    var run = Run(classifier)
    for chunk in text.pieces(upTo: TextReading.pieceByteCount) {
      for piece in sentences.pieces(adding: chunk) { run.add(self.sentences(of: piece)) }
      for piece in words.pieces(adding: chunk) {
        run.add(classifier.pipeline.placedTokens(piece.utf8, from: piece.byteOffset))
      }
    }
    if let last = sentences.finish() { run.add(self.sentences(of: last)) }
    if let last = words.finish() {
      run.add(classifier.pipeline.placedTokens(last.utf8, from: last.byteOffset))
    }
    return run.finish()
  }

  private func sentences(of piece: TextPieceStream.Piece) -> [Range<Int>] {
    segmenter.ranges(in: normalizer.normalized(utf8: piece.utf8.span)).map {
      $0.lowerBound + piece.byteOffset..<$0.upperBound + piece.byteOffset
    }
  }

  /// The sentences of a text in UTF-8, in order, the space behind each included.
  func sentenceRanges(in bytes: [UInt8]) -> [Range<Int>] {
    var stream = TextPieceStream(.sentence, normalization: normalizer.normalization)
    let pieces = stream.pieces(adding: bytes[...]) + [stream.finish()].compactMap(\.self)
    return pieces.flatMap(sentences)
  }
}

/// A timeline that is being made: sentences and tokens that have not met yet, and what has been read.
private struct Run {
  private let classifier: SentimentClassifier
  private var reading: TextReading?
  private var prefix: [Int32] = []
  private var sentences: [Range<Int>] = []
  private var tokens: [PlacedToken] = []
  private var points: [SentimentTimeline.Point] = []

  init(_ classifier: SentimentClassifier) {
    self.classifier = classifier
    reading = classifier.network.readsForward ? TextReading(classifier) : nil
  }

  mutating func add(_ sentences: [Range<Int>]) {
    self.sentences += sentences
  }

  /// Adds tokens, and reads the sentences that are whole with them.
  mutating func add(_ tokens: [PlacedToken]) {
    self.tokens += tokens
    guard let last = self.tokens.last else { return }
    readSentences(endingAtOrBefore: last.byteRange.lowerBound)
  }

  /// Reads all that is left.
  mutating func finish() -> SentimentTimeline {
    readSentences(endingAtOrBefore: .max)
    return SentimentTimeline(points: points, prediction: prediction)
  }

  private mutating func readSentences(endingAtOrBefore end: Int) {
    var (readCount, sentenceCount) = (0, 0)
    for sentence in sentences.prefix(while: { $0.upperBound <= end }) {
      let own = tokens[readCount...].prefix { $0.byteRange.lowerBound < sentence.upperBound }
      let ids = own.map(\.id)
      readCount += ids.count
      sentenceCount += 1
      // A sentence of white space says nothing.
      guard !ids.isEmpty else { continue }
      read(ids)
      points.append(.init(byteRange: sentence, score: prediction.score))
    }
    tokens.removeFirst(readCount)
    sentences.removeFirst(sentenceCount)
  }

  private mutating func read(_ ids: [Int32]) {
    if reading == nil { prefix += ids }
    reading?.read(ids)
  }

  private var prediction: SentimentPrediction {
    reading?.prediction ?? classifier.predictions(forTokens: [prefix])[0]
  }
}
