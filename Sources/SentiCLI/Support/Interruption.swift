import Glibc
import SentiCorpora
import Synchronization

/// Ctrl-C, noticed by long work at a moment when it can stop.
enum Interruption {
  private static let isRequested = Atomic(false)

  /// Whether Ctrl-C was pressed since ``catchSignals()``.
  static var wasRequested: Bool { isRequested.load(ordering: .relaxed) }

  /// Notes the first SIGINT or SIGTERM instead of dying of it; the second ends the program at once.
  ///
  /// One that the parent has the program ignore, as a shell does for work in the background and
  /// `nohup` for all, stays ignored.
  static func catchSignals() {
    // Makes the flag now, for a signal handler must not.
    isRequested.store(false, ordering: .relaxed)
    for number in signals where !isIgnored(number) {
      signal(number) { number in
        Interruption.isRequested.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    unblockSignals()
  }

  private static let signals = [SIGINT, SIGTERM]

  /// Lets signals through that a parent has left blocked.
  static func unblockSignals() {
    var numbers = sigset_t()
    sigemptyset(&numbers)
    for number in signals { sigaddset(&numbers, number) }
    sigprocmask(SIG_UNBLOCK, &numbers, nil)
  }

  /// Whether the program was started with a signal ignored, by the mask that the kernel tells.
  private static func isIgnored(_ number: Int32) -> Bool {
    let status = (try? TextFile.read("/proc/self/status")) ?? []
    let line = status.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "SigIgn:".utf8) }
    let digits = line.map { String(decoding: $0.dropFirst("SigIgn:".utf8.count), as: UTF8.self) }
    guard let mask = digits.flatMap({ UInt64($0.filter(\.isHexDigit), radix: 16) }) else {
      return false
    }
    return mask & (1 << UInt64(number - 1)) != 0
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
