/// Idle iterators of one kind, so that a text costs no opening (some 0.1 ms) of its own.
final class BreakerPool: Sendable {
  private let prototype: Breaker
  private let idle = IdlePool<Breaker>()

  /// Opens the first iterator; later ones are copies of it.
  init(_ unit: TextUnit, locale: String) throws(ICUError) {
    prototype = try Breaker(unit, locale: locale)
  }

  /// Lends an iterator to `body`, and to nobody else meanwhile.
  func withBreaker(_ body: (Breaker) -> Void) {
    let breaker = idle.take() ?? copyOfPrototype()
    body(breaker)
    idle.giveBack(breaker)
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
