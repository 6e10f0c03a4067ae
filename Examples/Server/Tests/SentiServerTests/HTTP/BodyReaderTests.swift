import HTTPTypes
import HummingbirdTesting
import Testing

@testable import SentiServer

@Suite("Body reader")
struct BodyReaderTests {
  @Test(arguments: ["application/json", "text/plain"])
  func bodiesBeyondTheLimitAreRefused(_ type: String) async throws {
    let server = try TestServer.make { $0.bodyByteCount = 15 }
    let response = try await server.ask(.post, "/v1/classify", #"{"text":"great"}"#, type: type)
    response.expectProblem(.bodyTooLarge, "expected a body of at most 15 bytes, found more")
    #expect(response.headers[.connection] == "close")
  }

  @Test func aBodyOfTheLimitIsRead() async throws {
    let server = try TestServer.make { $0.bodyByteCount = 16 }
    #expect(try await server.ask(.post, "/v1/classify", #"{"text":"great"}"#).status == .ok)
  }

  @Test func textsToExplainAndToTokenizeHaveLimitsOfTheirOwn() async throws {
    let server = try TestServer.make { ($0.explainByteCount, $0.tokenizeByteCount) = (4, 4) }
    for uri in ["/v1/explain", "/v1/tokenize"] {
      try await server.ask(.post, uri, #"{"text":"great"}"#)
        .expectProblem(.bodyTooLarge, "expected a body of at most 4 bytes, found more")
      #expect(try await server.ask(.post, uri, #"{"text":"good"}"#).status == .ok)
    }
  }
}
