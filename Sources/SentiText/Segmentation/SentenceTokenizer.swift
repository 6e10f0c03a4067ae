/// Cuts text into sentences by Unicode's sentence boundaries (UAX #29).
///
///     let tokenizer = try SentenceTokenizer(locale: "en")
///     tokenizer.ranges(in: "It ends. Nobody claps.")  // 0..<9, 9..<22
///
/// A value may be used from any number of threads.
public struct SentenceTokenizer: Sendable {
  private let segmenter: TextSegmenter

  /// Prepares the rules of a locale.
  ///
  /// - Throws: `ICUError.unknownLocale` for a language that ICU does not know, and
  ///   `ICUError.failure` when ICU's data is missing.
  public init(locale: String = "") throws(ICUError) {
    segmenter = try TextSegmenter(.sentence, locale: locale)
  }

  /// The locale whose rules are followed.
  public var locale: String { segmenter.locale }

  /// The sentences' ranges in UTF-8 bytes, the space behind each included.
  ///
  /// - Complexity: O(n).
  public func ranges(in text: String) -> [Range<Int>] {
    segmenter.ranges(in: text)
  }
}
