internal import CSentiText

/// The characters that tables of properties are made for.
///
/// They are those of the Latin, Greek and Cyrillic scripts with their neighbours, 0 to U+052F, and
/// the general punctuation, U+2000 to U+206F.
enum TabulatedCharacters {
  /// The characters, in the order of the tables.
  static let all: [UInt16] = {
    let first = UInt16(CSentiText_firstPunctuation)
    let count = UInt16(CSentiText_characterCount - CSentiText_lowCharacterCount)
    return Array(0..<UInt16(CSentiText_lowCharacterCount)) + Array(first..<(first + count))
  }()

  /// The place of a character in the tables; nil when it is not tabulated.
  static func index(of scalar: UInt32) -> Int? {
    if scalar < CSentiText_lowCharacterCount { return Int(scalar) }
    let punctuation = CSentiText_characterCount - CSentiText_lowCharacterCount
    guard scalar >= CSentiText_firstPunctuation, scalar < CSentiText_firstPunctuation + punctuation
    else { return nil }
    return Int(scalar) - Int(CSentiText_firstPunctuation) + Int(CSentiText_lowCharacterCount)
  }
}
