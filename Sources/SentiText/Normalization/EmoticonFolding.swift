/// Emoticons as the emoji that they draw, whatever their eyes, noses and repeated mouths.
///
/// | emoticon | emoji |
/// |---|---|
/// | `:)` `:-)` `=)` `:]` `(:` `:>` | slightly smiling face |
/// | `:D` `=D`, `xD` | grinning, grinning squinting face |
/// | `;)` `;-)` `;D`, `:')` | winking face, tears of joy |
/// | `:(` `:-(` `=(` `:[` `:<`, `:'(` `;_;`, `T_T` | slightly frowning, crying, loudly crying face |
/// | `>:(` `:@` | angry face |
/// | `:P` `:p`, `;P` | face with tongue, winking face with tongue |
/// | `:/` `:\`, `:\|`, `:S` `:$` | confused, neutral, confounded, flushed face |
/// | `:O` `:o`, `o_O`, `:*` `:3` | open mouth, flushed face, face blowing a kiss |
/// | `<3`, `</3` | heart, broken heart |
/// | `^^` `^_^`, `-_-`, `>_<` | smiling eyes, expressionless, persevering face |
///
/// Signs between letters and digits are none: "3:30", "http://", "note:(see below", "a<3b".
enum EmoticonFolding {
  /// Puts emoji in place of a text's emoticons.
  static func apply(to text: inout AlignedText) {
    text.rewrite(at: .emoticon) { source, index, floor in
      guard let (range, emoji) = emoticon(source, index, floor) else { return nil }
      return .init(range: range, bytes: UTF8Decoding.encoded(emoji))
    }
  }

  private static func emoticon(
    _ source: Span<UInt8>, _ index: Int, _ floor: Int
  ) -> (Range<Int>, UInt32)? {
    switch source[index] {
    case UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "="):
      weeping(source, index) ?? upright(source, index, floor) ?? reversed(source, index, floor)
    case UInt8(ascii: "<"): heart(source, index)
    case UInt8(ascii: "^"): carets(source, index)
    case UInt8(ascii: "_"): eyesBesideLine(source, index, floor)
    default: laughing(source, index)
    }
  }

  // MARK: Eyes and a mouth

  /// What a mouth says behind `:`.
  private static func face(mouth: UInt8) -> UInt32? {
    switch mouth {
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ">"): 0x1F642
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "<"): 0x1F641
    case UInt8(ascii: "D"): 0x1F600
    case UInt8(ascii: "P"), UInt8(ascii: "p"): 0x1F61B
    case UInt8(ascii: "/"), UInt8(ascii: "\\"): 0x1F615
    case UInt8(ascii: "|"): 0x1F610
    case UInt8(ascii: "O"), UInt8(ascii: "o"): 0x1F62E
    case UInt8(ascii: "*"), UInt8(ascii: "3"): 0x1F618
    case UInt8(ascii: "S"), UInt8(ascii: "s"): 0x1F616
    case UInt8(ascii: "$"): 0x1F633
    case UInt8(ascii: "@"): 0x1F620
    default: nil
    }
  }

  private static func upright(
    _ source: Span<UInt8>, _ eyes: Int, _ floor: Int
  ) -> (Range<Int>, UInt32)? {
    var place = eyes + 1
    let hasTear = source.byte(place) == UInt8(ascii: "'")
    if hasTear { place += 1 }
    if isNose(source.byte(place)), isBracket(source.byte(place + 1)) || source.byte(place) == 0x2D {
      place += 1
    }
    let mouth = source.byte(place)
    guard let face = face(mouth: mouth), hasTear ? isBracket(mouth) : true,
      source[eyes] == UInt8(ascii: ":") || isBracket(mouth) || "DPp".utf8.contains(mouth)
    else { return nil }
    var end = place + 1
    while end < source.count, source[end] == mouth { end += 1 }
    guard isAlone(source, eyes: eyes, mouth: mouth, end: end) else { return nil }
    let hasBrows = eyes > floor && source[eyes - 1] == UInt8(ascii: ">")
    let start = hasBrows ? eyes - 1 : eyes
    return (start..<end, modified(face, eyes: source[eyes], hasTear: hasTear, hasBrows: hasBrows))
  }

  /// The face with tears, brows or a winking eye.
  private static func modified(
    _ face: UInt32, eyes: UInt8, hasTear: Bool, hasBrows: Bool
  ) -> UInt32 {
    switch (face, eyes == UInt8(ascii: ";")) {
    case (0x1F642, _) where hasTear: 0x1F602
    case (0x1F641, _) where hasTear: 0x1F622
    case (0x1F641, _) where hasBrows: 0x1F620
    case (0x1F641, true): 0x1F622
    case (0x1F642, true), (0x1F600, true): 0x1F609
    case (0x1F61B, true): 0x1F61C
    default: face
    }
  }

  private static func isNose(_ byte: UInt8) -> Bool { "-o^~".utf8.contains(byte) }

  private static func isBracket(_ byte: UInt8) -> Bool { "()[]{}".utf8.contains(byte) }

  /// Whether eyes and mouth are not parts of words, times, lists or addresses.
  private static func isAlone(
    _ source: Span<UInt8>, eyes: Int, mouth: UInt8, end: Int
  ) -> Bool {
    let isRound = mouth == UInt8(ascii: ")")
    let isBehindWord = source.byte(eyes - 1).isWordLike
    if isBehindWord {
      guard source[eyes] != UInt8(ascii: "="), isRound || mouth == UInt8(ascii: "(") else {
        return false
      }
    }
    let next = end < source.count ? source[end] : 0x20
    return isRound || !(next.isWordLike && next < 0x80)
  }

  /// `(:` and `):`, with or without a nose.
  private static func reversed(
    _ source: Span<UInt8>, _ eyes: Int, _ floor: Int
  ) -> (Range<Int>, UInt32)? {
    let hasNose = source.byte(eyes - 1) == UInt8(ascii: "-")
    let mouth = eyes - (hasNose ? 2 : 1)
    guard mouth >= floor, source.byte(mouth - 1) <= 0x20, source.byte(eyes + 1) <= 0x20 else {
      return nil
    }
    switch source.byte(mouth) {
    case UInt8(ascii: "("): return (mouth..<(eyes + 1), 0x1F642)
    case UInt8(ascii: ")"): return (mouth..<(eyes + 1), 0x1F641)
    default: return nil
    }
  }

  // MARK: Others

  private static func weeping(_ source: Span<UInt8>, _ index: Int) -> (Range<Int>, UInt32)? {
    source.matches(";_;", at: index) ? (index..<(index + 3), 0x1F622) : nil
  }

  private static func heart(_ source: Span<UInt8>, _ index: Int) -> (Range<Int>, UInt32)? {
    let isBroken = source.byte(index + 1) == UInt8(ascii: "/")
    var end = index + (isBroken ? 2 : 1)
    guard source.byte(end) == UInt8(ascii: "3"), !source.byte(index - 1).isDigit else { return nil }
    while source.byte(end) == UInt8(ascii: "3") { end += 1 }
    guard isEnd(source, end) else { return nil }
    return (index..<end, isBroken ? 0x1F494 : 0x2764)
  }

  private static func carets(_ source: Span<UInt8>, _ index: Int) -> (Range<Int>, UInt32)? {
    var end = index + 1
    while "_-.".utf8.contains(source.byte(end)) { end += 1 }
    guard source.byte(end) == UInt8(ascii: "^"), !source.byte(index - 1).isWordLike,
      isEnd(source, end + 1)
    else { return nil }
    return (index..<(end + 1), 0x1F60A)
  }

  private static func laughing(_ source: Span<UInt8>, _ index: Int) -> (Range<Int>, UInt32)? {
    var end = index + 1
    while source.byte(end) == UInt8(ascii: "D") { end += 1 }
    guard end > index + 1, !source.byte(index - 1).isWordLike, isEnd(source, end) else {
      return nil
    }
    return (index..<end, 0x1F606)
  }

  /// `-_-`, `T_T`, `>_<`, `o_O`, and shrugging shoulders.
  private static func eyesBesideLine(
    _ source: Span<UInt8>, _ index: Int, _ floor: Int
  ) -> (Range<Int>, UInt32)? {
    if let shrug = shrug(source, index, floor) { return shrug }
    var end = index + 1
    while source.byte(end) == UInt8(ascii: "_") { end += 1 }
    guard index > floor, end < source.count, !source.byte(index - 2).isWordLike,
      isEnd(source, end + 1)
    else { return nil }
    let eyes = (source[index - 1], source[end])
    let face: UInt32? =
      switch eyes {
      case (UInt8(ascii: "-"), UInt8(ascii: "-")): 0x1F611
      case (UInt8(ascii: "T"), UInt8(ascii: "T")): 0x1F62D
      case (UInt8(ascii: ">"), UInt8(ascii: "<")): 0x1F623
      case (let left, let right) where left | 0x20 == 0x6F && right | 0x20 == 0x6F: 0x1F633
      default: nil
      }
    return face.map { ((index - 1)..<(end + 1), $0) }
  }

  private static func shrug(
    _ source: Span<UInt8>, _ index: Int, _ floor: Int
  ) -> (Range<Int>, UInt32)? {
    let arms: [UInt8] = Array("\\_(\u{30C4})_/".utf8)
    let start = index - 1
    guard start >= floor, start + arms.count <= source.count,
      arms.indices.allSatisfy({ source[start + $0] == arms[$0] })
    else { return nil }
    return (start..<(start + arms.count), 0x1F937)
  }

  /// Whether no letter or digit follows.
  private static func isEnd(_ source: Span<UInt8>, _ end: Int) -> Bool {
    !(source.byte(end).isWordLike && source.byte(end) < 0x80)
  }
}
