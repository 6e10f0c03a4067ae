/// Contractions cut as the Penn Treebank cuts them, so that "not" is seen.
///
/// "don't", "dont" and "do n't" are `do n't`; "can't" is `ca n't`, "cannot" `can not`; "it's" and
/// "it 's" are `it \u{2BC}s`, and so are those in 'll, 're, 've, 'd and 'm: U+02BC is an apostrophe
/// that word boundaries take for a letter.
enum ContractionSplitting {
  /// Cuts a text's contractions.
  static func apply(to text: inout AlignedText) {
    text.rewrite(at: .contraction) { source, index, floor in
      if source[index] == UInt8(ascii: "'") { return atApostrophe(source, index, floor) }
      return source.byte(index + 1) | 0x20 == UInt8(ascii: "n")
        ? cannot(source, index, floor) : withoutApostrophe(source, index, floor)
    }
  }

  private typealias Replacement = AlignedText.Replacement

  private static let space: [UInt8] = [0x20]
  private static let letterApostrophe: [UInt8] = [0xCA, 0xBC]

  private static func atApostrophe(
    _ source: Span<UInt8>, _ index: Int, _ floor: Int
  ) -> Replacement? {
    if source.byte(index + 1) | 0x20 == UInt8(ascii: "t"), !source.byte(index + 2).isWordLike {
      guard index - 1 >= floor, source.byte(index - 1) | 0x20 == UInt8(ascii: "n"),
        source.byte(index - 2).isLetter
      else { return nil }
      return Replacement(range: (index - 1)..<(index - 1), bytes: space)
    }
    let before = source.byte(index - 1)
    guard before != UInt8(ascii: "'"), isEnding(source, from: index + 1) else { return nil }
    let isApart = index == 0 || before <= 0x20
    return Replacement(
      range: index..<(index + 1), bytes: isApart ? letterApostrophe : space + letterApostrophe)
  }

  /// Whether s, d, m, ll, re or ve stands at an index, and no more of a word.
  private static func isEnding(_ source: Span<UInt8>, from start: Int) -> Bool {
    let first = source.byte(start) | 0x20
    let second = source.byte(start + 1)
    switch first {
    case UInt8(ascii: "s"), UInt8(ascii: "d"), UInt8(ascii: "m"):
      return !second.isWordLike
    case UInt8(ascii: "l"), UInt8(ascii: "r"), UInt8(ascii: "v"):
      let wanted = first == UInt8(ascii: "l") ? first : UInt8(ascii: "e")
      return second | 0x20 == wanted && !source.byte(start + 2).isWordLike
    default: return false
    }
  }

  // MARK: Without an apostrophe

  private static let longestWord = 8

  private static let negations: Set<String> = [
    "aint", "arent", "cant", "couldnt", "didnt", "doesnt", "dont", "hadnt", "hasnt", "havent",
    "isnt", "mustnt", "neednt", "shouldnt", "wasnt", "werent", "wont", "wouldnt",
  ]

  private static func withoutApostrophe(
    _ source: Span<UInt8>, _ index: Int, _ floor: Int
  ) -> Replacement? {
    let end = index + 2
    guard !source.byte(end).isWordLike, source.byte(end) != UInt8(ascii: "'") else { return nil }
    var start = index
    while start > floor, end - start <= longestWord, source[start - 1].isLetter { start -= 1 }
    guard !source.byte(start - 1).isWordLike, source.byte(start - 1) != UInt8(ascii: "'"),
      negations.contains(source.folded(start..<end))
    else { return nil }
    return Replacement(
      range: index..<end, bytes: [0x20, source[index], UInt8(ascii: "'"), source[index + 1]])
  }

  private static func cannot(_ source: Span<UInt8>, _ index: Int, _ floor: Int) -> Replacement? {
    let start = index - 2
    guard start >= floor, source.matches("cannot", at: start), !source.byte(start - 1).isWordLike,
      !source.byte(start + 6).isWordLike
    else { return nil }
    return Replacement(range: (start + 3)..<(start + 3), bytes: space)
  }
}
