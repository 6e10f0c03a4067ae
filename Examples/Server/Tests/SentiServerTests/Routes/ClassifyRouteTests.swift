import HTTPTypes
import HummingbirdTesting
import NIOEmbedded
import Senti
import Testing

@testable import SentiServer

@Suite("/v1/classify")
struct ClassifyRouteTests {
  /// The answer to a text as the library gives it.
  private func expected(_ text: String) throws -> String {
    let prediction = try TestServer.classifier().prediction(for: text)
    return String(decoding: JSONText.object(prediction.members).bytes, as: UTF8.self)
  }

  @Test func aTextIsAnsweredWithTheLibrarysBits() async throws {
    let server = try TestServer.make()
    let response = try await server.ask(.post, "/v1/classify", #"{"text":"a great film"}"#)
    #expect(response.status == .ok && response.headers[.contentType] == "application/json")
    #expect(try response.text == expected("a great film"))
    let plain = try await server.ask(.post, "/v1/classify", "a great film", type: "text/plain")
    #expect(plain.text == response.text)
  }

  @Test func manyTextsAreAnsweredInOrderAndEmptyOnesKeepTheirPlace() async throws {
    let response = try await TestServer.make().ask(
      .post, "/v1/classify", #"{"texts":["awful"," ","great",""]}"#)
    #expect(
      try response.text == "{\"predictions\":[\(expected("awful")),"
        + #"{"error":"expected words, found only white space"},"#
        + "\(expected("great"))," + #"{"error":"expected a text, found nothing"}]}"#)
  }

  @Test func noTextsHaveNoPredictions() async throws {
    let response = try await TestServer.make().ask(.post, "/v1/classify", #"{"texts":[]}"#)
    #expect(response.text == #"{"predictions":[]}"#)
  }

  @Test func aTextWithoutWordsIsAProblem() async throws {
    let server = try TestServer.make()
    try await server.ask(.post, "/v1/classify", #"{"text":" \n"}"#)
      .expectProblem(.emptyText, "expected words, found only white space")
    try await server.ask(.post, "/v1/classify", "", type: "text/plain")
      .expectProblem(.emptyText, "expected a text, found nothing")
  }

  @Test func tooManyTextsAreRefused() async throws {
    let server = try TestServer.make { $0.textCount = 2 }
    try await server.ask(.post, "/v1/classify", #"{"texts":["a","b","c"]}"#)
      .expectProblem(.tooManyTexts, "expected at most 2 texts, found 3")
  }

  /// Law 1: whatever they are classified beside, texts of the bundled model have the library's bits.
  @Test func manyClientsAtOnceGetTheLibrarysBits() async throws {
    var options = ServerOptions()
    (options.workerCount, options.batchTokenCount) = (2, 64)
    let server = try SentiServer(
      .bundled(.englishSmall), options, logger: TestServer.silentLogger)
    let texts = (0..<24).map { "The film was \($0 % 3 == 0 ? "dull" : "lovely"), \($0) times." }
    let workers = Task {
      try? await BatchWorkers(queue: server.queue, metrics: server.metrics, count: 2).run()
    }
    let classification = TextClassification(
      models: server.models, queue: server.queue, clients: server.clients)
    let client = Client(NIOAsyncTestingChannel())
    let scores = try await withThrowingTaskGroup(of: (Int, Double).self) { group in
      for (index, text) in texts.enumerated() {
        group.addTask {
          let outcomes = try await classification.outcomes(of: [Array(text.utf8)], for: client)
          guard case .prediction(let prediction) = outcomes[0] else { return (index, .nan) }
          return (index, prediction.score)
        }
      }
      return try await group.reduce(into: [Int: Double]()) { $0[$1.0] = $1.1 }
    }
    server.queue.close()
    await workers.value
    let alone = server.models.current.classifier
    for (index, text) in texts.enumerated() {
      #expect(scores[index]?.bitPattern == alone.prediction(for: text).score.bitPattern)
    }
  }

  @Test func aFullQueueIsToldWithWhenToComeAgain() async throws {
    let server = try TestServer.make { ($0.workerCount, $0.queueTokenCount) = (0, 16) }
    let waiting = Task {
      try await server.queue.predictions(for: [[4]], by: server.models.current) { false }
    }
    try await eventually { server.queue.load.textCount == 1 }
    let classification = TextClassification(
      models: server.models, queue: server.queue, clients: server.clients)
    let client = Client(NIOAsyncTestingChannel())
    let problem = await #expect(throws: Problem.self) {
      _ = try await classification.outcomes(of: [Array("great".utf8)], for: client)
    }
    #expect(problem?.kind == .overloaded)
    #expect(problem?.headerFields[.retryAfter] == "1" && problem?.status == .tooManyRequests)
    waiting.cancel()
  }
}
