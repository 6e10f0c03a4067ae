/// Divides a text that comes in chunks, of any sizes, into stretches that can be read one by one.
///
///     var stretches = TextStretches(of: .sentence)
///     while let chunk = nextChunk() { stretches.append(chunk.span).map(read) }
///     read(stretches.finish())
///
/// Cutting, or normalizing and then cutting, each stretch gives the units of the whole text. What
/// follows the last certain boundary waits for the next chunk, up to ``maximumByteCount`` bytes: a text
/// that has none for so long is cut there all the same, so memory is bounded whatever comes. There is
/// one behind each line feed, between words that a space parts, at the end of sentences, and behind
/// ideographic full stops; see <doc:Pipeline>.
public struct TextStretches: Sendable {
  /// Bytes of a text, and where they begin in it.
  public struct Stretch: Hashable, Sendable {
    /// Where the stretch begins, in bytes.
    public let offset: Int
    /// The stretch.
    public let bytes: [UInt8]
  }

  /// The size at which a stretch ends whatever its bytes are, a chunk more or less.
  public static let maximumByteCount = 1 << 20

  private let boundaries: CertainBoundaries
  private var pending: [UInt8] = []
  /// Up to where `pending` is known to hold no certain boundary.
  private var searched = 0
  private var offset = 0
  private var markup: OpenMarkup

  /// Starts at the beginning of a text.
  ///
  /// - Parameters:
  ///   - unit: What the stretches will be cut into; nil for subwords.
  ///   - normalization: How they will be normalized before.
  public init(of unit: TextUnit?, normalization: Normalization = .none) {
    boundaries = CertainBoundaries(unit: unit, normalization: normalization)
    markup = OpenMarkup(normalization)
  }

  /// Takes the next bytes, and returns what can be read already.
  public mutating func append(_ chunk: Span<UInt8>) -> Stretch? {
    pending.append(contentsOf: [UInt8](copying: chunk))
    let end = boundaries.lookahead > 0 ? lastBoundary() : lastPlainBoundary()
    if end > 0 { return take(end) }
    return pending.count < Self.maximumByteCount ? nil : takeWithoutBoundary()
  }

  private mutating func lastPlainBoundary() -> Int {
    let end = boundaries.last(in: pending.span, after: searched)
    if end == 0 { searched = max(0, pending.count - 2) }
    return end
  }

  /// The last boundary, searched front to back, because markup is read in that direction.
  private mutating func lastBoundary() -> Int {
    let bytes = pending
    var (end, index) = (0, max(1, searched))
    while index + boundaries.lookahead < bytes.count {
      if boundaries.contains(index, in: bytes.span), !markup.covers(index, in: bytes.span) {
        end = index
      }
      index += 1
    }
    searched = index
    return end
  }

  /// Cuts before the last scalar; no markup goes on behind that, for stretches are normalized one by one.
  private mutating func takeWithoutBoundary() -> Stretch {
    let stretch = take(startOfLastScalar)
    markup.restart()
    return stretch
  }

  /// Where the last scalar begins, which may not be whole; where none does, the end.
  private var startOfLastScalar: Int {
    pending.indices.suffix(4).last { pending[$0] & 0xC0 != 0x80 } ?? pending.count
  }

  /// Returns the rest; another text may then begin.
  public mutating func finish() -> Stretch {
    let rest = take(pending.count)
    offset = 0
    searched = 0
    markup.restart()
    return rest
  }

  private mutating func take(_ count: Int) -> Stretch {
    let stretch = Stretch(offset: offset, bytes: Array(pending[..<count]))
    pending.removeFirst(count)
    markup.removeFirst(count)
    searched = boundaries.lookahead > 0 ? max(0, searched - count) : 0
    offset += count
    return stretch
  }
}
