import Foundation
import SentiTestSupport
import Testing

@testable import SentiCorpora

@Suite("Text encoding")
struct TextEncodingTests {
  static let text = "id,text\n1,na\u{EF}ve \u{201C}film\u{201D} \u{1F600}\n"

  private static func utf16(_ text: String, isBig: Bool) -> [UInt8] {
    text.utf16.flatMap { unit -> [UInt8] in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return isBig ? [high, low] : [low, high]
    }
  }

  private func read(
    _ bytes: [UInt8], _ encoding: TextEncoding = .auto, pieceSize: Int = 1 << 20
  ) throws -> [UInt8] {
    try TextFile.read(
      ByteSource(bytes: bytes, name: "file", pieceSize: pieceSize, encoding: encoding))
  }

  @Test(
    arguments: [(false, ""), (false, "\u{FEFF}"), (true, ""), (true, "\u{FEFF}")], [1, 3, 1 << 20])
  func utf16IsToldByMarkOrZeros(_ form: (isBig: Bool, mark: String), pieceSize: Int) throws {
    let (isBig, mark) = form
    let bytes = Self.utf16(mark + Self.text, isBig: isBig)
    // The mark stays; it tells spreadsheets that the output is UTF-8.
    #expect(try read(bytes, pieceSize: pieceSize) == Array((mark + Self.text).utf8))
    if !isBig || mark != "" { #expect(try read(bytes, .utf16) == Array((mark + Self.text).utf8)) }
  }

  @Test func utf16WithoutMarkOrZerosIsLittleEndian() throws {
    let text = "\u{4E2D}\u{6587}"
    #expect(try read(Self.utf16(text, isBig: false), .utf16) == Array(text.utf8))
  }

  @Test func codePagesAreReadWhereTheyAreNamed() throws {
    let bytes = Array("caf".utf8) + [0xE9, 0x80]
    #expect(try read(bytes, .latin1) == Array("caf\u{E9}\u{80}".utf8))
    #expect(try read(bytes, .windows1252) == Array("caf\u{E9}\u{20AC}".utf8))
    #expect(try read(bytes) == bytes && read(bytes, .utf8) == bytes)
  }

  /// Zeros that part texts say nothing of the encoding.
  @Test func textsBetweenZerosAreNoUTF16() throws {
    let source = ByteSource(bytes: Array("a\0b\0c\0".utf8), name: "file")
    let rows = try RowReader(source, format: .nul).map { try $0.get().text(of: "text") }
    #expect(rows == ["a", "b", "c"])
  }

  /// A half of a pair costs its row, not the file.
  @Test func whatIsNoCharacterCostsOneRow() throws {
    var bytes = Self.utf16("text\ngood\nb?d\nfine\n", isBig: false)
    let place = 2 * Array("text\ngood\nb".utf8).count
    bytes.replaceSubrange(place..<place + 2, with: [0x3D, 0xD8])
    let reader = try RowReader(ByteSource(bytes: bytes, name: "file"), format: .csv)
    let problem = CorpusError(.invalidUTF8(byteOffset: 1), path: "file", line: 3)
    let rows = try reader.map { try $0.get() }
    #expect(try rows[0].text(of: "text") == "good" && rows[2].text(of: "text") == "fine")
    #expect(throws: problem) { try rows[1].text(of: "text") }
  }

  @Test func hasNamesForTheCommandLine() {
    #expect(
      TextEncoding.allCases.map(\.rawValue)
        == ["auto", "utf-8", "utf-16", "latin-1", "windows-1252"])
  }
}
