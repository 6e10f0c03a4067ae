internal import CoreMetrics
internal import Senti
internal import Synchronization

/// Texts of many requests on their way to workers that take them in batches.
///
/// Nothing waits for a batch to be filled: a worker that is free takes what is there, oldest first, up to a
/// number of tokens. Texts of a request may part into several batches; the request is answered when all of
/// them are. What is no longer wanted, because its client hung up or its task was cancelled, is passed over.
///
///     predictions(for:) ──> waiting texts ──> nextBatch ──> worker ──> finish ──> predictions
///
/// - SeeAlso: Text Embeddings Inference, whose token-based dynamic batching this follows.
final class BatchQueue: Sendable {
  /// Texts that a worker takes at once; all are for one model.
  struct Batch: Sendable {
    let model: ServedModel
    let texts: [[Int32]]
    fileprivate let places: [Place]

    /// The number of tokens.
    var tokenCount: Int { texts.reduce(0) { $0 + $1.count } }
  }

  /// How a request that waits is to be dropped.
  typealias IsGone = @Sendable () -> Bool

  /// Where a text's prediction belongs.
  fileprivate struct Place: Sendable {
    let request: Int
    let index: Int
  }

  private struct Text {
    let place: Place
    let tokens: [Int32]
    let arrival: ContinuousClock.Instant
  }

  private struct PendingRequest {
    let model: ServedModel
    let isGone: IsGone
    let continuation: CheckedContinuation<[SentimentPrediction], any Error>
    var predictions: [SentimentPrediction?]
    var missingCount: Int
  }

  private struct State {
    var requests: [Int: PendingRequest] = [:]
    var texts: [Text] = []
    /// The texts before this one have been taken.
    var start = 0
    var waitingCost = 0
    var idleWorkers: [CheckedContinuation<Batch?, Never>] = []
    var nextNumber = 0
    var isClosed = false
  }

  /// What waits, in numbers.
  struct Load: Equatable {
    var textCount = 0
    var cost = 0
    var idleWorkerCount = 0
  }

  /// What a text costs at least, whatever its tokens.
  static let minimumCost = 16

  private let batchCost: Int
  private let queueCost: Int
  private let metrics: ServerMetrics
  private let state = Mutex(State())

  /// Makes an empty queue.
  ///
  /// - Parameters:
  ///   - limits: How many tokens a batch has at most, and how many wait.
  ///   - metrics: What is told of waiting and of batches.
  init(_ limits: ServerOptions, _ metrics: ServerMetrics) {
    batchCost = limits.batchTokenCount
    queueCost = limits.queueTokenCount
    self.metrics = metrics
  }

  /// What waits.
  var load: Load {
    state.withLock { state in
      Load(
        textCount: state.texts.count - state.start, cost: state.waitingCost,
        idleWorkerCount: state.idleWorkers.count)
    }
  }

  // MARK: Requests

  /// Waits for the predictions of texts.
  ///
  /// - Parameters:
  ///   - texts: Token ids of the model's vocabulary.
  ///   - model: What classifies them.
  ///   - isGone: Whether nobody waits for the answer any more; asked before a text is taken.
  /// - Returns: One prediction a text, in order.
  /// - Throws: A ``Problem`` where too much waits already or the server stops, and a `CancellationError`
  ///   where nobody waits any more.
  func predictions(
    for texts: [[Int32]], by model: ServedModel, unless isGone: @escaping IsGone
  ) async throws -> [SentimentPrediction] {
    if texts.isEmpty { return [] }
    let number = state.withLock { state in
      state.nextNumber += 1
      return state.nextNumber
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let request = PendingRequest(
          model: model, isGone: isGone, continuation: continuation,
          predictions: Array(repeating: nil, count: texts.count), missingCount: texts.count)
        if let problem = admit(request, number, texts) {
          continuation.resume(throwing: problem)
        } else if Task.isCancelled {
          drop(number)
        }
      }
    } onCancel: {
      drop(number)
    }
  }

  /// Lets a request in, unless too much waits.
  private func admit(_ request: PendingRequest, _ number: Int, _ texts: [[Int32]]) -> Problem? {
    let now = ContinuousClock.now
    let cost = texts.reduce(0) { $0 + Self.cost(of: $1) }
    let (problem, handovers) = state.withLock { state -> (Problem?, [Handover]) in
      if state.isClosed { return (Problem(.shuttingDown, "the server takes no more requests"), []) }
      guard state.waitingCost == 0 || state.waitingCost + cost <= queueCost else {
        let detail = "\(state.waitingCost) tokens wait already, of at most \(queueCost)"
        return (Problem(.overloaded, detail), [])
      }
      state.requests[number] = request
      state.waitingCost += cost
      for (index, tokens) in texts.enumerated() {
        let place = Place(request: number, index: index)
        state.texts.append(Text(place: place, tokens: tokens, arrival: now))
      }
      return (nil, handOver(&state, now))
    }
    handovers.forEach { $0.perform(metrics) }
    return problem
  }

  /// Ends the waiting for a request's answer.
  private func drop(_ number: Int) {
    let request = state.withLock { $0.requests.removeValue(forKey: number) }
    request?.continuation.resume(throwing: CancellationError())
  }

  // MARK: Workers

  /// Waits for texts; nil when there will be none.
  func nextBatch() async -> Batch? {
    await withCheckedContinuation { (continuation: CheckedContinuation<Batch?, Never>) in
      let now = ContinuousClock.now
      let handovers = state.withLock { state -> [Handover] in
        state.idleWorkers.append(continuation)
        return handOver(&state, now)
      }
      handovers.forEach { $0.perform(metrics) }
    }
  }

  /// Takes the predictions of a batch, and answers the requests that are complete.
  func finish(_ batch: Batch, _ predictions: [SentimentPrediction]) {
    let complete = state.withLock { state in
      zip(batch.places, predictions).compactMap { place, prediction -> PendingRequest? in
        guard var request = state.requests.removeValue(forKey: place.request) else { return nil }
        request.predictions[place.index] = prediction
        request.missingCount -= 1
        if request.missingCount == 0 { return request }
        state.requests[place.request] = request
        return nil
      }
    }
    for request in complete {
      request.continuation.resume(returning: request.predictions.compactMap(\.self))
    }
  }

  /// Takes requests, as a new queue does.
  func open() {
    state.withLock { $0.isClosed = false }
  }

  /// Refuses new requests; those that wait are answered, and then workers end.
  func close() {
    let handovers = state.withLock { state -> [Handover] in
      state.isClosed = true
      return handOver(&state, ContinuousClock.now)
    }
    handovers.forEach { $0.perform(metrics) }
  }

  // MARK: Batches

  /// What is done outside of the lock: a worker gets its batch, and clients that are gone an error.
  private struct Handover {
    var worker: CheckedContinuation<Batch?, Never>?
    var batch: Batch?
    var waits: [Duration] = []
    var gone: [PendingRequest] = []

    func perform(_ metrics: ServerMetrics) {
      for request in gone {
        metrics.droppedRequests.increment()
        request.continuation.resume(throwing: CancellationError())
      }
      guard let worker else { return }
      if let batch { metrics.record(batch, waits: waits) }
      worker.resume(returning: batch)
    }
  }

  /// Gives idle workers what waits, and at the end nothing.
  private func handOver(_ state: inout State, _ now: ContinuousClock.Instant) -> [Handover] {
    var handovers: [Handover] = []
    while let worker = state.idleWorkers.last {
      var handover = takeBatch(&state, now)
      if handover.batch != nil || state.isClosed {
        handover.worker = worker
        state.idleWorkers.removeLast()
      }
      handovers.append(handover)
      if handover.worker == nil { break }
    }
    return handovers
  }

  private func takeBatch(_ state: inout State, _ now: ContinuousClock.Instant) -> Handover {
    var handover = Handover()
    var (places, texts, model, cost) = ([Place](), [[Int32]](), ServedModel?.none, 0)
    while state.start < state.texts.count {
      let text = state.texts[state.start]
      let textCost = Self.cost(of: text.tokens)
      if let request = state.requests[text.place.request] {
        if request.isGone() {
          handover.gone.append(request)
          state.requests[text.place.request] = nil
        } else {
          guard places.isEmpty || (request.model === model && cost + textCost <= batchCost) else {
            break
          }
          model = request.model
          cost += textCost
          places.append(text.place)
          texts.append(text.tokens)
          handover.waits.append(now - text.arrival)
        }
      }
      state.start += 1
      state.waitingCost -= textCost
    }
    // What was taken is thrown away in large pieces, so that a text is moved but once or twice.
    if 2 * state.start >= state.texts.count {
      state.texts.removeFirst(state.start)
      state.start = 0
    }
    handover.batch = model.map { Batch(model: $0, texts: texts, places: places) }
    return handover
  }

  private static func cost(of tokens: [Int32]) -> Int { max(tokens.count, minimumCost) }
}
