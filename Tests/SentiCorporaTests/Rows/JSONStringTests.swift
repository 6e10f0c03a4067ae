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
}
