internal import Glibc

/// A file that has no name any more: it is gone when it is closed, or when the process ends.
///
/// Sendable: the descriptor never changes, and the system orders writes and reads of it.
final class ScratchFile: Sendable {
  private let descriptor: Int32

  /// Makes an empty file in a directory.
  init(in directory: String) throws(FileAccess.Failure) {
    let name = String(UInt64.random(in: 0 ... .max), radix: 36)
    let path = "\(directory)/senti-\(name)"
    // Programs that are started meanwhile, such as gzip, must not hold it open.
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0, unsafe unlink(path) == 0 else { throw .current }
  }

  deinit {
    close(descriptor)
  }

  /// Writes bytes behind the others.
  func append(_ bytes: [UInt8]) throws(FileAccess.Failure) {
    try FileAccess.writeAll(bytes, to: descriptor)
  }

  /// Reads bytes from a place; none at the end.
  func read(at offset: Int, count: Int) throws(FileAccess.Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let read = unsafe pread(descriptor, &bytes, count, off_t(offset))
    guard read >= 0 else { throw .current }
    bytes.removeSubrange(read...)
    return bytes
  }
}
