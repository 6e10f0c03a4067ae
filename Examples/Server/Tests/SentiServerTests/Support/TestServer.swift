import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Senti
import ServiceLifecycle
import Testing

@testable import SentiServer

/// Small servers, with a model that a person can compute in the head.
enum TestServer {
  /// Great is favourable, awful is not, and the logits are three times the mean over the text.
  static func classifier() throws -> SentimentClassifier {
    var builder = try VocabularyBuilder(normalization: .reviews1)
    builder.add("great awful")
    let vocabulary = builder.vocabulary()
    var configuration = SentimentConfiguration(vocabularySize: vocabulary.count)
    (configuration.embeddingSize, configuration.hiddenSize) = (1, 1)
    (configuration.cell, configuration.pooling) = (.rnn, [.mean])
    let network = SentimentNetwork(configuration)
    let parameters = Parameters<Float>(layout: network.layout) { slot in
      switch slot.name {
      case "embedding.weight": vocabulary.entries.map { ["great": 1, "awful": -1][$0.word] ?? 0 }
      case "output.weight": [-3, 3]
      case let name where name.contains("weight_ih"): [1]
      default: [Float](repeating: 0, count: slot.range.count)
      }
    }
    return SentimentClassifier(
      labels: ["negative", "positive"], pipeline: try TextPipeline(vocabulary: vocabulary),
      network: network, parameters: parameters)
  }

  /// The classifier as a file's bytes.
  static func modelBytes() throws -> [UInt8] {
    let file = TemporaryFile("model.safetensors")
    try classifier().write(to: file.path)
    return try file.bytes
  }

  /// A server, and the classifier inside it.
  static func make(
    _ change: (inout ServerOptions) -> Void = { _ in }
  ) throws -> SentiServer {
    var options = ServerOptions()
    (options.port, options.workerCount) = (0, 2)
    change(&options)
    return try SentiServer(
      .memory(try modelBytes(), name: "test model"), options, logger: silentLogger)
  }

  /// A log that nobody reads.
  static var silentLogger: Logger {
    Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  }
}

extension SentiServer {
  /// Asks the routes, without a connection.
  @discardableResult
  func ask(
    _ method: HTTPRequest.Method = .post, _ uri: String, _ body: String? = nil,
    type: String? = "application/json", headers: HTTPFields = [:]
  ) async throws -> TestResponse {
    try await ask(method, uri, bytes: body.map { Array($0.utf8) }, type: type, headers: headers)
  }

  /// Asks the routes with any bytes.
  func ask(
    _ method: HTTPRequest.Method, _ uri: String, bytes: [UInt8]?, type: String?,
    headers: HTTPFields = [:]
  ) async throws -> TestResponse {
    var headers = headers
    if bytes != nil, let type { headers[.contentType] = type }
    let fields = headers
    return try await application().test(.router) { client in
      try await client.execute(
        uri: uri, method: method, headers: fields, body: bytes.map { ByteBuffer(bytes: $0) })
    }
  }

  /// Serves on a free port while something is done, and then stops.
  func serving<Value: Sendable>(
    _ body: @escaping @Sendable (_ port: Int) async throws -> Value
  ) async throws -> Value {
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let group = ServiceGroup(
      services: [service { continuation.yield($0) }], logger: TestServer.silentLogger)
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      defer { continuation.finish() }
      var iterator = ports.makeAsyncIterator()
      let port = try #require(await iterator.next())
      do {
        let value = try await body(port)
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return value
      } catch {
        await group.triggerGracefulShutdown()
        throw error
      }
    }
  }
}

extension TestResponse {
  /// The body as text.
  var text: String { String(buffer: body) }

  /// Expects a problem by RFC 9457.
  func expectProblem(
    _ kind: Problem.Kind, _ detail: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(status == kind.status, sourceLocation: sourceLocation)
    #expect(
      headers[.contentType] == "application/problem+json", sourceLocation: sourceLocation)
    let json = String(decoding: Problem(kind, detail).json.bytes, as: UTF8.self)
    #expect(text == json, sourceLocation: sourceLocation)
  }
}

/// Waits for something that other threads will bring about.
func eventually(
  _ condition: () async -> Bool, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  for _ in 0..<5_000 {
    if await condition() { return }
    try await Task.sleep(for: .milliseconds(2))
  }
  Issue.record("ten seconds have passed", sourceLocation: sourceLocation)
}
