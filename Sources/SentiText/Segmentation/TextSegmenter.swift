/// Cuts text into units by Unicode's rules for a locale, through ICU.
///
/// A value may be used from any number of threads.
public struct TextSegmenter: Sendable {
  /// What texts are cut into.
  public let unit: TextUnit
  /// The locale whose rules are followed; empty for the rules that all languages share.
  public let locale: String
  private let breakers: BreakerPool

  /// Prepares the rules of a locale.
  ///
  /// - Throws: `ICUError.unknownLocale` for a language that ICU does not know, and
  ///   `ICUError.failure` when ICU's data is missing.
  public init(_ unit: TextUnit, locale: String = "") throws(ICUError) {
    self.unit = unit
    self.locale = locale
    breakers = try BreakerPool(unit, locale: locale)
  }

  /// The ranges of the units in UTF-8 bytes; together they cover the text.
  ///
  /// - Complexity: O(n).
  public func ranges(in text: String) -> [Range<Int>] {
    ranges(wellFormed: text.utf8.span)
  }

  /// The ranges of the units of a rewritten text; they refer to the original.
  ///
  /// - Complexity: O(n).
  public func ranges(in text: AlignedText) -> [Range<Int>] {
    ranges(wellFormed: text.utf8.span).map { text.originalRange(of: $0) }
  }

  /// The ranges of the units of any bytes; what is not UTF-8 is read as U+FFFD and counted.
  ///
  /// - Complexity: O(n).
  public func ranges(
    utf8 bytes: Span<UInt8>
  ) -> (ranges: [Range<Int>], replacementCount: Int) {
    let text = AlignedText(repairing: bytes)
    return (ranges(in: text), text.replacementCount)
  }

  private func ranges(wellFormed bytes: Span<UInt8>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    let certain = CertainBoundaries(unit: unit)
    breakers.withBreaker { breaker in
      var start = 0
      while start < bytes.count {
        let end = certain.pieceEnd(in: bytes, start..<bytes.count)
        breaker.forEachRange(in: bytes, start..<end) { ranges.append($0) }
        start = end
      }
    }
    return ranges
  }
}
