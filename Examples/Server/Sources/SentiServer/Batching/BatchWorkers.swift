internal import Senti
internal import ServiceLifecycle

/// The workers that classify what waits in a queue.
struct BatchWorkers: Service {
  let queue: BatchQueue
  let metrics: ServerMetrics
  let count: Int

  /// Classifies until the server has stopped and the queue is empty.
  func run() async throws {
    queue.open()
    // A service that ends before its time would end the server.
    if count == 0 { try? await gracefulShutdown() }
    await withTaskCancellationOrGracefulShutdownHandler {
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<count {
          group.addTask(executorPreference: ComputeThreads.shared) { await work() }
        }
      }
    } onCancelOrGracefulShutdown: {
      queue.close()
    }
  }

  private func work() async {
    while let batch = await queue.nextBatch() {
      let start = ContinuousClock.now
      let predictions = batch.model.classifier.predictions(forTokens: batch.texts)
      metrics.inferenceTime.record(ContinuousClock.now - start)
      queue.finish(batch, predictions)
    }
  }
}
