internal import Synchronization

/// Stops long computations on several threads where they are, when the task that began them is
/// cancelled.
///
/// Layers ask at every time step. One that stops leaves results of the right shapes that mean
/// nothing: whoever watches a computation asks ``isRequested`` afterwards, and throws them away.
/// Computations that nobody watches run to their end.
package final class Cancellation: Sendable {
  @TaskLocal private static var watching: Cancellation?

  private let isNoted = Atomic(false)

  /// Looks at the task that runs now, and at no other.
  package init() {}

  /// Whether the computation that runs on this thread is to stop.
  package static var isRequested: Bool { watching?.isRequested ?? false }

  /// Whether the task was cancelled, as far as one of its own threads has noticed.
  package var isRequested: Bool {
    if isNoted.load(ordering: .relaxed) { return true }
    guard Task.isCancelled else { return false }
    isNoted.store(true, ordering: .relaxed)
    return true
  }

  /// Runs a computation, on the task's own thread or on another, that stops when it is to.
  package func watch<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Self.$watching.withValue(self, operation: body)
  }
}
