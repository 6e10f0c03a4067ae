import Glibc

/// The bytes of a file in memory, which nothing changes any more.
///
/// A file is copied, not mapped: whoever truncates or overwrites it in place, as `cp` does, would change
/// the numbers under a program that runs, or stop it at a read past the new end, which no program can
/// prevent. The copy takes less than a millisecond a megabyte.
///
/// `@unchecked Sendable`: the bytes are private and read-only from the end of `init` to `deinit`, or
/// constants of the program, and a span of them cannot outlive `withBytes`, which holds `self`. So any
/// number of threads may read at once.
@safe package final class ArchiveBytes: @unchecked Sendable {
  /// The number of bytes.
  package let count: Int
  private let storage: Storage

  @safe private enum Storage {
    case array([UInt8])
    case constants(UnsafeRawPointer)
    case pages(UnsafeMutableRawBufferPointer, start: UnsafeRawPointer)
  }

  /// Takes bytes that are in memory already; they are not copied.
  package init(_ bytes: [UInt8]) {
    count = bytes.count
    storage = .array(bytes)
  }

  /// Takes constants of the program; they are not copied.
  ///
  /// - Parameters:
  ///   - start: The address of the first, which stay readable and as they are until the process ends.
  ///   - count: How many there are.
  @unsafe package init(constantsAt start: UnsafeRawPointer, count: Int) {
    self.count = count
    unsafe storage = .constants(start)
  }

  /// Copies a file.
  ///
  /// - Parameter file: The file, from its first byte to the end that it had when it was opened.
  /// - Throws: `ArchiveError.cannotRead` when the system fails, say for want of memory, `.truncated` or
  ///   `.changed` when the file is no longer what it was when it was opened.
  package init(copying file: RandomAccessFile) throws(ArchiveError) {
    count = file.count
    guard count > 0 else {
      storage = .array([])
      return
    }
    let (pages, start) = try unsafe Self.allocate(file)
    do throws(ArchiveError) {
      try unsafe file.read(into: UnsafeMutableRawBufferPointer(start: start, count: count), from: 0)
    } catch {
      unsafe munmap(pages.baseAddress, pages.count)
      throw error
    }
    unsafe mprotect(pages.baseAddress, pages.count, PROT_READ)
    unsafe storage = .pages(pages, start: UnsafeRawPointer(start))
  }

  deinit {
    if case .pages(let pages, _) = storage {
      unsafe munmap(pages.baseAddress, pages.count)
    }
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
    switch storage {
    case .array(let bytes):
      return try bytes.withBytes { whole throws(Failure) in try body(whole.extracting(range)) }
    case .constants(let start), .pages(_, let start):
      let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count).bytes
      return try body(bytes.extracting(range))
    }
  }

  // MARK: Pages

  /// The size of the pages that large files are copied to: filling small ones takes longer than copying.
  private static let largePage = 2 << 20

  /// Zeros for a file, which begin at a large page where it fills one.
  private static func allocate(
    _ file: RandomAccessFile
  ) throws(ArchiveError) -> (pages: UnsafeMutableRawBufferPointer, start: UnsafeMutableRawPointer) {
    let isLarge = file.count >= largePage
    let (byteCount, isTooLarge) = file.count.addingReportingOverflow(isLarge ? largePage : 0)
    let pages = unsafe mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard !isTooLarge, let pages = unsafe pages, unsafe pages != MAP_FAILED else {
      throw .cannotRead(path: file.path, reason: systemErrorMessage())
    }
    let all = unsafe UnsafeMutableRawBufferPointer(start: pages, count: byteCount)
    guard isLarge else { return unsafe (all, pages) }
    let start = unsafe pages.alignedUp(toMultipleOf: largePage)
    // Half a page more or less: what a large one at the end costs in memory, small ones cost in time.
    let nearest = (file.count + largePage / 2) / largePage * largePage
    unsafe madvise(start, nearest, MADV_HUGEPAGE)
    return unsafe (all, start)
  }
}

extension ArchiveBytes: ByteRanges {
  /// A copy of the bytes of a range.
  package func bytes(_ range: Range<Int>) -> [UInt8] {
    withBytes(range) { bytes in bytes.map { (byte: UInt8) in byte } }
  }
}
