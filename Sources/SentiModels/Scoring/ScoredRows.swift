internal import SentiCorpora

/// Rows that are scored while they are read.
///
/// Reading and scoring begin when the first row is asked for and go on ahead of the consumer, by a
/// bounded number of bytes; a consumer that is slow holds them back. They end with the iterator, or
/// when the task that iterates is cancelled, which then gets a `CancellationError`: an end in silence
/// would look like the last row.
///
/// An error of the rows is thrown behind all rows that came before it.
public struct ScoredRows<Rows: AsyncSequence & Sendable>: AsyncSequence, Sendable
where Rows.Element: Sendable {
  /// A row, and what the net says of its text.
  public typealias Element = ScoredRow<Rows.Element>

  let scorer: SentimentScorer
  let rows: Rows
  let byteCount: @Sendable (Rows.Element) -> Int
  let text: @Sendable (Rows.Element) -> RowText

  /// Makes an iterator, which reads the rows on its own.
  public func makeAsyncIterator() -> Iterator {
    Iterator(self)
  }

  /// A place in the rows.
  public struct Iterator: AsyncIteratorProtocol {
    private let rows: ScoredRows
    private var run: Run?
    /// The rows that are at hand, last one first, so that none is kept when it has been given.
    private var window: [Element] = []

    fileprivate init(_ rows: ScoredRows) {
      self.rows = rows
    }

    /// Whether the next row is at hand, so that asking for it takes no time.
    public var isReady: Bool { !window.isEmpty }

    /// Gives the next row, or `nil` at the end.
    ///
    /// - Parameter actor: The actor to stay on, as a loop over the rows passes it; a row that is at
    ///   hand then costs no change of threads.
    /// - Returns: The next row.
    /// - Throws: What the rows throw, or a `CancellationError`.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws -> Element? {
      try Task.checkCancellation()
      if window.isEmpty {
        let run = run ?? Run(rows)
        self.run = run
        window = try await run.nextWindow().reversed()
      }
      return window.popLast()
    }
  }

  /// The tasks that read and score; they end with this object.
  private final class Run: Sendable {
    private let queue = ScoringQueue<Rows.Element>()
    private let tasks: [Task<Void, Never>]

    init(_ scored: ScoredRows) {
      let queue = queue
      let reader = Task { await Self.read(scored, into: queue) }
      let workers = (0..<scored.scorer.threadCount).map { _ in
        Task(executorPreference: ScoringThreads.shared) {
          await Self.work(scored.scorer, on: queue)
        }
      }
      tasks = [reader] + workers
    }

    deinit {
      for task in tasks { task.cancel() }
      Task { [queue] in await queue.cancel() }
    }

    func nextWindow() async throws -> [Element] {
      try await withTaskCancellationHandler {
        try await queue.nextWindow()
      } onCancel: {
        Task { await queue.cancel() }
      }
    }

    private static func read(_ scored: ScoredRows, into queue: ScoringQueue<Rows.Element>) async {
      do {
        for try await row in scored.rows {
          await queue.append(row, scored.text(row), byteCount: scored.byteCount(row))
          try Task.checkCancellation()
        }
        await queue.end()
      } catch {
        await queue.end(error)
      }
    }

    private static func work(
      _ scorer: SentimentScorer, on queue: ScoringQueue<Rows.Element>
    ) async {
      while let batch = await queue.nextBatch() {
        guard let outcomes = scorer.outcomes(of: batch.texts) else { return }
        await queue.finish(batch, outcomes)
      }
    }
  }
}
