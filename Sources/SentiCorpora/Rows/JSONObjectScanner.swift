/// Finds the members of one JSON object, and checks the whole of it by RFC 8259.
///
/// Foundation's decoder gives values but not where they stood; a row whose other fields must come
/// out byte for byte as they went in needs their places. So this scanner decodes nothing: it notes
/// the range and the form of each member's value.
struct JSONObjectScanner {
  /// Objects and arrays may lie this deep within each other, as in Foundation's decoder.
  static let maximumDepth = 512

  private let bytes: [UInt8]
  private let end: Int
  private var position: Int
  private(set) var names: [String] = []
  private(set) var fields: [Field] = []

  /// Scans an object.
  ///
  /// - Parameters:
  ///   - bytes: The row.
  ///   - range: Where the object lies in it; white space around it is allowed.
  /// - Throws: The problem, with its offset from the start of the row.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(CorpusError.Problem) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
    skipSpace()
    try scanMembers()
    skipSpace()
    guard position == end else { throw unexpected("nothing after the object") }
  }

  private init(_ bytes: [UInt8], within range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// Finds the elements of an array.
  ///
  /// - Parameters:
  ///   - bytes: The row.
  ///   - range: Where the array lies in it, from bracket to bracket.
  /// - Returns: Where its elements lie in the row.
  /// - Throws: The problem, with its offset from the start of the row.
  static func elements(
    of bytes: [UInt8], in range: Range<Int>
  ) throws(CorpusError.Problem) -> [Field] {
    var scanner = JSONObjectScanner(bytes, within: range)
    return try scanner.scanElements()
  }

  // MARK: Objects and arrays

  /// Scans the object itself and notes its members.
  private mutating func scanMembers() throws(CorpusError.Problem) {
    try take("{", as: "an object")
    skipSpace()
    if takeIfPresent("}") { return }
    repeat {
      names.append(try scanName())
      fields.append(try scanValue(depth: 1))
      skipSpace()
    } while takeIfPresent(",")
    try take("}", as: "a comma or a closing brace")
  }

  /// Scans a name and the colon after it.
  private mutating func scanName() throws(CorpusError.Problem) -> String {
    skipSpace()
    guard current == quote else { throw unexpected("a name in quotes") }
    let field = try scanString()
    let name = try JSONString.decode(bytes[field.range], form: field.form)
    skipSpace()
    try take(":", as: "a colon")
    return String(decoding: name, as: UTF8.self)
  }

  /// Scans any value; `depth` counts the objects and arrays around it.
  private mutating func scanValue(depth: Int) throws(CorpusError.Problem) -> Field {
    skipSpace()
    switch current {
    case quote: return try scanString()
    case UInt8(ascii: "{"): return try scanNested(.object, depth: depth)
    case UInt8(ascii: "["): return try scanNested(.array, depth: depth)
    case UInt8(ascii: "t"): return try scanWord("true", .boolean)
    case UInt8(ascii: "f"): return try scanWord("false", .boolean)
    case UInt8(ascii: "n"): return try scanWord("null", .null)
    default: return try scanNumber()
    }
  }

  /// Scans an object or array within the object.
  private mutating func scanNested(
    _ form: Field.Form, depth: Int
  ) throws(CorpusError.Problem) -> Field {
    guard depth < Self.maximumDepth else {
      throw unexpected("at most \(Self.maximumDepth) levels of objects and arrays")
    }
    let start = position
    let closing: Character = form == .object ? "}" : "]"
    position += 1
    skipSpace()
    if takeIfPresent(closing) { return Field(range: start..<position, form: form) }
    repeat {
      if form == .object { _ = try scanName() }
      _ = try scanValue(depth: depth + 1)
      skipSpace()
    } while takeIfPresent(",")
    try take(closing, as: form == .object ? "a comma or a closing brace" : "a comma or a bracket")
    return Field(range: start..<position, form: form)
  }

  /// Scans an array and notes its elements.
  private mutating func scanElements() throws(CorpusError.Problem) -> [Field] {
    try take("[", as: "an array")
    skipSpace()
    if takeIfPresent("]") { return [] }
    var elements: [Field] = []
    repeat {
      elements.append(try scanValue(depth: 2))
      skipSpace()
    } while takeIfPresent(",")
    try take("]", as: "a comma or a bracket")
    return elements
  }

  // MARK: Strings, numbers, words

  /// Scans a string; the range of the field is what lies between the quotes.
  private mutating func scanString() throws(CorpusError.Problem) -> Field {
    position += 1
    let start = position
    var form = Field.Form.string
    while position < end {
      switch bytes[position] {
      case quote:
        position += 1
        return Field(range: start..<position - 1, form: form)
      case UInt8(ascii: "\\"):
        form = .escapedString
        try scanEscape()
      case 0..<0x20: throw unexpected("an escape for a control character")
      default: position += 1
      }
    }
    throw unexpected("a closing quote")
  }

  /// Scans a backslash and what belongs to it.
  private mutating func scanEscape() throws(CorpusError.Problem) {
    position += 1
    guard let letter = current, JSONString.escapeLetters.contains(letter) else {
      throw unexpected("a known escape")
    }
    position += 1
    guard letter == UInt8(ascii: "u") else { return }
    for _ in 0..<4 {
      guard let digit = current, JSONString.value(ofHexDigit: digit) != nil else {
        throw unexpected("four hexadecimal digits")
      }
      position += 1
    }
  }

  private mutating func scanNumber() throws(CorpusError.Problem) -> Field {
    let start = position
    takeIfPresent("-")
    if !takeIfPresent("0") { try takeDigits(as: position == start ? "a value" : "a digit") }
    if takeIfPresent(".") { try takeDigits(as: "a digit") }
    if takeIfPresent("e") || takeIfPresent("E") {
      if !takeIfPresent("+") { takeIfPresent("-") }
      try takeDigits(as: "a digit")
    }
    return Field(range: start..<position, form: .number)
  }

  private mutating func takeDigits(as expected: String) throws(CorpusError.Problem) {
    guard let first = current, isDigit(first) else { throw unexpected(expected) }
    while let digit = current, isDigit(digit) { position += 1 }
  }

  private mutating func scanWord(
    _ word: StaticString, _ form: Field.Form
  ) throws(CorpusError.Problem) -> Field {
    let start = position
    for letter in "\(word)" { try take(letter, as: "\(word)") }
    return Field(range: start..<position, form: form)
  }

  // MARK: Single bytes

  private var current: UInt8? {
    position < end ? bytes[position] : nil
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || (0x09...0x0A).contains(byte) || byte == 0x0D {
      position += 1
    }
  }

  @discardableResult
  private mutating func takeIfPresent(_ character: Character) -> Bool {
    guard current == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func take(
    _ character: Character, as expected: String
  ) throws(CorpusError.Problem) {
    guard takeIfPresent(character) else { throw unexpected(expected) }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private func unexpected(_ expected: String) -> CorpusError.Problem {
    .malformed(expected: expected, found: found, byteOffset: position)
  }

  /// Names the current byte for a message.
  private var found: String {
    guard let current else { return "the end" }
    let isPrintable = (0x21...0x7E).contains(current)
    return isPrintable ? "\"\(Unicode.Scalar(current))\"" : "byte 0x\(String(current, radix: 16))"
  }
}
