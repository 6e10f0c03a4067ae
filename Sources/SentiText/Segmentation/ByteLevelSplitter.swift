/// Cuts text into the pieces inside which byte pairs are merged.
///
/// The pieces are those of GPT-2's pattern, `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+|
/// ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`, which `tokenizer.json` files name `ByteLevel`.
enum ByteLevelSplitter {
  /// Calls `body` with every piece of well-formed UTF-8; together they cover it.
  static func forEachPiece(in bytes: Span<UInt8>, _ body: (Range<Int>) -> Void) {
    var start = 0
    while start < bytes.count {
      let end = pieceEnd(bytes, start)
      body(start..<end)
      start = end
    }
  }

  private enum Class {
    case letter, number, space, other
  }

  private static func pieceEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    if let end = contractionEnd(bytes, start) { return end }
    let (first, firstEnd) = classify(bytes, start)
    guard first == .space else { return runEnd(bytes, firstEnd, of: first) }
    if bytes[start] == 0x20 && firstEnd < bytes.count {
      let (second, secondEnd) = classify(bytes, firstEnd)
      if second != .space { return runEnd(bytes, secondEnd, of: second) }
    }
    return spaceEnd(bytes, start, firstEnd)
  }

  /// The end of a run of white space; its last character is left to the word behind it.
  private static func spaceEnd(_ bytes: Span<UInt8>, _ start: Int, _ firstEnd: Int) -> Int {
    var (lastStart, end) = (start, firstEnd)
    while end < bytes.count {
      let (next, nextEnd) = classify(bytes, end)
      guard next == .space else { return lastStart > start ? lastStart : end }
      (lastStart, end) = (end, nextEnd)
    }
    return end
  }

  private static func runEnd(_ bytes: Span<UInt8>, _ start: Int, of kind: Class) -> Int {
    var end = start
    while end < bytes.count {
      let (next, nextEnd) = classify(bytes, end)
      guard next == kind else { break }
      end = nextEnd
    }
    return end
  }

  private static func contractionEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    guard bytes[start] == UInt8(ascii: "'"), start + 1 < bytes.count else { return nil }
    switch bytes[start + 1] {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return start + 2
    case UInt8(ascii: "r"), UInt8(ascii: "v"):
      return start + 2 < bytes.count && bytes[start + 2] == UInt8(ascii: "e") ? start + 3 : nil
    case UInt8(ascii: "l"):
      return start + 2 < bytes.count && bytes[start + 2] == UInt8(ascii: "l") ? start + 3 : nil
    default: return nil
    }
  }

  private static func classify(_ bytes: Span<UInt8>, _ index: Int) -> (Class, end: Int) {
    let byte = bytes[index]
    guard byte >= 0x80 else { return (asciiClass(byte), index + 1) }
    let step = UTF8Decoding.step(bytes, at: index)
    let scalar = step.scalar ?? 0xFFFD
    let kind: Class =
      if CharacterProperties.isLetter(scalar) {
        .letter
      } else if CharacterProperties.isNumber(scalar) {
        .number
      } else {
        CharacterProperties.isSpace(scalar) ? .space : .other
      }
    return (kind, index + step.length)
  }

  private static func asciiClass(_ byte: UInt8) -> Class {
    switch byte {
    case 0x41...0x5A, 0x61...0x7A: .letter
    case 0x30...0x39: .number
    case 0x20, 0x09...0x0D: .space
    default: .other
    }
  }
}
