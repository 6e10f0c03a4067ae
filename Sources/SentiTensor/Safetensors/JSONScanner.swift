/// A strict reader of as much JSON as the header of a safetensors file may hold: objects without
/// duplicate keys, strings, and arrays of whole numbers that are not negative.
struct JSONScanner {
  private let bytes: [UInt8]
  private let path: String
  private let startOffset: Int
  private var position = 0

  /// Makes a scanner.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - path: The path of the file that holds it, for errors.
  ///   - startOffset: Where in the file the text starts, for errors.
  init(_ bytes: [UInt8], path: String, startOffset: Int) {
    self.bytes = bytes
    self.path = path
    self.startOffset = startOffset
  }

  /// An error that points at the byte that is read next.
  func error(_ reason: String) -> ArchiveError {
    .malformedHeader(path: path, byteOffset: startOffset + position, reason: reason)
  }

  /// Reads an object; calls `readValue` with each key, and it must read the value.
  mutating func readObject(
    _ readValue: (inout JSONScanner, String) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    var keys: Set<[UInt8]> = []
    try readList(from: "{", to: "}") { (scanner) throws(ArchiveError) in
      let key = try scanner.readString()
      guard keys.insert(Array(key.utf8)).inserted else {
        throw scanner.error("duplicate key '\(key)'")
      }
      try scanner.read(":")
      try readValue(&scanner, key)
    }
  }

  /// Reads an array of whole numbers.
  mutating func readIntegers() throws(ArchiveError) -> [Int] {
    var integers: [Int] = []
    try readList(from: "[", to: "]") { (scanner) throws(ArchiveError) in
      integers.append(try scanner.readInteger())
    }
    return integers
  }

  /// Reads a string.
  mutating func readString() throws(ArchiveError) -> String {
    try read("\"")
    var content: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: content, as: UTF8.self) else {
          throw error("a string before it is not valid UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): content.append(contentsOf: String(try readEscape()).utf8)
      case 0..<0x20: throw error("a control character in the string before it")
      default: content.append(byte)
      }
    }
    throw error("a string does not end")
  }

  /// Checks that nothing is left but white space.
  mutating func readEnd() throws(ArchiveError) {
    skipWhitespace()
    guard position == bytes.count else { throw error("expected the end of the header") }
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipWhitespace() {
    while let byte = next, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { position += 1 }
  }

  /// Reads past `character` and the white space before it, or leaves both.
  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipWhitespace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func read(_ character: Unicode.Scalar) throws(ArchiveError) {
    guard skip(character) else { throw error("expected '\(character)'") }
  }

  private mutating func readList(
    from opening: Unicode.Scalar, to closing: Unicode.Scalar,
    _ readElement: (inout JSONScanner) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    try read(opening)
    if skip(closing) { return }
    repeat { try readElement(&self) } while skip(",")
    try read(closing)
  }

  private mutating func readInteger() throws(ArchiveError) -> Int {
    skipWhitespace()
    let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
    guard let value = Int(String(decoding: digits, as: UTF8.self)),
      digits.count == 1 || digits.first != 0x30
    else { throw error("expected a whole number from 0 to \(Int.max)") }
    position = digits.endIndex
    return value
  }

  /// Reads what follows a backslash.
  private mutating func readEscape() throws(ArchiveError) -> Unicode.Scalar {
    guard let byte = next else { throw error("a string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try readEscapedScalar()
    default: throw error("an unknown escape in the string before it")
    }
  }

  /// Reads the digits after `\u`, and for a surrogate the one that must follow it.
  private mutating func readEscapedScalar() throws(ArchiveError) -> Unicode.Scalar {
    var units = [try readHexadecimal()]
    if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: #"\u"#.utf8) {
      position += 2
      units.append(try readHexadecimal())
    }
    var decoder = UTF16()
    var iterator = units.makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator),
      scalar.utf16.count == units.count
    else { throw error("half a surrogate pair before it") }
    return scalar
  }

  private mutating func readHexadecimal() throws(ArchiveError) -> UInt16 {
    let digits = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
    guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit),
      let unit = UInt16(digits, radix: 16)
    else { throw error("expected four hexadecimal digits") }
    position += 4
    return unit
  }
}

extension JSONScanner {
  /// A string as JSON, with the escapes that JSON demands and no other.
  static func literal(_ string: String) -> String {
    var literal = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"", "\\": literal.unicodeScalars.append(contentsOf: ["\\", scalar])
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }
}
