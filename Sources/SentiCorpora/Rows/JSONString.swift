/// JSON strings, to and from UTF-8.
enum JSONString {
  /// The letters that may follow a backslash.
  static let escapeLetters = Array("\"\\/bfnrtu".utf8)

  /// Gives the value of what lies between two quotes.
  ///
  /// - Parameters:
  ///   - body: The bytes between the quotes, which ``JSONObjectScanner`` has checked.
  ///   - form: Whether there are escapes.
  /// - Returns: The value in UTF-8.
  /// - Throws: A problem when half of a surrogate pair stands alone, which no UTF-8 can express.
  static func decode(
    _ body: ArraySlice<UInt8>, form: Field.Form
  ) throws(CorpusError.Problem) -> ArraySlice<UInt8> {
    guard form == .escapedString else { return body }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(body.count)
    var rest = body
    while let backslash = rest.firstIndex(of: UInt8(ascii: "\\")) {
      decoded.append(contentsOf: rest[..<backslash])
      rest = rest[(backslash + 1)...]
      try decodeEscape(from: &rest, into: &decoded)
    }
    decoded.append(contentsOf: rest)
    return decoded[...]
  }

  /// Measures the escape, or the two for one scalar, that bytes start with.
  static func lengthOfEscape(_ bytes: ArraySlice<UInt8>) -> Int {
    let letters = bytes.dropFirst().prefix(3).map { Unicode.Scalar($0) }
    guard letters.first == "u" else { return 2 }
    let isHighSurrogate =
      "dD".unicodeScalars.contains(letters[1]) && "89abAB".unicodeScalars.contains(letters[2])
    return isHighSurrogate ? 12 : 6
  }

  /// Writes a string with quotes and the escapes that JSON demands.
  ///
  /// Bytes that are not UTF-8 become U+FFFD, for JSON has no other place for them.
  static func encode(_ bytes: ArraySlice<UInt8>, into output: inout OutputPieces) {
    output.append(quote)
    if firstInvalidUTF8Offset(in: bytes) == nil {
      writeBody(bytes, to: &output)
    } else {
      writeRepaired(bytes, to: &output)
    }
    output.append(quote)
  }

  /// Writes what is UTF-8, with escapes.
  private static func writeBody(_ bytes: ArraySlice<UInt8>, to output: inout OutputPieces) {
    var rest = bytes
    while let next = rest.firstIndex(where: needsEscape) {
      output.append(rest[..<next])
      writeEscape(of: rest[next], to: &output)
      rest = rest[(next + 1)...]
    }
    output.append(rest)
  }

  /// Writes what is not UTF-8 throughout, piece by piece, so that a long text is not copied as a whole.
  private static func writeRepaired(_ bytes: ArraySlice<UInt8>, to output: inout OutputPieces) {
    var rest = bytes
    while !rest.isEmpty {
      var end = min(rest.startIndex + repairedByteCount, rest.endIndex)
      if end < rest.endIndex {
        // Behind four bytes that go on a character, the last of them goes on none.
        end -= (0...3).first { rest[end - $0] & 0xC0 != 0x80 } ?? 0
      }
      writeBody(Array(String(decoding: rest[..<end], as: UTF8.self).utf8)[...], to: &output)
      rest = rest[end...]
    }
  }

  private static let repairedByteCount = 16 << 10

  /// Writes a text with quotes and escapes.
  static func encode(_ text: String, into output: inout OutputPieces) {
    encode(Array(text.utf8)[...], into: &output)
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == quote || byte == UInt8(ascii: "\\")
  }

  private static func writeEscape(of byte: UInt8, to output: inout OutputPieces) {
    output.append(ascii: "\\")
    if let letter = shortEscape(for: byte) { return output.append(letter) }
    output.append("u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))")
  }

  /// Gives the value of a hexadecimal digit.
  static func value(ofHexDigit digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit) - 0x30
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(digit) - 0x61 + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(digit) - 0x41 + 10
    default: nil
    }
  }

  private static func shortEscape(for byte: UInt8) -> UInt8? {
    switch byte {
    case quote, UInt8(ascii: "\\"): byte
    case 0x08: UInt8(ascii: "b")
    case 0x09: UInt8(ascii: "t")
    case 0x0A: UInt8(ascii: "n")
    case 0x0C: UInt8(ascii: "f")
    case 0x0D: UInt8(ascii: "r")
    default: nil
    }
  }

  /// Decodes what follows a backslash.
  private static func decodeEscape(
    from rest: inout ArraySlice<UInt8>, into decoded: inout [UInt8]
  ) throws(CorpusError.Problem) {
    let offset = rest.startIndex - 1
    switch rest.removeFirst() {
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "n"): decoded.append(0x0A)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "r"): decoded.append(0x0D)
    case UInt8(ascii: "u"):
      guard let scalar = takeScalar(from: &rest) else { throw loneSurrogate(at: offset) }
      decoded.append(contentsOf: String(scalar).utf8)
    case let itself: decoded.append(itself)
    }
  }

  /// Takes four digits, and six more where they are the first half of a surrogate pair.
  private static func takeScalar(from rest: inout ArraySlice<UInt8>) -> Unicode.Scalar? {
    let first = takeUnit(from: &rest)
    guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) }
    guard rest.starts(with: "\\u".utf8) else { return nil }
    rest.removeFirst(2)
    let second = takeUnit(from: &rest)
    guard (0xDC00...0xDFFF).contains(second) else { return nil }
    return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
  }

  private static func takeUnit(from rest: inout ArraySlice<UInt8>) -> UInt32 {
    let digits = rest.prefix(4)
    rest = rest.dropFirst(4)
    return digits.reduce(0) { $0 << 4 | (value(ofHexDigit: $1) ?? 0) }
  }

  private static func loneSurrogate(at offset: Int) -> CorpusError.Problem {
    .malformed(
      expected: "both halves of a surrogate pair", found: "one", byteOffset: offset)
  }
}
