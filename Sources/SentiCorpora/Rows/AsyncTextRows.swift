import Dispatch

/// Text rows that are read off the threads of Swift's concurrency.
///
///     for await row in AsyncTextRows(try TextRows(reader)) {
///       print(try row.get().row.line)
///     }
///
/// A read may wait for a disk, a pipe or a person, so it happens on a queue of its own. Rows are read
/// when they are asked for, together with those that the same piece of the file holds, and not
/// before; so a slow consumer holds the reader back. A task that is cancelled gets `nil`.
///
/// The rows are read once, by one iterator.
public struct AsyncTextRows: AsyncSequence, Sendable {
  /// A row, or the reason why the input cannot be read on.
  public typealias Element = Result<TextRow, CorpusError>
  private let reader: BackgroundReader

  /// Takes over rows, of which none may be read elsewhere from now on.
  ///
  /// - Parameter rows: The rows.
  public init(_ rows: sending TextRows) {
    reader = BackgroundReader(rows)
  }

  /// Makes the one iterator.
  public func makeAsyncIterator() -> Iterator {
    Iterator(reader: reader)
  }

  /// A place in the rows.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let reader: BackgroundReader
    /// The rows that are at hand, last one first, so that none is kept when it has been given.
    private var batch: [Element] = []

    fileprivate init(reader: BackgroundReader) {
      self.reader = reader
    }

    /// Gives the next row, or `nil` at the end and when the task is cancelled.
    ///
    /// - Parameter actor: The actor to stay on, as a loop over the rows passes it; a row that is at
    ///   hand then costs no change of threads.
    /// - Returns: The next row, or the reason why the input cannot be read on.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async -> Element? {
      if Task.isCancelled { return nil }
      if batch.isEmpty { batch = await reader.nextBatch().reversed() }
      return batch.popLast()
    }
  }
}

/// Keeps rows on a serial queue.
///
/// It is `Sendable` although its rows are not, because they are handed over whole when it is made
/// and touched on its serial queue only.
private final class BackgroundReader: @unchecked Sendable {
  private let queue = DispatchQueue(label: "senti.rows")
  private var rows: TextRows

  init(_ rows: sending TextRows) {
    self.rows = rows
  }

  func nextBatch() async -> [AsyncTextRows.Element] {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: self.rows.nextBatch()) }
    }
  }
}
