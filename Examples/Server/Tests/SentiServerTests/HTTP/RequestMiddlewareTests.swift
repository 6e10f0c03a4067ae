import HTTPTypes
import HummingbirdTesting
import Testing

@testable import SentiServer

@Suite("Request middleware")
struct RequestMiddlewareTests {
  @Test(arguments: ["/nothing", "/v1/classify/x", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd"])
  func otherPathsAreNotFound(_ uri: String) async throws {
    try await TestServer.make().ask(.get, uri).expectProblem(
      .notFound, "expected a route that GET /openapi.json lists, found another")
  }

  @Test func anotherMethodIsNotAllowed() async throws {
    let server = try TestServer.make()
    let get = try await server.ask(.get, "/v1/classify")
    get.expectProblem(.methodNotAllowed, "expected POST, found GET")
    #expect(get.headers[.allow] == "POST")
    let delete = try await server.ask(.delete, "/health/live")
    delete.expectProblem(.methodNotAllowed, "expected GET, HEAD, found DELETE")
  }

  @Test func everyAnswerForbidsGuessingItsType() async throws {
    let server = try TestServer.make()
    for uri in ["/", "/nothing", "/health/live"] {
      #expect(try await server.ask(.get, uri).headers[.xContentTypeOptions] == "nosniff")
    }
  }

  @Test func whileTheServerStopsNewRequestsAreRefused() async throws {
    let server = try TestServer.make()
    server.state.stop()
    let response = try await server.ask(.post, "/v1/classify", #"{"text":"great"}"#)
    response.expectProblem(.shuttingDown, "the server takes no more requests")
    #expect(response.headers[.retryAfter] == "2" && response.headers[.connection] == "close")
    #expect(try await server.ask(.get, "/health/ready").status == .serviceUnavailable)
    #expect(try await server.ask(.get, "/health/live").status == .ok)
  }

  @Test func requestsAreCountedByRouteAndStatusNeverByPath() async throws {
    let server = try TestServer.make()
    try await server.ask(.get, "/a-secret")
    try await server.ask(.get, "/health/live")
    let text = try await server.ask(.get, "/metrics").text
    #expect(text.contains(#"senti_requests_total{route="other",status="404"} 1"#))
    #expect(text.contains(#"senti_requests_total{route="/health/live",status="200"} 1"#))
    #expect(!text.contains("secret"))
  }

  @Test func everyKindOfProblemHasAStatusAndATitle() {
    for kind in Problem.Kind.allCases {
      #expect(kind.status.code >= 400 && !kind.title.isEmpty)
    }
    #expect(Set(Problem.Kind.allCases.map(\.title)).count == Problem.Kind.allCases.count)
  }
}
