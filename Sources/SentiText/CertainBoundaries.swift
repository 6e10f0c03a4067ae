/// Places between which a long text has the same boundaries as the whole.
///
/// Behind a line feed is a boundary of every unit whatever surrounds it (rules WB3a, SB4, GB4, LB5), and
/// so is the place between an ideographic full stop, exclamation or question mark and an ideograph. In
/// ASCII so is, behind a space, that before a letter: of words and graphemes always, of lines where a
/// letter stands before the space (LB18), of sentences behind `!` or `?`, and behind `.` where a capital
/// follows (SB11). No rule looks across any of them, and no step of a normalization does.
struct CertainBoundaries: Sendable {
  /// What is cut; nil for the pieces of byte-pair encodings, which begin with their space.
  let unit: TextUnit?
  /// What happens to the text before.
  var normalization = Normalization.none

  /// Whether line feeds stay what they are.
  private var keepsLines: Bool { !normalization.collapsesSpaces }
  /// Whether capitals stay what they are.
  private var keepsCase: Bool { !normalization.foldsCase && normalization.lowercaseLocale == nil }

  /// The size that a piece has at least, unless the text ends: large enough that the cost of a
  /// piece disappears, small enough that its UTF-16 stays in the second-level cache.
  static let minimumSize = 16_384

  /// The size at which a piece ends whatever its bytes: ICU counts units in 32 bits.
  private static let maximumSize = 1 << 30

  /// Where the first piece of a stretch ends.
  func pieceEnd(in bytes: Span<UInt8>, _ stretch: Range<Int>) -> Int {
    var index = stretch.lowerBound + Self.minimumSize
    let limit = min(stretch.upperBound, stretch.lowerBound + Self.maximumSize)
    while index < limit {
      if contains(index, in: bytes) { return index }
      index += 1
    }
    return Self.scalarStart(bytes, atOrBefore: limit)
  }

  /// The start of the scalar that an index lies in.
  static func scalarStart(_ bytes: Span<UInt8>, atOrBefore index: Int) -> Int {
    var index = index
    while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index -= 1 }
    return index
  }

  /// Where the last boundary of some bytes is, after an index; 0 when there is none.
  func last(in bytes: Span<UInt8>, after start: Int) -> Int {
    var index = bytes.count
    while index > start {
      if contains(index, in: bytes) { return index }
      index -= 1
    }
    return 0
  }

  /// Whether a boundary is certain before the byte of an index above 0.
  func contains(_ index: Int, in bytes: Span<UInt8>) -> Bool {
    let previous = bytes[index - 1]
    if previous == UInt8(ascii: "\n") {
      // A mark would belong to the space that the line feed becomes.
      return keepsLines
        ? unit != nil : unit == .word && index < bytes.count && bytes[index] < 0x80
    }
    guard index < bytes.count else { return false }
    let next = bytes[index]
    if (0xE5...0xE9).contains(next) { return Self.isIdeographicStop(bytes, endingAt: index) }
    guard let unit else {
      return next == 0x20 && previous.isASCIILetter && index + 1 < bytes.count
        && bytes[index + 1].isASCIILetter
    }
    guard previous == 0x20, next.isASCIILetter else { return false }
    let beforeSpace = index > 1 ? bytes[index - 2] : 0x20
    switch unit {
    case .word, .grapheme: return true
    case .line: return beforeSpace.isASCIILetter
    case .sentence:
      return beforeSpace == UInt8(ascii: "!") || beforeSpace == UInt8(ascii: "?")
        || beforeSpace == UInt8(ascii: ".") && next & 0x20 == 0 && keepsCase
    }
  }

  /// Whether U+3002, U+FF01 or U+FF1F stands before an index.
  private static func isIdeographicStop(_ bytes: Span<UInt8>, endingAt end: Int) -> Bool {
    guard end >= 3 else { return false }
    let middle = bytes[end - 2]
    switch bytes[end - 1] {
    case 0x82: return bytes[end - 3] == 0xE3 && middle == 0x80
    case 0x81, 0x9F: return bytes[end - 3] == 0xEF && middle == 0xBC
    default: return false
    }
  }
}

extension UInt8 {
  fileprivate var isASCIILetter: Bool { (0x61...0x7A).contains(self | 0x20) }
}
