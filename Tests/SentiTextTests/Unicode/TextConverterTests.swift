import SentiText
import Testing

@Suite("Text converter")
struct TextConverterTests {
  /// Converts bytes that come in pieces of some size.
  private func converted(
    _ bytes: [UInt8], from encoding: String, pieceSize: Int
  ) throws -> [UInt8] {
    let converter = try TextConverter(from: encoding)
    var output: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: pieceSize) {
      let piece = Array(bytes[start..<min(start + pieceSize, bytes.count)])
      try converter.convert(piece, isLast: false, into: &output)
    }
    try converter.convert([], isLast: true, into: &output)
    return output
  }

  /// Units as bytes, the lower one first.
  private static func bytes(_ units: some Sequence<UInt16>) -> [UInt8] {
    units.flatMap { unit -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
  }

  static let text = "Na\u{EF}ve, 5 \u{20AC} \u{201C}ok\u{201D}\r\n\u{1F600}\u{4E2D}\u{FEFF}"

  @Test(arguments: [1, 2, 3, 1 << 20])
  func readsUTF16InBothOrders(pieceSize: Int) throws {
    let units = Array(Self.text.utf16)
    let little = Self.bytes(units)
    let big = Self.bytes(units.map(\.byteSwapped))
    let expected = Array(Self.text.utf8)
    #expect(try converted(little, from: "UTF-16LE", pieceSize: pieceSize) == expected)
    #expect(try converted(big, from: "UTF-16BE", pieceSize: pieceSize) == expected)
  }

  @Test func readsCodePages() throws {
    let bytes = [UInt8](0x80...0xFF)
    let latin = try converted(bytes, from: "ISO-8859-1", pieceSize: 7)
    #expect(latin == bytes.flatMap { Array(String(Unicode.Scalar($0)).utf8) })
    let windows = try converted([0x80, 0x93, 0xE9, 0x94], from: "windows-1252", pieceSize: 1)
    #expect(windows == Array("\u{20AC}\u{201C}\u{E9}\u{201D}".utf8))
  }

  /// Halves of pairs and half a unit become a byte that is never UTF-8; all else stays.
  @Test(arguments: [1, 2, 1 << 20])
  func marksWhatIsNoCharacter(pieceSize: Int) throws {
    let units: [UInt16] = [0x61, 0xD83D, 0x62, 0xDE00, 0x63]
    let bytes = Self.bytes(units) + [0x64]
    let expected: [UInt8] = [0x61, 0xFF, 0x62, 0xFF, 0x63, 0xFF]
    #expect(try converted(bytes, from: "UTF-16LE", pieceSize: pieceSize) == expected)
  }

  @Test func longTextsComeThroughWhole() throws {
    let text = String(repeating: Self.text, count: 20_000)
    let bytes = Self.bytes(text.utf16)
    let output = try converted(bytes, from: "UTF-16LE", pieceSize: 100_001)
    #expect(output == Array(text.utf8))
  }

  @Test func refusesEncodingsThatNobodyKnows() {
    #expect(throws: ICUError.self) { try TextConverter(from: "klingon") }
  }
}
