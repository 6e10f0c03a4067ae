internal import Dispatch

/// Threads for work that computes for long and never waits.
///
/// On the shared threads of Swift's concurrency such work would hold up whatever else a program does,
/// such as a server's answers.
final class ScoringThreads: TaskExecutor {
  /// The threads; as many run at a time as there are cores.
  static let shared = ScoringThreads()

  private let queue = DispatchQueue(label: "senti.scoring", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
