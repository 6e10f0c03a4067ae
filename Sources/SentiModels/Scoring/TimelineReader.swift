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
  private let segmenter: SentenceSegmenter

  /// Prepares the rules for sentences in the language of the classifier's vocabulary.
  ///
  /// - Parameter classifier: The classifier.
  /// - Throws: `ICUError` when ICU's data is missing.
  public init(_ classifier: SentimentClassifier) throws(ICUError) {
    self.classifier = classifier
    segmenter = try SentenceSegmenter(classifier)
  }

  /// Reads a text.
  ///
  /// - Parameter text: The text, of any length.
  /// - Returns: The score after each sentence, and the prediction for the whole.
  public func timeline(of text: RowText) -> SentimentTimeline {
    var words = TextPieceStream(.word, normalization: classifier.pipeline.normalization)
    var sentences = segmenter.stream
    var run = Run(classifier)
    for chunk in text.pieces(upTo: TextReading.pieceByteCount) {
      for piece in sentences.pieces(adding: chunk) { run.add(segmenter.sentences(of: piece)) }
      for piece in words.pieces(adding: chunk) {
        run.add(classifier.pipeline.placedTokens(piece.utf8, from: piece.byteOffset))
      }
    }
    if let last = sentences.finish() { run.add(segmenter.sentences(of: last)) }
    if let last = words.finish() {
      run.add(classifier.pipeline.placedTokens(last.utf8, from: last.byteOffset))
    }
    return run.finish()
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
