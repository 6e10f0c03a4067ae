import Testing

@testable import SentiTensor

@Suite("JSON scanner")
struct JSONScannerTests {
  func scanner(_ text: String) -> JSONScanner {
    JSONScanner(Array(text.utf8), path: "f", startOffset: 8)
  }

  @Test(arguments: [
    (#""plain""#, "plain"), (#"  "a b""#, "a b"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
    (#""\u00e9\u20AC""#, "\u{E9}\u{20AC}"), (#""\uD83D\uDE00""#, "\u{1F600}"), (#""""#, ""),
    ("\"\u{E9}\u{1F600}\"", "\u{E9}\u{1F600}"),
  ])
  func readsStrings(text: String, value: String) throws {
    var scanner = scanner(text)
    #expect(Array(try scanner.readString().utf8) == Array(value.utf8))
    try scanner.readEnd()
  }

  @Test(arguments: [
    ("x", 8, "expected '\"'"), (#""ab"#, 11, "a string does not end"),
    (#""a\"#, 11, "a string does not end"),
    ("\"a\nb\"", 11, "a control character in the string before it"),
    (#""\x""#, 11, "an unknown escape in the string before it"),
    (#""\u12G4""#, 11, "expected four hexadecimal digits"),
    (#""\u+123""#, 11, "expected four hexadecimal digits"),
    (#""\u12"#, 11, "expected four hexadecimal digits"),
    (#""\uD83D""#, 15, "half a surrogate pair before it"),
    (#""\uDE00""#, 15, "half a surrogate pair before it"),
    (#""\uD83D\u0041""#, 21, "half a surrogate pair before it"),
  ])
  func refusesMalformedStrings(text: String, offset: Int, reason: String) {
    var scanner = scanner(text)
    #expect(throws: ArchiveError.malformedHeader(path: "f", byteOffset: offset, reason: reason)) {
      try scanner.readString()
    }
  }

  @Test func refusesBytesThatAreNotUTF8() {
    var scanner = JSONScanner([0x22, 0xC3, 0x28, 0x22], path: "f", startOffset: 8)
    let expected = ArchiveError.malformedHeader(
      path: "f", byteOffset: 12, reason: "a string before it is not valid UTF-8")
    #expect(throws: expected) { try scanner.readString() }
  }

  @Test func readsIntegers() throws {
    var scanner = scanner(" [0, 12 ,9223372036854775807][]")
    #expect(try scanner.readIntegers() == [0, 12, .max])
    #expect(try scanner.readIntegers() == [])
  }

  @Test(arguments: [
    "[-1]", "[01]", "[1.5]", "[9223372036854775808]", "[1", "[1,]", "[,1]", "[1 2]", "1",
  ])
  func refusesMalformedIntegers(text: String) {
    var scanner = scanner(text)
    #expect(throws: ArchiveError.self) { try scanner.readIntegers() }
  }

  @Test func readsObjectsInOrder() throws {
    var scanner = scanner(#"{"b": "1", "a": "2"}  "#)
    var members: [String] = []
    try scanner.readObject { (scanner, key) throws(ArchiveError) in
      members.append(key + (try scanner.readString()))
    }
    #expect(members == ["b1", "a2"])
    try scanner.readEnd()
  }

  @Test(arguments: [
    #"{"a":"1","a":"2"}"#, #"{"a" "1"}"#, #"{"a":"1""#, #"{"a":"1",}"#, #"{1:"1"}"#,
  ])
  func refusesMalformedObjects(text: String) {
    var scanner = scanner(text)
    #expect(throws: ArchiveError.self) {
      try scanner.readObject { (scanner, _) throws(ArchiveError) in _ = try scanner.readString() }
    }
  }

  @Test func pointsAtTheByteOfAnError() {
    #expect(
      scanner("").error("why") == .malformedHeader(path: "f", byteOffset: 8, reason: "why"))
  }

  @Test func literalsComeBack() throws {
    let text = "q\" b\\ \u{0}\u{1F}\n\u{7F} \u{E9}\u{1F600} e\u{301}"
    var scanner = scanner(JSONScanner.literal(text))
    #expect(Array(try scanner.readString().utf8) == Array(text.utf8))
    #expect(JSONScanner.literal("\n") == #""\u000a""#)
  }
}
