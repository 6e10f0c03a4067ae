import Glibc
import SentiCorpora
import SentiIO

/// One input of rows: a table, plain texts, a folder or a list of files.
struct RowInput: Sendable {
  private enum Source {
    /// What has been opened, and cannot be opened again or need not be.
    case opened(AsyncTextRows)
    case file(TableFile)
    case folder([String], TextEncoding)
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
    if case .folder(let files, _) = source { files.count } else { nil }
  }

  /// Opens a path, and looks whether it holds rows with the fields that are asked for.
  init(_ path: String, _ options: RowInputOptions, isFirst: Bool) throws(CorpusError) {
    if path != "-", let files = try TextFolder.files(under: path) {
      let rows = TextRows(files: files, encoding: options.encoding)
      (name, layout, paths, byteCount) = (path, rows.layout, files, nil)
      source = .folder(files, options.encoding)
    } else {
      let file = TableFile(path: path, options)
      let rows = try file.rows()
      name = file.name
      layout = rows.layout
      paths = [InputSource.systemPath(path)]
      byteCount = Compression(extensionOf: path) == nil ? Self.fileSize(path) : nil
      source =
        byteCount == nil || isFirst
        ? .opened(AsyncTextRows(rows))
        : .file(file)
    }
    try require(options.idField)
  }

  /// Opens a list of the paths of files.
  init(list path: String, _ options: RowInputOptions) throws(CorpusError) {
    let bytes = try ByteSource.argument(path, encoding: .utf8)
    name = bytes.name
    let rows = TextRows(
      fileList: try RowReader(bytes, format: options.inputFormat?.format ?? .lines),
      encoding: options.encoding)
    (layout, paths, byteCount) = (rows.layout, [InputSource.systemPath(path)], nil)
    source = .opened(AsyncTextRows(rows))
  }

  /// The rows from the first one on; may be asked for once.
  func rows() throws(CorpusError) -> AsyncTextRows {
    switch source {
    case .opened(let rows): return rows
    case .folder(let files, let encoding):
      return AsyncTextRows(TextRows(files: files, encoding: encoding))
    case .file(let file): return AsyncTextRows(try file.rows())
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
    guard stat(FileName.cString(path), &information) == 0, information.st_mode & S_IFMT == S_IFREG
    else {
      return nil
    }
    return Int(information.st_size)
  }
}

/// A table or text file, and how it is read.
private struct TableFile: Sendable {
  private let path: String
  private let format: CorpusFormat?
  private let delimiter: UInt8?
  private let textField: String
  private let encoding: TextEncoding
  private let limits: RowLimits

  init(path: String, _ options: RowInputOptions) {
    self.path = path
    format = options.inputFormat?.format ?? CorpusFormat(extensionOf: path)
    delimiter = options.delimiter?.byte
    textField = options.textField
    encoding = options.encoding
    limits = RowLimits(maximumByteCount: options.maxRowBytes)
  }

  /// What messages call it.
  var name: String { path == "-" ? InputSource.standardInput.name : path }

  /// Opens the file, and looks whether it has the text field.
  func rows() throws(CorpusError) -> TextRows {
    let bytes = try ByteSource.argument(path, encoding: encoding)
    let reader = try RowReader(
      bytes, format: format, delimiter: delimiter, textField: textField, limits: limits)
    return try TextRows(reader, textField: textField)
  }
}

/// A row with the input that it came from.
struct InputRow: Sendable {
  /// The index of the input.
  let input: Int
  /// The row and its text.
  let row: TextRow
  /// Whether an interrupted run has written it already.
  let isWritten: Bool

  /// The text, or none.
  var text: RowText {
    if !isWritten, case .text(let text) = row.content { text } else { .empty }
  }
}

/// The rows of several inputs, one input after the other.
///
/// What cannot be read on ends the rows with an error: rows that are missing in the middle would go
/// unnoticed.
struct InputRows: AsyncSequence, Sendable {
  /// The inputs.
  let inputs: [RowInput]
  /// How many rows an interrupted run has written already, empty lines among them.
  let writtenCount: Int

  func makeAsyncIterator() -> Iterator { Iterator(inputs: inputs, writtenCount: writtenCount) }

  /// A place in the rows.
  struct Iterator: AsyncIteratorProtocol {
    let inputs: [RowInput]
    private var writtenCount: Int
    private var index = 0
    private var rows: AsyncTextRows.Iterator?

    init(inputs: [RowInput], writtenCount: Int) {
      self.inputs = inputs
      self.writtenCount = writtenCount
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
        defer { writtenCount = Swift.max(0, writtenCount - 1) }
        return InputRow(input: index, row: row, isWritten: writtenCount > 0)
      }
      return nil
    }
  }
}

extension RowInputOptions {
  /// Looks at each input, so that what is wrong is known before anything is written.
  ///
  /// - Throws: A `CorpusError` for what cannot be read or lacks a field.
  func rowInputs() throws(CorpusError) -> [RowInput] {
    if let filesFrom { return [try RowInput(list: filesFrom, self)] }
    let paths = inputs.isEmpty ? ["-"] : inputs
    var opened: [RowInput] = []
    for path in paths { opened.append(try RowInput(path, self, isFirst: opened.isEmpty)) }
    return opened
  }
}
