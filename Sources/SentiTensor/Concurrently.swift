internal import Dispatch
internal import Synchronization

/// Does numbered pieces of work on several threads, each taking the next one that is left, so that a
/// thread whose core is busy costs no more than its share.
///
/// - Parameters:
///   - count: The number of pieces.
///   - threadCount: The number of threads to use.
///   - body: Does one piece; may be called by several threads at once.
package func concurrently(_ count: Int, threadCount: Int, _ body: @Sendable (Int) -> Void) {
  precondition(threadCount > 0, "thread count \(threadCount)")
  guard threadCount > 1 && count > 1 else { return (0..<count).forEach { body($0) } }
  let next = Atomic(0)
  DispatchQueue.concurrentPerform(iterations: min(threadCount, count)) { _ in
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      body(index)
    }
  }
}

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
  let results = Mutex([Result?](repeating: nil, count: items.count))
  concurrently(items.count, threadCount: threadCount) { index in
    let result = transform(items[index])
    results.withLock { $0[index] = result }
  }
  return results.withLock { $0.compactMap(\.self) }
}
