/// Whole texts, read as they are.
///
/// Nothing is altered on the way: no byte is dropped, replaced or normalized. Whether the bytes are
/// UTF-8 is for the caller to ask, with ``firstInvalidUTF8Offset(in:)``.
public enum TextFile {
  /// Reads a file from start to end, and unpacks it when its name ends in `.gz` or `.zst`.
  ///
  /// - Parameter path: The path of a file.
  /// - Returns: Its bytes.
  /// - Throws: A ``CorpusError`` when it does not exist, is a folder or cannot be read.
  public static func read(_ path: String) throws(CorpusError) -> [UInt8] {
    try read(ByteSource(path: path))
  }

  /// Reads from an open file descriptor to the end, and leaves it open.
  ///
  /// - Parameters:
  ///   - descriptor: A descriptor, such as 0 for standard input.
  ///   - name: What messages call it.
  /// - Returns: The bytes.
  /// - Throws: A ``CorpusError`` when the operating system cannot read.
  public static func read(descriptor: Int32, name: String) throws(CorpusError) -> [UInt8] {
    try read(ByteSource(descriptor: descriptor, name: name))
  }

  /// Reads a source to its end.
  ///
  /// - Parameters:
  ///   - source: What to read.
  ///   - maximumByteCount: The most bytes that are read, so that what never ends does not fill the
  ///     memory; 1 GiB unless given.
  /// - Returns: The bytes.
  /// - Throws: A ``CorpusError`` when the operating system cannot read, or when there is more.
  public static func read(
    _ source: ByteSource, maximumByteCount: Int = 1 << 30
  ) throws(CorpusError) -> [UInt8] {
    var bytes: [UInt8] = []
    while try source.read(into: &bytes) > 0 {
      guard bytes.count <= maximumByteCount else {
        throw CorpusError(.tooLong(maximumByteCount: maximumByteCount), path: source.name)
      }
    }
    return bytes
  }
}
