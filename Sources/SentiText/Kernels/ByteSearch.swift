internal import CSentiText

extension [UInt8] {
  /// Copies the bytes of a span.
  init(copying bytes: Span<UInt8>) {
    self = unsafe bytes.withUnsafeBufferPointer { unsafe [UInt8]($0) }
  }

  /// The first place at or after an index with a byte that is not ASCII, or `count`.
  func firstNonASCII(from start: Int) -> Int {
    precondition(start >= 0 && start <= count, "index \(start) of \(count) bytes")
    return Int(unsafe CSentiText_firstNonASCII(self, Int64(start), Int64(count)))
  }

  /// The first place at or after an index with a `<` or `&`, or `count`.
  func firstMarkup(from start: Int) -> Int {
    precondition(start >= 0 && start <= count, "index \(start) of \(count) bytes")
    return Int(unsafe CSentiText_firstMarkup(self, Int64(start), Int64(count)))
  }

  /// Puts lower-case letters in place of ASCII's upper-case ones.
  mutating func foldASCII() {
    let count = Int64(count)
    unsafe CSentiText_foldASCII(&self, count)
  }
}
