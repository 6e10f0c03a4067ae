extension Token {
  /// The token's range in the string that was cut.
  ///
  /// - Precondition: The token is one of this string.
  /// - Complexity: O(1) for Swift's own strings.
  public func range(in text: String) -> Range<String.Index> {
    text.range(ofUTF8: byteRange)
  }

  /// The token's range in UTF-16 units of the string that was cut.
  ///
  /// - Precondition: The token is one of this string.
  /// - Complexity: O(1), amortized over the string's tokens.
  public func utf16Range(in text: String) -> Range<Int> {
    let range = range(in: text)
    let start = text.utf16.distance(from: text.startIndex, to: range.lowerBound)
    return start..<(start + text.utf16.distance(from: range.lowerBound, to: range.upperBound))
  }
}

extension String {
  /// The range of indices that a range of UTF-8 bytes is.
  ///
  /// - Precondition: The range lies inside of the string.
  public func range(ofUTF8 byteRange: Range<Int>) -> Range<Index> {
    precondition(
      byteRange.lowerBound >= 0 && byteRange.upperBound <= utf8.count,
      "range \(byteRange) lies outside of \(utf8.count) bytes")
    let start = utf8.index(startIndex, offsetBy: byteRange.lowerBound)
    return start..<utf8.index(start, offsetBy: byteRange.count)
  }
}
