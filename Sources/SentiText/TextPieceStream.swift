/// Cuts a text that comes in chunks, of any sizes, into pieces that have the units of the whole.
///
///     var stream = TextPieceStream()
///     while let chunk = nextChunk() {
///       for piece in stream.pieces(adding: chunk) { handle(pipeline.encode(utf8: piece.utf8.span)) }
///     }
///     if let piece = stream.finish() { handle(pipeline.encode(utf8: piece.utf8.span)) }
///
/// A piece ends where neither a step of a ``Normalization`` nor a boundary rule looks across: behind a
/// line feed, behind an ideographic full stop, and for words between a space and a letter of ASCII.
/// Pieces follow from the text alone, not from the chunks. A text that has no such place for
/// ``maximumByteCount`` bytes is cut there all the same, so memory is bounded whatever comes.
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

  private let unit: TextUnit
  private var pending: [UInt8] = []
  /// Up to where the pending bytes are known to hold no end of a piece.
  private var searched = TextPieces.minimumSize
  private var byteOffset = 0

  /// Starts at the beginning of a text.
  ///
  /// - Parameter unit: The unit that pieces must not cut in two.
  public init(_ unit: TextUnit = .word) {
    self.unit = unit
  }

  /// Takes the next bytes and returns the pieces that are whole.
  public mutating func pieces(adding chunk: ArraySlice<UInt8>) -> [Piece] {
    pending.append(contentsOf: chunk)
    var pieces: [Piece] = []
    var start = 0
    while let end = endOfPiece(from: start) {
      pieces.append(Piece(byteOffset: byteOffset + start, utf8: Array(pending[start..<end])))
      start = end
      searched = start + TextPieces.minimumSize
    }
    pending.removeFirst(start)
    byteOffset += start
    searched -= start
    return pieces
  }

  /// Returns the last piece, or nil when there is none; the stream may then begin another text.
  public mutating func finish() -> Piece? {
    defer { self = TextPieceStream(unit) }
    return pending.isEmpty ? nil : Piece(byteOffset: byteOffset, utf8: pending)
  }

  /// Finds the end of the piece that starts at an index; nil when more bytes have to come.
  private mutating func endOfPiece(from start: Int) -> Int? {
    while searched < pending.count {
      if isCertainEnd(searched) { return searched }
      if searched - start >= Self.maximumByteCount {
        return TextPieces.scalarBoundary(pending.span, atOrBefore: searched)
      }
      searched += 1
    }
    return nil
  }

  /// Whether nothing looks across an index.
  ///
  /// What follows a line feed must be of ASCII: a mark would belong to the line feed where white space
  /// is collapsed.
  private func isCertainEnd(_ index: Int) -> Bool {
    let (previous, next) = (pending[index - 1], pending[index])
    switch previous {
    case UInt8(ascii: "\n"): return next < 0x80
    case UInt8(ascii: " "): return unit == .word && (0x61...0x7A).contains(next | 0x20)
    // U+3002, and behind it a Chinese character.
    case 0x82:
      return (0xE4...0xE9).contains(next) && pending[index - 2] == 0x80
        && pending[index - 3] == 0xE3
    default: return false
    }
  }
}
