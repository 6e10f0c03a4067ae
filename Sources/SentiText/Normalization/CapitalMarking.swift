/// Words in capitals marked: `_caps_` stands behind each, in a line that has small letters too.
///
/// A line that is in capitals as a whole shouts no word of it, and so do no Roman numbers and the
/// abbreviations that everybody writes in capitals. A line ends at a line feed or at U+3002.
enum CapitalMarking {
  /// Marks the words of a text.
  static func apply(to text: inout AlignedText) {
    var marker = Marker()
    text.rewrite(at: .capitals) { source, index, floor in
      guard index >= marker.wordEnd else { return nil }
      let word = marker.word(source, around: index, from: floor)
      guard isShouted(source, word), marker.isMixed(source, around: index) else { return nil }
      return .init(
        range: word.upperBound..<word.upperBound, bytes: [], mark: [0x20] + ReviewMark.caps)
    }
  }

  private static func isShouted(_ source: Span<UInt8>, _ word: Range<Int>) -> Bool {
    guard word.count > 1, !isPartOfName(source.byte(word.lowerBound - 1)),
      !isPartOfName(source.byte(word.upperBound)), areCapitals(source, word)
    else { return false }
    let isRoman = word.allSatisfy { "IVX".utf8.contains(source[$0]) }
    return !isRoman && !(word.count <= 5 && abbreviations.contains(source.folded(word)))
  }

  /// Whether a byte beside capitals makes them a name or a mark: a digit or `_`.
  private static func isPartOfName(_ byte: UInt8) -> Bool {
    byte.isDigit || byte == UInt8(ascii: "_")
  }

  /// Whether a word has two letters with case, and all of them are capitals.
  private static func areCapitals(_ source: Span<UInt8>, _ word: Range<Int>) -> Bool {
    var (index, count) = (word.lowerBound, 0)
    while index < word.upperBound {
      let step = UTF8Decoding.step(source, at: index)
      if step.length == 1 {
        if source[index].isSmallLetter { return false }
        if source[index].isCapital { count += 1 }
      } else if let scalar = step.scalar.flatMap(Unicode.Scalar.init) {
        if scalar.properties.isLowercase { return false }
        if scalar.properties.isUppercase { count += 1 }
      }
      index += step.length
    }
    return count > 1
  }

  private static let abbreviations: Set<String> = [
    "am", "bbc", "cd", "cds", "cia", "dvd", "dvds", "fbi", "gps", "hbo", "hd", "imdb", "la", "lcd",
    "led", "mtv", "nbc", "ny", "nyc", "ok", "pc", "pm", "tv", "tvs", "uk", "us", "usa", "usb",
    "vhs",
  ]
}

/// What is known of the word and the line that were looked at last.
private struct Marker {
  /// Where the last word ends.
  private(set) var wordEnd = 0
  private var lineEnd = 0
  private var isLineMixed = false

  /// The word around an index, apostrophes inside of it included.
  mutating func word(_ source: Span<UInt8>, around index: Int, from floor: Int) -> Range<Int> {
    var word = source.letters(around: index, from: max(floor, wordEnd))
    while source.byte(word.upperBound) == UInt8(ascii: "'"),
      source.letterLength(at: word.upperBound + 1) > 0
    {
      let rest = source.letters(around: word.upperBound + 1, from: word.upperBound + 1)
      word = word.lowerBound..<rest.upperBound
    }
    wordEnd = max(word.upperBound, index + 1)
    return word
  }

  /// Whether the line around an index has a small letter.
  mutating func isMixed(_ source: Span<UInt8>, around index: Int) -> Bool {
    if index < lineEnd { return isLineMixed }
    var start = index
    while start > 0, !endsLine(source, at: start - 1) { start -= 1 }
    lineEnd = start
    isLineMixed = false
    while lineEnd < source.count, !endsLine(source, at: lineEnd) {
      let step = UTF8Decoding.step(source, at: lineEnd)
      if step.length == 1 {
        if source[lineEnd].isSmallLetter { isLineMixed = true }
      } else if !isLineMixed, let scalar = step.scalar.flatMap(Unicode.Scalar.init) {
        isLineMixed = scalar.properties.isLowercase
      }
      lineEnd += step.length
    }
    lineEnd = max(lineEnd, index + 1)
    return isLineMixed
  }

  /// Whether a byte is a line feed, or the first or last of U+3002.
  private func endsLine(_ source: Span<UInt8>, at index: Int) -> Bool {
    if source[index] == UInt8(ascii: "\n") { return true }
    return source[index] == 0xE3 && source.byte(index + 1) == 0x80 && source.byte(index + 2) == 0x82
  }
}
