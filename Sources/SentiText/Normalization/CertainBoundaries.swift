/// Places between which a long text has the same boundaries as the whole.
///
/// Behind a line feed is a boundary of every unit whatever surrounds it (rules WB3a, SB4, GB4, LB5), and
/// so is the place between an ideographic full stop, exclamation or question mark and an ideograph. In
/// ASCII so is, behind a space, that before a letter: of words and graphemes always, of lines where a
/// letter stands before the space (LB18), of sentences behind `!` or `?`, and behind `.` where a capital
/// follows (SB11). No rule looks across any of them, and no step of a normalization does; with
/// ``ReviewSteps`` only between words that none of the steps touches.
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
    return UTF8Decoding.scalarStart(bytes, atOrBefore: limit)
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

  /// How many bytes behind an index decide whether a boundary is certain there.
  var lookahead: Int { normalization.reviewSteps.isEmpty ? 0 : Self.longestWord + 1 }

  /// Whether a boundary is certain before the byte of an index above 0.
  func contains(_ index: Int, in bytes: Span<UInt8>) -> Bool {
    let previous = bytes[index - 1]
    if previous == UInt8(ascii: "\n") {
      // A mark would belong to the space that the line feed becomes.
      if !normalization.reviewSteps.isEmpty, index < bytes.count, !Self.isKept(bytes[index]) {
        return false
      }
      return keepsLines
        ? unit != nil : unit == .word && index < bytes.count && bytes[index] < 0x80
    }
    guard index < bytes.count else { return false }
    let next = bytes[index]
    let hasSteps = !normalization.reviewSteps.isEmpty
    if (0xE5...0xE9).contains(next) {
      return Self.isIdeographicStop(bytes, endingAt: index)
        && (!hasSteps || bytes[index - 1] == 0x82)
    }
    if hasSteps && !isBetweenPlainWords(index, in: bytes) { return false }
    guard let unit else {
      return next == 0x20 && previous.isLetter && index + 1 < bytes.count
        && bytes[index + 1].isLetter
    }
    guard previous == 0x20, next.isLetter else { return false }
    let beforeSpace = index > 1 ? bytes[index - 2] : 0x20
    switch unit {
    case .word, .grapheme: return true
    case .line: return beforeSpace.isLetter
    case .sentence:
      return beforeSpace == UInt8(ascii: "!") || beforeSpace == UInt8(ascii: "?")
        || beforeSpace == UInt8(ascii: ".") && next & 0x20 == 0 && keepsCase
    }
  }

  // MARK: Review steps

  /// Whether no review step deletes a character that begins with a byte: it would belong to what stands
  /// before it.
  private static func isKept(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x08, 0x0E...0x1F, 0x7F, UInt8(ascii: "<"), UInt8(ascii: "&"), UInt8(ascii: "]"),
      UInt8(ascii: "\\"), 0xC2, 0xCD, 0xD8, 0xE2, 0xEF...0xFF:
      false
    default: true
    }
  }

  /// The longest word that is looked at.
  private static let longestWord = 24

  /// Whether the words before and behind a space are of small letters, but the first, and no review step
  /// drops either or looks across them: both sides then have small letters, by which capitals are told.
  private func isBetweenPlainWords(_ index: Int, in bytes: Span<UInt8>) -> Bool {
    guard bytes[index - 1] == 0x20, !"efnostxz".utf8.contains(bytes[index] | 0x20) else {
      return false
    }
    var end = bytes[index].isCapital ? index + 1 : index
    let start = end
    while end < bytes.count, end - index < Self.longestWord, bytes[end].isSmallLetter { end += 1 }
    guard end > start, end < bytes.count, bytes[end] == 0x20 else { return false }
    var upper = index - 1
    if unit == .sentence, upper > 0, "!?.".utf8.contains(bytes[upper - 1]) { upper -= 1 }
    var lower = upper
    while lower > 0, upper - lower < Self.longestWord, bytes[lower - 1].isSmallLetter { lower -= 1 }
    guard upper - lower > 1 else { return false }
    if lower > 0, bytes[lower - 1].isCapital { lower -= 1 }
    guard lower > 0, bytes[lower - 1] == 0x20 || bytes[lower - 1] == 0x0A else { return false }
    return upper - lower > 5 || !Self.ratingWords.contains(bytes.folded(lower..<upper))
  }

  /// The words that ratings hold.
  private static let ratingWords: Set<String> = [
    "star", "stars", "out", "of", "zero", "one", "two", "three", "four", "five", "six", "seven",
    "eight", "nine", "ten",
  ]

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
