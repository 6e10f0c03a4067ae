/// The texts of a file or folder with their labels, one after the other, in constant memory.
///
///     let reader = try CorpusReader("reviews.csv", fields: CorpusFields(text: "review"))
///     for text in reader {
///       switch text {
///       case .success(let text): learn(text)
///       case .failure(let error): report(error)
///       }
///     }
///
/// What concerns the file as a whole is thrown when the reader is made. What concerns one row is a
/// failure in its place, and the reader goes on behind it.
///
/// A reader is read once, from one task at a time.
public struct CorpusReader: Sequence, IteratorProtocol {
  private enum Source {
    case rows(RowReader, CorpusFields)
    case files([TextFolder.Entry], TextEncoding, next: Int)
  }

  /// The path of the file or folder.
  public let path: String
  private var source: Source

  /// Opens a file or folder.
  ///
  /// - Parameters:
  ///   - path: The path of a file or folder.
  ///   - format: The format, or `nil` to tell it from the name.
  ///   - fields: The names of the fields, for CSV, TSV and JSON Lines.
  ///   - delimiter: The byte between two fields of CSV or TSV, or `nil` for the format's own.
  ///   - labels: The subfolders of a folder to read, or `nil` for all.
  ///   - encoding: How the files are encoded.
  /// - Throws: A ``CorpusError`` when there is nothing to read, or when a header lacks a field.
  public init(
    _ path: String, format: CorpusFormat? = nil, fields: CorpusFields = CorpusFields(),
    delimiter: UInt8? = nil, labels: [String]? = nil, encoding: TextEncoding = .auto
  ) throws(CorpusError) {
    let format = if let format { format } else { try CorpusFormat.detected(at: path) }
    if format == .folder {
      let entries = try Self.entries(of: TextFolder(path), labels)
      self.init(path: path, source: .files(entries, encoding, next: 0))
    } else {
      let rows = try RowReader(
        ByteSource(path: path, encoding: encoding), format: format, delimiter: delimiter,
        textField: fields.text)
      try self.init(rows, fields: fields)
    }
  }

  /// Takes texts and labels out of rows.
  ///
  /// - Parameters:
  ///   - rows: The rows, of which none has been read.
  ///   - fields: The names of the fields; plain lines have one, `text`, and no label.
  /// - Throws: A ``CorpusError`` when the header, or the first object of JSON Lines, lacks a field or has
  ///   it twice.
  public init(_ rows: RowReader, fields: CorpusFields = CorpusFields()) throws(CorpusError) {
    let hasLabels = rows.layout.format != .lines && rows.layout.format != .nul
    let fields = hasLabels ? fields : CorpusFields(label: nil, group: fields.group)
    let label = fields.softLabel == nil ? fields.label : nil
    try rows.require([fields.text, label, fields.group].compactMap(\.self))
    if let header = rows.layout.header {
      for name in [fields.softLabel, fields.weight].compactMap(\.self) { try header.require(name) }
    }
    self.init(path: rows.path, source: .rows(rows, fields))
  }

  private init(path: String, source: Source) {
    self.path = path
    self.source = source
  }

  /// How much of a file or folder has been read: bytes, or files, of all that there are.
  ///
  /// - Parameter byteCount: The number of bytes of the file; `nil` where that is not known.
  /// - Returns: The fraction, or `nil` where nobody knows how much there is.
  public func fractionRead(ofBytes byteCount: Int?) -> Double? {
    switch source {
    case .rows(let rows, _):
      byteCount.map { Swift.min(1, Double(rows.byteOffset) / Double(Swift.max(1, $0))) }
    case .files(let entries, _, let next): Double(next) / Double(Swift.max(1, entries.count))
    }
  }

  /// Gives the next text or what is wrong with it, or `nil` at the end.
  public mutating func next() -> Result<LabelledText, CorpusError>? {
    switch source {
    case .rows(let rows, let fields):
      return Self.nextText(of: rows, fields)
    case .files(let entries, let encoding, let index):
      guard index < entries.count else { return nil }
      source = .files(entries, encoding, next: index + 1)
      return Self.text(of: entries[index], encoding)
    }
  }

  private static func entries(
    of folder: TextFolder, _ labels: [String]?
  ) throws(CorpusError) -> [TextFolder.Entry] {
    let hasLabels = if labels != nil { true } else { try folder.hasSubfolders() }
    if hasLabels { return try folder.labelledEntries(labels: labels) }
    let files = try folder.files(isRecursive: false)
    return files.map { TextFolder.Entry(path: $0, label: nil) }
  }

  /// Reads a file whose whole content is one text.
  private static func text(
    of entry: TextFolder.Entry, _ encoding: TextEncoding
  ) -> Result<LabelledText, CorpusError> {
    Result { () throws(CorpusError) in
      let bytes = try TextFile.read(ByteSource(path: entry.path, encoding: encoding))
      let text = try validatedString(bytes, path: entry.path)
      return LabelledText(text, label: entry.label, origin: .init(path: entry.path))
    }
  }

  /// Reads rows up to the next that is not blank.
  private static func nextText(
    of rows: RowReader, _ fields: CorpusFields
  ) -> Result<LabelledText, CorpusError>? {
    while let row = rows.next() {
      if case .success(let row) = row, row.kind == .blank { continue }
      return Result { () throws(CorpusError) in try text(of: row.get(), fields) }
    }
    return nil
  }

  private static func text(
    of row: Row, _ fields: CorpusFields
  ) throws(CorpusError) -> LabelledText {
    var label: String?
    // With soft labels a row needs no label of its own.
    if let name = fields.label, fields.softLabel == nil || row.names.contains(name) {
      label = try row.label(of: name)
    }
    return LabelledText(
      try row.text(of: fields.text), label: label,
      softLabel: try fields.softLabel.flatMap { name throws(CorpusError) in
        try row.softLabel(of: name)
      },
      weight: try fields.weight.flatMap { name throws(CorpusError) in
        try row.weight(of: name)
      } ?? 1,
      group: try fields.group.flatMap { name throws(CorpusError) in
        try row.label(of: name)
      },
      origin: LabelledText.Origin(path: row.path, line: row.line))
  }
}
