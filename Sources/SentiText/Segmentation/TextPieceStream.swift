/// Cuts a text that comes in chunks, of any sizes, into pieces that have the units of the whole.
///
///     var stream = TextPieceStream()
///     while let chunk = nextChunk() {
///       for piece in stream.pieces(adding: chunk) { handle(pipeline.encode(utf8: piece.utf8.span)) }
///     }
///     if let piece = stream.finish() { handle(pipeline.encode(utf8: piece.utf8.span)) }
///
/// A piece ends where neither a step of a ``Normalization`` nor a boundary rule looks across, as a
/// stretch of ``TextStretches`` does. Pieces follow from the text alone, not from the chunks. A text
/// that has no such place for ``maximumByteCount`` bytes is cut there all the same, so memory is bounded
/// whatever comes.
public struct TextPieceStream: Sendable {
  /// A piece of a text.
  public struct Piece: Hashable, Sendable {
    /// Where the piece begins in the text, in UTF-8 bytes.
    public let byteOffset: Int
    /// The piece, as it stands in the text.
    public let utf8: [UInt8]
  }

  /// The size at which a piece ends whatever its bytes are.
  public static let maximumByteCount = 1 << 20

  private let boundaries: CertainBoundaries
  private var pending: [UInt8] = []
  /// Up to where the pending bytes are known to hold no end of a piece.
  private var searched = CertainBoundaries.minimumSize
  private var byteOffset = 0
  private var markup: OpenMarkup

  /// Starts at the beginning of a text.
  ///
  /// - Parameters:
  ///   - unit: The unit that pieces must not cut in two.
  ///   - normalization: What will happen to the pieces.
  public init(_ unit: TextUnit = .word, normalization: Normalization = .none) {
    boundaries = CertainBoundaries(unit: unit, normalization: normalization)
    markup = OpenMarkup(normalization)
  }

  /// Takes the next bytes and returns the pieces that are whole.
  public mutating func pieces(adding chunk: ArraySlice<UInt8>) -> [Piece] {
    pending.append(contentsOf: chunk)
    var pieces: [Piece] = []
    var start = 0
    while let end = endOfPiece(from: start) {
      pieces.append(Piece(byteOffset: byteOffset + start, utf8: Array(pending[start..<end])))
      start = end
      searched = start + CertainBoundaries.minimumSize
    }
    pending.removeFirst(start)
    markup.removeFirst(start)
    byteOffset += start
    searched -= start
    return pieces
  }

  /// Returns the last piece, or nil when there is none; the stream may then begin another text.
  public mutating func finish() -> Piece? {
    defer {
      (pending, searched, byteOffset) = ([], CertainBoundaries.minimumSize, 0)
      markup.restart()
    }
    return pending.isEmpty ? nil : Piece(byteOffset: byteOffset, utf8: pending)
  }

  /// Finds the end of the piece that starts at an index; nil when more bytes have to come.
  private mutating func endOfPiece(from start: Int) -> Int? {
    let bytes = pending
    let last = start + Self.maximumByteCount
    while searched < min(bytes.count, last - boundaries.lookahead) {
      guard searched + boundaries.lookahead < bytes.count else { return nil }
      if boundaries.contains(searched, in: bytes.span), !markup.covers(searched, in: bytes.span) {
        return searched
      }
      searched += 1
    }
    guard bytes.count > last else { return nil }
    return UTF8Decoding.scalarStart(bytes.span, atOrBefore: last)
  }
}
