internal import SentiIO

/// A row, and the text that is to be scored for it.
public struct TextRow: Sendable {
  /// What a row has to say.
  public enum Content: Sendable {
    /// A text, which may be empty.
    case text(RowText)
    /// The reason why there is no text.
    case problem(CorpusError)
    /// Nothing: an empty line of a table, which is no row and only keeps its place.
    case blank
  }

  /// The row as it was read.
  public let row: Row
  /// Its text, or what is wrong.
  public let content: Content
}

/// The texts of a table, a list of files or a folder, each beside the row that it came from.
///
/// There is one element for each row, in order. A row whose text cannot be had, or is not UTF-8, is
/// an element with a ``TextRow/Content/problem(_:)``. Only an input that cannot be read on gives a
/// failure, as its last element.
///
/// The rows of a list of files and of a folder have one field, `file`, with the path; files are
/// opened one after the other.
public struct TextRows: Sequence, IteratorProtocol {
  private enum Source {
    case table(RowReader, textField: String)
    case fileList(RowReader, TextEncoding)
    case files([String], TextEncoding, next: Int)
  }

  /// The format, and the names of the fields.
  public let layout: RowLayout
  private var source: Source

  /// Takes the texts out of a table or text file.
  ///
  /// - Parameters:
  ///   - rows: The rows, of which none has been read.
  ///   - textField: The field that holds the text; lines and NUL-separated texts have only `text`.
  /// - Throws: A ``CorpusError`` when the header, or the first object of JSON Lines, lacks the field or
  ///   has it twice.
  public init(_ rows: RowReader, textField: String = "text") throws(CorpusError) {
    try rows.require([textField])
    let isPlain = rows.layout.format == .lines || rows.layout.format == .nul
    layout = rows.layout
    source = .table(rows, textField: isPlain ? "text" : textField)
  }

  /// Reads files whose paths are given one by one, such as the output of `find`.
  ///
  /// - Parameters:
  ///   - list: The paths, as lines or NUL-separated; empty ones are passed over. A path is taken byte
  ///     by byte, whatever its encoding.
  ///   - encoding: How the files are encoded.
  public init(fileList list: RowReader, encoding: TextEncoding = .auto) {
    layout = RowLayout(format: .folder)
    source = .fileList(list, encoding)
  }

  /// Reads files.
  ///
  /// - Parameters:
  ///   - paths: The paths of the files, such as those of a ``TextFolder``.
  ///   - encoding: How the files are encoded.
  public init(files paths: [String], encoding: TextEncoding = .auto) {
    layout = RowLayout(format: .folder)
    source = .files(paths, encoding, next: 0)
  }

  /// Gives the next row, or `nil` at the end.
  public mutating func next() -> Result<TextRow, CorpusError>? {
    switch source {
    case .table(let rows, let field):
      return rows.next()?.map { Self.textRow($0, field) }
    case .fileList(let list, let encoding):
      return Self.nextFile(of: list, encoding)
    case .files(let paths, let encoding, let index):
      guard index < paths.count else { return nil }
      source = .files(paths, encoding, next: index + 1)
      return .success(Self.textRow(file: paths[index], encoding, line: index + 1))
    }
  }

  /// Gives the next row and those behind it that are at hand, or none at the end.
  mutating func nextBatch() -> [Result<TextRow, CorpusError>] {
    var batch: [Result<TextRow, CorpusError>] = []
    repeat {
      guard let row = next() else { break }
      batch.append(row)
    } while isReady && batch.count < Self.batchSize
    return batch
  }

  /// The largest number of rows in a batch; more would only take memory.
  private static let batchSize = 64

  private var isReady: Bool {
    if case .table(let rows, _) = source { rows.isReady } else { false }
  }

  /// Finds the text of a row.
  private static func textRow(_ row: Row, _ field: String) -> TextRow {
    guard row.kind != .blank else { return TextRow(row: row, content: .blank) }
    do {
      return TextRow(row: row, content: .text(try row.rowText(of: field)))
    } catch {
      return TextRow(row: row, content: .problem(error))
    }
  }

  /// Reads up to the next path of a list.
  private static func nextFile(
    of list: RowReader, _ encoding: TextEncoding
  ) -> Result<TextRow, CorpusError>? {
    while let row = list.next() {
      if case .success(let row) = row, row.content.isEmpty { continue }
      return row.map { row in
        let path = FileName.string(Array(row.bytes[row.content]))
        return textRow(file: path, encoding, line: row.line)
      }
    }
    return nil
  }

  /// Reads a file, and makes a row of its path.
  private static func textRow(
    file path: String, _ encoding: TextEncoding, line: Int
  ) -> TextRow {
    let bytes = FileName.bytes(of: path) + [lineFeed]
    let name = 0..<bytes.count - 1
    let row = Row(
      path: path, line: line, byteOffset: 0, kind: .record, bytes: bytes, names: ["file"],
      problem: nil, content: name, fields: [Field(range: name, form: .plain)])
    do {
      return TextRow(row: row, content: .text(try Self.text(ofFile: path, encoding)))
    } catch {
      return TextRow(row: row, content: .problem(error))
    }
  }

  /// Reads a file whose whole content is one text.
  private static func text(
    ofFile path: String, _ encoding: TextEncoding
  ) throws(CorpusError) -> RowText {
    // To the system a name ends at its first zero.
    guard !path.utf8.contains(0) else { throw CorpusError(.missing, path: path) }
    let bytes = try TextFile.read(ByteSource(path: path, encoding: encoding))
    do {
      return try RowText(bytes[...])
    } catch {
      throw CorpusError(error, path: path)
    }
  }
}
