internal import Synchronization

/// Idle iterators of one kind, so that a text costs no opening (some 0.1 ms) of its own.
///
/// Nobody waits for the lock: a thread that finds it taken opens an iterator, or closes its own.
final class BreakerPool: Sendable {
  private let prototype: Breaker
  private let idle: Mutex<[Breaker]>

  /// Opens the first iterator; later ones are copies of it.
  init(_ unit: TextUnit, locale: String) throws(ICUError) {
    prototype = try Breaker(unit, locale: locale)
    idle = Mutex([])
  }

  /// Lends an iterator to `body`, and to nobody else meanwhile.
  func withBreaker(_ body: (Breaker) -> Void) {
    let breaker = (idle.withLockIfAvailable { $0.popLast() } ?? nil) ?? copyOfPrototype()
    body(breaker)
    _ = idle.withLockIfAvailable { $0.append(breaker) }
  }

  /// The word rules of the iterators; nil when they have not the form that `WordRules` knows.
  func prototypeRules(dictionaries: WordDictionaries = .linked) -> WordRules? {
    var rules: WordRules?
    withBreaker { breaker in
      rules =
        WordRules(probing: breaker, dictionaries: dictionaries)
        ?? WordRules(probing: breaker, dictionaries: .none)
    }
    return rules
  }

  /// An iterator of the caller's own.
  func copyOfPrototype() -> Breaker {
    do {
      return try Breaker(copying: prototype)
    } catch {
      // The prototype is open, so only exhausted memory is left as a cause.
      preconditionFailure("\(error)")
    }
  }
}
