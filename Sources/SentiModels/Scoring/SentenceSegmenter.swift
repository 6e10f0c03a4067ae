internal import SentiText

/// Cuts texts of any length into sentences, for a classifier.
///
/// Sentences end by Unicode's rules (UAX #29), and where HTML breaks a line. A text of more than a
/// mebibyte in one line is cut there too. A value may be used from any number of threads.
struct SentenceSegmenter: Sendable {
  private let normalizer: Normalizer
  private let segmenter: TextSegmenter

  /// Prepares the rules for sentences in the language of a classifier's vocabulary.
  ///
  /// - Parameter classifier: The classifier.
  /// - Throws: `ICUError` when ICU's data is missing.
  init(_ classifier: SentimentClassifier) throws(ICUError) {
    // Letters keep their case, by which sentences are told; tags become the line feeds that they are.
    let steps = classifier.pipeline.normalization
    var normalization = Normalization(decodesHTML: steps.decodesHTML)
    normalization.reviewSteps = steps.reviewSteps.intersection(.markup)
    normalizer = try Normalizer(normalization)
    segmenter = try TextSegmenter(
      .sentence, locale: classifier.pipeline.vocabulary.header.locale)
  }

  /// A stream of pieces of a text that hold whole sentences.
  var stream: TextPieceStream {
    TextPieceStream(.sentence, normalization: normalizer.normalization)
  }

  /// The sentences of a piece, in bytes of the text, the space behind each included.
  func sentences(of piece: TextPieceStream.Piece) -> [Range<Int>] {
    sentences(of: piece.utf8).map {
      $0.lowerBound + piece.byteOffset..<$0.upperBound + piece.byteOffset
    }
  }

  /// The sentences of a text of any length, in its bytes.
  func sentences(inPiecesOf utf8: [UInt8]) -> [Range<Int>] {
    var stream = stream
    let pieces = stream.pieces(adding: utf8[...]) + [stream.finish()].compactMap(\.self)
    return pieces.flatMap(sentences)
  }

  /// The sentences of a text that is read whole, in its bytes.
  func sentences(of utf8: [UInt8]) -> [Range<Int>] {
    segmenter.ranges(in: normalizer.normalized(utf8: utf8.span))
  }
}
