/// Turns a JSON array of objects into JSON Lines while it is read: each element becomes a line.
///
/// Line ends between an element's members are dropped, together with the indentation after them, or
/// become a space where two words would grow together; all else stays byte for byte. Elements themselves are checked as lines are. What is wrong with the array
/// around them, such as an end that is missing, is an error of the file.
package struct JSONArrayScanner {
  private enum State { case beforeArray, inArray, inString, escaped, lineEnd, afterArray }

  private var state = State.beforeArray
  /// The number of objects and arrays around the current byte, the array itself included.
  private var depth = 0
  private var elementLength = 0
  /// The byte of the element before the current one.
  private var lastByte: UInt8 = 0
  private var elementCount = 0
  private var offset = 0

  /// Tells whether a file is an array of objects.
  ///
  /// - Parameter bytes: The start of the file.
  /// - Returns: Whether it is, or `nil` when too few bytes have come to tell.
  package static func recognizes(_ bytes: [UInt8]) -> Bool? {
    if bytes.count < 3 && [0xEF, 0xBB, 0xBF].starts(with: bytes) { return nil }
    let start = bytes.dropFirst(byteOrderMarkLength(of: bytes)).drop(while: isSpace)
    guard let first = start.first else { return nil }
    guard first == UInt8(ascii: "[") else { return false }
    let next = start.dropFirst().drop(while: isSpace).first
    return next.map { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "]") }
  }

  /// Appends the next bytes of the array as lines.
  ///
  /// - Parameters:
  ///   - bytes: The bytes.
  ///   - lines: Where the lines go.
  /// - Throws: The problem with the array, with its offset from the start of the file.
  mutating func append(
    _ bytes: some Sequence<UInt8>, to lines: inout [UInt8]
  ) throws(CorpusError.Problem) {
    for byte in bytes {
      try take(byte, &lines)
      offset += 1
    }
  }

  /// Checks that the array has ended.
  ///
  /// - Throws: The problem when it has not.
  func finish() throws(CorpusError.Problem) {
    guard state == .afterArray else { throw unexpected("a closing bracket", "the end") }
  }

  private mutating func take(
    _ byte: UInt8, _ lines: inout [UInt8]
  ) throws(CorpusError.Problem) {
    switch state {
    case .beforeArray:
      if byte == UInt8(ascii: "[") { (state, depth) = (.inArray, 1) }
    case .afterArray:
      guard Self.isSpace(byte) else { throw unexpected("nothing after the array", "more text") }
    case .escaped: keep(byte, .inString, &lines)
    case .inString: keep(byte, Self.state(after: byte), &lines)
    case .lineEnd where Self.isSpace(byte): break
    case .inArray, .lineEnd: try takeOutsideStrings(byte, &lines)
    }
  }

  private mutating func takeOutsideStrings(
    _ byte: UInt8, _ lines: inout [UInt8]
  ) throws(CorpusError.Problem) {
    let followsLineEnd = state == .lineEnd
    state = .inArray
    switch byte {
    case quote: keep(byte, .inString, &lines)
    case lineFeed, carriageReturn: state = .lineEnd
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      depth += 1
      keep(byte, .inArray, &lines)
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      if depth > 1 {
        depth -= 1
        return keep(byte, .inArray, &lines)
      }
      guard byte == UInt8(ascii: "]") else { throw unexpected("an object", "a brace") }
      if elementLength > 0 || elementCount > 0 { try endElement(&lines) }
      state = .afterArray
    case UInt8(ascii: ",") where depth == 1: try endElement(&lines)
    case _ where depth == 1 && Self.isSpace(byte):
      // White space behind an element goes, as that before it does.
      if elementLength > 0 { state = .lineEnd }
    default:
      if followsLineEnd && Self.isOfWord(lastByte) { keep(0x20, .inArray, &lines) }
      keep(byte, .inArray, &lines)
    }
  }

  private mutating func endElement(_ lines: inout [UInt8]) throws(CorpusError.Problem) {
    guard elementLength > 0 else { throw unexpected("an object", "none") }
    lines.append(lineFeed)
    elementCount += 1
    elementLength = 0
  }

  private mutating func keep(_ byte: UInt8, _ next: State, _ lines: inout [UInt8]) {
    lines.append(byte)
    elementLength += 1
    lastByte = byte
    state = next
  }

  /// The state behind a byte of a string; a line end there makes the line one that breaks the rules.
  private static func state(after byte: UInt8) -> State {
    switch byte {
    case quote: .inArray
    case UInt8(ascii: "\\"): .escaped
    default: .inString
    }
  }

  /// Whether a byte may be part of a number, or of `true`, `false` and `null`.
  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "-"): true
    default: false
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == lineFeed || byte == carriageReturn
  }

  private func unexpected(_ expected: String, _ found: String) -> CorpusError.Problem {
    .malformedFile(expected: expected, found: found, byteOffset: offset)
  }
}
