import HTTPTypes
import HummingbirdTesting
import Testing

@testable import SentiServer

@Suite("/v1/tokenize")
struct TokenizeRouteTests {
  private func tokens(_ json: String) async throws -> String {
    let response = try await TestServer.make().ask(.post, "/v1/tokenize", json)
    #expect(response.status == .ok)
    return response.text
  }

  @Test func theModelsTokensHaveTheirNumbers() async throws {
    #expect(
      try await tokens(#"{"text":"Great stuff"}"#)
        == #"{"tokens":[{"start":0,"end":5,"kind":"word","id":5,"text":"great"},"#
        + #"{"start":6,"end":11,"kind":"word","id":1,"text":"stuff"}]}"#)
  }

  @Test func wordsKeepTheirLetters() async throws {
    #expect(
      try await tokens(#"{"text":"É 8","unit":"word"}"#)
        == #"{"tokens":[{"start":0,"end":2,"kind":"word","text":"É"},"#
        + #"{"start":3,"end":4,"kind":"number","text":"8"}]}"#)
  }

  @Test(arguments: [("sentence", 2), ("grapheme", 5), ("line", 2)])
  func otherUnitsAreCutByUnicodesRules(_ unit: String, _ count: Int) async throws {
    let text = try await tokens(#"{"text":"Ok. No","unit":"\#(unit)"}"#)
    #expect(text.split(separator: #""kind":"\#(unit)""#).count - 1 == count)
  }

  @Test func anEmptyTextHasNoTokens() async throws {
    #expect(try await tokens(#"{"text":""}"#) == #"{"tokens":[]}"#)
  }

  @Test func anotherUnitIsRefused() async throws {
    try await TestServer.make().ask(.post, "/v1/tokenize", #"{"text":"a","unit":"subword"}"#)
      .expectProblem(
        .invalidRequest,
        "expected a unit among model, word, sentence, grapheme, line, found \"subword\"")
  }
}
