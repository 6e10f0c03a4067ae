import Dispatch
import Synchronization

/// The bridge from a verb, which runs on the main thread, to asynchronous functions.
enum Waiting {
  private final class Outcome<Value: Sendable>: Sendable {
    let value = Mutex<Result<Value, any Error>?>(nil)
  }

  /// Waits for the result of asynchronous work.
  static func result<Value: Sendable>(
    of work: @escaping @Sendable () async throws -> Value
  ) throws -> Value {
    let outcome = Outcome<Value>()
    let finished = DispatchSemaphore(value: 0)
    Task.detached {
      let result: Result<Value, any Error>
      do { result = .success(try await work()) } catch { result = .failure(error) }
      outcome.value.withLock { $0 = result }
      finished.signal()
    }
    finished.wait()
    guard let result = outcome.value.withLock(\.self) else {
      preconditionFailure("work that has finished has an outcome")
    }
    return try result.get()
  }
}
