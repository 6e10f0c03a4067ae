internal import Glibc
internal import SentiIO

/// Whole files, read and written through the C library; the other calls into C of this module.
enum FileAccess {
  /// A call that the system refused, in its own words.
  struct Failure: Error {
    let reason: String

    /// The failure that `errno` tells of.
    static var current: Failure { Failure(reason: unsafe String(cString: strerror(errno))) }
  }

  /// Reads a file.
  static func read(_ path: String) throws(Failure) -> [UInt8] {
    let descriptor = unsafe open(FileName.cString(path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .current }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: try chunkSize(of: descriptor))
    while true {
      let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .current }
      guard count > 0 else { return bytes }
      if bytes.isEmpty && count == chunk.count - 1 {
        // The whole file in one call: the size was known, and one byte more asked for.
        chunk.removeLast()
        swap(&bytes, &chunk)
        chunk = [0]
      } else {
        bytes.append(contentsOf: chunk[..<count])
      }
    }
  }

  /// One byte more than the file's size, so that one call reads it; a page where it has none.
  private static func chunkSize(of descriptor: Int32) throws(Failure) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .current }
    return max(4096, Int(status.st_size) + 1)
  }

  /// Whether something stands at a path.
  static func exists(_ path: String) -> Bool {
    unsafe access(FileName.cString(path), F_OK) == 0
  }

  /// Writes a file beside the path, and puts it in its place when all of it is on the disk.
  static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    do { try ReplacementFile.write([bytes], to: path, overwriting: true) } catch {
      throw Failure(reason: error.message)
    }
  }

  /// Writes all bytes to an open file.
  static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .current }
      rest = rest.dropFirst(count)
    }
  }
}
