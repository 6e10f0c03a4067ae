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
}
