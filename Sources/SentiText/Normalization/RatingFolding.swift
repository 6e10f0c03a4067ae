/// Ratings as one word each, which names tenths of the most that can be given.
///
/// "4 stars", "four-star", "4/5", "8/10", "8 out of 10", "80/100" and "★★★★☆" are all `_rating_8_`.
/// Of five are stars without another number, and stars drawn without empty ones. Fractions of other
/// numbers are dates or shares ("9/11", "24/7", "1/2"), and "the two stars" are people.
enum RatingFolding {
  /// Puts words in place of a text's ratings.
  static func apply(to text: inout AlignedText) {
    text.rewrite(at: .rating) { source, index, floor in
      guard let rating = rating(source, index, floor) else { return nil }
      let range = rating.range
      // Capitals, because small letters would tell that a line in capitals is none.
      var word = Array("_RATING_\(rating.tenths)_".utf8)
      if source.byte(range.lowerBound - 1).isWordLike { word.insert(0x20, at: 0) }
      if source.byte(range.upperBound).isWordLike { word.append(0x20) }
      return .init(range: range, bytes: word)
    }
  }

  /// Where a rating stands, and its value.
  private struct Rating {
    let range: Range<Int>
    let tenths: Int

    /// Takes halves up; nil for more than there are.
    init?(_ value: Double, of most: Double, _ range: Range<Int>) {
      guard most > 0, value <= most else { return nil }
      self.range = range
      tenths = Int(10 * value / most + 0.5)
    }
  }

  private static func rating(_ source: Span<UInt8>, _ index: Int, _ floor: Int) -> Rating? {
    switch source[index] {
    case UInt8(ascii: "/"): fraction(source, index, floor)
    case UInt8(ascii: "s"), UInt8(ascii: "S"): stars(source, index, floor)
    case 0xE2: drawnStars(source, index)
    default: outOf(source, index - 2, floor)
    }
  }

  // MARK: Forms

  /// "4/5", "8 / 10", "3.5/4 stars".
  private static func fraction(_ source: Span<UInt8>, _ slash: Int, _ floor: Int) -> Rating? {
    let isWide = source.byte(slash - 1) == 0x20 && source.byte(slash + 1) == 0x20
    guard let value = Number(source, endingAt: isWide ? slash - 1 : slash, floor),
      let most = Number(source, at: isWide ? slash + 2 : slash + 1),
      source.byte(most.range.upperBound) != UInt8(ascii: "/")
    else { return nil }
    return rating(source, value, of: most)
  }

  /// "8 out of 10", "four out of five stars", from the `o` on.
  private static func outOf(_ source: Span<UInt8>, _ start: Int, _ floor: Int) -> Rating? {
    guard start > floor, source.matches("out of ", at: start), source[start - 1] == 0x20,
      let value = Number(source, endingAt: start - 1, floor)
        ?? word(source, endingAt: start - 1, floor),
      let most = Number(source, at: start + 7) ?? word(source, at: start + 7)
    else { return nil }
    return rating(source, value, of: most)
  }

  private static func rating(_ source: Span<UInt8>, _ value: Number, of most: Number) -> Rating? {
    let end = starsEnd(source, most.range.upperBound)
    let isUsual = most.value == 5 || most.value == 10 || most.value == 100
    guard isUsual || end != nil && (3...10).contains(most.value) else { return nil }
    return Rating(
      value.value, of: most.value, value.range.lowerBound..<(end ?? most.range.upperBound))
  }

  /// "4 stars", "4.5-star", "five stars", "3 of 5 stars", from the `s` on.
  private static func stars(_ source: Span<UInt8>, _ start: Int, _ floor: Int) -> Rating? {
    guard let end = starsEnd(source, start) else { return nil }
    let isApart = source.byte(start - 1) == 0x20 || source.byte(start - 1) == UInt8(ascii: "-")
    let numberEnd = isApart ? start - 1 : start
    if let number = Number(source, endingAt: numberEnd, floor) {
      let first = number.range.lowerBound
      if source.matches(" of ", at: first - 4),
        let value = Number(source, endingAt: first - 4, floor)
      {
        return rating(source, value, of: number)
      }
      return outOf(source, number, end)
        ?? Rating(number.value, of: number.value == 10 ? 10 : 5, first..<end)
    }
    guard isApart, let number = word(source, endingAt: numberEnd, floor), number.value <= 5,
      number.value < 2 || !isOfPeople(source, number.range.lowerBound, floor)
    else { return nil }
    return outOf(source, number, end)
      ?? Rating(number.value, of: 5, number.range.lowerBound..<end)
  }

  /// "4 stars out of 5", from the end of the stars on.
  private static func outOf(_ source: Span<UInt8>, _ value: Number, _ end: Int) -> Rating? {
    guard source.matches(" out of ", at: end),
      let most = Number(source, at: end + 8) ?? word(source, at: end + 8)
    else { return nil }
    return rating(source, value, of: most)
  }

  /// Where "star" or "stars" ends that begins at an index, or a space or hyphen behind it.
  private static func starsEnd(_ source: Span<UInt8>, _ index: Int) -> Int? {
    var start = index
    if source.byte(start) == 0x20 || source.byte(start) == UInt8(ascii: "-") { start += 1 }
    guard source.matches("star", at: start) else { return nil }
    let end = source.byte(start + 4) | 0x20 == UInt8(ascii: "s") ? start + 5 : start + 4
    return source.byte(end).isWordLike || source.byte(end) == UInt8(ascii: "'") ? nil : end
  }

  /// Full and empty stars, with or without spaces.
  private static func drawnStars(_ source: Span<UInt8>, _ start: Int) -> Rating? {
    guard !isStar(source, endingAt: source.byte(start - 1) == 0x20 ? start - 1 : start) else {
      return nil
    }
    var (full, empty, place, end) = (0, 0, start, start)
    while full + empty <= 10,
      let scalar = place < source.count ? UTF8Decoding.step(source, at: place).scalar : nil
    {
      if scalar == 0x2605 || scalar == 0x2B50 {
        guard empty == 0 else { return nil }
        full += 1
      } else if scalar == 0x2606 {
        empty += 1
      } else if scalar != 0x20 || place > end {
        break
      }
      place += scalar == 0x20 ? 1 : 3
      if scalar != 0x20 { end = place }
    }
    guard full > 0, empty > 0 ? (3...10).contains(full + empty) : (2...5).contains(full)
    else { return nil }
    return Rating(Double(full), of: empty > 0 ? Double(full + empty) : 5, start..<end)
  }

  /// Whether a full or an empty star ends at an index.
  private static func isStar(_ source: Span<UInt8>, endingAt end: Int) -> Bool {
    guard end > 2, source[end - 3] == 0xE2 else { return false }
    let scalar = UTF8Decoding.step(source, at: end - 3).scalar
    return scalar == 0x2605 || scalar == 0x2606 || scalar == 0x2B50
  }

  // MARK: Numbers

  /// A number in digits or as a word.
  private struct Number {
    let value: Double
    let range: Range<Int>

    init(value: Double, range: Range<Int>) {
      self.value = value
      self.range = range
    }

    /// Reads the digits that begin at an index; nil where they go on as something else.
    init?(_ source: Span<UInt8>, at start: Int) {
      var end = start
      while end < start + 4, source.byte(end).isDigit { end += 1 }
      let isDecimal = source.byte(end) == UInt8(ascii: ".") && source.byte(end + 1).isDigit
      guard end > start, !source.byte(end).isWordLike, !isDecimal,
        let value = Double(source.folded(start..<end))
      else { return nil }
      self.init(value: value, range: start..<end)
    }

    /// Reads the digits, with a decimal point, that end at an index.
    init?(_ source: Span<UInt8>, endingAt end: Int, _ floor: Int) {
      var start = end
      while start > max(floor, end - 5), Self.isPart(source[start - 1]) { start -= 1 }
      let text = source.folded(start..<end)
      let before = start > 0 ? source[start - 1] : 0x20
      guard source.byte(start).isDigit, source.byte(end - 1).isDigit, !before.isWordLike,
        !Self.isPart(before), before != UInt8(ascii: "/"), before != UInt8(ascii: "$"),
        let value = Double(
          text.contains(",") ? text.split(separator: ",").joined(separator: ".") : text)
      else { return nil }
      self.init(value: value, range: start..<end)
    }

    private static func isPart(_ byte: UInt8) -> Bool {
      byte.isDigit || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",")
    }
  }

  private static let words: [String: Double] = [
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10,
  ]

  private static func word(_ source: Span<UInt8>, endingAt end: Int, _ floor: Int) -> Number? {
    let start = wordStart(source, endingAt: end, floor)
    return words[source.folded(start..<end)].map { Number(value: $0, range: start..<end) }
  }

  private static func word(_ source: Span<UInt8>, at start: Int) -> Number? {
    var end = start
    while end < start + 6, source.byte(end).isLetter { end += 1 }
    return words[source.folded(start..<end)].map { Number(value: $0, range: start..<end) }
  }

  /// Where the word of at most six letters begins that ends at an index; the end where there is none.
  private static func wordStart(_ source: Span<UInt8>, endingAt end: Int, _ floor: Int) -> Int {
    var start = end
    while start > floor, end - start < 6, source[start - 1].isLetter { start -= 1 }
    return source.byte(start - 1).isWordLike ? end : start
  }

  /// Whether the word before a number tells that stars are people.
  private static func isOfPeople(_ source: Span<UInt8>, _ start: Int, _ floor: Int) -> Bool {
    guard start > floor, source[start - 1] == 0x20 else { return false }
    let first = wordStart(source, endingAt: start - 1, floor)
    return people.contains(source.folded(first..<(start - 1)))
  }

  private static let people: Set<String> = [
    "the", "its", "these", "those", "their", "both", "all", "our", "his", "her", "other", "top",
  ]
}
