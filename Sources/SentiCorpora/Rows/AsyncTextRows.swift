import Dispatch

/// Text rows that are read off the threads of Swift's concurrency.
///
///     for await row in AsyncTextRows(try TextRows(reader)) {
///       print(try row.get().row.line)
///     }
///
/// A read may wait for a disk, a pipe or a person, so it happens on a queue of its own. The next row
/// is read when it is asked for and not before, so a slow consumer holds the reader back. A task that
/// is cancelled gets `nil`.
///
/// The rows are read once, from one task at a time.
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

  /// Reads on where reading stands.
  public func makeAsyncIterator() -> Iterator {
    Iterator(reader: reader)
  }

  /// A place in the rows.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let reader: BackgroundReader

    /// Gives the next row, or `nil` at the end and when the task is cancelled.
    public mutating func next() async -> Element? {
      Task.isCancelled ? nil : await reader.next()
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

  func next() async -> AsyncTextRows.Element? {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: self.rows.next()) }
    }
  }
}
