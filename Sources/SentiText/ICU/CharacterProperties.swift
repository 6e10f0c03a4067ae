internal import CSentiICU

/// Unicode properties of one character, asked of the linked ICU.
enum CharacterProperties {
  /// The full case folding of a scalar, in UTF-16.
  static func folded(_ scalar: UInt32) -> [UInt16] {
    unsafe [UInt16](unsafeUninitializedCapacity: 6) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      count = Int(unsafe CSentiICU_foldCase(scalar, start))
    }
  }

  /// Whether a scalar is a letter, by Unicode's property Alphabetic.
  static func isAlphabetic(_ scalar: UInt32) -> Bool {
    CSentiICU_isAlphabetic(scalar)
  }

  /// Whether a scalar is a decimal digit.
  static func isDigit(_ scalar: UInt32) -> Bool {
    CSentiICU_isDecimalDigit(scalar)
  }

  /// Whether a scalar is white space or prints nothing.
  static func isBlank(_ scalar: UInt32) -> Bool {
    if CSentiICU_isWhiteSpace(scalar) || CSentiICU_isDefaultIgnorable(scalar) { return true }
    let category = CSentiICU_generalCategory(scalar)
    return category == Int32(CSentiICU_controlCategory)
      || category == Int32(CSentiICU_formatCategory)
  }

  /// Whether a scalar is a punctuation mark.
  static func isPunctuation(_ scalar: UInt32) -> Bool {
    let category = CSentiICU_generalCategory(scalar)
    return
      (Int32(CSentiICU_firstPunctuationCategory)...Int32(CSentiICU_lastPunctuationCategory))
      .contains(category) || category == Int32(CSentiICU_initialPunctuationCategory)
      || category == Int32(CSentiICU_finalPunctuationCategory)
  }

  /// Whether a scalar is shown as an emoji without a variation selector.
  static func isEmojiPresentation(_ scalar: UInt32) -> Bool {
    CSentiICU_isEmojiPresentation(scalar)
  }

  /// Whether a scalar can be shown as an emoji.
  static func isEmoji(_ scalar: UInt32) -> Bool {
    CSentiICU_isEmoji(scalar)
  }
}
