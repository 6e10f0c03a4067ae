import Glibc
import Synchronization

/// Ctrl-C, noticed by long work at a moment when it can stop.
enum Interruption {
  private static let isRequested = Atomic(false)

  /// Whether Ctrl-C was pressed since ``catchSignals()``.
  static var wasRequested: Bool { isRequested.load(ordering: .relaxed) }

  /// Notes the first SIGINT or SIGTERM instead of dying of it; the second ends the program at once.
  static func catchSignals() {
    // Makes the flag now, for a signal handler must not.
    isRequested.store(false, ordering: .relaxed)
    var numbers = sigset_t()
    sigemptyset(&numbers)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&numbers, number)
      signal(number) { number in
        Interruption.isRequested.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    // A parent may have left them blocked.
    sigprocmask(SIG_UNBLOCK, &numbers, nil)
  }

  /// Does work that the first SIGINT or SIGTERM after ``catchSignals()`` cancels.
  static func cancelling(_ work: @escaping @Sendable () async throws -> Void) async throws {
    let task = Task { try await work() }
    let watch = Task {
      while !wasRequested { try await Task.sleep(for: .milliseconds(50)) }
      task.cancel()
    }
    defer { watch.cancel() }
    try await task.value
  }
}
