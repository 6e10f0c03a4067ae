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

  private static func has(_ property: Int, _ scalar: UInt32) -> Bool {
    CSentiICU_hasProperty(scalar, Int32(property))
  }

  private static func isOf(_ categories: Int, _ scalar: UInt32) -> Bool {
    CSentiICU_isOfCategories(scalar, UInt32(categories))
  }

  /// Whether a scalar is a letter, by Unicode's property Alphabetic.
  static func isAlphabetic(_ scalar: UInt32) -> Bool { has(CSentiICU_alphabetic, scalar) }

  /// Whether a scalar is a letter, by its general category (`\p{L}`).
  static func isLetter(_ scalar: UInt32) -> Bool { isOf(CSentiICU_letters, scalar) }

  /// Whether a scalar is a number, by its general category (`\p{N}`).
  static func isNumber(_ scalar: UInt32) -> Bool { isOf(CSentiICU_numbers, scalar) }

  /// Whether a scalar is a decimal digit.
  static func isDigit(_ scalar: UInt32) -> Bool { isOf(CSentiICU_decimalDigits, scalar) }

  /// Whether a scalar is a punctuation mark.
  static func isPunctuation(_ scalar: UInt32) -> Bool { isOf(CSentiICU_punctuation, scalar) }

  /// Whether a character is a mark without a width of its own.
  static func isNonspacingMark(_ scalar: UInt32) -> Bool { isOf(CSentiICU_nonspacingMarks, scalar) }

  /// Whether a scalar is white space.
  static func isSpace(_ scalar: UInt32) -> Bool { has(CSentiICU_whiteSpace, scalar) }

  /// Whether a scalar is white space or prints nothing.
  static func isBlank(_ scalar: UInt32) -> Bool {
    isSpace(scalar) || has(CSentiICU_defaultIgnorable, scalar)
      || isOf(CSentiICU_controlsAndFormats, scalar)
  }

  /// Whether a scalar is shown as an emoji without a variation selector.
  static func isEmojiPresentation(_ scalar: UInt32) -> Bool {
    has(CSentiICU_emojiPresentation, scalar)
  }

  /// Whether a scalar can be shown as an emoji.
  static func isEmoji(_ scalar: UInt32) -> Bool { has(CSentiICU_emoji, scalar) }

  /// Whether a letter has case.
  static func isCased(_ scalar: UInt32) -> Bool { has(CSentiICU_cased, scalar) }

  /// Whether rules of case look across a character.
  static func isCaseIgnorable(_ scalar: UInt32) -> Bool { has(CSentiICU_caseIgnorable, scalar) }

  /// Whether a character is of a script whose accents may be taken off: Latin, Greek, Cyrillic.
  static func takesAccents(_ scalar: UInt32) -> Bool { CSentiICU_takesAccents(scalar) }

  /// Whether a character follows others in canonical order: its combining class is not 0.
  static func isCombining(_ scalar: UInt32) -> Bool { CSentiICU_combiningClass(scalar) != 0 }

  /// The short name of a character's script, such as "Latn"; "Zyyy" for what all scripts share.
  static func script(_ scalar: UInt32) -> String {
    unsafe String(cString: CSentiICU_scriptName(scalar))
  }

  /// Whether a locale's language is one that ICU knows.
  static func isKnownLocale(_ locale: String) -> Bool {
    unsafe locale.withCString { unsafe CSentiICU_isKnownLocale($0) }
  }

  /// A short text in lower case, by a locale's rules.
  static func lowercased(_ units: [UInt16], locale: String) -> [UInt16] {
    // No character becomes more than three in lower case.
    let capacity = 3 * units.count + 1
    return unsafe [UInt16](unsafeUninitializedCapacity: capacity) { output, count in
      guard let destination = output.baseAddress else { return }
      var status: Int32 = 0
      let length = unsafe CSentiICU_lowercase(
        locale, units, Int32(units.count), destination, Int32(capacity), &status)
      count = status <= 0 ? Int(length) : 0
    }
  }
}

extension [UInt8] {
  /// The first place at or after an index of well-formed UTF-8 with a character beyond ASCII that
  /// case folding changes, or `count`.
  func firstFolded(from start: Int) -> Int {
    precondition(start >= 0 && start <= count, "index \(start) of \(count) bytes")
    return Int(unsafe CSentiICU_firstFolded(self, Int64(start), Int64(count)))
  }
}
