internal import CSentiICU

/// One ICU break iterator.
///
/// Used by one thread at a time: `BreakerPool` hands each instance to one caller, and no two of its
/// methods ever run at once. ICU ties an iterator to no particular thread, hence `@unchecked
/// Sendable` is sound.
@safe final class Breaker: @unchecked Sendable {
  /// How many boundaries are taken from ICU in one call.
  private static let stepSize = 256

  private let handle: OpaquePointer
  /// The text in ICU's encoding; kept, so that a short text costs no allocation.
  private var units: [UInt16] = []
  private var kindsOfCharacters = KindTable()

  /// Opens an iterator over a unit by a locale's rules.
  init(_ unit: TextUnit, locale: String) throws(ICUError) {
    guard unsafe locale.withCString({ unsafe CSentiICU_isKnownLocale($0) }) else {
      throw .unknownLocale(locale)
    }
    var status: Int32 = 0
    let opened = unsafe locale.withCString {
      unsafe CSentiICU_Breaker_open(unit.icuCode, $0, &status)
    }
    try ICUError.check(status, "open a \(unit) iterator")
    guard let opened = unsafe opened else {
      throw .failure(operation: "open a \(unit) iterator", status: "no iterator")
    }
    unsafe handle = opened
  }

  /// Copies an iterator without loading its rules again.
  init(copying other: Breaker) throws(ICUError) {
    var status: Int32 = 0
    let copy = unsafe CSentiICU_Breaker_clone(other.handle, &status)
    try ICUError.check(status, "copy an iterator")
    guard let copy = unsafe copy else {
      throw .failure(operation: "copy an iterator", status: "no iterator")
    }
    unsafe handle = copy
  }

  deinit {
    unsafe CSentiICU_Breaker_close(handle)
  }

  /// Calls `body` with the byte ranges that the boundaries make of a piece of well-formed UTF-8.
  func forEachRange(in bytes: Span<UInt8>, _ piece: Range<Int>, _ body: (Range<Int>) -> Void) {
    unsafe withUnits(of: bytes, piece) { units in
      unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.stepSize) { ends in
        guard let ends = ends.baseAddress else { return }
        var place = CSentiICU_Place()
        var start = piece.lowerBound
        while true {
          let count = unsafe CSentiICU_Breaker_next(
            handle, units, &place, Int32(Self.stepSize), ends, nil, nil)
          for index in 0..<Int(count) {
            let end = piece.lowerBound + Int(unsafe ends[index])
            body(start..<end)
            start = end
          }
          guard count == Self.stepSize else { return }
        }
      }
    }
  }

  /// Appends the words of a piece of well-formed UTF-8 to a batch.
  func appendWords(of bytes: Span<UInt8>, _ piece: Range<Int>, to batch: TokenBatch) {
    unsafe withUnits(of: bytes, piece) { units in
      var place = CSentiICU_Place(unit: 0, byte: UInt32(piece.lowerBound - batch.start))
      var count = 0
      repeat {
        unsafe batch.append(addingCapacity: Self.stepSize) { ends, kinds in
          count = unsafe kindsOfCharacters.withTable { table in
            Int(
              unsafe CSentiICU_Breaker_next(
                handle, units, &place, Int32(Self.stepSize), ends, table, kinds))
          }
          return count
        }
        kindsOfCharacters.settle(batch, last: count, in: bytes)
      } while count == Self.stepSize
    }
  }

  private func withUnits(
    of bytes: Span<UInt8>, _ piece: Range<Int>, _ body: (UnsafePointer<UInt16>) -> Void
  ) {
    units.removeAll(keepingCapacity: true)
    units.appendUTF16(bytes, piece)
    unsafe units.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress, !buffer.isEmpty else { return }
      var status: Int32 = 0
      unsafe CSentiICU_Breaker_setText(handle, start, Int32(buffer.count), &status)
      precondition(status <= 0, "ICU refused a text of \(buffer.count) units: status \(status)")
      unsafe body(start)
    }
  }
}

extension TextUnit {
  fileprivate var icuCode: Int32 {
    switch self {
    case .grapheme: Int32(CSentiICU_graphemes)
    case .word: Int32(CSentiICU_words)
    case .line: Int32(CSentiICU_lines)
    case .sentence: Int32(CSentiICU_sentences)
    }
  }
}
