/// How much of a file of rows was written before its writer was interrupted.
///
/// A row counts when it is whole, with its line end. What lies behind the last whole row is to be
/// cut off, and writing goes on with the next row of the input:
///
///     let written = try WrittenRows(partialOf: "scores.csv", format: .csv)
///     let sink = try ByteSink(resumable: "scores.csv", keeping: written.byteCount, overwrite: false)
///     if written.byteCount == 0 { try sink.write([formatter.header[...]]) }
///     // Then skip `written.recordCount` records of the input.
public struct WrittenRows: Hashable, Sendable {
  /// The number of whole records, without header and empty lines.
  public let recordCount: Int
  /// The number of bytes up to the end of the last whole record, or of the header.
  public let byteCount: Int

  /// Reads what an earlier attempt has left beside a destination.
  ///
  /// - Parameters:
  ///   - path: The destination; see ``AtomicFile/partialPath(for:)``.
  ///   - format: The format that was being written.
  ///   - delimiter: The byte between two fields of CSV or TSV, or `nil` for the format's own.
  ///   - hasHeader: Whether the first row of CSV or TSV names the columns.
  /// - Throws: A ``CorpusError`` when there is something that cannot be read.
  public init(
    partialOf path: String, format: CorpusFormat, delimiter: UInt8? = nil, hasHeader: Bool = true
  ) throws(CorpusError) {
    let source: ByteSource
    do {
      source = try ByteSource(path: AtomicFile.partialPath(for: path))
    } catch {
      guard error.problem == .missing else { throw error }
      self.init(recordCount: 0, byteCount: 0)
      return
    }
    var (recordCount, byteCount) = (0, 0)
    let reader = try? RowReader(
      source, format: format, delimiter: delimiter, hasHeader: hasHeader)
    if let header = reader?.layout.header { byteCount = Self.end(ofWhole: header) ?? 0 }
    let isHeaderWhole = reader?.layout.header == nil || byteCount > 0
    while isHeaderWhole, let row = try reader?.next()?.get() {
      guard let end = Self.end(ofWhole: row) else { break }
      guard row.kind == .record else { continue }
      recordCount += 1
      byteCount = end
    }
    self.init(recordCount: recordCount, byteCount: byteCount)
  }

  private init(recordCount: Int, byteCount: Int) {
    self.recordCount = recordCount
    self.byteCount = byteCount
  }

  /// Gives the offset behind a row, or `nil` when a part of the row is missing.
  private static func end(ofWhole row: Row) -> Int? {
    row.problem == nil && !row.lineEnd.isEmpty ? row.byteOffset + row.bytes.count : nil
  }
}
