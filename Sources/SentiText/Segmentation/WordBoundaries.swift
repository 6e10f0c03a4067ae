/// Finds word boundaries: the fast way where the tables reach, ICU's elsewhere.
final class WordBoundaries: Sendable {
  /// The fast way; nil when the linked ICU's rules are not of the form that it knows.
  private let scanner: WordScanner?
  private let breakers: BreakerPool
  private let batches = TokenBatchPool()
  private static let certain = CertainBoundaries(unit: .word)

  /// Opens ICU's iterator for a locale, and asks it for the tables.
  ///
  /// Comparisons may leave out the tables, the dictionaries, or the loops that some machines have of
  /// their own.
  init(
    locale: String, usesTables: Bool = true, dictionaries: WordDictionaries = .linked,
    isPlain: Bool = false
  ) throws(ICUError) {
    breakers = try BreakerPool(.word, locale: locale)
    if usesTables, let rules = breakers.prototypeRules(dictionaries: dictionaries) {
      scanner = WordScanner(rules, isPlain: isPlain)
    } else {
      scanner = nil
    }
  }

  /// Whether there is a fast way.
  var hasTables: Bool {
    switch scanner {
    case .some: true
    case nil: false
    }
  }

  /// A place in a text that is being read.
  struct Cursor {
    /// Where the next token begins.
    var position = 0
    /// Where the stretch ends that begins at the position and is ICU's to cut.
    var foreignEnd = 0
  }

  /// Calls `body` with all tokens of well-formed UTF-8, a batch after the other.
  func forEachBatch(in bytes: Span<UInt8>, _ body: (TokenBatch) -> Void) {
    guard !bytes.isEmpty else { return }
    batches.withBatch { batch in
      var cursor = Cursor()
      while fill(batch, from: bytes, &cursor) { body(batch) }
    }
  }

  /// All tokens of well-formed UTF-8.
  func tokens(in bytes: Span<UInt8>) -> [Token] {
    guard !bytes.isEmpty else { return [] }
    return batches.withBatch { batch in
      var cursor = Cursor()
      _ = fill(batch, from: bytes, &cursor)
      if cursor.position == bytes.count { return [Token](tokensOf: batch) }
      var tokens: [Token] = []
      // In English a word and its space make some five bytes.
      tokens.reserveCapacity(bytes.count * 2 / 5)
      repeat { tokens.append(tokensOf: batch) } while fill(batch, from: bytes, &cursor)
      return tokens
    }
  }

  /// Puts the next tokens into a batch; false when there are none.
  func fill(_ batch: TokenBatch, from bytes: Span<UInt8>, _ cursor: inout Cursor) -> Bool {
    batch.restart(at: cursor.position)
    while batch.count == 0 && cursor.position < bytes.count {
      if cursor.position < cursor.foreignEnd {
        let end = Self.certain.pieceEnd(in: bytes, cursor.position..<cursor.foreignEnd)
        let breaker = batch.breaker ?? breakers.copyOfPrototype()
        batch.breaker = breaker
        breaker.appendWords(of: bytes, cursor.position..<end, to: batch)
        cursor.position = end
      } else {
        switch scanner {
        case .some(let scanner):
          (cursor.position, cursor.foreignEnd) = scanner.scan(bytes, into: batch)
        case nil:
          cursor.foreignEnd = bytes.count
        }
      }
    }
    return batch.count > 0
  }
}
