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
