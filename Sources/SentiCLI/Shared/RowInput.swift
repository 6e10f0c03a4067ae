import Glibc
import SentiCorpora

/// One input of rows: a table, plain texts, a folder or a list of files.
struct RowInput: Sendable {
  private enum Source {
    /// What has been opened, and cannot be opened again or need not be.
    case opened(AsyncTextRows)
    case file(String, CorpusFormat, UInt8?, textField: String)
    case folder([String])
  }

  /// What messages call it.
  let name: String
  /// The format, and the names of the fields.
  let layout: RowLayout
  /// The files that are read, as far as they are known.
  let paths: [String]
  /// The number of bytes of a plain file; nil where nobody knows.
  let byteCount: Int?
  private let source: Source

  /// The number of rows, where it is known.
  var rowCount: Int? {
    if case .folder(let files) = source { files.count } else { nil }
  }

  /// Opens a path, and looks whether it holds rows with the fields that are asked for.
  init(_ path: String, _ options: RowInputOptions, isFirst: Bool) throws(CorpusError) {
    if path != "-", let files = try TextFolder.files(under: path) {
      let rows = TextRows(files: files)
      (name, layout, paths, byteCount) = (path, rows.layout, files, nil)
      source = .folder(files)
    } else {
      let bytes = try ByteSource.argument(path)
      name = bytes.name
      let format = options.inputFormat?.format ?? CorpusFormat(extensionOf: path)
      let reader = try RowReader(
        bytes, format: format, delimiter: options.delimiter?.byte, textField: options.textField)
      let rows = try TextRows(reader, textField: options.textField)
      layout = rows.layout
      paths = path == "-" ? [] : [path]
      byteCount = Compression(extensionOf: path) == nil ? Self.fileSize(path) : nil
      source =
        byteCount == nil || isFirst
        ? .opened(AsyncTextRows(rows))
        : .file(path, layout.format, options.delimiter?.byte, textField: options.textField)
    }
    try require(options.idField)
  }

  /// Opens a list of the paths of files.
  init(list path: String, format: CorpusFormat?) throws(CorpusError) {
    let bytes = try ByteSource.argument(path)
    name = bytes.name
    let rows = TextRows(fileList: try RowReader(bytes, format: format ?? .lines))
    (layout, paths, byteCount) = (rows.layout, path == "-" ? [] : [path], nil)
    source = .opened(AsyncTextRows(rows))
  }

  /// The rows from the first one on; may be asked for once.
  func rows() throws(CorpusError) -> AsyncTextRows {
    switch source {
    case .opened(let rows): return rows
    case .folder(let files): return AsyncTextRows(TextRows(files: files))
    case .file(let path, let format, let delimiter, let field):
      let reader = try RowReader(
        ByteSource(path: path), format: format, delimiter: delimiter, textField: field)
      return AsyncTextRows(try TextRows(reader, textField: field))
    }
  }

  /// Whether bytes have come to the file since it was opened.
  var hasGrown: Bool {
    guard let byteCount, let path = paths.first, let now = Self.fileSize(path) else { return false }
    return now > byteCount
  }

  private func require(_ field: String?) throws(CorpusError) {
    guard let field, layout.format != .jsonl, !layout.names.contains(field) else { return }
    throw CorpusError(
      .missingField(name: field, available: layout.names), path: name, line: layout.header?.line)
  }

  /// The number of bytes of a plain file; nil for anything else.
  static func fileSize(_ path: String) -> Int? {
    var information = stat()
    guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(information.st_size)
  }
}

/// A row with the input that it came from.
struct InputRow: Sendable {
  /// The index of the input.
  let input: Int
  /// The row and its text.
  let row: TextRow

  /// The text, or none.
  var text: RowText {
    if case .text(let text) = row.content { text } else { .empty }
  }
}

/// The rows of several inputs, one input after the other.
///
/// What cannot be read on ends the rows with an error: rows that are missing in the middle would go
/// unnoticed.
struct InputRows: AsyncSequence, Sendable {
  /// The inputs.
  let inputs: [RowInput]
  /// How many records are passed over, with the empty lines before the last of them.
  let skippedCount: Int

  func makeAsyncIterator() -> Iterator { Iterator(inputs: inputs, unskippedCount: skippedCount) }

  /// A place in the rows.
  struct Iterator: AsyncIteratorProtocol {
    let inputs: [RowInput]
    var unskippedCount: Int
    private var index = 0
    private var rows: AsyncTextRows.Iterator?

    init(inputs: [RowInput], unskippedCount: Int) {
      self.inputs = inputs
      self.unskippedCount = unskippedCount
    }

    mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws -> InputRow? {
      while index < inputs.count {
        var rows = try self.rows ?? inputs[index].rows().makeAsyncIterator()
        let row = try await rows.next(isolation: actor)?.get()
        self.rows = rows
        guard let row else {
          try Task.checkCancellation()
          (self.rows, index) = (nil, index + 1)
          continue
        }
        if unskippedCount == 0 { return InputRow(input: index, row: row) }
        if row.row.kind == .record { unskippedCount -= 1 }
      }
      return nil
    }
  }
}
