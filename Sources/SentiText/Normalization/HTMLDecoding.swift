/// Line break tags and character references, read as what they stand for.
enum HTMLDecoding {
  /// Decodes a text.
  ///
  /// `<br>`, `<br/>`, `<br />`, `<p>` and `</p>`, in any case, become a line feed; `&amp;`, `&#39;`,
  /// `&#x27;` and the like become their character. Anything else stays.
  static func apply(to text: inout AlignedText) {
    let source = text.utf8
    var next = source.first(.markup, from: 0)
    guard next < source.count else { return }
    var rewriter = TextRewriter(capacity: source.count)
    var copied = 0
    while next < source.count {
      if let (length, bytes) = decode(source.span, at: next) {
        rewriter.copy(source, copied..<next)
        copied = next + length
        rewriter.replace(next..<copied, with: bytes)
        next = copied
      } else {
        next += 1
      }
      next = source.first(.markup, from: next)
    }
    rewriter.copy(source, copied..<source.count)
    text.apply(rewriter)
  }

  private static func decode(_ source: Span<UInt8>, at index: Int) -> (Int, [UInt8])? {
    if source[index] == UInt8(ascii: "<") {
      return lineBreakLength(source, at: index).map { ($0, [UInt8(ascii: "\n")]) }
    }
    return reference(source, at: index)
  }

  // MARK: Tags

  /// The length of a line break tag at an index.
  private static func lineBreakLength(_ source: Span<UInt8>, at start: Int) -> Int? {
    for name in ["<br", "<p", "</p"] {
      guard matches(source, start, name) else { continue }
      var index = start + name.utf8.count
      while index < source.count, source[index] == UInt8(ascii: " ") { index += 1 }
      if index < source.count, source[index] == UInt8(ascii: "/") { index += 1 }
      guard index < source.count, source[index] == UInt8(ascii: ">") else { continue }
      return index + 1 - start
    }
    return nil
  }

  /// Whether a text of lower-case letters and signs stands at an index, in any case.
  static func matches(_ source: Span<UInt8>, _ start: Int, _ text: String) -> Bool {
    guard start + text.utf8.count <= source.count else { return false }
    return zip(start..., text.utf8).allSatisfy { source[$0].foldedASCII == $1 }
  }

  // MARK: Character references

  /// The longest reference that is looked for, `&` and `;` included.
  private static let longestReference = 12

  /// The length of a character reference at an index, and the character that it stands for.
  static func reference(_ source: Span<UInt8>, at start: Int) -> (Int, [UInt8])? {
    let limit = min(source.count, start + longestReference)
    var name: [UInt8] = []
    for index in (start + 1)..<max(start + 1, limit) {
      if source[index] == UInt8(ascii: ";") {
        guard let scalar = scalar(named: String(decoding: name, as: UTF8.self)) else { return nil }
        var bytes: [UInt8] = []
        bytes.appendUTF8(scalar)
        return (index + 1 - start, bytes)
      }
      name.append(source[index])
    }
    return nil
  }

  private static func scalar(named name: String) -> UInt32? {
    guard name.first == "#" else { return HTMLEntities.scalar(named: name) }
    let digits = name.dropFirst()
    let value =
      digits.first == "x" || digits.first == "X"
      ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
    guard let value, value != 0, let scalar = Unicode.Scalar(value) else { return nil }
    return HTMLEntities.windows1252[scalar.value] ?? scalar.value
  }
}
