import HTTPTypes
import HummingbirdTesting
import Testing

@testable import SentiServer

@Suite("Request document")
struct RequestDocumentTests {
  @Test(arguments: [
    (#"{"text":"great","txt":1}"#, "expected members among text, texts, found \"txt\""),
    ("{}", "expected either \"text\" or \"texts\", found neither"),
    (#"{"text":"a","texts":["b"]}"#, "expected either \"text\" or \"texts\", found both"),
    (#"{"text":1}"#, "expected a string in \"text\", found another type"),
    (#"{"text":null}"#, "expected a string in \"text\", found null"),
    (#"{"texts":"a"}"#, "expected an array of strings in \"texts\", found another type"),
    (#"{"texts":["a",{}]}"#, "expected a string in \"texts[1]\", found another type"),
    ("[]", "expected an object in the body, found another type"),
  ])
  func anotherDocumentIsRefused(_ json: String, _ detail: String) async throws {
    try await TestServer.make().ask(.post, "/v1/classify", json)
      .expectProblem(.invalidRequest, detail)
  }

  @Test(arguments: [
    "", "{", #"{"text":"a"} b"#, #"{"text":"\ud800"}"#, #"{"text":"a\#u{0}"}"#,
  ])
  func whatIsNotJSONIsRefused(_ json: String) async throws {
    let response = try await TestServer.make().ask(.post, "/v1/classify", json)
    #expect(response.status == .badRequest)
    #expect(response.text.hasPrefix(#"{"type":"urn:senti:problem:malformed-json""#))
  }

  @Test(arguments: [600, 100_000])
  func deepNestingIsRefused(_ depth: Int) async throws {
    let opening = String(repeating: "[", count: depth)
    for json in [opening, #"{"texts":"# + opening + String(repeating: "]", count: depth) + "}"] {
      let response = try await TestServer.make().ask(.post, "/v1/classify", json)
      #expect(response.text.hasPrefix(#"{"type":"urn:senti:problem:malformed-json""#))
    }
  }

  @Test(arguments: ["application/json", "text/plain"])
  func bytesThatAreNotUTF8AreRefused(_ type: String) async throws {
    let bytes = Array(#"{"text":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
    let response = try await TestServer.make().ask(
      .post, "/v1/classify", bytes: bytes, type: type)
    response.expectProblem(
      .notUTF8,
      "expected \(type == "text/plain" ? "a text" : "JSON") in UTF-8, found bytes that are not")
  }
}
