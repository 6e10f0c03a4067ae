/// Joins words into a text with spaces where a person would put them.
struct WordJoiner {
  /// The text as far as it was joined.
  private(set) var text = ""
  private var wantsSpace = false
  private var isInsideQuotes = false

  /// Adds a word.
  mutating func append(_ word: String) {
    let placement = placement(of: word)
    if wantsSpace && placement != .closing && !placement.isTight { text += " " }
    text += word
    wantsSpace = placement == .closing || placement == .free
    if word == "\"" { isInsideQuotes.toggle() }
  }

  private enum Placement {
    /// A word or a sign with spaces on both sides.
    case free
    /// A mark that follows its word without a space.
    case closing
    /// A mark that the next word follows without a space.
    case opening
    /// A mark without spaces on either side, or a word of a script that writes none.
    case tight

    var isTight: Bool { self == .tight }
  }

  private func placement(of word: String) -> Placement {
    guard let scalar = word.unicodeScalars.first else { return .tight }
    switch scalar {
    case ".", ",", ";", ":", "!", "?", ")", "]", "}", "%", "\u{2026}", "\u{2019}", "\u{201D}",
      "\u{BB}":
      return .closing
    case "(", "[", "{", "$", "#", "@", "\u{201C}", "\u{2018}", "\u{AB}": return .opening
    case "-", "/", "'", "\u{2013}": return .tight
    case "\"": return isInsideQuotes ? .closing : .opening
    default: return Self.isUnspaced(scalar) ? .tight : .free
    }
  }

  /// Whether a letter belongs to a script that writes no spaces: Thai to Lao, Burmese, Khmer,
  /// Chinese and Japanese with their punctuation.
  private static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3000...0x30FF, 0x3400...0x9FFF,
      0xF900...0xFAFF, 0xFF01...0xFF9F, 0x20000...0x3FFFF:
      true
    default: false
    }
  }
}
