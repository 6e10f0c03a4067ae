/// How messages and terminals show text that somebody else wrote.
extension String {
  /// The text as a message quotes it: at most 200 bytes of it, between quotation marks, with control
  /// characters escaped.
  package var quoted: String { "\"\(excerpt)\"" }

  /// At most 200 bytes of the text, with control characters escaped.
  package var excerpt: String {
    let limit = 200
    guard utf8.count > limit else { return escapingControls() }
    var end = utf8.index(utf8.startIndex, offsetBy: limit)
    while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
    return String(self[..<end]).escapingControls() + "\u{2026}"
  }

  /// The text with escapes for what a terminal would take for a command, or would hide: control
  /// characters, line and paragraph separators, and marks that turn the direction of writing.
  ///
  /// - Parameter isKept: Whether a scalar stays as it is all the same.
  /// - Returns: The text, with escapes as in Swift, such as `\u{1B}`.
  /// - Complexity: O(n); a text without such characters is not copied.
  package func escapingControls(
    except isKept: (Unicode.Scalar) -> Bool = { _ in false }
  ) -> String {
    guard utf8.contains(where: Self.mayStartControl) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.isTerminalControl && !isKept(scalar) {
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }

  /// Whether a byte of UTF-8 may be the first of a control character.
  private static func mayStartControl(_ byte: UInt8) -> Bool {
    byte < 0x20 || [0x7F, 0xC2, 0xD8, 0xE2].contains(byte)
  }
}

extension Unicode.Scalar {
  /// Whether a terminal would take the scalar for a command, or show other text than there is.
  package var isTerminalControl: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
