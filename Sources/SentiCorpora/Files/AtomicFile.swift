import Glibc

/// A file that appears whole or not at all.
///
/// The bytes go to another file beside the destination. ``commit()`` brings them to disk and gives
/// the file its name. Readers of the destination see the old file or the new one, never a part.
///
///     let file = try AtomicFile("scores.csv", overwrite: false)
///     try file.write(bytes)
///     try file.commit()
///
/// What is let go before that leaves nothing behind, unless it was made to be resumed. A
/// destination that is no ordinary file, such as `/dev/null` or a named pipe, cannot be replaced
/// and is written to directly.
public final class AtomicFile {
  /// The path that the file will have.
  public let path: String
  private let overwrites: Bool
  private let partialPath: String?
  private let keepsPartial: Bool
  private(set) var descriptor: Int32

  /// Opens a hidden file beside a destination.
  ///
  /// - Parameters:
  ///   - path: The destination.
  ///   - overwrite: Whether a file that exists there may be replaced.
  /// - Throws: A ``CorpusError`` when the destination exists and may not be replaced, is a folder,
  ///   or lies where nothing can be written.
  public convenience init(_ path: String, overwrite: Bool) throws(CorpusError) {
    let isReplaceable = try Self.checkDestination(path, overwrite: overwrite)
    let partialPath = isReplaceable ? Self.hiddenPath(beside: path) : nil
    try self.init(
      path, partialPath, flags: isReplaceable ? O_CREAT | O_EXCL : 0, keepsPartial: false,
      overwrites: overwrite)
  }

  /// Opens a file beside a destination that stays there when the work is interrupted.
  ///
  /// - Parameters:
  ///   - path: The destination; the other file's name has `.partial` behind it.
  ///   - byteCount: How many bytes of an earlier attempt to keep; those behind them are cut off,
  ///     and the new ones go there. `nil` starts anew.
  ///   - overwrite: Whether files may be replaced: one at the destination, and the beginning that
  ///     an earlier attempt has left.
  /// - Throws: A ``CorpusError``, as ``init(_:overwrite:)``, and when an earlier attempt is neither
  ///   to be resumed nor to be replaced.
  public convenience init(
    resumable path: String, keeping byteCount: Int? = nil, overwrite: Bool
  ) throws(CorpusError) {
    let isReplaceable = try Self.checkDestination(path, overwrite: overwrite)
    let partialPath = isReplaceable ? Self.partialPath(for: path) : nil
    let mayExist = byteCount != nil || overwrite
    try self.init(
      path, partialPath, flags: isReplaceable ? O_CREAT | (mayExist ? 0 : O_EXCL) : 0,
      keepsPartial: true, overwrites: overwrite)
    guard isReplaceable else { return }
    guard ftruncate(descriptor, byteCount ?? 0) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw FileSystem.writingError(path)
    }
  }

  private init(
    _ path: String, _ partialPath: String?, flags: Int32, keepsPartial: Bool, overwrites: Bool
  ) throws(CorpusError) {
    self.path = path
    self.partialPath = partialPath
    self.keepsPartial = keepsPartial
    self.overwrites = overwrites
    descriptor = open(partialPath ?? path, O_WRONLY | O_CLOEXEC | flags, 0o666)
    guard descriptor >= 0 else {
      throw FileSystem.writingError(errno == EEXIST ? partialPath ?? path : path)
    }
  }

  deinit {
    discard()
  }

  /// Names the file that a resumable file has until it is committed.
  ///
  /// - Parameter path: The destination.
  /// - Returns: The destination with `.partial` behind it.
  public static func partialPath(for path: String) -> String {
    path + ".partial"
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
    try writeAll(bytes[...], to: descriptor, name: path)
  }

  /// Brings the bytes to disk and gives the file its name.
  ///
  /// - Throws: A ``CorpusError`` when the disk is full, or when a file has meanwhile appeared at
  ///   the destination that may not be replaced.
  public func commit() throws(CorpusError) {
    defer { discard() }
    guard let partialPath else { return }
    guard fsync(descriptor) == 0 else { throw FileSystem.writingError(path) }
    let outcome = overwrites ? rename(partialPath, path) : link(partialPath, path)
    guard outcome == 0 else { throw FileSystem.writingError(path) }
    unlink(partialPath)
  }

  /// Closes the file and removes what has not been given its name.
  private func discard() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    if let partialPath, !keepsPartial { unlink(partialPath) }
  }

  /// Tells whether a destination can be replaced, or made, by an ordinary file.
  private static func checkDestination(
    _ path: String, overwrite: Bool
  ) throws(CorpusError) -> Bool {
    guard FileSystem.exists(path) else { return true }
    switch try FileSystem.kind(of: path) {
    case .folder: throw CorpusError(.isFolder, path: path)
    case .special: return false
    case .file where overwrite: return true
    case .file: throw CorpusError(.alreadyExists, path: path)
    }
  }

  private static func hiddenPath(beside path: String) -> String {
    let nameStart = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
    let tag = "\(getpid())-\(UInt32.random(in: .min ... .max))"
    return "\(path[..<nameStart]).\(path[nameStart...]).\(tag).partial"
  }
}

/// Writes all of some bytes to a descriptor, in as many calls as it takes.
func writeAll(
  _ bytes: ArraySlice<UInt8>, to descriptor: Int32, name: String
) throws(CorpusError) {
  var rest = bytes
  while !rest.isEmpty {
    let piece = Array(rest.prefix(ByteSource.pieceSize))
    let count = write(descriptor, piece, piece.count)
    if count > 0 { rest = rest.dropFirst(count) }
    guard count >= 0 || errno == EINTR else { throw FileSystem.writingError(name) }
  }
}
