/// Maps items on several threads.
///
/// - Parameters:
///   - items: The items.
///   - threadCount: The number of threads to use.
///   - transform: Maps one item; may be called by several threads at once.
/// - Returns: One result an item, in order.
package func concurrentlyMapped<Item: Sendable, Result: Sendable>(
  _ items: [Item], threadCount: Int, _ transform: @Sendable (Item) -> Result
) -> [Result] {
  // The array of nothing is everybody's, and its count is not to be written.
  guard !items.isEmpty else { return [] }
  return unsafe [Result](unsafeUninitializedCapacity: items.count) { results, count in
    // Every piece has a place of its own, and all are done before the array is anybody's.
    nonisolated(unsafe) let places = unsafe results
    concurrently(items.count, threadCount: threadCount) { index in
      unsafe places.initializeElement(at: index, to: transform(items[index]))
    }
    count = items.count
  }
}
