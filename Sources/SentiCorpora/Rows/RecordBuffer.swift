/// A window over a source that holds the current record and what has been read after it.
///
/// It never copies a long record: it hands out its own storage and starts anew with the rest.
struct RecordBuffer {
  private let source: ByteSource
  private let maximumByteCount: Int
  /// What makes lines of a JSON array, where the source is one.
  private var array: JSONArrayScanner?
  /// What is wrong with the array, to be told behind the lines before it.
  private var failure: CorpusError?
  private(set) var bytes: [UInt8] = []
  private(set) var start = 0
  private(set) var isAtEnd = false

  /// A record at least this long leaves with the storage that it lies in.
  private static let longByteCount = 1 << 20

  /// The sizes of storage that a record outgrows one after the other; then they double.
  ///
  /// Memory that has not been written to costs nothing, while a copy into new storage costs the old
  /// one for a moment. So there are few steps, and a record of 200 MB is held once, not twice.
  private static let capacities = [1 << 20, 16 << 20, 512 << 20]

  /// Opens a window.
  ///
  /// - Parameters:
  ///   - source: What to read.
  ///   - maximumByteCount: The number of bytes of the longest record.
  init(_ source: ByteSource, maximumByteCount: Int = RowLimits().maximumByteCount) {
    self.source = source
    self.maximumByteCount = maximumByteCount
  }

  /// What messages call the source.
  var name: String { source.name }

  /// Whether a byte has been read that ends rows, so that one can most likely be had without waiting.
  func holds(_ terminator: UInt8) -> Bool { bytes[start...].contains(terminator) }

  /// The number of bytes that have been read and not yet taken.
  var count: Int { bytes.count - start }

  /// Reads one more piece after those that are there.
  ///
  /// - Throws: A ``CorpusError`` when the source cannot be read, or a record is too long.
  mutating func fill() throws(CorpusError) {
    if let failure { throw failure }
    guard count <= maximumByteCount else {
      throw CorpusError(.tooLong(maximumByteCount: maximumByteCount), path: name)
    }
    if start > 0 {
      bytes.removeSubrange(..<start)
      start = 0
    }
    let needed = bytes.count + ByteSource.pieceSize
    if needed > bytes.capacity {
      bytes.reserveCapacity(Self.capacities.first { $0 >= needed } ?? 2 * needed)
    }
    isAtEnd = try readPiece() == 0
  }

  /// Takes the source for a JSON array, of which the first pieces have been read.
  mutating func readArray() throws(CorpusError) {
    let piece = bytes
    bytes = []
    array = JSONArrayScanner()
    appendLines(of: piece)
    if isAtEnd { try finishArray() }
  }

  /// Reads a piece, and makes lines of it where it is part of an array; returns its length.
  private mutating func readPiece() throws(CorpusError) -> Int {
    guard array != nil else { return try source.read(into: &bytes) }
    var piece: [UInt8] = []
    guard try source.read(into: &piece) > 0 else {
      try finishArray()
      return 0
    }
    appendLines(of: piece)
    return piece.count
  }

  private mutating func appendLines(of piece: [UInt8]) {
    do { try array?.append(piece, to: &bytes) } catch { failure = CorpusError(error, path: name) }
  }

  private func finishArray() throws(CorpusError) {
    do { try array?.finish() } catch { throw CorpusError(error, path: name) }
  }

  /// Measures the record that a byte, or the end of the source, ends.
  ///
  /// - Parameters:
  ///   - terminator: The byte, which counts as part of the record.
  ///   - offset: How much of the record has been searched before.
  /// - Returns: Its length, or `nil` when more has to be read.
  func lengthOfRecord(endingWith terminator: UInt8, from offset: Int) -> Int? {
    if let end = bytes[(start + offset)...].firstIndex(of: terminator) { return end + 1 - start }
    return isAtEnd ? count : nil
  }

  /// Takes a record off the front.
  mutating func take(_ length: Int) -> [UInt8] {
    guard length >= Self.longByteCount, start == 0 else {
      defer { start += length }
      return Array(bytes[start..<start + length])
    }
    let rest = Array(bytes[length...])
    bytes.removeLast(rest.count)
    let record = bytes
    bytes = rest
    return record
  }
}
