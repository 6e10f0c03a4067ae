extension TokenKind {
  /// The kind of a token, from the rule that ended it and from its characters.
  ///
  /// ICU's rule statuses: below 100 no word, 100 number, 200 letters, 300 kana, 400 ideographs.
  init(ruleStatus: Int32, _ bytes: Span<UInt8>, _ range: Range<Int>) {
    switch ruleStatus {
    case 100..<200: self = Self.isKeycap(bytes, range) ? .emoji : .number
    case 200..<300: self = .word
    case 300...: self = .ideograph
    default: self.init(sign: bytes, range)
    }
  }

  /// The kind of a token that holds no letter and no digit.
  private init(sign bytes: Span<UInt8>, _ range: Range<Int>) {
    let lead = bytes[range.lowerBound]
    if lead < 0x80 && !Self.isKeycap(bytes, range) {
      self = Self.ofASCIISign(lead)
    } else {
      let step = UTF8Decoding.step(bytes, at: range.lowerBound)
      let next = range.lowerBound + step.length
      let follower =
        next < range.upperBound ? UTF8Decoding.step(bytes, at: next).scalar : nil
      self.init(sign: step.scalar ?? 0xFFFD, follower: follower)
    }
  }

  private init(sign scalar: UInt32, follower: UInt32?) {
    if Self.isEmoji(scalar, follower: follower) {
      self = .emoji
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
    case 0xFE0F, 0x200D, 0x20E3: return CharacterProperties.isEmoji(scalar)
    case .some(0x1F3FB...0x1F3FF): return CharacterProperties.isEmoji(scalar)
    default: return false
    }
  }

  /// Whether a token ends in U+20E3, the enclosing keycap.
  private static func isKeycap(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    range.count > 3 && bytes[range.upperBound - 3] == 0xE2 && bytes[range.upperBound - 2] == 0x83
      && bytes[range.upperBound - 1] == 0xA3
  }

  /// The kind of a sign of ASCII, by its general category.
  static func ofASCIISign(_ byte: UInt8) -> TokenKind {
    switch byte {
    case 0...0x20, 0x7F: .space
    case UInt8(ascii: "$"), UInt8(ascii: "+"), UInt8(ascii: "<"), UInt8(ascii: "="),
      UInt8(ascii: ">"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"),
      UInt8(ascii: "~"):
      .symbol
    default: .punctuation
    }
  }
}
