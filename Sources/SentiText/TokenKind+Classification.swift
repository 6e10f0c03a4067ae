extension TokenKind {
  /// The kind of a token, from the rule that ended it and from its characters.
  ///
  /// ICU's rule statuses are below 100 for signs, 100 and 200 for digits and letters, 300 and above
  /// for kana and ideographs. A token of letters and digits is a word when it holds a letter, whichever
  /// of them ends it.
  init(ruleStatus: Int32, _ bytes: Span<UInt8>, _ range: Range<Int>) {
    if ruleStatus >= 300 {
      self = .ideograph
    } else if Self.isKeycap(bytes, range) {
      self = .emoji
    } else {
      self.init(
        bytes, ruleStatus < 100 ? range.lowerBound..<(range.lowerBound + 1) : range, of: range)
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
