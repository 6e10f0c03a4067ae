/// A window over a source that holds the current record and what has been read after it.
///
/// It never copies a long record: it hands out its own storage and starts anew with the rest.
struct RecordBuffer {
  private let source: ByteSource
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

  init(_ source: ByteSource) {
    self.source = source
  }

  /// What messages call the source.
  var name: String { source.name }

  /// Whether a line end has been read, so that a row can most likely be had without waiting.
  var holdsLineEnd: Bool { bytes[start...].contains(lineFeed) }

  /// The number of bytes that have been read and not yet taken.
  var count: Int { bytes.count - start }

  /// Reads one more piece after those that are there.
  mutating func fill() throws(CorpusError) {
    if start > 0 {
      bytes.removeSubrange(..<start)
      start = 0
    }
    let needed = bytes.count + ByteSource.pieceSize
    if needed > bytes.capacity {
      bytes.reserveCapacity(Self.capacities.first { $0 >= needed } ?? 2 * needed)
    }
    isAtEnd = try source.read(into: &bytes) == 0
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
