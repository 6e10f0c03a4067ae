import Foundation
import HTTPTypes
import HummingbirdTesting
import Senti
import Testing

@testable import SentiServer

@Suite("/v1/explain")
struct ExplainRouteTests {
  @Test func wordsHaveTheLibrarysContributions() async throws {
    let text = "Great, but awful. Great"
    let response = try await TestServer.make().ask(
      .post, "/v1/explain", #"{"text":"Great, but awful. Great","sentences":true}"#)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(response.text.utf8)) as? [String: Any])
    let explanation = try TestServer.classifier().explanation(of: text)
    #expect(json["label"] as? String == explanation.prediction.label)
    #expect(response.text.contains("\"difference\":\(explanation.difference),"))
    let words = try #require(json["words"] as? [[String: Any]])
    for (word, json) in zip(
      explanation.words, response.text.split(separator: "\"contribution\":").dropFirst())
    {
      #expect(json.hasPrefix("\(word.contribution),"))
    }
    #expect(words.map { $0["text"] as? String }.prefix(3) == ["Great", ",", "but"])
    let sentences = try #require(json["sentences"] as? [[String: Any]])
    #expect(sentences.map { $0["start"] as? Int } == [0, 18])
  }

  @Test func sentencesAreLeftOutUnlessAskedFor() async throws {
    let response = try await TestServer.make().ask(.post, "/v1/explain", #"{"text":"great"}"#)
    #expect(response.status == .ok && !response.text.contains("\"sentences\""))
  }

  @Test func aTextWithoutWordsIsAProblem() async throws {
    try await TestServer.make().ask(.post, "/v1/explain", #"{"text":""}"#)
      .expectProblem(.emptyText, "expected a text, found nothing")
  }

  @Test(arguments: [
    ("{}", "expected a member \"text\", found none"),
    (#"{"text":"a","sentences":1}"#, "expected true or false in \"sentences\", found another type"),
    (#"{"text":"a","html":true}"#, "expected members among text, sentences, found \"html\""),
  ])
  func anotherDocumentIsRefused(_ json: String, _ detail: String) async throws {
    try await TestServer.make().ask(.post, "/v1/explain", json)
      .expectProblem(.invalidRequest, detail)
  }
}
