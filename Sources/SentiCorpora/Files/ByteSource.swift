import Glibc

/// Bytes from a file, a pipe or memory, handed out piece by piece.
///
/// A source is read once, from one task at a time. It holds one piece of at most 256 KiB, whatever
/// the size of what it reads, and closes its file when it goes. A file that grows meanwhile is read
/// up to the end that it had when it was opened.
public final class ByteSource {
  /// What messages call the source: a path, or a word such as `standard input`.
  public let name: String
  private let descriptor: Int32?
  private let ownedDescriptors: [Int32]
  private let filter: FilterProgram?
  private var piece: [UInt8]
  private var memory: ArraySlice<UInt8> = []
  private var unreadCount: Int?

  /// The number of bytes that are read at once.
  ///
  /// 256 KiB is well past the size from which the cost of a system call no longer shows.
  static let pieceSize = 256 << 10

  /// Opens a file, and unpacks it when its name ends in `.gz` or `.zst`.
  ///
  /// - Parameter path: A file, or anything that can be read like one, such as `/dev/stdin`.
  /// - Throws: A ``CorpusError`` when it does not exist, is a folder or cannot be read, or when the
  ///   program that unpacks it is not installed.
  public init(path: String) throws(CorpusError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw FileSystem.readingError(path) }
    let (isFolder, size) = FileSystem.state(ofDescriptor: file)
    guard !isFolder else {
      close(file)
      throw CorpusError(.isFolder, path: path)
    }
    name = path
    guard let compression = Compression(extensionOf: path) else {
      (descriptor, ownedDescriptors, filter) = (file, [file], nil)
      piece = Self.piece(forFileOf: size)
      // A file of the kernel's, as in /proc, says that it is empty.
      unreadCount = size.flatMap { $0 > 0 ? $0 : nil }
      return
    }
    defer { close(file) }
    let unpacked: Int32
    do {
      (filter, unpacked) = try FilterProgram.reading(from: file, compression.unpacking)
    } catch {
      throw CorpusError(.unreadable(reason: error.reason), path: path)
    }
    (descriptor, ownedDescriptors) = (unpacked, [unpacked])
    piece = Self.piece(forFileOf: FileSystem.size(ofDescriptor: unpacked))
  }

  /// Reads from a file descriptor that is open already, and leaves it open.
  ///
  /// - Parameters:
  ///   - descriptor: A descriptor, such as 0 for standard input.
  ///   - name: What messages call it.
  public init(descriptor: Int32, name: String) {
    self.name = name
    self.descriptor = descriptor
    ownedDescriptors = []
    filter = nil
    piece = Self.piece(forFileOf: FileSystem.size(ofDescriptor: descriptor))
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
    ownedDescriptors = []
    filter = nil
    memory = bytes[...]
    piece = [UInt8](repeating: 0, count: pieceSize)
  }

  deinit {
    for descriptor in ownedDescriptors { close(descriptor) }
  }

  /// Adds the next piece to the end of a buffer.
  ///
  /// - Parameter buffer: Where the bytes go.
  /// - Returns: How many were added; 0 at the end.
  /// - Throws: A ``CorpusError`` when the operating system cannot read, or when a packed file is
  ///   damaged.
  public func read(into buffer: inout [UInt8]) throws(CorpusError) -> Int {
    guard let descriptor else { return drain(into: &buffer) }
    while true {
      let wanted = min(piece.count, unreadCount ?? .max)
      guard wanted > 0 else { return 0 }
      let count = Glibc.read(descriptor, &piece, wanted)
      if count > 0 {
        buffer.append(contentsOf: piece[..<count])
        unreadCount? -= count
      }
      if count == 0 { try finishUnpacking() }
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
    return [UInt8](repeating: 0, count: min(wanted ?? pieceSize, pieceSize))
  }

  private func finishUnpacking() throws(CorpusError) {
    do {
      try filter?.finish()
    } catch {
      throw CorpusError(.unreadable(reason: error.reason), path: name)
    }
  }
}
