import Foundation
import Testing

@testable import SentiCorpora

@Suite("JSON string")
struct JSONStringTests {
  private func decode(_ body: String) throws -> String {
    let bytes = Array(body.utf8)[...]
    return String(decoding: try JSONString.decode(bytes, form: .escapedString), as: UTF8.self)
  }

  @Test(arguments: [
    (#"a\"b\\c\/d"#, "a\"b\\c/d"), (#"\b\f\n\r\t"#, "\u{8}\u{C}\n\r\t"), (#"\u0041\u00e9"#, "Aé"),
    (#"\ud83c\udfac!"#, "🎬!"), (#"\u0E44\u0e17"#, "ไท"), ("no escape", "no escape"),
    (#"\u0000"#, "\0"),
  ])
  func decodesEscapes(body: String, text: String) throws {
    #expect(Array(try decode(body).utf8) == Array(text.utf8))
  }

  @Test(arguments: [#"x\ud83c"#, #"x\ud83cy"#, #"x\udfac"#, #"x\ud83c\u0041"#])
  func refusesHalfASurrogatePair(body: String) {
    let problem = CorpusError.Problem.malformed(
      expected: "both halves of a surrogate pair", found: "one", byteOffset: 1)
    #expect(throws: problem) { try decode(body) }
  }

  @Test(arguments: ["", "plain", "a\"b\\c/d\n\r\t\u{8}\u{C}\u{1}\u{1F}\u{7F}", "ไทย 🎬 \u{2028}\0"])
  func encodesWhatFoundationDecodes(text: String) throws {
    var output = OutputPieces()
    JSONString.encode(text, into: &output)
    let decoded = try JSONDecoder().decode(String.self, from: Data(output.bytes))
    #expect(Array(decoded.utf8) == Array(text.utf8))
  }

  @Test func putsAReplacementForBytesThatAreNotUTF8() {
    var output = OutputPieces()
    JSONString.encode([0x61, 0xFF], into: &output)
    #expect(output.bytes == Array("\"a\u{FFFD}\"".utf8))
  }

  /// A long text is repaired piece by piece, and yet as it would be as a whole.
  @Test(arguments: 0..<4)
  func repairsLongTextsAsAWhole(offset: Int) throws {
    var generator = SplitMixGenerator(seed: UInt64(offset))
    let parts: [[UInt8]] = [
      [0xF0, 0x9F, 0x98, 0x80], [0xF0, 0x9F, 0x98], [0xE2, 0x82, 0xAC], [0xC3, 0xA9], [0x80],
      [0xFF],
      [0x61, 0x22, 0x0A], [UInt8](repeating: 0xBF, count: 9),
    ]
    var bytes = [UInt8](repeating: 0x61, count: offset)
    while bytes.count < 100_000 { bytes += parts.randomElement(using: &generator) ?? [] }
    for bytes in [bytes, [UInt8](repeating: 0x80, count: 50_000)] {
      var output = OutputPieces()
      JSONString.encode(bytes[...], into: &output)
      let decoded = try JSONDecoder().decode(String.self, from: Data(output.bytes))
      #expect(Array(decoded.utf8) == Array(String(decoding: bytes, as: UTF8.self).utf8))
    }
  }
}
