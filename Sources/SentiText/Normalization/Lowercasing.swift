/// Lower case by the rules of a locale.
enum Lowercasing {
  /// Refuses a locale that ICU does not know.
  static func check(_ locale: String) throws(ICUError) {
    guard CharacterProperties.isKnownLocale(locale) else { throw .unknownLocale(locale) }
  }

  /// Puts a text into lower case.
  ///
  /// A letter is lowered together with the marks that follow it, because rules of Turkish and
  /// Lithuanian look at them; a sigma also by whether it ends its word.
  static func apply(to text: inout AlignedText, locale: String) {
    var lowered: [UInt32: [UInt8]] = [:]
    text.rewrite { source, range, scalar in
      guard CharacterProperties.isCased(scalar) else { return nil }
      let end = marksEnd(source, from: range.upperBound)
      if scalar == 0x3A3 {
        return (range.count, UTF8Decoding.encoded(isFinalSigma(source, range) ? 0x3C2 : 0x3C3))
      }
      guard end == range.upperBound else { return loweredCluster(source, range.lowerBound..<end) }
      let bytes = lowered[scalar] ?? lower(source, range)
      lowered[scalar] = bytes
      return bytes.elementsEqual(source[range]) ? nil : (range.count, bytes)
    }

    func loweredCluster(_ source: [UInt8], _ range: Range<Int>) -> (Int, [UInt8])? {
      let bytes = lower(source, range)
      return bytes.elementsEqual(source[range]) ? nil : (range.count, bytes)
    }

    func lower(_ source: [UInt8], _ range: Range<Int>) -> [UInt8] {
      var units: [UInt16] = []
      units.appendUTF16(source.span, range)
      var bytes: [UInt8] = []
      bytes.appendUTF8(utf16: CharacterProperties.lowercased(units, locale: locale)[...])
      return bytes
    }
  }

  /// Where the combining marks behind a letter end.
  private static func marksEnd(_ source: [UInt8], from start: Int) -> Int {
    var end = start
    while end < source.count, source[end] >= 0x80 {
      let step = UTF8Decoding.step(source.span, at: end)
      guard let scalar = step.scalar, CharacterProperties.isCombining(scalar) else { break }
      end += step.length
    }
    return end
  }

  /// Whether a sigma has a cased letter before it in its word and none behind (SpecialCasing.txt,
  /// Final_Sigma).
  private static func isFinalSigma(_ source: [UInt8], _ range: Range<Int>) -> Bool {
    isCasedBefore(source, range.lowerBound) && !isCasedAfter(source, range.upperBound)
  }

  private static func isCasedBefore(_ source: [UInt8], _ end: Int) -> Bool {
    var index = end
    while index > 0 {
      repeat { index -= 1 } while index > 0 && source[index] & 0xC0 == 0x80
      let scalar = UTF8Decoding.step(source.span, at: index).scalar ?? 0
      if !CharacterProperties.isCaseIgnorable(scalar) { return CharacterProperties.isCased(scalar) }
    }
    return false
  }

  private static func isCasedAfter(_ source: [UInt8], _ start: Int) -> Bool {
    var index = start
    while index < source.count {
      let step = UTF8Decoding.step(source.span, at: index)
      let scalar = step.scalar ?? 0
      if !CharacterProperties.isCaseIgnorable(scalar) { return CharacterProperties.isCased(scalar) }
      index += step.length
    }
    return false
  }
}
