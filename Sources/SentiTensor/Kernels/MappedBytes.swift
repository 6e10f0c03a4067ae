import Glibc
internal import SentiFiles

/// The bytes of a file, read by the system's pager when they are first touched.
///
/// The file must not shrink while it is mapped: a read past its new end stops the process, which
/// no program can prevent. Files of ours are replaced as a whole, so an old mapping keeps the old
/// file.
///
/// `@unchecked Sendable`: the pages are private and read-only from `init` to `deinit`, the two
/// stored properties never change, and a span of them cannot outlive `withBytes`, which holds
/// `self`. So any number of threads may read at once.
@safe package final class MappedBytes: @unchecked Sendable {
  /// The number of bytes in the file when it was opened.
  package let count: Int
  private let start: UnsafeMutableRawPointer?

  /// Maps the file at `path`.
  ///
  /// - Parameter path: The path of a regular file.
  /// - Throws: `ArchiveError.cannotRead` when there is no such file, or it cannot be mapped.
  package init(path: String) throws(ArchiveError) {
    // Without O_NONBLOCK, a pipe would hold the caller until someone writes to it.
    let descriptor = unsafe open(FileName.cString(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemErrorMessage()) }
    defer { close(descriptor) }
    count = try Self.byteCount(ofDescriptor: descriptor, path: path)
    guard count > 0 else {
      unsafe start = nil
      return
    }
    let mapping = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else {
      throw .cannotRead(path: path, reason: systemErrorMessage())
    }
    unsafe start = mapping
  }

  deinit {
    if let start = unsafe start { unsafe munmap(start, count) }
  }

  /// Calls `body` with the bytes of `range`, which must not leave the closure.
  ///
  /// - Parameters:
  ///   - range: Offsets into the file.
  ///   - body: What to do with the bytes.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  /// - Precondition: `range` lies within `0..<count`.
  package func withBytes<Result, Failure: Error>(
    _ range: Range<Int>,
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(range.upperBound <= count && range.lowerBound >= 0, "\(range) of \(count) bytes")
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count).bytes
    return try body(bytes.extracting(range))
  }

  private static func byteCount(
    ofDescriptor descriptor: CInt, path: String
  ) throws(ArchiveError) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .cannotRead(path: path, reason: systemErrorMessage())
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotRead(path: path, reason: "not a regular file")
    }
    return Int(status.st_size)
  }
}

/// The system's words for the error that the last failed call left in `errno`.
func systemErrorMessage(_ code: CInt = errno) -> String {
  unsafe String(cString: strerror(code))
}
