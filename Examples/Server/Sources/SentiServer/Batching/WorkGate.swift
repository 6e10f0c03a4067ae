internal import Synchronization

/// Lets so many pieces of long work run at a time, lets others wait, and refuses the rest.
final class WorkGate: Sendable {
  private struct State {
    var freeCount: Int
    var nextNumber = 0
    var waiting: [(number: Int, continuation: CheckedContinuation<Void, any Error>)] = []
  }

  private let name: String
  private let waitingLimit: Int
  private let state: Mutex<State>

  /// Makes a gate.
  ///
  /// - Parameters:
  ///   - name: What messages call the work, in the plural.
  ///   - runningLimit: How many run at a time.
  ///   - waitingLimit: How many wait.
  init(_ name: String, running runningLimit: Int, waiting waitingLimit: Int) {
    self.name = name
    self.waitingLimit = waitingLimit
    state = Mutex(State(freeCount: runningLimit))
  }

  /// A turn; it ends when nobody holds it any more.
  final class Turn: Sendable {
    private let gate: WorkGate

    fileprivate init(_ gate: WorkGate) {
      self.gate = gate
    }

    deinit {
      gate.leave()
    }
  }

  /// How many wait.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// Waits for a turn.
  ///
  /// - Throws: A ``Problem`` where too many wait, and a `CancellationError`.
  func turn() async throws -> Turn {
    try await enter()
    return Turn(self)
  }

  private func enter() async throws {
    let number = state.withLock { state in
      state.nextNumber += 1
      return state.nextNumber
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome = state.withLock { state -> Result<Void, any Error>? in
          if Task.isCancelled { return .failure(CancellationError()) }
          if state.freeCount > 0 {
            state.freeCount -= 1
            return .success(())
          }
          guard state.waiting.count < waitingLimit else {
            return .failure(Problem(.overloaded, "\(waitingLimit) \(name) wait already"))
          }
          state.waiting.append((number, continuation))
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      drop(number)
    }
  }

  /// Gives the turn to the next.
  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
      guard !state.waiting.isEmpty else {
        state.freeCount += 1
        return nil
      }
      return state.waiting.removeFirst().continuation
    }
    next?.resume()
  }

  /// Does work in its turn, on threads that compute.
  func compute<Answer: Sendable>(
    _ work: @escaping @Sendable () throws -> Answer
  ) async throws -> Answer {
    let turn = try await turn()
    defer { withExtendedLifetime(turn) {} }
    return try await withTaskExecutorPreference(ComputeThreads.shared) {
      try await Self.run(work)
    }
  }

  @concurrent private static func run<Answer: Sendable>(
    _ work: @Sendable () throws -> Answer
  ) async throws -> Answer {
    try work()
  }

  private func drop(_ number: Int) {
    let dropped = state.withLock { state -> CheckedContinuation<Void, any Error>? in
      guard let index = state.waiting.firstIndex(where: { $0.number == number }) else { return nil }
      return state.waiting.remove(at: index).continuation
    }
    dropped?.resume(throwing: CancellationError())
  }
}
