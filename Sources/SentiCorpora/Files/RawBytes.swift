import Dispatch
import Glibc
internal import SentiIO

/// Bytes as they lie in a file, a pipe or memory, or come out of a program that unpacks them.
final class RawBytes {
  private let descriptor: Int32?
  private let ownsDescriptor: Bool
  private let filter: FilterProgram?
  private var piece: [UInt8]
  private var memory: ArraySlice<UInt8> = []
  private var unreadCount: Int?

  /// Opens a file, or anything that can be read like one.
  init(path: String) throws(CorpusError) {
    let file = open(FileName.cString(path), O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw FileSystem.readingError(path) }
    let (isFolder, size) = FileSystem.state(ofDescriptor: file)
    guard !isFolder else {
      close(file)
      throw CorpusError(.isFolder, path: path)
    }
    (descriptor, ownsDescriptor, filter) = (file, true, nil)
    piece = Self.piece(forFileOf: size)
    // A file of the kernel's, as in /proc, says that it is empty.
    unreadCount = size.flatMap { $0 > 0 ? $0 : nil }
  }

  /// Reads from a descriptor, and leaves it open.
  init(borrowing descriptor: Int32) {
    (self.descriptor, ownsDescriptor, filter) = (descriptor, false, nil)
    piece = Self.piece(forFileOf: FileSystem.size(ofDescriptor: descriptor))
  }

  /// Reads from memory in pieces of a certain size.
  init(memory bytes: [UInt8], pieceSize: Int) {
    (descriptor, ownsDescriptor, filter) = (nil, false, nil)
    memory = bytes[...]
    piece = [UInt8](repeating: 0, count: pieceSize)
  }

  /// Reads what a program writes.
  private init(_ filter: FilterProgram, _ output: Int32) {
    (descriptor, ownsDescriptor, self.filter) = (output, true, filter)
    piece = Self.piece(forFileOf: nil)
  }

  deinit {
    if ownsDescriptor, let descriptor { close(descriptor) }
  }

  /// Adds the next piece to the end of a buffer, and returns how many bytes that is; 0 at the end.
  func read(into buffer: inout [UInt8], _ name: String) throws(CorpusError) -> Int {
    guard let descriptor else { return drain(into: &buffer) }
    while true {
      let wanted = min(piece.count, unreadCount ?? .max)
      guard wanted > 0 else { return 0 }
      let count = Glibc.read(descriptor, &piece, wanted)
      if count > 0 {
        buffer.append(contentsOf: piece[..<count])
        unreadCount? -= count
      }
      if count == 0 { try finishUnpacking(name) }
      if count >= 0 { return count }
      guard errno == EINTR else { throw FileSystem.readingError(name) }
    }
  }

  /// Adds the next piece of what lies in memory.
  private func drain(into buffer: inout [UInt8]) -> Int {
    let next = memory.prefix(piece.count)
    buffer.append(contentsOf: next)
    memory = memory.dropFirst(next.count)
    return next.count
  }

  /// Makes room for one piece, or for a whole small file.
  private static func piece(forFileOf size: Int?) -> [UInt8] {
    // What says that it is empty may not be; hence the minimum.
    let wanted = size.map { max($0, 4 << 10) }
    let maximum = ByteSource.pieceSize
    return [UInt8](repeating: 0, count: min(wanted ?? maximum, maximum))
  }

  // MARK: Unpacking

  /// Gives the same bytes unpacked.
  ///
  /// - Parameters:
  ///   - compression: How they are packed.
  ///   - head: What has been read of them already.
  /// - Returns: The bytes that the program makes of them.
  /// - Throws: The reason when the program that unpacks cannot be started.
  func unpacked(
    by compression: Compression, after head: [UInt8]
  ) throws(FilterFailure) -> RawBytes {
    // A file is rewound and read by the program itself.
    if let descriptor, lseek(descriptor, -off_t(head.count), SEEK_CUR) >= 0 {
      let (program, output) = try FilterProgram.reading(from: descriptor, compression.unpacking)
      return RawBytes(program, output)
    }
    let pipe = try PipeEnds()
    defer { close(pipe.readEnd) }
    do {
      let (program, output) = try FilterProgram.reading(from: pipe.readEnd, compression.unpacking)
      pump(head + memory, into: pipe.writeEnd)
      return RawBytes(program, output)
    } catch {
      close(pipe.writeEnd)
      throw error
    }
  }

  /// Passes bytes, and what comes after them, on to a pipe, which is closed at the end.
  private func pump(_ head: [UInt8], into pipe: Int32) {
    // A descriptor of its own outlives this object.
    let source = descriptor.map { fcntl($0, F_DUPFD_CLOEXEC, 3) }
    DispatchQueue(label: "senti.unpacking").async {
      withoutBrokenPipeSignal {
        defer { close(pipe) }
        guard (try? writeAll(head[...], to: pipe, name: "")) != nil, let source else { return }
        let rest = RawBytes(borrowing: source)
        var piece: [UInt8] = []
        while let count = try? rest.read(into: &piece, ""), count > 0 {
          guard (try? writeAll(piece[...], to: pipe, name: "")) != nil else { return }
          piece.removeAll(keepingCapacity: true)
        }
      }
      if let source { close(source) }
    }
  }

  private func finishUnpacking(_ name: String) throws(CorpusError) {
    do {
      try filter?.finish()
    } catch {
      throw CorpusError(.unreadable(reason: error.reason), path: name)
    }
  }
}

/// Does work on a thread to which no SIGPIPE comes; a pipe without reader is an error of `write`.
private func withoutBrokenPipeSignal(_ work: () -> Void) {
  var (signals, before) = (sigset_t(), sigset_t())
  sigemptyset(&signals)
  sigaddset(&signals, SIGPIPE)
  pthread_sigmask(SIG_BLOCK, &signals, &before)
  work()
  // What is pending now would come later.
  var atOnce = timespec(tv_sec: 0, tv_nsec: 0)
  sigtimedwait(&signals, nil, &atOnce)
  pthread_sigmask(SIG_SETMASK, &before, nil)
}
