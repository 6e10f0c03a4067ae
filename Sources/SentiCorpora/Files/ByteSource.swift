import Glibc

/// Bytes from a file, a pipe or memory, handed out piece by piece.
///
/// A source is read once, from one task at a time. It holds one piece of 256 KiB, whatever the size
/// of what it reads, and closes its file when it goes.
public final class ByteSource {
  /// What messages call the source: a path, or a word such as `standard input`.
  public let name: String
  private let descriptor: Int32?
  private let closesDescriptor: Bool
  private var piece: [UInt8]
  private var drained = 0
  private var drainSize = 0

  /// Opens a file.
  ///
  /// - Parameter path: A file, or anything that can be read like one, such as `/dev/stdin`.
  /// - Throws: A ``CorpusError`` when it does not exist, is a folder or cannot be read.
  public init(path: String) throws(CorpusError) {
    guard try FileSystem.kind(of: path) != .folder else {
      throw CorpusError(.isFolder, path: path)
    }
    let opened = open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw FileSystem.readingError(path) }
    name = path
    descriptor = opened
    closesDescriptor = true
    piece = [UInt8](repeating: 0, count: Self.pieceSize)
  }

  /// Reads from a file descriptor that is open already, and leaves it open.
  ///
  /// - Parameters:
  ///   - descriptor: A descriptor, such as 0 for standard input.
  ///   - name: What messages call it.
  public init(descriptor: Int32, name: String) {
    self.name = name
    self.descriptor = descriptor
    closesDescriptor = false
    piece = [UInt8](repeating: 0, count: Self.pieceSize)
  }

  /// Reads from memory.
  ///
  /// - Parameters:
  ///   - bytes: All that there is to read.
  ///   - name: What messages call it.
  public convenience init(bytes: [UInt8], name: String) {
    self.init(bytes: bytes, name: name, pieceSize: max(bytes.count, 1))
  }

  /// Reads from memory in pieces of a certain size.
  init(bytes: [UInt8], name: String, pieceSize: Int) {
    self.name = name
    descriptor = nil
    closesDescriptor = false
    piece = bytes
    drainSize = pieceSize
  }

  deinit {
    if closesDescriptor, let descriptor { close(descriptor) }
  }

  /// The number of bytes that are read at once.
  ///
  /// 256 KiB is well past the size from which the cost of a system call no longer shows.
  static let pieceSize = 256 << 10

  /// Adds the next piece to the end of a buffer.
  ///
  /// - Parameter buffer: Where the bytes go.
  /// - Returns: How many were added; 0 at the end.
  /// - Throws: A ``CorpusError`` when the operating system cannot read.
  public func read(into buffer: inout [UInt8]) throws(CorpusError) -> Int {
    guard let descriptor else { return drain(into: &buffer) }
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count >= 0 {
        buffer.append(contentsOf: piece[..<count])
        return count
      }
      guard errno == EINTR else { throw FileSystem.readingError(name) }
    }
  }

  /// Adds the next piece of what lies in memory.
  private func drain(into buffer: inout [UInt8]) -> Int {
    let next = piece[drained...].prefix(drainSize)
    buffer.append(contentsOf: next)
    drained += next.count
    return next.count
  }
}
