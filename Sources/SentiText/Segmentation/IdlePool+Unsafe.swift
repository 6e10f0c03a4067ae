internal import Synchronization

/// Idle objects of one kind, each of which one borrower at a time has, so that a use costs no making.
///
/// Nobody waits: a thread that finds the pool in use is answered as if it were empty, or lets go of what
/// it brings.
final class IdlePool<Object>: Sendable {
  /// The most objects that are kept.
  ///
  /// Threads that find the pool in use make more than there are borrowers, by chance and without end.
  static var maximumCount: Int { 64 }

  private let isInUse = Atomic(false)
  /// Touched only by the thread that turned ``isInUse`` on.
  private nonisolated(unsafe) var idle: [Object] = []

  /// Takes an object out; nil: the caller makes one.
  func take() -> Object? {
    guard enter() else { return nil }
    defer { leave() }
    return unsafe idle.popLast()
  }

  /// Keeps an object that nobody else has for who comes next.
  func giveBack(_ object: Object) {
    guard enter() else { return }
    if unsafe idle.count < Self.maximumCount { unsafe idle.append(object) }
    leave()
  }

  private func enter() -> Bool { !isInUse.exchange(true, ordering: .acquiring) }

  private func leave() { isInUse.store(false, ordering: .releasing) }
}
