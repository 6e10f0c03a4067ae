import Testing

@testable import SentiCLI

@Suite("JSON value")
struct JSONValueTests {
  private func text(_ value: JSONValue) -> String {
    var bytes: [UInt8] = []
    value.append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func membersKeepTheirOrder() {
    let value = JSONValue.object(["b": .integer(1), "a": .array([.null, .string("x")])])
    #expect(text(value) == #"{"b":1,"a":[null,"x"]}"#)
    #expect(text(.members([])) == "{}")
    #expect(text(.array([])) == "[]")
  }

  @Test func stringsAreEscapedAsJSONDemands() {
    #expect(text(.string("a\"b\\c\n\u{1}\u{1F}/\u{E9}")) == #""a\"b\\c\u000a\u0001\u001f/é""#)
  }

  @Test func namesOfFilesAreRepaired() {
    #expect(text(.name("a\"b")) == #""a\"b""#)
    #expect(text(.name("a\u{10FEE9}")) == "\"a\u{FFFD}\"")
  }

  /// A terminal obeys more than JSON forbids.
  @Test func stringsHoldNothingThatATerminalObeys() {
    #expect(
      text(.string("\u{7F}\u{9B}2J\u{202E}\u{1F600}")) == "\"\\u007f\\u009b2J\\u202e\u{1F600}\"")
  }

  @Test(arguments: [(0.1, "0.1"), (1, "1.0"), (1e-7, "1e-07"), (.nan, "null"), (.infinity, "null")])
  func numbersAreShortestOrNull(number: Double, expected: String) {
    #expect(text(.number(number)) == expected)
  }

  @Test func encodedTextIsTakenAsItIs() {
    #expect(text(.object(["a": .encoded("{\"b\":2}")])) == #"{"a":{"b":2}}"#)
  }
}
