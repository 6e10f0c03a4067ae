internal import Metrics

/// What a server counts and times.
struct ServerMetrics: Sendable {
  /// Requests that nobody waited for any more.
  let droppedRequests: Counter
  /// The time of a batch in the net.
  let inferenceTime: Timer
  private let factory: any MetricsFactory
  private let queueTime: Timer
  private let batchTexts: Recorder
  private let batchTokens: Recorder
  private let waitingTexts: Meter
  private let waitingTokens: Meter

  /// Prepares to count.
  ///
  /// - Parameter factory: What keeps the numbers.
  init(_ factory: any MetricsFactory) {
    self.factory = factory
    droppedRequests = Counter(label: "senti_dropped_requests_total", factory: factory)
    inferenceTime = Timer(label: "senti_inference_seconds", factory: factory)
    queueTime = Timer(label: "senti_queue_seconds", factory: factory)
    batchTexts = Recorder(label: "senti_batch_texts", factory: factory)
    batchTokens = Recorder(label: "senti_batch_tokens", factory: factory)
    waitingTexts = Meter(label: "senti_waiting_texts", factory: factory)
    waitingTokens = Meter(label: "senti_waiting_tokens", factory: factory)
  }

  /// Counts a batch, and how long its texts have waited.
  func record(_ batch: BatchQueue.Batch, waits: [Duration]) {
    batchTexts.record(batch.texts.count)
    batchTokens.record(batch.tokenCount)
    waits.forEach { queueTime.record($0) }
  }

  /// Notes what waits.
  func record(_ load: BatchQueue.Load) {
    waitingTexts.set(load.textCount)
    waitingTokens.set(load.cost)
  }

  /// Counts a request.
  ///
  /// - Parameters:
  ///   - route: The route, not the path: a client may ask for any path.
  ///   - status: The status of the answer.
  ///   - duration: The time until the answer began.
  func recordRequest(route: String, status: Int, duration: Duration) {
    let dimensions = [("route", route), ("status", String(status))]
    Counter(label: "senti_requests_total", dimensions: dimensions, factory: factory).increment()
    Timer(label: "senti_request_seconds", dimensions: [("route", route)], factory: factory)
      .record(duration)
  }

  /// Counts a try to load the model anew.
  func recordReload(isDone: Bool) {
    let result = isDone ? "done" : "failed"
    Counter(label: "senti_reloads_total", dimensions: [("result", result)], factory: factory)
      .increment()
  }
}

extension Timer {
  /// Records a duration.
  func record(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }
}
