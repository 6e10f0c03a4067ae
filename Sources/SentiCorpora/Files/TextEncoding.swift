/// How the bytes of a file stand for characters.
public enum TextEncoding: String, CaseIterable, Hashable, Sendable {
  /// UTF-16 where a byte order mark or the zeros of ASCII characters say so, else UTF-8.
  case auto
  /// UTF-8; the bytes are taken as they are.
  case utf8 = "utf-8"
  /// UTF-16 in the order that its mark names; without one in that of its zeros, else little-endian.
  case utf16 = "utf-16"
  /// ISO 8859-1: each byte is the character of its number.
  case latin1 = "latin-1"
  /// Windows' Western European code page, Latin-1 with quotation marks, dashes and the euro sign.
  case windows1252 = "windows-1252"

  /// Names what a file is encoded in.
  ///
  /// - Parameters:
  ///   - start: The first bytes of the file.
  ///   - holdsZeros: Whether zero bytes separate texts, and tell nothing of the encoding.
  /// - Returns: The name by which ICU knows the encoding; `nil` for UTF-8.
  func converterName(forFileStarting start: [UInt8], holdsZeros: Bool) -> String? {
    switch self {
    case .utf8: nil
    case .auto: UTF16Order(start, holdsZeros: holdsZeros)?.converterName
    case .utf16: (UTF16Order(start, holdsZeros: false) ?? .littleEndian).converterName
    case .latin1: "ISO-8859-1"
    case .windows1252: "windows-1252"
    }
  }
}

/// The order of the two bytes of a unit of UTF-16.
enum UTF16Order {
  case littleEndian, bigEndian

  /// Tells the order by a byte order mark, or by a zero in each of the first two units.
  init?(_ start: [UInt8], holdsZeros: Bool) {
    if start.starts(with: [0xFF, 0xFE]) {
      self = .littleEndian
    } else if start.starts(with: [0xFE, 0xFF]) {
      self = .bigEndian
    } else {
      guard !holdsZeros, start.count >= 4 else { return nil }
      switch (start[0], start[1], start[2], start[3]) {
      case (1..., 0, 1..., 0): self = .littleEndian
      case (0, 1..., 0, 1...): self = .bigEndian
      default: return nil
      }
    }
  }

  /// ICU's name for it; the byte order mark stays, and is a character like others.
  var converterName: String {
    switch self {
    case .littleEndian: "UTF-16LE"
    case .bigEndian: "UTF-16BE"
    }
  }

  /// Whether it takes more bytes to tell whether a file is encoded in UTF-16 or UTF-32.
  static func isUndecided(_ start: [UInt8]) -> Bool {
    guard start.count >= 2 else { return true }
    return start.count < 4 && (start.contains(0) || start[0] >= 0xFE)
  }

  /// Whether bytes start with the byte order mark of UTF-32.
  static func isUTF32(_ start: [UInt8]) -> Bool {
    start.starts(with: [0xFF, 0xFE, 0, 0]) || start.starts(with: [0, 0, 0xFE, 0xFF])
  }
}
