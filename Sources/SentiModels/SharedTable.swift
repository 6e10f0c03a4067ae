internal import Synchronization

/// What a model makes of tokens once for all that it reads, on all threads.
///
/// It is made when as many tokens were read as it has rows, at no more than the cost of that reading:
/// one text does not wait for a table, and a thousand do without the products. A token's row has the
/// same bits in the table as beside any others.
package final class SharedTable<Table: Sendable>: Sendable {
  private let rowCount: Int?
  private let readCount = Atomic(0)
  private let made = AtomicLazyReference<Box>()

  /// Prepares a table.
  ///
  /// - Parameter rowCount: The number of its rows; nil: it is never made.
  package init(rowCount: Int?) { self.rowCount = rowCount }

  /// Counts tokens that are read.
  ///
  /// - Parameters:
  ///   - count: How many tokens are read now.
  ///   - make: Makes the table; called once.
  /// - Returns: The table; nil: it is not there yet.
  package func table(reading count: Int, _ make: () -> Table) -> Table? {
    guard let rowCount else { return nil }
    if let box = made.load() { return box.table }
    let before = readCount.wrappingAdd(count, ordering: .relaxed).oldValue
    // Others go on without meanwhile.
    guard before < rowCount && before + count >= rowCount else { return nil }
    return made.storeIfNil(Box(make())).table
  }

  private final class Box: Sendable {
    let table: Table

    init(_ table: Table) { self.table = table }
  }
}
