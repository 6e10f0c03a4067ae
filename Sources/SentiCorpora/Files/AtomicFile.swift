import Glibc

/// A file that appears whole or not at all.
///
/// The bytes go to a hidden file beside the destination. ``commit()`` brings them to disk and gives
/// the file its name; a file that is let go before that leaves nothing behind. Readers of the
/// destination see the old file or the new one, never a part.
///
///     let file = try AtomicFile("scores.csv", overwrite: false)
///     try file.write(bytes)
///     try file.commit()
///
/// A destination that is no ordinary file, such as `/dev/null` or a named pipe, cannot be replaced
/// and is written to directly.
public final class AtomicFile {
  /// The path that the file will have.
  public let path: String
  private let overwrites: Bool
  private let temporaryPath: String?
  private var descriptor: Int32

  /// Opens the hidden file beside a destination.
  ///
  /// - Parameters:
  ///   - path: The destination.
  ///   - overwrite: Whether a file that exists there may be replaced.
  /// - Throws: A ``CorpusError`` when the destination exists and may not be replaced, is a folder,
  ///   or lies where nothing can be written.
  public init(_ path: String, overwrite: Bool) throws(CorpusError) {
    self.path = path
    overwrites = overwrite
    temporaryPath = try Self.temporaryPath(for: path, overwrite: overwrite)
    let mode = temporaryPath == nil ? 0 : O_CREAT | O_EXCL
    descriptor = open(temporaryPath ?? path, O_WRONLY | O_CLOEXEC | mode, 0o666)
    guard descriptor >= 0 else { throw FileSystem.writingError(path) }
  }

  deinit {
    discard()
  }

  /// Writes bytes to a file in one go.
  ///
  /// - Parameters:
  ///   - bytes: All that the file is to hold.
  ///   - path: The destination.
  ///   - overwrite: Whether a file that exists there may be replaced.
  /// - Throws: A ``CorpusError``, as ``init(_:overwrite:)``, ``write(_:)`` and ``commit()``.
  public static func write(
    _ bytes: [UInt8], to path: String, overwrite: Bool
  ) throws(CorpusError) {
    let file = try AtomicFile(path, overwrite: overwrite)
    try file.write(bytes)
    try file.commit()
  }

  /// Adds bytes to the end.
  ///
  /// - Parameter bytes: What to add.
  /// - Throws: A ``CorpusError`` with the operating system's reason, such as a full disk.
  public func write(_ bytes: [UInt8]) throws(CorpusError) {
    try writeAll(bytes, to: descriptor, name: path)
  }

  /// Brings the bytes to disk and gives the file its name.
  ///
  /// - Throws: A ``CorpusError`` when the disk is full, or when a file has meanwhile appeared at
  ///   the destination that may not be replaced.
  public func commit() throws(CorpusError) {
    defer { discard() }
    guard let temporaryPath else { return }
    guard fsync(descriptor) == 0 else { throw FileSystem.writingError(path) }
    let outcome = overwrites ? rename(temporaryPath, path) : link(temporaryPath, path)
    guard outcome == 0 else { throw FileSystem.writingError(path) }
  }

  /// Closes the file and removes what has not been given its name.
  private func discard() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    if let temporaryPath { unlink(temporaryPath) }
  }

  /// Names the hidden file, or gives `nil` for a destination that is no ordinary file.
  private static func temporaryPath(
    for path: String, overwrite: Bool
  ) throws(CorpusError) -> String? {
    if FileSystem.exists(path) {
      switch try FileSystem.kind(of: path) {
      case .folder: throw CorpusError(.isFolder, path: path)
      case .special: return nil
      case .file: if !overwrite { throw CorpusError(.alreadyExists, path: path) }
      }
    }
    let nameStart = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
    let tag = "\(getpid())-\(UInt32.random(in: .min ... .max))"
    return "\(path[..<nameStart]).\(path[nameStart...]).\(tag).partial"
  }
}

/// Writes all of some bytes to a descriptor, in as many calls as it takes.
func writeAll(_ bytes: [UInt8], to descriptor: Int32, name: String) throws(CorpusError) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let piece = rest.startIndex == 0 ? bytes : Array(rest.prefix(ByteSource.pieceSize))
    let count = write(descriptor, piece, piece.count)
    if count > 0 { rest = rest.dropFirst(count) }
    guard count >= 0 || errno == EINTR else { throw FileSystem.writingError(name) }
  }
}
