internal import Dispatch

/// Threads for work that computes for long and never waits, so that it holds up no connection.
final class ComputeThreads: TaskExecutor {
  /// The threads; as many run at a time as there are cores.
  static let shared = ComputeThreads()

  private let queue = DispatchQueue(label: "senti.server.compute", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
