import Glibc
internal import SentiIO

/// A file that appears whole or not at all.
///
/// The bytes go to another file beside the destination. ``commit()`` brings them to disk and gives
/// the file its name. Readers of the destination see the old file or the new one, never a part.
///
///     let file = try AtomicFile("scores.csv", overwrite: false)
///     try file.write(bytes)
///     try file.commit()
///
/// What is let go before that leaves nothing behind, unless it was made to be resumed. The file has the
/// permissions of the one that it replaces. A symbolic link at the destination stays, and what it leads
/// to is replaced. A destination that is no ordinary file, such as `/dev/null` or a named pipe, cannot
/// be replaced and is written to directly.
public final class AtomicFile {
  /// The path that the file will have.
  public let path: String
  private let file: ReplacementFile

  /// Whether the beginning of the file stays when the work is interrupted.
  var canBeResumed: Bool { file.canBeResumed }

  /// Where the bytes go.
  var descriptor: Int32 { file.descriptor }

  /// Opens a hidden file beside a destination.
  ///
  /// - Parameters:
  ///   - path: The destination.
  ///   - overwrite: Whether a file that exists there may be replaced.
  /// - Throws: A ``CorpusError`` when the destination exists and may not be replaced, is a folder,
  ///   or lies where nothing can be written.
  public convenience init(_ path: String, overwrite: Bool) throws(CorpusError) {
    try self.init(path, overwrite, .temporary)
  }

  /// Opens a file beside a destination that stays there when the work is interrupted.
  ///
  /// - Parameters:
  ///   - path: The destination; the other file's name has `.partial` behind it.
  ///   - byteCount: How many bytes of an earlier attempt to keep; those behind them are cut off,
  ///     and the new ones go there. `nil` starts anew.
  ///   - overwrite: Whether files may be replaced: one at the destination, and the beginning that
  ///     an earlier attempt has left.
  /// - Throws: A ``CorpusError``, as ``init(_:overwrite:)``, when another program is writing the file,
  ///   and when an earlier attempt is neither to be resumed nor to be replaced, or is shorter than
  ///   what is to be kept.
  public convenience init(
    resumable path: String, keeping byteCount: Int? = nil, overwrite: Bool
  ) throws(CorpusError) {
    try self.init(path, overwrite, .resumable(keeping: byteCount))
  }

  /// Opens a file beside a destination that only one program at a time may write.
  ///
  /// - Parameters:
  ///   - path: The destination; the other file's name has `.partial` behind it.
  ///   - overwrite: Whether files may be replaced: one at the destination, and one that an earlier
  ///     attempt was killed over.
  /// - Throws: A ``CorpusError``, as ``init(_:overwrite:)``, and when another program is writing the
  ///   file.
  public convenience init(exclusive path: String, overwrite: Bool) throws(CorpusError) {
    try self.init(path, overwrite, .exclusive)
  }

  private init(
    _ path: String, _ overwrite: Bool, _ kind: ReplacementFile.Kind
  ) throws(CorpusError) {
    self.path = path
    do { file = try ReplacementFile(path, overwriting: overwrite, kind: kind) } catch {
      throw CorpusError(error)
    }
  }

  /// Names the file that a resumable file has until it is committed.
  ///
  /// - Parameter path: The destination.
  /// - Returns: What the destination leads to, with `.partial` behind it.
  public static func partialPath(for path: String) -> String {
    ReplacementFile.partialPath(for: path)
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
    do { try file.write(bytes) } catch { throw CorpusError(error) }
  }

  /// Brings the bytes to disk and gives the file its name.
  ///
  /// - Throws: A ``CorpusError`` when the disk is full, or when a file has meanwhile appeared at
  ///   the destination that may not be replaced.
  public func commit() throws(CorpusError) {
    do { try file.commit() } catch { throw CorpusError(error) }
  }
}

extension CorpusError {
  /// What a file that could not be made or replaced means to this module.
  init(_ failure: ReplacementFailure) {
    switch failure.reason {
    case .exists: self.init(.alreadyExists, path: failure.path)
    case .isBeingWritten: self.init(.isBeingWritten, path: failure.path)
    case .isForeign: self.init(.unwritable(reason: failure.message), path: failure.path)
    case .system(let code): self = FileSystem.writingError(failure.path, code: code)
    }
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
