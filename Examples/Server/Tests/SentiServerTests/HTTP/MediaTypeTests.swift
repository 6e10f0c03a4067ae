import HTTPTypes
import HummingbirdTesting
import Testing

@testable import SentiServer

@Suite("Media type")
struct MediaTypeTests {
  @Test func namesAreKnownWhateverTheirCaseAndParameters() {
    #expect(MediaType(field: "Text/CSV; header=present") == .csv)
    #expect(MediaType(field: "application/jsonl") == .ndjson)
    #expect(MediaType(field: "application/xml") == nil)
    #expect(MediaType.charset(of: "text/plain; Charset=\"UTF-8\"") == "utf-8")
    #expect(MediaType.charset(of: "text/plain") == nil)
  }

  @Test(arguments: ["/v1/classify", "/v1/explain", "/v1/tokenize"])
  func anotherTypeIsRefused(_ uri: String) async throws {
    let server = try TestServer.make()
    let response = try await server.ask(.post, uri, "<a/>", type: "application/xml")
    let accepted = response.headers[.acceptPost] ?? ""
    response.expectProblem(
      .unsupportedMediaType,
      "expected a content type among \(accepted), found \"application/xml\"")
    #expect(accepted.hasPrefix("application/json"))
  }

  @Test func noTypeIsRefused() async throws {
    let response = try await TestServer.make().ask(.post, "/v1/explain", "{}", type: nil)
    response.expectProblem(
      .unsupportedMediaType, "expected a content type among application/json, found none")
  }

  @Test func anotherCharsetIsRefused() async throws {
    let response = try await TestServer.make().ask(
      .post, "/v1/classify", "great", type: "text/plain; charset=latin1")
    response.expectProblem(
      .unsupportedMediaType, "expected the charset utf-8, found \"latin1\"")
  }

  @Test func packedBodiesAreRefused() async throws {
    let response = try await TestServer.make().ask(
      .post, "/v1/classify", "great", type: "text/plain", headers: [.contentEncoding: "gzip"])
    response.expectProblem(
      .unsupportedMediaType, "expected a body that is not packed, found \"gzip\"")
    #expect(response.headers[.acceptEncoding] == "identity")
  }
}
