/// A space in place of web addresses, mail addresses and `@names` with the brackets around them: a text
/// means the same without them.
enum AddressDropping {
  /// Drops the addresses of a text.
  static func apply(to text: inout AlignedText) {
    text.rewrite(at: .address) { source, index, floor in
      guard let range = address(source, index, floor) else { return nil }
      return .init(range: withBrackets(source, range, floor), bytes: [0x20])
    }
  }

  private static func address(_ source: Span<UInt8>, _ index: Int, _ floor: Int) -> Range<Int>? {
    switch source[index] {
    case UInt8(ascii: "@"): mailOrMention(source, index, floor)
    case UInt8(ascii: ":"): url(source, schemeEndingAt: index, floor)
    default: url(source, index, floor)
    }
  }

  private static func url(_ source: Span<UInt8>, _ start: Int, _ floor: Int) -> Range<Int>? {
    guard start >= floor, !source.byte(start - 1).isWordLike else { return nil }
    return AddressScanner.urlLength(source, start).map { start..<(start + $0) }
  }

  private static func url(
    _ source: Span<UInt8>, schemeEndingAt end: Int, _ floor: Int
  ) -> Range<Int>? {
    for length in [4, 5, 3] {
      if let range = url(source, end - length, floor) { return range }
    }
    return nil
  }

  private static func mailOrMention(
    _ source: Span<UInt8>, _ at: Int, _ floor: Int
  ) -> Range<Int>? {
    var start = at
    let limit = max(floor, at - AddressScanner.longestLocalPart)
    while start > limit {
      let before = UTF8Decoding.scalarStart(source, atOrBefore: start - 1)
      guard before >= limit, AddressScanner.localLength(source, before) > 0 else { break }
      start = before
    }
    while start < at, AddressScanner.wordLength(source, start) == 0 { start += 1 }
    guard start == at else {
      return AddressScanner.domainEnd(source, from: at + 1).map { start..<$0 }
    }
    return AddressScanner.mentionLength(source, at).map { at..<(at + $0) }
  }

  /// The range with the brackets that enclose nothing else.
  private static func withBrackets(
    _ source: Span<UInt8>, _ range: Range<Int>, _ floor: Int
  ) -> Range<Int> {
    guard range.lowerBound > floor else { return range }
    switch (source.byte(range.lowerBound - 1), source.byte(range.upperBound)) {
    case (UInt8(ascii: "("), UInt8(ascii: ")")), (UInt8(ascii: "["), UInt8(ascii: "]")),
      (UInt8(ascii: "<"), UInt8(ascii: ">")):
      return (range.lowerBound - 1)..<(range.upperBound + 1)
    default: return range
    }
  }
}
