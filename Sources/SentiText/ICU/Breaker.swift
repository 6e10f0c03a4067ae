internal import CSentiICU

/// One ICU break iterator.
///
/// Used by one thread at a time: `BreakerPool` hands each instance to one caller, and no two of its
/// methods ever run at once. ICU ties an iterator to no particular thread, hence `@unchecked
/// Sendable` is sound.
@safe final class Breaker: @unchecked Sendable {
  /// How many boundaries are taken from ICU in one call.
  private static let batchCapacity = 256

  private let handle: OpaquePointer
  /// The text in ICU's encoding; kept, so that a short text costs no allocation.
  private var units: [UInt16] = []

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

  /// Calls `body` with the byte ranges that the boundaries make of a piece of well-formed UTF-8, and
  /// with the rule status that ended each.
  func forEachRange(
    in bytes: Span<UInt8>, _ piece: Range<Int>, _ body: (Range<Int>, _ ruleStatus: Int32) -> Void
  ) {
    var units: [UInt16] = []
    swap(&units, &self.units)
    units.appendUTF16(bytes, piece)
    forEachRange(in: units.span, from: piece.lowerBound, body)
    units.removeAll(keepingCapacity: true)
    swap(&units, &self.units)
  }

  private func forEachRange(
    in units: Span<UInt16>, from first: Int, _ body: (Range<Int>, _ ruleStatus: Int32) -> Void
  ) {
    var (start, startUnit) = (first, 0)
    forEachBoundary(in: units) { endUnit, ruleStatus in
      var end = start
      for unit in startUnit..<endUnit { end += units[unit].utf8Length }
      body(start..<end, ruleStatus)
      (start, startUnit) = (end, endUnit)
    }
  }

  /// Calls `body` with every boundary after the start, in UTF-16 units, and its rule status.
  func forEachBoundary(
    in units: Span<UInt16>, _ body: (_ end: Int, _ ruleStatus: Int32) -> Void
  ) {
    unsafe units.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress, !buffer.isEmpty else { return }
      var status: Int32 = 0
      unsafe CSentiICU_Breaker_setText(handle, start, Int32(buffer.count), &status)
      precondition(status <= 0, "ICU refused a text of \(buffer.count) units: status \(status)")
      drain(body)
    }
  }

  private func drain(_ body: (_ end: Int, _ ruleStatus: Int32) -> Void) {
    let capacity = Self.batchCapacity
    unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * capacity) { buffer in
      guard let ends = buffer.baseAddress else { return }
      let statuses = unsafe ends + capacity
      while true {
        let count = Int(unsafe CSentiICU_Breaker_next(handle, ends, statuses, Int32(capacity)))
        for index in 0..<count {
          body(Int(unsafe ends[index]), unsafe statuses[index])
        }
        guard count == capacity else { return }
      }
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
