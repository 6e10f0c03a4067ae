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
  private let limits: RowLimits
  private var dialect: TableDialect?
  private var buffer: RecordBuffer
  private var line = 1
  /// The number of bytes of all rows that were read so far, be they given or not.
  public private(set) var byteOffset = 0
  private var hasFailed = false
  private var peeked: Row?

  /// Opens a source and reads its header.
  ///
  /// - Parameters:
  ///   - source: What to read.
  ///   - format: Any format but ``CorpusFormat/folder``, which is not one file; `nil` to tell it
  ///     from the content: an opening brace starts JSON Lines, a bracket and a brace an array of
  ///     JSON, a zero byte is in NUL-separated texts, the text field's name is in the header of CSV
  ///     or TSV, and all else is lines.
  ///   - delimiter: The byte between two fields, or `nil` for the one by which the header has the
  ///     text field, which may also be a semicolon or a bar.
  ///   - hasHeader: Whether the first row of CSV or TSV names the fields; else they are called
  ///     `1`, `2` and so on.
  ///   - textField: The name by which the header of CSV or TSV is known.
  ///   - limits: How long rows may be.
  /// - Throws: A ``CorpusError`` when there is nothing to read, when the source holds no text, or
  ///   when the header breaks the rules.
  /// - Precondition: `format != .folder`.
  public init(
    _ source: ByteSource, format: CorpusFormat?, delimiter: UInt8? = nil, hasHeader: Bool = true,
    textField: String = "text", limits: RowLimits = RowLimits()
  ) throws(CorpusError) {
    precondition(format != .folder, "expected the format of a file, found folder")
    if format == .nul { source.expectZeros() }
    self.limits = limits
    buffer = RecordBuffer(source, maximumByteCount: limits.maximumByteCount)
    layout = RowLayout(format: format ?? .lines)
    try buffer.fill()
    if buffer.count == 0 { throw CorpusError(.empty, path: source.name) }
    let told = if let format { format } else { try toldFormat() }
    if told == .jsonl, try isArray() { try buffer.readArray() }
    if told.delimiter != nil || (format == nil && told == .lines) {
      try readDialect(told, delimiter, field: hasHeader ? textField : nil)
    }
    if format == nil, let dialect {
      layout = RowLayout(format: dialect.format, dialect.delimiter)
    } else {
      layout = RowLayout(format: told, dialect?.delimiter)
    }
    if dialect != nil && hasHeader {
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
  var isReady: Bool {
    dialect?.endsRowsAtReturns ?? false ? buffer.holds(carriageReturn) : buffer.holds(terminator)
  }

  /// The byte that ends rows without fields between delimiters.
  private var terminator: UInt8 { layout.format == .nul ? 0 : lineFeed }

  // MARK: Start of the file

  /// Reads the row that names the fields.
  private func readHeader() throws(CorpusError) {
    line += dialect?.preambleLineCount ?? 0
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

  /// Tells the format by the content, as far as it is no table of CSV or TSV.
  private func toldFormat() throws(CorpusError) -> CorpusFormat {
    try isArray() ? .jsonl : .told(byContent: buffer.bytes)
  }

  /// Whether the source is a JSON array of objects.
  private func isArray() throws(CorpusError) -> Bool {
    while !buffer.isAtEnd && buffer.count < TableDialect.maximumHeaderLength {
      if let isArray = JSONArrayScanner.recognizes(buffer.bytes) { return isArray }
      try buffer.fill()
    }
    return JSONArrayScanner.recognizes(buffer.bytes) ?? false
  }

  /// Finds out how the header, or the first row, separates fields.
  ///
  /// Without a format that says so, only a header with the field makes a table.
  private func readDialect(
    _ format: CorpusFormat, _ delimiter: UInt8?, field: String?
  ) throws(CorpusError) {
    let usual = format.delimiter ?? UInt8(ascii: ",")
    guard let field else {
      dialect = TableDialect(delimiter: delimiter ?? usual, after: buffer.bytes)
      return
    }
    while dialect == nil {
      dialect = TableDialect(
        buffer.bytes, isAtEnd: buffer.isAtEnd, isCertain: format.delimiter != nil,
        delimiter: delimiter, usual: usual, field: field)
      if dialect == nil { try buffer.fill() }
    }
    if format.delimiter == nil && dialect?.isRecognized == false { dialect = nil }
  }

  /// The number of bytes before the first row's content: byte order mark and separator line.
  private var preambleLength: Int {
    guard byteOffset == 0 else { return 0 }
    return dialect?.preambleLength ?? byteOrderMarkLength(of: buffer.bytes)
  }

  // MARK: Rows

  private func nextRow(kind: Row.Kind = .record) throws(CorpusError) -> Row? {
    while buffer.count == 0 && !buffer.isAtEnd { try buffer.fill() }
    guard buffer.count > 0 else { return nil }
    let markLength = preambleLength
    guard let dialect else { return try nextUndelimitedRow(after: markLength) }
    return try nextDelimitedRow(dialect, after: markLength, kind: kind)
  }

  /// Reads a row of CSV or TSV.
  private func nextDelimitedRow(
    _ dialect: TableDialect, after markLength: Int, kind: Row.Kind
  ) throws(CorpusError) -> Row {
    var scanner = CSVScanner(
      delimiter: dialect.delimiter, start: markLength,
      endsRowsAtReturns: dialect.endsRowsAtReturns,
      maximumByteCount: Swift.min(limits.maximumQuotedByteCount, limits.maximumByteCount))
    while true {
      let end = scanner.scan(buffer.bytes, base: buffer.start, isAtEnd: buffer.isAtEnd)
      if let end {
        let bytes = buffer.take(end)
        return makeDelimitedRow(bytes, after: markLength, scanner, kind)
      }
      try fill()
    }
  }

  private func makeDelimitedRow(
    _ bytes: [UInt8], after markLength: Int, _ scanner: CSVScanner, _ kind: Row.Kind
  ) -> Row {
    let content = content(of: bytes, after: markLength)
    let count = scanner.fields.count
    if content.isEmpty { return makeRow(bytes, content, RowParts(kind: .blank)) }
    if layout.names.isEmpty && count > 0 && kind == .record {
      layout.names = (1...count).map(String.init)
    }
    let isRagged = kind == .record && count != layout.names.count
    let ragged = CorpusError.Problem.fieldCount(expected: layout.names.count, found: count)
    return makeRow(
      bytes, content,
      RowParts(
        kind: kind, lineCount: scanner.lineCount, fields: scanner.fields,
        problem: scanner.problem ?? (isRagged ? ragged : nil)))
  }

  /// Reads a row that ends at one certain byte.
  private func nextUndelimitedRow(after markLength: Int) throws(CorpusError) -> Row {
    var scanned = 0
    while true {
      if let length = buffer.lengthOfRecord(endingWith: terminator, from: scanned) {
        let bytes = buffer.take(length)
        let content = content(of: bytes, after: markLength)
        return layout.format == .jsonl ? makeJSONRow(bytes, content) : makeTextRow(bytes, content)
      }
      scanned = buffer.count
      try fill()
    }
  }

  /// Reads on within a row.
  private func fill() throws(CorpusError) {
    do { try buffer.fill() } catch {
      guard case .tooLong = error.problem else { throw error }
      throw CorpusError(error.problem, path: error.path, line: line)
    }
  }

  private func makeTextRow(_ bytes: [UInt8], _ content: Range<Int>) -> Row {
    makeRow(bytes, content, RowParts(fields: [Field(range: content, form: .plain)]))
  }

  private func makeJSONRow(_ bytes: [UInt8], _ content: Range<Int>) -> Row {
    let isBlank = bytes[content].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    if isBlank { return makeRow(bytes, content, RowParts(kind: .blank)) }
    do {
      let object = try JSONObjectScanner(bytes, in: content)
      return makeRow(bytes, content, RowParts(names: object.names, fields: object.fields))
    } catch {
      return makeRow(bytes, content, RowParts(problem: error))
    }
  }

  /// What a format tells of a row.
  private struct RowParts {
    var kind = Row.Kind.record
    var lineCount = 1
    /// The names of its fields; those of the table where nil.
    var names: [String]?
    var fields: [Field] = []
    var problem: CorpusError.Problem?
  }

  /// Makes a row at the current place, and moves on behind it.
  private func makeRow(_ bytes: [UInt8], _ content: Range<Int>, _ parts: RowParts) -> Row {
    defer {
      line += parts.lineCount
      byteOffset += bytes.count
    }
    return Row(
      path: buffer.name, line: line, byteOffset: byteOffset, kind: parts.kind, bytes: bytes,
      names: parts.names ?? layout.names,
      problem: parts.problem.map { CorpusError($0, path: buffer.name, line: line) },
      content: content, fields: parts.fields)
  }

  /// Gives the range between the byte order mark and the line end.
  private func content(of bytes: [UInt8], after markLength: Int) -> Range<Int> {
    var end = bytes.count
    if layout.format == .nul {
      if bytes.last == 0 { end -= 1 }
    } else {
      let hasLineFeed = bytes.last == lineFeed
      if hasLineFeed { end -= 1 }
      // A return alone ends a row of a table: in files of old Macintoshes, and at the end of any.
      if (hasLineFeed || dialect != nil) && end > markLength && bytes[end - 1] == carriageReturn {
        end -= 1
      }
    }
    return markLength..<end
  }
}
