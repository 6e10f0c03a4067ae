import Glibc
internal import SentiIO

/// An open file, of which parts are read when they are asked for.
///
/// The file is not mapped: where someone truncates or overwrites it in place, the next read throws.
/// A file that is replaced as a whole, as those of ours are, stays readable as it was. Any number of
/// threads may read at once.
package final class RandomAccessFile: Sendable {
  /// The path that the file was opened with.
  package let path: String
  /// The number of bytes in the file when it was opened.
  package let count: Int
  private let descriptor: CInt
  private let modification: Modification

  /// When a file was last written to.
  private struct Modification: Equatable {
    let seconds: Int
    let nanoseconds: Int

    init(_ status: stat) {
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    }
  }

  /// Opens the file at `path`.
  ///
  /// - Parameter path: The path of a regular file.
  /// - Throws: `ArchiveError.cannotRead` when there is no such file, or it cannot be opened.
  package init(path: String) throws(ArchiveError) {
    // Without O_NONBLOCK, a pipe would hold the caller until someone writes to it.
    let descriptor = unsafe open(FileName.cString(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemErrorMessage()) }
    do throws(ArchiveError) {
      let status = try Self.status(descriptor, path)
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw .cannotRead(path: path, reason: "not a regular file")
      }
      count = Int(status.st_size)
      modification = Modification(status)
    } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// Reads bytes.
  ///
  /// - Parameters:
  ///   - buffer: Receives them, as many as it holds.
  ///   - offset: Where they begin in the file.
  /// - Throws: `ArchiveError.cannotRead` when the system fails, `.truncated` or `.changed` when the
  ///   file is no longer what it was when it was opened.
  /// - Precondition: The bytes lie within `0..<count`.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, from offset: Int
  ) throws(ArchiveError) {
    precondition(
      offset >= 0 && buffer.count <= count - offset,
      "\(buffer.count) bytes at \(offset) of \(count)")
    var done = 0
    while done < buffer.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let readCount = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if readCount < 0, errno == EINTR { continue }
      guard readCount >= 0 else {
        throw .cannotRead(path: path, reason: systemErrorMessage())
      }
      if readCount == 0 { break }
      done += readCount
    }
    try requireUnchanged()
    // The end of a file that still has its size and its time.
    if done < buffer.count {
      throw .truncated(path: path, expectedByteCount: count, foundByteCount: offset + done)
    }
  }

  /// Refuses a file that was written to since it was opened.
  private func requireUnchanged() throws(ArchiveError) {
    let status = try Self.status(descriptor, path)
    guard status.st_size >= count else {
      throw .truncated(
        path: path, expectedByteCount: count, foundByteCount: Int(status.st_size))
    }
    guard status.st_size == count && Modification(status) == modification else {
      throw .changed(path: path)
    }
  }

  private static func status(_ descriptor: CInt, _ path: String) throws(ArchiveError) -> stat {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .cannotRead(path: path, reason: systemErrorMessage())
    }
    return status
  }
}

extension RandomAccessFile: ByteRanges {
  /// Reads the bytes of a range.
  ///
  /// - Throws: What ``read(into:from:)`` throws.
  package func bytes(_ range: Range<Int>) throws(ArchiveError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    try unsafe bytes.withUnsafeMutableBufferPointer { buffer throws(ArchiveError) in
      try unsafe read(into: UnsafeMutableRawBufferPointer(buffer), from: range.lowerBound)
    }
    return bytes
  }
}

/// The system's words for the error that the last failed call left in `errno`.
func systemErrorMessage(_ code: CInt = errno) -> String {
  unsafe String(cString: strerror(code))
}
