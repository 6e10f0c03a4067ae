import Foundation
import Testing

@testable import SentiCorpora

@Suite("JSON object scanner")
struct JSONObjectScannerTests {
  private func scan(_ text: String) throws -> JSONObjectScanner {
    let bytes = Array(text.utf8)
    return try JSONObjectScanner(bytes, in: 0..<bytes.count)
  }

  @Test func notesWhereTheMembersLie() throws {
    let text =
      #" {"a" : "x\ny", "b":-1.5e+3,"c":[1,{"d":[]}] ,"e":null,"f":{ } , "g":true,"h":"é"} "#
    let object = try scan(text)
    let values = object.fields.map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) }
    #expect(object.names == ["a", "b", "c", "e", "f", "g", "h"])
    #expect(values == [#"x\ny"#, "-1.5e+3", #"[1,{"d":[]}]"#, "null", "{ }", "true", "é"])
    #expect(
      object.fields.map(\.form) == [
        .escapedString, .number, .array, .null, .object, .boolean, .string,
      ])
  }

  @Test(arguments: [
    ("", "expected an object, found the end at byte 0 of the row"),
    ("[1]", "expected an object, found \"[\" at byte 0 of the row"),
    ("{\"a\":1", "expected a comma or a closing brace, found the end at byte 6 of the row"),
    ("{\"a\" 1}", "expected a colon, found \"1\" at byte 5 of the row"),
    ("{\"a\":}", "expected a value, found \"}\" at byte 5 of the row"),
    ("{\"a\":1,}", "expected a name in quotes, found \"}\" at byte 7 of the row"),
    ("{a:1}", "expected a name in quotes, found \"a\" at byte 1 of the row"),
    ("{\"a\":\"x}", "expected a closing quote, found the end at byte 8 of the row"),
    (
      "{\"a\":\"\t\"}",
      "expected an escape for a control character, found byte 0x9 at byte 6 of the row"
    ),
    ("{\"a\":\"\\x\"}", "expected a known escape, found \"x\" at byte 7 of the row"),
    ("{\"a\":\"\\u12G4\"}", "expected four hexadecimal digits, found \"G\" at byte 10 of the row"),
    ("{\"a\":01}", "expected a comma or a closing brace, found \"1\" at byte 6 of the row"),
    ("{\"a\":-}", "expected a digit, found \"}\" at byte 6 of the row"),
    ("{\"a\":1.}", "expected a digit, found \"}\" at byte 7 of the row"),
    ("{\"a\":1e}", "expected a digit, found \"}\" at byte 7 of the row"),
    ("{\"a\":nul}", "expected null, found \"}\" at byte 8 of the row"),
    ("{\"a\":[1 2]}", "expected a comma or a bracket, found \"2\" at byte 8 of the row"),
    ("{} {}", "expected nothing after the object, found \"{\" at byte 3 of the row"),
  ])
  func saysWhatIsWrongAndWhere(text: String, problem: String) {
    #expect {
      _ = try scan(text)
    } throws: { error in
      "\(error)" == problem
    }
  }

  @Test func refusesNestingThatIsTooDeep() throws {
    let depth = JSONObjectScanner.maximumDepth
    let nested = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
    #expect(try scan("{\"a\":\(nested(depth - 1))}").names == ["a"])
    #expect(throws: CorpusError.Problem.self) { try scan("{\"a\":\(nested(depth))}") }
  }

  @Test func agreesWithFoundationOnRandomText() {
    var generator = SplitMixGenerator(seed: 5)
    let alphabet = [
      "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "1", "0", "-", ".", "e", "true", "null", " ",
      "\\n", "\\u0041", "\\", "\"b\":", "{\"c\":",
    ]
    var acceptedCount = 0
    for _ in 0..<20_000 {
      let length = Int.random(in: 1...4, using: &generator)
      let middle = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "" }
      let text = "{\"k\":\(middle.joined())}"
      // Foundation lets a comma stand before a closing brace or bracket, which RFC 8259 does not.
      let packed = text.filter { $0 != " " }
      if packed.contains(",}") || packed.contains(",]") { continue }
      let isAccepted = (try? scan(text)) != nil
      let oracle = try? JSONSerialization.jsonObject(with: Data(text.utf8))
      #expect(isAccepted == (oracle is [String: Any]), "\(text)")
      acceptedCount += isAccepted ? 1 : 0
    }
    #expect(acceptedCount > 100)
  }
}
