import Senti
import Testing

@testable import SentiServer

@Suite("Batch queue")
struct BatchQueueTests {
  private let registry = PrometheusRegistry()
  private let model: ServedModel

  init() throws {
    model = ServedModel(try TestServer.classifier(), name: "test")
  }

  private func queue(batch: Int = 100, waiting: Int = 1_000) -> BatchQueue {
    var options = ServerOptions()
    (options.batchTokenCount, options.queueTokenCount) = (batch, waiting)
    return BatchQueue(options, ServerMetrics(registry))
  }

  private func text(_ count: Int) -> [Int32] { Array(repeating: 4, count: count) }

  private func wait(
    _ queue: BatchQueue, _ texts: [[Int32]], by model: ServedModel? = nil,
    isGone: @escaping BatchQueue.IsGone = { false }
  ) -> Task<[SentimentPrediction], any Error> {
    let model = model ?? self.model
    return Task { try await queue.predictions(for: texts, by: model, unless: isGone) }
  }

  @Test func aBatchTakesWhatIsThereUpToItsTokens() async throws {
    let queue = queue(batch: 100)
    let first = wait(queue, [text(40), text(50)])
    try await eventually { queue.load.textCount == 2 }
    let second = wait(queue, [text(20)])
    try await eventually { queue.load.textCount == 3 }
    let batch = try #require(await queue.nextBatch())
    #expect(batch.texts.map(\.count) == [40, 50] && batch.tokenCount == 90)
    let next = try #require(await queue.nextBatch())
    #expect(next.texts.map(\.count) == [20])
    for one in [next, batch] {
      queue.finish(one, model.classifier.predictions(forTokens: one.texts))
    }
    #expect(try await first.value.map(\.tokenCount) == [40, 50])
    #expect(try await second.value.map(\.tokenCount) == [20])
    #expect(registry.text.contains("senti_batch_texts_count 2\n"))
    #expect(registry.text.contains("senti_queue_seconds_count 3\n"))
  }

  @Test func aTextLongerThanABatchIsTakenAlone() async throws {
    let queue = queue(batch: 100)
    let waiting = wait(queue, [text(500), text(1)])
    try await eventually { queue.load.textCount == 2 }
    #expect(await queue.nextBatch()?.texts.map(\.count) == [500])
    queue.close()
    waiting.cancel()
  }

  @Test func aWorkerThatWaitsGetsTheFirstTextAtOnce() async throws {
    let queue = queue()
    async let batch = queue.nextBatch()
    try await eventually { queue.load.idleWorkerCount == 1 }
    let waiting = wait(queue, [text(3)])
    #expect(await batch?.texts == [text(3)])
    waiting.cancel()
  }

  @Test func moreThanTheLimitIsRefused() async throws {
    let queue = queue(waiting: 100)
    let waiting = wait(queue, [text(90)])
    try await eventually { queue.load.cost == 90 }
    await #expect(throws: Problem(.overloaded, "90 tokens wait already, of at most 100")) {
      try await queue.predictions(for: [text(1)], by: model) { false }
    }
    waiting.cancel()
  }

  /// A request that is larger than the queue would otherwise never be answered.
  @Test func anEmptyQueueTakesAnyRequest() async throws {
    let queue = queue(waiting: 100)
    let waiting = wait(queue, [text(500)])
    try await eventually { queue.load.textCount == 1 }
    waiting.cancel()
  }

  @Test func shortTextsCountToo() async throws {
    let queue = queue()
    let waiting = wait(queue, [text(1), text(2)])
    try await eventually { queue.load.cost == 2 * BatchQueue.minimumCost }
    waiting.cancel()
  }

  @Test func textsOfCancelledRequestsArePassedOver() async throws {
    let queue = queue()
    let gone = wait(queue, [text(3)])
    try await eventually { queue.load.textCount == 1 }
    gone.cancel()
    await #expect(throws: CancellationError.self) { try await gone.value }
    let waiting = wait(queue, [text(5)])
    try await eventually { queue.load.textCount == 2 }
    #expect(await queue.nextBatch()?.texts == [text(5)])
    #expect(queue.load.cost == 0)
    waiting.cancel()
  }

  @Test func textsOfClientsThatAreGoneArePassedOver() async throws {
    let queue = queue()
    let gone = wait(queue, [text(3), text(4)], isGone: { true })
    try await eventually { queue.load.textCount == 2 }
    let waiting = wait(queue, [text(5)])
    try await eventually { queue.load.textCount == 3 }
    #expect(await queue.nextBatch()?.texts == [text(5)])
    await #expect(throws: CancellationError.self) { try await gone.value }
    #expect(registry.text.contains("senti_dropped_requests_total 1\n"))
    waiting.cancel()
  }

  @Test func aBatchHasTextsOfOneModel() async throws {
    let queue = queue()
    let other = ServedModel(try TestServer.classifier(), name: "other")
    let first = wait(queue, [text(3)])
    try await eventually { queue.load.textCount == 1 }
    let second = wait(queue, [text(4)], by: other)
    try await eventually { queue.load.textCount == 2 }
    let batches = [await queue.nextBatch(), await queue.nextBatch()]
    #expect(batches.map { $0?.model.name } == ["test", "other"])
    [first, second].forEach { $0.cancel() }
  }

  @Test func aClosedQueueEndsItsWorkersBehindWhatWaits() async throws {
    let queue = queue()
    let waiting = wait(queue, [text(3)])
    try await eventually { queue.load.textCount == 1 }
    queue.close()
    let batch = try #require(await queue.nextBatch())
    #expect(await queue.nextBatch() == nil)
    queue.finish(batch, model.classifier.predictions(forTokens: batch.texts))
    #expect(try await waiting.value.count == 1)
    await #expect(throws: Problem(.shuttingDown, "the server takes no more requests")) {
      try await queue.predictions(for: [text(1)], by: model) { false }
    }
  }
}
