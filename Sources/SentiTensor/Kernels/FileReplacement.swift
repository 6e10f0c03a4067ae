import Glibc

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
    guard unsafe isOverwriting || access(path, F_OK) != 0 else { throw .fileExists(path: path) }
    let suffix = String(UInt32.random(in: 0...UInt32.max), radix: 16)
    let newPath = "\(path).\(suffix).partial"
    do throws(SystemError) {
      try writeThrough(pieces, to: newPath)
      try check(unsafe rename(newPath, path))
    } catch {
      unsafe unlink(newPath)
      throw .cannotWrite(path: path, reason: error.message)
    }
    synchronizeFolder(of: path)
  }

  private static func writeThrough(_ pieces: [[UInt8]], to path: String) throws(SystemError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    try check(descriptor)
    defer { close(descriptor) }
    for piece in pieces { unsafe try write(piece.span.bytes, toDescriptor: descriptor) }
    try check(fsync(descriptor))
  }

  private static func write(_ bytes: RawSpan, toDescriptor descriptor: CInt) throws(SystemError) {
    var offset = 0
    while offset < bytes.byteCount {
      let written = unsafe bytes.extracting(offset...).withUnsafeBytes { rest in
        unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      }
      if written < 0, errno == EINTR { continue }
      try check(written)
      offset += written
    }
  }

  /// Makes the rename itself last; a file system that cannot do so for folders is let be.
  private static func synchronizeFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private struct SystemError: Error {
    let message: String
  }

  private static func check(_ status: some SignedInteger) throws(SystemError) {
    guard status >= 0 else { throw SystemError(message: systemErrorMessage()) }
  }
}
