extension TokenKind {
  /// The kind of a token, from its characters: of a sign from the first, of letters and digits from
  /// all, because it is a word when it holds a letter anywhere.
  init(ofSign isSign: Bool, _ bytes: Span<UInt8>, _ range: Range<Int>) {
    if Self.isKeycap(bytes, range) {
      self = .emoji
    } else {
      self.init(bytes, isSign ? range.lowerBound..<(range.lowerBound + 1) : range, of: range)
      if self == .space, Self.holdsEmoji(bytes, range) { self = .emoji }
    }
  }

  /// Whether an emoji stands among the characters of a token that begins with a blank one: what follows
  /// a joiner, or a skin tone that follows a space, is one token with it.
  private static func holdsEmoji(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      let step = UTF8Decoding.step(bytes, at: index)
      if let scalar = step.scalar, scalar >= 0x80, CharacterProperties.isEmoji(scalar) {
        return true
      }
      index += step.length
    }
    return false
  }

  /// The kind of a token that begins with a character, where that alone decides; else nil.
  init?(whateverFollows scalar: UInt32) {
    switch scalar {
    case 0x4E00...0x9FFF: self = .ideograph
    // Kana and Hangul may be letters of a word or a dictionary's words; the rule that ended it tells.
    case 0x1100...0x11FF, 0x3000...0x30FF, 0x3130...0x4DFF, 0xA960...0xA97F, 0xAC00...0xD7FF,
      0xF900...0xFAFF, 0xFF61...0xFFDF:
      return nil
    case _ where CharacterProperties.isAlphabetic(scalar): self = .word
    case _ where CharacterProperties.isEmojiPresentation(scalar): self = .emoji
    case _ where CharacterProperties.isEmoji(scalar): return nil
    default: self.init(scalar: scalar, follower: nil)
    }
  }

  /// The kind of a token whose letters and digits are looked for in the first range.
  private init(_ bytes: Span<UInt8>, _ searched: Range<Int>, of range: Range<Int>) {
    var kind: TokenKind?
    var index = searched.lowerBound
    while index < searched.upperBound {
      let step = UTF8Decoding.step(bytes, at: index)
      let next = index + step.length
      let follower = next < range.upperBound ? UTF8Decoding.step(bytes, at: next).scalar : nil
      let found = TokenKind(scalar: step.scalar ?? 0xFFFD, follower: follower)
      if found == .word {
        self = .word
        return
      }
      if kind == nil || found == .number { kind = found }
      index = next
    }
    self = kind ?? .symbol
  }

  /// The kind of a token of one character, which another may modify.
  init(scalar: UInt32, follower: UInt32?) {
    if scalar < 0x80 && follower.map({ $0 < 0x80 }) ?? true {
      self = Self.ofASCII(UInt8(scalar))
    } else if CharacterProperties.isAlphabetic(scalar) {
      self = .word
    } else if Self.isEmoji(scalar, follower: follower) {
      self = .emoji
    } else if CharacterProperties.isDigit(scalar) {
      self = .number
    } else if CharacterProperties.isBlank(scalar) {
      self = .space
    } else {
      self = CharacterProperties.isPunctuation(scalar) ? .punctuation : .symbol
    }
  }

  /// Whether a sign is shown as an emoji: by itself, or asked to by what follows it (a variation
  /// selector, a joiner, a skin tone or a keycap).
  private static func isEmoji(_ scalar: UInt32, follower: UInt32?) -> Bool {
    if CharacterProperties.isEmojiPresentation(scalar) { return true }
    switch follower {
    case 0xFE0F, 0x200D, 0x20E3: return scalar >= 0x80 && CharacterProperties.isEmoji(scalar)
    case .some(0x1F3FB...0x1F3FF): return CharacterProperties.isEmoji(scalar)
    default: return false
    }
  }

  /// Whether a token ends in U+20E3, the enclosing keycap.
  private static func isKeycap(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    range.count > 3 && bytes[range.upperBound - 3] == 0xE2 && bytes[range.upperBound - 2] == 0x83
      && bytes[range.upperBound - 1] == 0xA3
  }

  /// The kind of a character of ASCII, by its general category.
  private static func ofASCII(_ byte: UInt8) -> TokenKind {
    switch byte {
    case 0...0x20, 0x7F: .space
    case 0x30...0x39: .number
    case 0x41...0x5A, 0x61...0x7A: .word
    case UInt8(ascii: "$"), UInt8(ascii: "+"), UInt8(ascii: "<"), UInt8(ascii: "="),
      UInt8(ascii: ">"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"),
      UInt8(ascii: "~"):
      .symbol
    default: .punctuation
    }
  }
}
