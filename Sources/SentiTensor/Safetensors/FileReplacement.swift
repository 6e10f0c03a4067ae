internal import SentiIO

/// Writes whole files such that a reader, or a crash, sees the old file or the new one, never half.
package enum FileReplacement {
  /// Writes `pieces`, one after the other, to a new file beside `path`, then renames it to `path`.
  ///
  /// The bytes are on the disk before the rename, and the rename before the return. When anything
  /// fails, the new file is removed, and what was at `path` is as it was.
  ///
  /// - Parameters:
  ///   - pieces: The contents.
  ///   - path: The path of the file to make or replace.
  ///   - isOverwriting: Whether a file at `path` may be replaced.
  /// - Throws: `ArchiveError.fileExists` or `ArchiveError.cannotWrite`.
  package static func write(
    _ pieces: [[UInt8]], to path: String, overwriting isOverwriting: Bool
  ) throws(ArchiveError) {
    do { try ReplacementFile.write(pieces, to: path, overwriting: isOverwriting) } catch {
      if error.reason == .exists { throw .fileExists(path: path) }
      throw .cannotWrite(path: path, reason: error.message)
    }
  }
}
