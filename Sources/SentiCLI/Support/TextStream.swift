import SentiCorpora

/// The texts at a path without their labels, one after the other, in constant memory.
struct TextStream: Sequence, IteratorProtocol {
  private enum Source {
    case rows(CorpusReader)
    case files(ArraySlice<String>)
  }

  private var source: Source

  /// Opens a file of rows or lines, a folder of one text a file, or standard input by the name `-`.
  init(_ path: String, textField: String) throws(CorpusError) {
    let fields = CorpusFields(text: textField, label: nil)
    if path == "-" {
      let rows = try RowReader(.argument(path), format: .lines)
      source = .rows(try CorpusReader(rows))
    } else if let files = try TextFolder.files(under: path) {
      source = .files(files[...])
    } else {
      let format = CorpusFormat(extensionOf: path) ?? .lines
      source = .rows(
        try CorpusReader(path, format: format, fields: format.isTable ? fields : CorpusFields()))
    }
  }

  /// Reads the next text, or says what is wrong with it; nil at the end.
  mutating func next() -> Result<String, CorpusError>? {
    switch source {
    case .rows(var reader):
      defer { source = .rows(reader) }
      return reader.next()?.map(\.text)
    case .files(var files):
      guard let path = files.popFirst() else { return nil }
      source = .files(files)
      return Self.text(of: path)
    }
  }

  private static func text(of path: String) -> Result<String, CorpusError> {
    Result { () throws(CorpusError) in
      try validatedString(TextFile.read(path), path: path)
    }
  }
}

extension CorpusFormat {
  /// Whether rows have named fields.
  fileprivate var isTable: Bool { self == .csv || self == .tsv || self == .jsonl }
}
