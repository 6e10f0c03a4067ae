internal import CSentiICU

/// One ICU break iterator.
///
/// Used by one thread at a time: `BreakerPool` hands each instance to one caller, and no two of its
/// methods ever run at once. ICU ties an iterator to no particular thread, hence `@unchecked
/// Sendable` is sound.
@safe final class Breaker: @unchecked Sendable {
  /// The units that ICU finds boundaries of.
  enum Unit: Int32, Sendable {
    case grapheme, word, line, sentence
  }

  /// How many boundaries are taken from ICU in one call.
  private static let batchCapacity = 256

  private let handle: OpaquePointer

  /// Opens an iterator over a unit by a locale's rules.
  init(_ unit: Unit, locale: String) throws(ICUError) {
    guard unsafe locale.withCString({ unsafe CSentiICU_isKnownLocale($0) }) else {
      throw .unknownLocale(locale)
    }
    var status: Int32 = 0
    let opened = unsafe locale.withCString {
      unsafe CSentiICU_Breaker_open(unit.rawValue, $0, &status)
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
