import Senti
import ServiceLifecycle
import Testing

@testable import SentiServer

@Suite("Server")
struct SentiServerTests {
  private static let request =
    "POST /v1/classify HTTP/1.1\nHost: a\nContent-Type: text/plain\nContent-Length: 5\n\ngreat"

  @Test func aPortInUseIsAnError() async throws {
    let first = try TestServer.make()
    try await first.serving { port in
      let second = try TestServer.make { $0.port = port }
      await #expect(throws: (any Error).self) { try await second.service().run() }
    }
  }

  /// The request waits when the server begins to stop, and is answered before it ends.
  @Test func requestsInFlightAreAnsweredWhileTheServerStops() async throws {
    let server = try TestServer.make { $0.workerCount = 0 }
    let answer = Task {
      let (stream, continuation) = AsyncStream.makeStream(of: String.self)
      try await server.serving { port in
        Task {
          let text = try await RawConnection.exchange(port: port, Self.request)
          continuation.yield(text)
          continuation.finish()
        }
        try await eventually { server.queue.load.textCount == 1 }
      }
      var iterator = stream.makeAsyncIterator()
      return await iterator.next()
    }
    try await eventually { server.state.isStopping }
    let batch = try #require(await server.queue.nextBatch())
    server.queue.finish(batch, batch.model.classifier.predictions(forTokens: batch.texts))
    let text = try #require(try await answer.value)
    #expect(text.hasPrefix("HTTP/1.1 200 OK") && text.contains(#""label":"positive""#))
  }

  @Test func manyRequestsOnOneConnectionAreAnswered() async throws {
    let count = 200
    let answer = try await TestServer.make().serving { port in
      try await RawConnection.exchange(
        port: port,
        String(repeating: Self.request, count: count)
          + "GET /health/live HTTP/1.1\nHost: a\nConnection: close\n\n")
    }
    #expect(answer.split(separator: #""label":"positive""#).count - 1 == count)
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.1.2.3", true), ("localhost", true), ("::1", true),
    ("0.0.0.0", false), ("127.example.org", false), ("192.168.0.1", false), ("::", false),
  ])
  func onlyLoopbackNeedsNoToken(_ host: String, _ isLoopback: Bool) {
    #expect(ServerOptions.isLoopback(host) == isLoopback)
  }
}
