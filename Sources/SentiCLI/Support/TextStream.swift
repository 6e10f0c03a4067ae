import SentiCorpora

/// The texts at a path without their labels, one after the other, in constant memory.
struct TextStream: Sequence, IteratorProtocol {
  private enum Source {
    case rows(CorpusReader)
    case files(ArraySlice<String>, TextEncoding)
  }

  private var source: Source

  /// Opens a file of rows or lines, a folder of one text a file, or standard input by the name `-`.
  ///
  /// - Parameters:
  ///   - path: The path.
  ///   - textField: The field that holds the text of a row.
  ///   - encoding: How files are encoded.
  /// - Throws: A `CorpusError` for what cannot be read or lacks the field.
  init(_ path: String, textField: String, encoding: TextEncoding) throws(CorpusError) {
    let fields = CorpusFields(text: textField, label: nil)
    if path == "-" {
      let rows = try RowReader(.argument(path, encoding: encoding), format: .lines)
      source = .rows(try CorpusReader(rows))
    } else if let files = try TextFolder.files(under: path) {
      source = .files(files[...], encoding)
    } else {
      let format = CorpusFormat(extensionOf: path) ?? .lines
      source = .rows(
        try CorpusReader(
          path, format: format, fields: format.isTable ? fields : CorpusFields(),
          encoding: encoding))
    }
  }

  /// Reads the next text, or says what is wrong with it; nil at the end.
  mutating func next() -> Result<String, CorpusError>? {
    switch source {
    case .rows(var reader):
      defer { source = .rows(reader) }
      return reader.next()?.map(\.text)
    case .files(var files, let encoding):
      guard let path = files.popFirst() else { return nil }
      source = .files(files, encoding)
      return Self.text(of: path, encoding)
    }
  }

  private static func text(
    of path: String, _ encoding: TextEncoding
  ) -> Result<String, CorpusError> {
    Result { () throws(CorpusError) in
      try validatedString(TextFile.read(ByteSource(path: path, encoding: encoding)), path: path)
    }
  }
}

extension CorpusFormat {
  /// Whether rows have named fields.
  fileprivate var isTable: Bool { self == .csv || self == .tsv || self == .jsonl }
}
