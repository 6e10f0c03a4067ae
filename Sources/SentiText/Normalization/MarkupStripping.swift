/// Markup taken off: character references are read, tags of any name are dropped.
///
/// What a page shows stays. A tag that parts lines (`<br>`, `<p>`, `<div>` and whatever is not known
/// to stand inside of a line) becomes a line feed, one that stands inside (`<b>`, `<a href="…">`)
/// nothing. Comments, `<style>` and `<script>` go with what they hold, marks of CDATA without. What
/// only looks like a tag stays: "a < b and c > d", "<3", a tag that is never closed.
enum MarkupStripping {
  /// The longest tag, in bytes.
  static let longestTag = 1024
  /// The longest comment, style or script, in bytes.
  static let longestBlock = 32_768
  /// How many bytes of a text may stand for one of a tag: each may be a reference.
  static let longestReference = 24

  /// Takes the markup off a text.
  static func apply(to text: inout AlignedText) {
    text.rewrite(at: .markup) { source, index, _ in
      reference(source, at: index).map { length, bytes in
        .init(range: index..<(index + length), bytes: bytes)
      }
    }
    var ends = BlockEnds()
    text.rewrite(at: .tag) { source, index, _ in
      tag(source, at: index, &ends).map { length, bytes in
        .init(range: index..<(index + length), bytes: bytes)
      }
    }
  }

  // MARK: References

  /// A character reference whose `&` may itself be written as one, up to three times: `&amp;lt;`.
  static func reference(_ source: Span<UInt8>, at start: Int) -> (length: Int, bytes: [UInt8])? {
    guard source[start] == UInt8(ascii: "&") else { return nil }
    var last: (Int, [UInt8])?
    for depth in 0..<4 {
      let skipped = 4 * depth
      guard depth == 0 || source.matches("amp;", at: start + 1 + skipped - 4),
        let (length, bytes) = HTMLDecoding.reference(source, at: start + skipped)
      else { break }
      last = (length + skipped, bytes)
    }
    return last
  }

  // MARK: Tags

  /// The length of what is dropped from an index on, and what stands in its place.
  private static func tag(
    _ source: Span<UInt8>, at start: Int, _ ends: inout BlockEnds
  ) -> (length: Int, bytes: [UInt8])? {
    if source[start] == UInt8(ascii: "]") { return (3, []) }
    if source.matches("<![cdata[", at: start) { return (9, []) }
    if source.matches("<!--", at: start) {
      return ends.end(of: .comment, source, start).map { ($0 - start, []) }
    }
    guard let tag = Tag(source, at: start) else { return nil }
    let lineFeed: [UInt8] = [UInt8(ascii: "\n")]
    for block in [MarkupBlock.style, .script] where tag.isOpening(block) {
      if let end = ends.end(of: block, source, start) { return (end - start, lineFeed) }
    }
    return (tag.length, tag.standsInside ? [] : lineFeed)
  }
}

/// What is dropped together with what it holds.
enum MarkupBlock: CaseIterable {
  case comment, style, script

  /// The name of the tag.
  var name: String {
    switch self {
    case .comment: "!--"
    case .style: "style"
    case .script: "script"
    }
  }

  /// What the end begins with.
  var closing: String {
    switch self {
    case .comment: "-->"
    case .style: "</style"
    case .script: "</script"
    }
  }
}

/// Finds the ends of blocks, each of them once.
private struct BlockEnds {
  /// For each kind of block, where the next end was found; none is behind the text.
  private var found: [MarkupBlock: Range<Int>] = [:]

  /// Where the block ends that begins at an index, which grows from call to call.
  mutating func end(of block: MarkupBlock, _ source: Span<UInt8>, _ start: Int) -> Int? {
    var next = found[block] ?? 0..<0
    if next.lowerBound < start + 4 { next = Self.search(block, source, from: start + 4) }
    found[block] = next
    return next.upperBound <= min(source.count, start + MarkupStripping.longestBlock)
      ? next.upperBound : nil
  }

  private static func search(
    _ block: MarkupBlock, _ source: Span<UInt8>, from start: Int
  ) -> Range<Int> {
    var index = min(start, source.count)
    while true {
      index = source.first(.markupEvent, from: index, to: source.count)
      guard index < source.count else { return Int.max - 1..<Int.max }
      if block == .comment {
        if source[index] == UInt8(ascii: ">"), source.matches("--", at: index - 2),
          index - 2 >= start
        {
          return (index - 2)..<(index + 1)
        }
      } else if source.matches(block.closing, at: index), let tag = Tag(source, at: index) {
        return index..<(index + tag.length)
      }
      index += 1
    }
  }
}

/// A tag, as HTML writes one.
private struct Tag {
  let length: Int
  private let name: String
  private let isClosing: Bool

  /// Reads the tag at an index; nil where none stands.
  init?(_ source: Span<UInt8>, at start: Int) {
    guard source[start] == UInt8(ascii: "<") else { return nil }
    let limit = min(source.count, start + MarkupStripping.longestTag)
    var reader = TagReader(index: start + 1, limit: limit)
    let isDeclaration =
      reader.take(UInt8(ascii: "!"), source) || reader.take(UInt8(ascii: "?"), source)
    isClosing = !isDeclaration && reader.take(UInt8(ascii: "/"), source)
    guard let name = reader.takeName(source) else { return nil }
    self.name = name
    if isDeclaration {
      guard reader.skipToEnd(source) else { return nil }
    } else {
      while reader.takeAttribute(source) {}
      reader.skipSpaces(source)
      _ = reader.take(UInt8(ascii: "/"), source)
    }
    guard reader.take(UInt8(ascii: ">"), source) else { return nil }
    length = reader.index - start
  }

  func isOpening(_ block: MarkupBlock) -> Bool { !isClosing && name == block.name }

  /// Whether the tag stands inside of a line.
  var standsInside: Bool { Self.inside.contains(name) }

  private static let inside: Set<String> = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr",
  ]
}

/// Reads the parts of a tag; no part holds `<` or `>`.
private struct TagReader {
  var index: Int
  let limit: Int

  private func byte(_ source: Span<UInt8>) -> UInt8? { index < limit ? source[index] : nil }

  mutating func take(_ wanted: UInt8, _ source: Span<UInt8>) -> Bool {
    guard byte(source) == wanted else { return false }
    index += 1
    return true
  }

  /// Takes a name of letters, digits, `-`, `_` and `:` in lower case.
  mutating func takeName(_ source: Span<UInt8>) -> String? {
    guard let first = byte(source), first.isLetter else { return nil }
    var name = ""
    while let byte = byte(source),
      byte.isLetter || byte.isDigit || byte == 0x2D || byte == 0x3A || byte == 0x5F
    {
      name.unicodeScalars.append(Unicode.Scalar(byte.foldedASCII))
      index += 1
    }
    return name
  }

  mutating func skipSpaces(_ source: Span<UInt8>) {
    while let byte = byte(source), byte == 0x20 || (0x09...0x0D).contains(byte) { index += 1 }
  }

  /// Goes to the next `>`; false where another tag begins before.
  mutating func skipToEnd(_ source: Span<UInt8>) -> Bool {
    while let byte = byte(source), byte != UInt8(ascii: ">") {
      guard byte != UInt8(ascii: "<") else { return false }
      index += 1
    }
    return index < limit
  }

  /// Takes an attribute with its value, or one of those that HTML lets stand without.
  mutating func takeAttribute(_ source: Span<UInt8>) -> Bool {
    let start = index
    skipSpaces(source)
    guard index > start, let name = takeName(source) else {
      index = start
      return false
    }
    let end = index
    skipSpaces(source)
    guard take(UInt8(ascii: "="), source) else {
      index = end
      if Self.alone.contains(name) { return true }
      index = start
      return false
    }
    skipSpaces(source)
    if takeValue(source) { return true }
    index = start
    return false
  }

  private mutating func takeValue(_ source: Span<UInt8>) -> Bool {
    guard let first = byte(source) else { return false }
    let quote: UInt8? = first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") ? first : nil
    if quote != nil { index += 1 }
    while let byte = byte(source), byte != UInt8(ascii: "<"), byte != UInt8(ascii: ">") {
      if byte == quote {
        index += 1
        return true
      }
      if quote == nil && byte <= 0x20 { return true }
      index += 1
    }
    return quote == nil && index < limit
  }

  private static let alone: Set<String> = [
    "allowfullscreen", "async", "autofocus", "autoplay", "checked", "controls", "default", "defer",
    "disabled", "download", "hidden", "ismap", "itemscope", "loop", "multiple", "muted", "nomodule",
    "noshade", "novalidate", "nowrap", "open", "playsinline", "readonly", "required", "reversed",
    "scoped", "selected",
  ]
}
