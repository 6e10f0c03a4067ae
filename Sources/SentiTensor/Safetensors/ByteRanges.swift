/// Bytes in a file or in memory, of which parts are copied.
protocol ByteRanges {
  /// The number of bytes.
  var count: Int { get }

  /// Copies the bytes of a range.
  ///
  /// - Precondition: `range` lies within `0..<count`.
  func bytes(_ range: Range<Int>) throws(ArchiveError) -> [UInt8]
}
