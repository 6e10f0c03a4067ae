internal import SentiCorpora

/// Rows on their way from a reader through the net to a consumer, in order, in bounded memory.
///
/// Rows gather in an open window. When it is full, or when a worker has nothing else to do, it is
/// closed: its texts are sorted by length and cut into batches, which workers take. A window whose
/// batches are all done is the consumer's, in the order of the rows.
///
///     append ──> open window ──> batches ──> workers ──> finish ──> windows ──> nextWindow
///
/// Rows are counted by the bytes that they hold until the consumer comes back for more; the reader
/// waits while there are too many. So the reader is ahead by several windows, and no slow stage keeps
/// the net waiting for long.
actor ScoringQueue<Row: Sendable> {
  /// Texts of one window that are scored together, longest first.
  struct Batch: Sendable {
    let window: Int
    let indices: [Int]
    let texts: [RowText]
  }

  private struct Window {
    var rows: [Row] = []
    var texts: [RowText] = []
    var outcomes: [ScoringOutcome?] = []
    var byteCount = 0
    var missingCount = 0
  }

  private var open = Window()
  private var closed: [Window] = []
  /// The number of the first window in `closed`.
  private var firstNumber = 0
  private var batches: [Batch] = []
  private var heldByteCount = 0
  private var isHoldingGiant = false
  private var consumedByteCount = 0
  private var isEnded = false
  private var failure: (any Error)?
  private var idleWorkers: [CheckedContinuation<Batch?, Never>] = []
  private var waitingReader: CheckedContinuation<Void, Never>?
  private var waitingConsumer: CheckedContinuation<Void, Never>?

  // MARK: Reader

  /// Takes a row, as soon as there is room for it.
  func append(_ row: Row, _ text: RowText, byteCount: Int) async {
    let cost = byteCount + ScoringLimits.rowByteCount
    while !isEnded && !hasRoom(for: cost) {
      await withCheckedContinuation { waitingReader = $0 }
    }
    guard !isEnded else { return }
    if cost > ScoringLimits.heldByteCount { isHoldingGiant = true }
    heldByteCount += cost
    open.rows.append(row)
    open.texts.append(text)
    open.byteCount += cost
    if open.byteCount >= ScoringLimits.windowByteCount || !idleWorkers.isEmpty { closeWindow() }
  }

  /// Ends the rows, with what went wrong if anything did; what came before it is still scored.
  func end(_ error: (any Error)? = nil) {
    guard !isEnded else { return }
    (isEnded, failure) = (true, error)
    if !open.rows.isEmpty { closeWindow() }
    wakeAll()
  }

  /// Drops all rows.
  func cancel() {
    end(CancellationError())
    failure = CancellationError()
    (closed, batches) = ([], [])
    wakeAll()
  }

  /// A row that is greater than all room is let in alone, when no other is there.
  private func hasRoom(for cost: Int) -> Bool {
    !isHoldingGiant && (heldByteCount == 0 || heldByteCount + cost <= ScoringLimits.heldByteCount)
  }

  private func wakeAll() {
    waitingReader.take()?.resume()
    waitingConsumer.take()?.resume()
    guard batches.isEmpty else { return }
    for worker in idleWorkers { worker.resume(returning: nil) }
    idleWorkers = []
  }

  // MARK: Workers

  /// Gives a worker its next batch; nil when there will be none.
  func nextBatch() async -> Batch? {
    if batches.isEmpty && !open.rows.isEmpty { closeWindow() }
    if !batches.isEmpty { return batches.removeFirst() }
    if isEnded { return nil }
    return await withCheckedContinuation { idleWorkers.append($0) }
  }

  /// Takes a batch's outcomes.
  func finish(_ batch: Batch, _ outcomes: [ScoringOutcome]) {
    let index = batch.window - firstNumber
    guard closed.indices.contains(index) else { return }
    for (row, outcome) in zip(batch.indices, outcomes) { closed[index].outcomes[row] = outcome }
    closed[index].missingCount -= outcomes.count
    if closed[0].missingCount == 0 { waitingConsumer.take()?.resume() }
  }

  private func closeWindow() {
    let number = firstNumber + closed.count
    open.outcomes = Array(repeating: nil, count: open.rows.count)
    open.missingCount = open.rows.count
    let parts = ScoringLimits.batches(
      open.texts.map(\.byteCount), chunk: ScoringLimits.chunkByteCount,
      budget: ScoringLimits.batchByteCount)
    for indices in parts {
      batches.append(
        Batch(window: number, indices: indices, texts: indices.map { open.texts[$0] }))
    }
    closed.append(open)
    open = Window()
    while !batches.isEmpty, let worker = idleWorkers.popLast() {
      worker.resume(returning: batches.removeFirst())
    }
  }

  // MARK: Consumer

  /// Gives the next rows with their outcomes, or none at the end.
  ///
  /// The caller has done with the rows of the call before.
  ///
  /// - Throws: What ended the rows too early, behind all rows that came before it.
  func nextWindow() async throws -> [ScoredRow<Row>] {
    release()
    while closed.isEmpty ? !isEnded : closed[0].missingCount > 0 {
      await withCheckedContinuation { waitingConsumer = $0 }
    }
    guard let window = closed.first else {
      if let failure { throw failure }
      return []
    }
    closed.removeFirst()
    firstNumber += 1
    consumedByteCount = window.byteCount
    return window.rows.indices.compactMap { index in
      window.outcomes[index].map { ScoredRow(row: window.rows[index], outcome: $0) }
    }
  }

  /// Makes room where the rows were that the consumer has done with.
  private func release() {
    heldByteCount -= consumedByteCount
    consumedByteCount = 0
    if heldByteCount == 0 { isHoldingGiant = false }
    waitingReader.take()?.resume()
  }
}
