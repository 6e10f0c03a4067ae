internal import CSentiText

/// The characters that tables of properties are made for.
///
/// They are those of the Latin, Greek and Cyrillic scripts with their neighbours, 0 to U+052F, the
/// general punctuation, Thai, the signs and kana of Chinese and Japanese, their full-width forms, and
/// one Han character that stands for all from U+4E00 to U+9FFF, in whose properties they are alike.
enum TabulatedCharacters {
  /// The first characters of the blocks and how many there are, in the order of the tables.
  private static let blocks: [(first: Int, count: Int)] = [
    (0, Int(CSentiText_lowCharacterCount)),
    (Int(CSentiText_firstPunctuation), Int(CSentiText_punctuationCount)),
    (Int(CSentiText_firstThai), Int(CSentiText_thaiCount)),
    (Int(CSentiText_firstKana), Int(CSentiText_kanaCount)),
    (Int(CSentiText_firstFullWidth), Int(CSentiText_fullWidthCount)),
    (Int(CSentiText_firstHan), 1),
  ]

  /// The characters, in the order of the tables.
  static let all: [UInt16] = blocks.flatMap { first, count in
    (first..<(first + count)).map { UInt16($0) }
  }

  /// The place of a character in the tables; nil when it is not tabulated.
  static func index(of scalar: UInt32) -> Int? {
    if scalar < CSentiText_lowCharacterCount { return Int(scalar) }
    if (UInt32(CSentiText_firstHan)...UInt32(CSentiText_lastHan)).contains(scalar) {
      return Int(CSentiText_hanIndex)
    }
    var index = 0
    for (first, count) in blocks {
      let offset = Int(scalar) - first
      if offset >= 0 && offset < count { return index + offset }
      index += count
    }
    return nil
  }
}
