import Glibc
internal import SentiText

/// The text of a file, a pipe or memory in UTF-8, handed out piece by piece.
///
/// What is packed by `gzip` or `zstd` is unpacked, whatever its name, and what is encoded otherwise
/// is turned into UTF-8; see ``TextEncoding``. A file that holds no text, such as a spreadsheet or a
/// picture, is refused by its first bytes; see ``ForeignFormat``.
///
/// A source is read once, from one task at a time. It holds one piece of at most 256 KiB, whatever
/// the size of what it reads, and closes its file when it goes. A file that grows meanwhile is read
/// up to the end that it had when it was opened.
public final class ByteSource {
  /// What messages call the source: a path, or a word such as `standard input`.
  public let name: String
  private let encoding: TextEncoding
  private var raw: RawBytes
  private var nameCompression: Compression?
  private var holdsZeros = false
  private var isIdentified = false
  private var isText = false
  /// What has been read to see what the source holds, and is not handed out yet.
  private var head: [UInt8] = []
  private var converter: TextConverter?

  /// The number of bytes that are read at once.
  ///
  /// 256 KiB is well past the size from which the cost of a system call no longer shows.
  static let pieceSize = 256 << 10

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: A file, or anything that can be read like one, such as `/dev/stdin`. What has a name
  ///     that ends in `.gz` or `.zst` must be packed so.
  ///   - encoding: How the bytes stand for characters.
  /// - Throws: A ``CorpusError`` when it does not exist, is a folder or cannot be opened.
  public init(path: String, encoding: TextEncoding = .auto) throws(CorpusError) {
    name = path
    self.encoding = encoding
    raw = try RawBytes(path: path)
    nameCompression = Compression(extensionOf: path)
  }

  /// Reads from a file descriptor that is open already, and leaves it open.
  ///
  /// - Parameters:
  ///   - descriptor: A descriptor, such as 0 for standard input.
  ///   - name: What messages call it.
  ///   - encoding: How the bytes stand for characters.
  public init(descriptor: Int32, name: String, encoding: TextEncoding = .auto) {
    self.name = name
    self.encoding = encoding
    raw = RawBytes(borrowing: descriptor)
  }

  /// Reads from memory.
  ///
  /// - Parameters:
  ///   - bytes: All that there is to read.
  ///   - name: What messages call it.
  ///   - encoding: How the bytes stand for characters.
  public convenience init(bytes: [UInt8], name: String, encoding: TextEncoding = .auto) {
    self.init(bytes: bytes, name: name, pieceSize: max(bytes.count, 1), encoding: encoding)
  }

  /// Reads a text from memory, which is one whatever it begins with.
  ///
  /// - Parameters:
  ///   - text: All that there is to read.
  ///   - name: What messages call it.
  ///   - encoding: How the bytes stand for characters.
  public convenience init(text: [UInt8], name: String, encoding: TextEncoding = .auto) {
    self.init(bytes: text, name: name, encoding: encoding)
    isText = true
  }

  /// Reads from memory in pieces of a certain size.
  init(bytes: [UInt8], name: String, pieceSize: Int, encoding: TextEncoding = .auto) {
    self.name = name
    self.encoding = encoding
    raw = RawBytes(memory: bytes, pieceSize: pieceSize)
  }

  /// Says, before anything is read, that zero bytes part texts and tell nothing of the encoding.
  func expectZeros() {
    holdsZeros = true
  }

  /// Adds the next piece to the end of a buffer.
  ///
  /// - Parameter buffer: Where the bytes go.
  /// - Returns: How many were added; 0 at the end.
  /// - Throws: A ``CorpusError`` when the operating system cannot read, when a packed file is
  ///   damaged or the program that unpacks it is not installed, or when there is no text.
  public func read(into buffer: inout [UInt8]) throws(CorpusError) -> Int {
    if !isIdentified { try identify() }
    guard let converter else { return try readPlain(into: &buffer) }
    let start = buffer.count
    var piece: [UInt8] = []
    repeat {
      piece.removeAll(keepingCapacity: true)
      let isLast = try readPlain(into: &piece) == 0
      do {
        try converter.convert(piece, isLast: isLast, into: &buffer)
      } catch {
        throw CorpusError(.unreadable(reason: error.description), path: name)
      }
    } while buffer.count == start && !piece.isEmpty
    return buffer.count - start
  }

  /// Hands out what has been read already, or reads.
  private func readPlain(into buffer: inout [UInt8]) throws(CorpusError) -> Int {
    guard head.isEmpty else {
      defer { head = [] }
      buffer.append(contentsOf: head)
      return head.count
    }
    return try raw.read(into: &buffer, name)
  }

  // MARK: What the source holds

  /// Reads the first bytes, unpacks what is packed, and refuses what is no text.
  private func identify() throws(CorpusError) {
    isIdentified = true
    try readHead()
    if !isText { try unpackOrRefuse() }
    try chooseConverter()
  }

  private func unpackOrRefuse() throws(CorpusError) {
    if let compression = Compression(content: head) ?? nameCompression {
      do {
        raw = try raw.unpacked(by: compression, after: head)
      } catch {
        throw CorpusError(.unreadable(reason: error.reason), path: name)
      }
      head = []
      try readHead()
      if let inner = Compression(content: head) {
        throw CorpusError(
          .foreignFile(found: "a \(inner.rawValue) file within another", advice: "unpack it"),
          path: name)
      }
    }
    if let format = ForeignFormat(content: head) {
      throw CorpusError(.foreignFile(found: format.name, advice: format.advice), path: name)
    }
  }

  /// Reads until it can be told what the source holds; no further, for more may be long in coming.
  private func readHead() throws(CorpusError) {
    while UTF16Order.isUndecided(head) || ForeignFormat.isBeginning(head)
      || Compression.isBeginning(head)
    {
      guard try raw.read(into: &head, name) > 0 else { return }
    }
  }

  private func chooseConverter() throws(CorpusError) {
    if UTF16Order.isUTF32(head) && (encoding == .auto || encoding == .utf16) {
      throw CorpusError(.foreignEncoding(found: "UTF-32"), path: name)
    }
    let name = encoding.converterName(forFileStarting: head, holdsZeros: holdsZeros)
    do {
      converter = try name.map { name throws(ICUError) in try TextConverter(from: name) }
    } catch {
      throw CorpusError(.unreadable(reason: error.description), path: self.name)
    }
  }
}
