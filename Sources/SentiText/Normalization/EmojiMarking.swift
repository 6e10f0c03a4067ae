/// Emoji as words: each is one token, its skin tone and joined parts are dropped, and the name of its
/// group stands behind it.
///
/// So an emoji that no training saw is known by its group. Of the same emoji many times one stays,
/// with `_many_` behind it.
enum EmojiMarking {
  /// Marks the emoji of a text.
  static func apply(to text: inout AlignedText) {
    text.rewrite(at: .emoji) { source, index, _ in
      guard let emoji = Emoji(source, at: index) else { return nil }
      var end = emoji.end
      while end < source.count, let next = Emoji(source, at: end), next.base == emoji.base {
        end = next.end
      }
      let isMany = end > emoji.end
      if !isMany && !emoji.base.isEmpty && isMarked(source, end, emoji.group) { return nil }
      let names = emoji.base.isEmpty ? emoji.group : emoji.base + [0x20] + emoji.group
      let mark = isMany ? [0x20] + ReviewMark.many : []
      let space: [UInt8] = source.byte(end).isWordLike ? [0x20] : []
      return .init(range: index..<end, bytes: names, mark: mark + space)
    }
  }

  /// Whether the group's name stands behind an emoji already.
  private static func isMarked(_ source: Span<UInt8>, _ end: Int, _ group: [UInt8]) -> Bool {
    guard end + 1 + group.count <= source.count, source[end] == 0x20 else { return false }
    return group.indices.allSatisfy { source[end + 1 + $0] == group[$0] }
  }
}

/// The tokens that stand for what letters do not say.
enum ReviewMark {
  /// Behind a word in capitals.
  static let caps = Array("_caps_".utf8)
  /// Behind a word whose letters were drawn out.
  static let long = Array("_long_".utf8)
  /// Behind a sign or an emoji that was repeated.
  static let many = Array("_many_".utf8)
}

/// An emoji with all that belongs to it.
private struct Emoji {
  /// The emoji without modifiers and joined parts; a flag whole.
  let base: [UInt8]
  /// The token of its group.
  let group: [UInt8]
  /// Where its last part ends.
  let end: Int

  /// Reads the emoji at an index; nil where none begins.
  init?(_ source: Span<UInt8>, at start: Int) {
    let first = UTF8Decoding.step(source, at: start)
    guard let scalar = first.scalar, let group = EmojiGroups.token(of: scalar) else { return nil }
    self.group = group
    var end = start + first.length
    if EmojiGroups.isRegional(scalar), let next = Self.scalar(source, end),
      EmojiGroups.isRegional(next)
    {
      end += 4
    }
    // A skin tone without a hand has no base: it would be a mark of the space before it.
    base = EmojiGroups.isModifier(scalar) ? [] : (start..<end).map { source[$0] }
    self.end = Self.tailEnd(source, from: end)
  }

  /// Where selectors, skin tones and joined parts end.
  private static func tailEnd(_ source: Span<UInt8>, from start: Int) -> Int {
    var end = start
    while let scalar = scalar(source, end) {
      if scalar == 0xFE0E || scalar == 0xFE0F {
        end += 3
      } else if EmojiGroups.isModifier(scalar) {
        end += 4
      } else if scalar == 0x200D, let joined = self.scalar(source, end + 3),
        EmojiGroups.isPictograph(joined)
      {
        end += 3 + (joined < 0x10000 ? 3 : 4)
      } else {
        break
      }
    }
    return end
  }

  private static func scalar(_ source: Span<UInt8>, _ index: Int) -> UInt32? {
    index < source.count ? UTF8Decoding.step(source, at: index).scalar : nil
  }
}
