/// Typography taken off: signs that look alike become one, what cannot be seen is dropped.
///
/// - Apostrophes and single quotation marks become `'`, between letters also U+00B4, U+2032 and the
///   grave accent; double ones, and two single ones, become `"`; hyphens, dashes and the minus `-`.
///   Windows' signs that were read as control characters are read as what they were.
/// - Dropped are control characters, the soft hyphen, word joiners, U+200B, marks of direction,
///   variation selectors, tags and the byte order mark. Joiners stay between emoji, and where the
///   scripts of Arabic and of India need them; U+200B stays in scripts without spaces.
/// - `-LRB-`, `\/` and the like of the Penn Treebank become what they stand for.
enum TypographyFolding {
  /// Folds a text.
  static func apply(to text: inout AlignedText) {
    text.rewrite(at: .typography) { source, index, _ in
      source[index] < 0x80 ? ofASCII(source, index) : beyondASCII(source, index)
    }
  }

  private typealias Replacement = AlignedText.Replacement

  private static let apostrophe = [UInt8(ascii: "'")]
  private static let quote = [UInt8(ascii: "\"")]

  // MARK: ASCII

  private static func ofASCII(_ source: Span<UInt8>, _ index: Int) -> Replacement? {
    switch source[index] {
    case UInt8(ascii: "'"): return Replacement(range: index..<(index + 2), bytes: quote)
    case UInt8(ascii: "`"):
      if source.byte(index + 1) == UInt8(ascii: "`") {
        return Replacement(range: index..<(index + 2), bytes: quote)
      }
      return betweenLetters(source, index..<(index + 1), apostrophe)
    case UInt8(ascii: "\\"): return Replacement(range: index..<(index + 1), bytes: [])
    case UInt8(ascii: "-"):
      guard let bracket = bracket(source, index) else { return nil }
      return Replacement(range: index..<(index + 5), bytes: [bracket])
    default: return Replacement(range: index..<(index + 1), bytes: [])
    }
  }

  private static func bracket(_ source: Span<UInt8>, _ index: Int) -> UInt8? {
    let isLeft = source.byte(index + 1) | 0x20 == UInt8(ascii: "l")
    guard isLeft || source.byte(index + 1) | 0x20 == UInt8(ascii: "r") else { return nil }
    switch source.byte(index + 2) | 0x20 {
    case UInt8(ascii: "r"): return isLeft ? UInt8(ascii: "(") : UInt8(ascii: ")")
    case UInt8(ascii: "s"): return isLeft ? UInt8(ascii: "[") : UInt8(ascii: "]")
    case UInt8(ascii: "c"): return isLeft ? UInt8(ascii: "{") : UInt8(ascii: "}")
    default: return nil
    }
  }

  private static func betweenLetters(
    _ source: Span<UInt8>, _ range: Range<Int>, _ bytes: [UInt8]
  ) -> Replacement? {
    guard source.byte(range.lowerBound - 1).isLetter, source.byte(range.upperBound).isLetter
    else { return nil }
    return Replacement(range: range, bytes: bytes)
  }

  // MARK: Beyond ASCII

  private static func beyondASCII(_ source: Span<UInt8>, _ index: Int) -> Replacement? {
    let step = UTF8Decoding.step(source, at: index)
    guard let scalar = step.scalar else { return nil }
    let range = index..<(index + step.length)
    switch scalar {
    case 0xB4, 0x2032: return betweenLetters(source, range, apostrophe)
    case _ where isApostrophe(scalar): return ofApostrophe(source, range)
    case 0xAB, 0xBB, 0x93, 0x94, 0x201C...0x201F: return Replacement(range: range, bytes: quote)
    case 0x96, 0x97, 0x2010...0x2015, 0x2212:
      return Replacement(range: range, bytes: [UInt8(ascii: "-")])
    case _ where isDropped(scalar, source, range): return Replacement(range: range, bytes: [])
    default: return nil
    }
  }

  private static func isApostrophe(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x27, 0x91, 0x92, 0x2BC, 0x2018...0x201B, 0xFF07: true
    default: false
    }
  }

  /// An apostrophe, or a quotation mark where two stand together.
  private static func ofApostrophe(_ source: Span<UInt8>, _ range: Range<Int>) -> Replacement {
    let next = range.upperBound
    if next < source.count, case let step = UTF8Decoding.step(source, at: next),
      let scalar = step.scalar, isApostrophe(scalar)
    {
      return Replacement(range: range.lowerBound..<(next + step.length), bytes: quote)
    }
    return Replacement(range: range, bytes: apostrophe)
  }

  // MARK: What cannot be seen

  private static func isDropped(
    _ scalar: UInt32, _ source: Span<UInt8>, _ range: Range<Int>
  ) -> Bool {
    switch scalar {
    case 0xAD, 0x34F, 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x206F,
      0xFE00...0xFE0F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE01EF:
      return true
    case 0x200B: return !isBeside(source, range, isOfUnspacedScript)
    case 0x200C: return !isBeside(source, range, needsJoiners)
    case 0x200D:
      return !isBeside(source, range, needsJoiners) && !joinsEmoji(source, range)
    default: return false
    }
  }

  private static func isBeside(
    _ source: Span<UInt8>, _ range: Range<Int>, _ belongs: (UInt32) -> Bool
  ) -> Bool {
    (scalar(source, endingAt: range.lowerBound).map(belongs) ?? false)
      || (scalar(source, at: range.upperBound).map(belongs) ?? false)
  }

  private static func joinsEmoji(_ source: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let before = scalar(source, endingAt: range.lowerBound),
      let behind = scalar(source, at: range.upperBound)
    else { return false }
    return (before == 0xFE0F || EmojiGroups.isPictograph(before))
      && EmojiGroups.isPictograph(behind)
  }

  /// Whether a scalar is of a script in whose words joiners have a meaning: those of Arabic, of
  /// India and its neighbours, Mongolian.
  private static func needsJoiners(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x600...0x8FF, 0x900...0xDFF, 0xF00...0x109F, 0x1780...0x18AF, 0x1900...0x1CFF,
      0xA800...0xABFF, 0xFB50...0xFDFF, 0xFE70...0xFEFC, 0x10A00...0x11FFF:
      true
    default: false
    }
  }

  private static func isOfUnspacedScript(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0xE00...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0x1950...0x1AAF, 0xA9E0...0xA9FF,
      0xAA60...0xAADF:
      true
    default: false
    }
  }

  private static func scalar(_ source: Span<UInt8>, at index: Int) -> UInt32? {
    index < source.count ? UTF8Decoding.step(source, at: index).scalar : nil
  }

  private static func scalar(_ source: Span<UInt8>, endingAt end: Int) -> UInt32? {
    guard end > 0 else { return nil }
    return scalar(source, at: UTF8Decoding.scalarStart(source, atOrBefore: end - 1))
  }
}
