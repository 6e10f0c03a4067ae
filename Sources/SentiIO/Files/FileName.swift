/// File names as strings that lose no byte.
///
/// To the system a name is bytes without zero and slash, in whatever encoding. A string holds what is
/// UTF-8 as it is, and each other byte as a private character of plane 16, which the bytes are made of
/// again before the system sees them. The private characters themselves, where a name has them, are
/// held byte by byte too, so that no two names share a string.
package enum FileName {
  /// What stands for byte 0; bytes from 0x80 on are held.
  private static let base: UInt32 = 0x10FE00

  /// Makes a string of a name's bytes.
  ///
  /// - Parameter bytes: The name, or a path.
  /// - Returns: A string from which ``bytes(of:)`` makes the same bytes.
  package static func string(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !holdsBytes(text) { return text }
    var text = String.UnicodeScalarView()
    var rest = bytes[...]
    while let byte = rest.first {
      let length = scalarLength(startingWith: byte)
      let scalars = String(validating: rest.prefix(length), as: UTF8.self)?.unicodeScalars
      if let scalar = scalars?.first, scalars?.count == 1, !isByte(scalar) {
        text.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        if let held = Unicode.Scalar(base + UInt32(byte)) { text.append(held) }
        rest = rest.dropFirst()
      }
    }
    return String(text)
  }

  /// Gives the bytes of a name.
  ///
  /// - Parameter name: A name or path, from ``string(_:)`` or from elsewhere.
  /// - Returns: The bytes that the system knows it by.
  package static func bytes(of name: String) -> [UInt8] {
    guard holdsBytes(name) else { return Array(name.utf8) }
    return name.unicodeScalars.flatMap { scalar in
      isByte(scalar) ? [UInt8(scalar.value - base)] : Array(String(scalar).utf8)
    }
  }

  /// Gives a name as the system's functions take it.
  package static func cString(_ name: String) -> [CChar] {
    bytes(of: name).map { CChar(bitPattern: $0) } + [0]
  }

  /// Whether a string holds bytes that are not UTF-8.
  package static func holdsBytes(_ name: String) -> Bool {
    // All of them start with the same three bytes or with one of two.
    name.utf8.contains(0xF4) && name.unicodeScalars.contains(where: isByte)
  }

  private static func isByte(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= base + 0x80 && scalar.value <= base + 0xFF
  }

  private static func scalarLength(startingWith byte: UInt8) -> Int {
    switch byte {
    case 0xC0...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...: 4
    default: 1
    }
  }
}
