/// How long the rows of a file may be.
public struct RowLimits: Hashable, Sendable {
  /// The number of bytes of the longest row that is read.
  ///
  /// What never ends, such as a device, or a file without line ends, is so kept from filling the
  /// memory.
  public var maximumByteCount: Int
  /// A quote that stays open for this many bytes is taken for a stray one.
  ///
  /// It is some hundred times the longest review known, and keeps a missing quote from drawing a
  /// file of any size into memory.
  public var maximumQuotedByteCount: Int

  /// Sets limits.
  ///
  /// - Parameters:
  ///   - maximumByteCount: The number of bytes of the longest row that is read; 1 GiB unless given.
  ///   - maximumQuotedByteCount: The number of bytes after which an open quote is taken for a stray
  ///     one; 256 MiB unless given.
  public init(maximumByteCount: Int = 1 << 30, maximumQuotedByteCount: Int = 256 << 20) {
    self.maximumByteCount = maximumByteCount
    self.maximumQuotedByteCount = maximumQuotedByteCount
  }
}
