import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Senti
import Testing

@testable import SentiServer

@Suite("Page and interface")
struct FileRoutesTests {
  @Test func thePageIsSmallAndRunsNothingFromElsewhere() async throws {
    let server = try TestServer.make()
    var size = 0
    for (uri, type) in [
      ("/", "text/html"), ("/page.js", "text/javascript"), ("/page.css", "text/css"),
    ] {
      let response = try await server.ask(.get, uri)
      #expect(response.headers[.contentType]?.hasPrefix(type) == true)
      #expect(response.headers[.contentSecurityPolicy]?.contains("script-src 'self'") == true)
      #expect(!response.text.contains("//cdn") && !response.text.contains("https://"))
      size += response.body.readableBytes
    }
    #expect(size < 60 << 10)
  }

  /// A policy without inline code would break a page that has some.
  @Test func thePageHasNoInlineCodeOrStyle() async throws {
    let page = try await TestServer.make().ask(.get, "/").text
    #expect(!page.contains(" style=") && !page.contains("<style") && !page.contains(" onclick"))
    #expect(!page.contains("<script>"))
  }

  @Test func textsNeverBecomeHTML() async throws {
    let script = try await TestServer.make().ask(.get, "/page.js").text
    for name in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
      #expect(!script.contains(name))
    }
  }

  @Test func theInterfaceNamesEveryRouteAndEveryStatus() async throws {
    let response = try await TestServer.make().ask(.get, "/openapi.json")
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(response.text.utf8)) as? [String: Any])
    let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
    let routes = Set(RequestMiddleware.methods.keys).subtracting(["/page.js", "/page.css"])
    #expect(Set(paths.keys) == routes)
    let classify = paths["/v1/classify"]?["post"]?["responses"] as? [String: Any]
    let statuses = Set(
      Problem.Kind.allCases.filter {
        ![.notFound, .methodNotAllowed, .headersTooLarge].contains($0)
      }
      .map { String($0.status.code) })
    #expect(Set(classify?.keys ?? [:].keys) == statuses.union(["200"]))
  }
}
