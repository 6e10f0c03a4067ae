public import SentiCorpora
internal import SentiTensor
internal import SentiText

extension SentimentClassifier {
  /// Classifies a text that need not be whole in memory; the result is that of the whole, to the bit.
  ///
  /// - Parameter text: The text, of any length.
  /// - Returns: What the net says of it.
  /// - Complexity: O(tokens). Memory does not grow with the text where the net reads in one direction;
  ///   a net that also reads backwards holds four bytes a token.
  public func prediction(for text: RowText) -> SentimentPrediction {
    guard network.readsForward else { return prediction(forUTF8: Array(text.bytes)) }
    var reading = TextReading(self)
    for piece in text.pieces(upTo: TextReading.pieceByteCount) where !Cancellation.isRequested {
      reading.read(piece)
    }
    return reading.finish()
  }
}

/// A text that a classifier reads in pieces.
struct TextReading: Sendable {
  /// The size of the pieces that texts are read in.
  static let pieceByteCount = 64 << 10

  private let classifier: SentimentClassifier
  private var reading: SentimentNetwork.Reading
  private var stream: TextPieceStream
  private var (tokenCount, unknownCount) = (0, 0)

  /// Starts before the first byte.
  init(_ classifier: SentimentClassifier) {
    self.classifier = classifier
    stream = TextPieceStream(normalization: classifier.pipeline.normalization)
    reading = SentimentNetwork.Reading(
      classifier.network, wordVectors: classifier.wordVectors, weights: classifier.weights)
  }

  /// Reads the next bytes.
  mutating func read(_ bytes: ArraySlice<UInt8>) {
    for piece in stream.pieces(adding: bytes) { read(piece) }
  }

  /// Reads what is left, and says what the net says.
  mutating func finish() -> SentimentPrediction {
    if let last = stream.finish() { read(last) }
    return prediction
  }

  /// Reads tokens, instead of bytes.
  mutating func read(_ tokens: [Int32]) {
    tokenCount += tokens.count
    unknownCount += classifier.unknownCount(in: tokens)
    reading.read(tokens[...])
  }

  /// What the net says of all that it has read so far.
  var prediction: SentimentPrediction {
    classifier.prediction(
      reading.logits(), tokenCount: tokenCount, unknownCount: unknownCount)
  }

  private mutating func read(_ piece: TextPieceStream.Piece) {
    read(classifier.pipeline.tokenIDs(piece.utf8[...]))
  }
}
