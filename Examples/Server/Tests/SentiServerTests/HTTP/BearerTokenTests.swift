import HTTPTypes
import HummingbirdTesting
import Testing

@testable import SentiServer

@Suite("Bearer token")
struct BearerTokenTests {
  private static let token = "0123456789abcdef"

  @Test(arguments: [
    "0123456789abcdeg", "1123456789abcdef", "0123456789abcde", "0123456789abcdef0",
    "0123456789abcdef0123456789abcdef", "",
  ])
  func anotherTokenDoesNotMatch(_ given: String) {
    #expect(!BearerToken(Self.token).matches(Array(given.utf8)))
  }

  @Test func theTokenMatches() {
    #expect(BearerToken(Self.token).matches(Array(Self.token.utf8)))
  }

  @Test func anEmptyTokenMatchesNothing() {
    #expect(!BearerToken("").matches([]))
  }

  @Test(arguments: [nil, "Bearer wrong", "Basic \(token)", token])
  func requestsWithoutTheTokenAreRefused(_ field: String?) async throws {
    let server = try TestServer.make { $0.token = Self.token }
    var headers: HTTPFields = [:]
    headers[.authorization] = field
    for uri in ["/v1/classify", "/v1/explain", "/v1/tokenize"] {
      let response = try await server.ask(.post, uri, #"{"text":"great"}"#, headers: headers)
      response.expectProblem(
        .unauthorized, "expected Authorization: Bearer with this server's token, found another")
      #expect(response.headers[.wwwAuthenticate] == "Bearer")
    }
    #expect(try await server.ask(.get, "/metrics", headers: headers).status == .unauthorized)
  }

  @Test func withTheTokenRequestsAreAnswered() async throws {
    let server = try TestServer.make { $0.token = Self.token }
    let response = try await server.ask(
      .post, "/v1/classify", #"{"text":"great"}"#,
      headers: [.authorization: "bearer \(Self.token)"])
    #expect(response.status == .ok)
  }

  @Test(arguments: ["/", "/health/live", "/health/ready", "/openapi.json"])
  func thePageAndHealthNeedNoToken(_ uri: String) async throws {
    let server = try TestServer.make { $0.token = Self.token }
    #expect(try await server.ask(.get, uri).status == .ok)
  }
}
