/// Finds word boundaries: the fast way where the tables reach, ICU's elsewhere.
struct WordBoundaries: Sendable {
  /// The fast way; nil when the linked ICU's rules are not of the form that it knows.
  let scanner: WordScanner?
  private let breakers: BreakerPool
  private let batches = TokenBatchPool()

  /// Opens ICU's iterator for a locale, and asks it for the tables.
  ///
  /// Comparisons may leave out the tables, or the loops that some machines have of their own.
  init(locale: String, usesTables: Bool = true, isPlain: Bool = false) throws(ICUError) {
    breakers = try BreakerPool(.word, locale: locale)
    scanner =
      usesTables ? breakers.prototypeRules().map { WordScanner($0, isPlain: isPlain) } : nil
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
      while fill(&batch, from: bytes, &cursor) { body(batch) }
    }
  }

  /// Puts the next tokens into a batch; false when there are none.
  func fill(_ batch: inout TokenBatch, from bytes: Span<UInt8>, _ cursor: inout Cursor) -> Bool {
    batch.restart(at: cursor.position)
    while batch.count == 0 && cursor.position < bytes.count {
      if cursor.position < cursor.foreignEnd {
        let end = TextPieces.end(of: bytes, cursor.position..<cursor.foreignEnd)
        cut(bytes, cursor.position..<end, &batch)
        cursor.position = end
      } else if let scanner {
        (cursor.position, cursor.foreignEnd) = scanner.scan(
          bytes, from: cursor.position, into: &batch)
      } else {
        cursor.foreignEnd = bytes.count
      }
    }
    return batch.count > 0
  }

  /// Cuts a piece between two certain boundaries by ICU.
  private func cut(_ bytes: Span<UInt8>, _ piece: Range<Int>, _ batch: inout TokenBatch) {
    breakers.withBreaker { breaker in
      breaker.forEachRange(in: bytes, piece) { range, ruleStatus in
        let kind = TokenKind(ruleStatus: ruleStatus, bytes, range)
        batch.append(end: range.upperBound, kind: kind)
      }
    }
  }
}

/// Pieces of a long text that have the same word boundaries as the whole.
enum TextPieces {
  /// The size that a piece has at least, unless the text ends: large enough that the cost of a
  /// piece disappears, small enough that its UTF-16 stays in the second-level cache.
  static let minimumSize = 16_384

  /// The size at which a piece ends whatever its bytes: ICU counts units in 32 bits.
  static let maximumSize = 1 << 30

  /// Where the first piece of a stretch ends.
  ///
  /// Behind a line feed is a boundary of every unit whatever surrounds it (rules WB3a, SB4, GB4, LB5).
  /// For words so is the place between a space and an ASCII letter. No rule looks across either.
  static func end(of bytes: Span<UInt8>, _ stretch: Range<Int>, unit: TextUnit = .word) -> Int {
    var index = stretch.lowerBound + minimumSize
    let limit = min(stretch.upperBound, stretch.lowerBound + maximumSize)
    while index < limit {
      if isCertainBoundary(bytes, index, unit: unit) { return index }
      index += 1
    }
    return scalarBoundary(bytes, atOrBefore: limit)
  }

  /// Where the last certain word boundary of some bytes is, after an index; 0 when there is none.
  static func lastCertainBoundary(of bytes: Span<UInt8>, after start: Int) -> Int {
    var index = bytes.count
    while index > start {
      if isCertainBoundary(bytes, index, unit: .word) { return index }
      index -= 1
    }
    return 0
  }

  private static func isCertainBoundary(
    _ bytes: Span<UInt8>, _ index: Int, unit: TextUnit
  ) -> Bool {
    let previous = bytes[index - 1]
    if previous == UInt8(ascii: "\n") { return true }
    return unit == .word && previous == UInt8(ascii: " ") && index < bytes.count
      && (0x61...0x7A).contains(bytes[index] | 0x20)
  }

  /// The start of the scalar that an index lies in.
  static func scalarBoundary(_ bytes: Span<UInt8>, atOrBefore limit: Int) -> Int {
    var index = limit
    while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index -= 1 }
    return index
  }
}
