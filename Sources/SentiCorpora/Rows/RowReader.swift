/// The rows of a CSV, TSV, JSON Lines or text file, one after the other, in constant memory.
///
///     let reader = try RowReader(ByteSource(path: "reviews.csv"), format: .csv)
///     for row in reader {
///       let row = try row.get()
///       print(row.line, try row.text(of: "text"))
///     }
///
/// Every byte of the file is in exactly one row, so the rows' ``Row/bytes`` one after the other are
/// the file. A row that breaks the rules is given like any other, with its ``Row/problem``. Only a
/// file that cannot be read on gives a failure, as its last element.
///
/// A reader is read once, from one task at a time.
public final class RowReader: Sequence, IteratorProtocol {
  /// The path of the file, or what else messages call it.
  public var path: String { buffer.name }
  /// The format, and the names of the fields.
  public private(set) var layout: RowLayout
  private let maximumQuotedByteCount: Int
  private var buffer: RecordBuffer
  private var line = 1
  /// The number of bytes of all rows that were read so far, be they given or not.
  public private(set) var byteOffset = 0
  private var hasFailed = false
  private var peeked: Row?

  /// A quote that stays open for this many bytes is taken for a stray one.
  ///
  /// It is some hundred times the longest review known, and keeps a missing quote from drawing a
  /// file of any size into memory.
  public static let defaultMaximumQuotedByteCount = 256 << 20

  /// Opens a source and reads its header.
  ///
  /// - Parameters:
  ///   - source: What to read.
  ///   - format: Any format but ``CorpusFormat/folder``, which is not one file; `nil` to tell it
  ///     from the content: an opening brace starts JSON Lines, a zero byte is in NUL-separated
  ///     texts, the text field's name is in the header of CSV or TSV, and all else is lines.
  ///   - delimiter: The byte between two fields, or `nil` for the format's own.
  ///   - hasHeader: Whether the first row of CSV or TSV names the fields; else they are called
  ///     `1`, `2` and so on.
  ///   - textField: The name by which the header of CSV or TSV is known.
  ///   - maximumQuotedByteCount: The number of bytes after which an open quote is taken for a
  ///     stray one.
  /// - Throws: A ``CorpusError`` when there is nothing to read, the encoding is UTF-16 or UTF-32,
  ///   or the header breaks the rules.
  /// - Precondition: `format != .folder`.
  public init(
    _ source: ByteSource, format: CorpusFormat?, delimiter: UInt8? = nil, hasHeader: Bool = true,
    textField: String = "text",
    maximumQuotedByteCount: Int = defaultMaximumQuotedByteCount
  ) throws(CorpusError) {
    precondition(format != .folder, "expected the format of a file, found folder")
    self.maximumQuotedByteCount = maximumQuotedByteCount
    var buffer = RecordBuffer(source)
    try buffer.fill()
    if buffer.count == 0 { throw CorpusError(.empty, path: source.name) }
    try Self.refuseForeignEncoding(buffer, mayHoldZeros: format == .nul)
    let format =
      format ?? .told(byContent: buffer.bytes, textField: textField, delimiter: delimiter)
    let delimiter = format.delimiter.map { delimiter ?? $0 }
    layout = RowLayout(format: format, delimiter: delimiter)
    self.buffer = buffer
    if delimiter != nil && hasHeader {
      try readHeader()
    } else {
      try readNames()
    }
  }

  /// Gives the next row, or `nil` at the end.
  public func next() -> Result<Row, CorpusError>? {
    guard !hasFailed else { return nil }
    if let row = peeked.take() { return .success(row) }
    do {
      return try nextRow().map { .success($0) }
    } catch {
      hasFailed = true
      return .failure(error)
    }
  }

  /// Requires fields of the header, or of the first object of JSON Lines.
  ///
  /// A file that lacks a field in its first row lacks it in all, most likely: that is one mistake, and not
  /// one a row. An object that cannot be read says nothing of the others.
  func require(_ names: [String]) throws(CorpusError) {
    let isJSON = layout.format == .jsonl && peeked?.kind == .record && peeked?.problem == nil
    guard let row = layout.header ?? (isJSON ? peeked : nil) else { return }
    for name in names { try row.require(name) }
  }

  /// Whether the next row most likely needs no reading, which may have to wait.
  var isReady: Bool { buffer.holdsLineEnd }

  // MARK: Start of the file

  /// Reads the row that names the fields.
  private func readHeader() throws(CorpusError) {
    guard let row = try nextRow(kind: .header) else { return }
    if let problem = row.problem { throw problem }
    guard row.kind == .header else {
      throw row.error(.malformed(expected: "a header", found: "an empty line", byteOffset: 0))
    }
    for field in row.fields {
      let name = try validatedString(row.decoded(field), path: row.path, line: row.line)
      layout.names.append(name)
    }
    layout.header = row.named(layout.names)
  }

  /// Looks ahead at the first row for the names or the number of its fields.
  private func readNames() throws(CorpusError) {
    peeked = try nextRow()
    layout.names = peeked?.names ?? []
  }

  /// Refuses what starts with another encoding's byte order mark, or has a zero in every pair.
  private static func refuseForeignEncoding(
    _ buffer: RecordBuffer, mayHoldZeros: Bool
  ) throws(CorpusError) {
    let start = Array(buffer.bytes.prefix(4))
    let found: String? =
      switch start.count == 4 ? (start[0], start[1], start[2], start[3]) : (1, 1, 1, 1) {
      case (0xFF, 0xFE, 0, 0), (0, 0, 0xFE, 0xFF): "UTF-32"
      case (0xFF, 0xFE, _, _), (0xFE, 0xFF, _, _): "UTF-16"
      case (0, 1..., 0, 1...) where !mayHoldZeros: "UTF-16"
      case (1..., 0, 1..., 0) where !mayHoldZeros: "UTF-16"
      default: nil
      }
    if let found { throw CorpusError(.foreignEncoding(found: found), path: buffer.name) }
  }

  /// The number of bytes that a byte order mark takes up at the start of the file.
  private var markLength: Int {
    byteOffset == 0 && buffer.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  // MARK: Rows

  private func nextRow(kind: Row.Kind = .record) throws(CorpusError) -> Row? {
    if buffer.count == 0 && !buffer.isAtEnd { try buffer.fill() }
    guard buffer.count > 0 else { return nil }
    let markLength = markLength
    guard let delimiter = layout.delimiter else { return try nextUndelimitedRow(after: markLength) }
    return try nextDelimitedRow(delimiter, after: markLength, kind: kind)
  }

  /// Reads a row of CSV or TSV.
  private func nextDelimitedRow(
    _ delimiter: UInt8, after markLength: Int, kind: Row.Kind
  ) throws(CorpusError) -> Row {
    var scanner = CSVScanner(
      delimiter: delimiter, start: markLength, maximumByteCount: maximumQuotedByteCount)
    while true {
      let end = scanner.scan(buffer.bytes, base: buffer.start, isAtEnd: buffer.isAtEnd)
      if let end {
        let bytes = buffer.take(end)
        return makeDelimitedRow(bytes, markLength, scanner, kind)
      }
      try buffer.fill()
    }
  }

  private func makeDelimitedRow(
    _ bytes: [UInt8], _ markLength: Int, _ scanner: CSVScanner, _ kind: Row.Kind
  ) -> Row {
    let content = content(of: bytes, after: markLength)
    let count = scanner.fields.count
    if content.isEmpty { return makeRow(bytes, content, kind: .blank, lineCount: 1) }
    if layout.names.isEmpty && count > 0 && kind == .record {
      layout.names = (1...count).map(String.init)
    }
    let isRagged = kind == .record && count != layout.names.count
    let ragged = CorpusError.Problem.fieldCount(expected: layout.names.count, found: count)
    return makeRow(
      bytes, content, kind: kind, lineCount: scanner.lineCount, fields: scanner.fields,
      problem: scanner.problem ?? (isRagged ? ragged : nil))
  }

  /// Reads a row that ends at one certain byte.
  private func nextUndelimitedRow(after markLength: Int) throws(CorpusError) -> Row {
    let terminator: UInt8 = layout.format == .nul ? 0 : lineFeed
    var scanned = 0
    while true {
      if let length = buffer.lengthOfRecord(endingWith: terminator, from: scanned) {
        let bytes = buffer.take(length)
        let content = content(of: bytes, after: markLength)
        return layout.format == .jsonl ? makeJSONRow(bytes, content) : makeTextRow(bytes, content)
      }
      scanned = buffer.count
      try buffer.fill()
    }
  }

  private func makeTextRow(_ bytes: [UInt8], _ content: Range<Int>) -> Row {
    makeRow(bytes, content, fields: [Field(range: content, form: .plain)])
  }

  private func makeJSONRow(_ bytes: [UInt8], _ content: Range<Int>) -> Row {
    let isBlank = bytes[content].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    if isBlank { return makeRow(bytes, content, kind: .blank) }
    do {
      let object = try JSONObjectScanner(bytes, in: content)
      return makeRow(bytes, content, names: object.names, fields: object.fields)
    } catch {
      return makeRow(bytes, content, problem: error)
    }
  }

  /// Makes a row at the current place, and moves on behind it.
  private func makeRow(
    _ bytes: [UInt8], _ content: Range<Int>, kind: Row.Kind = .record, lineCount: Int = 1,
    names: [String]? = nil, fields: [Field] = [], problem: CorpusError.Problem? = nil
  ) -> Row {
    defer {
      line += lineCount
      byteOffset += bytes.count
    }
    return Row(
      path: buffer.name, line: line, byteOffset: byteOffset, kind: kind, bytes: bytes,
      names: names ?? layout.names,
      problem: problem.map { CorpusError($0, path: buffer.name, line: line) },
      content: content, fields: fields)
  }

  /// Gives the range between the byte order mark and the line end.
  private func content(of bytes: [UInt8], after markLength: Int) -> Range<Int> {
    var end = bytes.count
    if layout.format == .nul {
      if bytes.last == 0 { end -= 1 }
    } else if bytes.last == lineFeed {
      end -= 1
      if end > markLength && bytes[end - 1] == carriageReturn { end -= 1 }
    }
    return markLength..<end
  }
}
