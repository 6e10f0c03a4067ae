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
      let rows = try RowReader(ByteSource(descriptor: 0, name: "standard input"), format: .lines)
      source = .rows(try CorpusReader(rows))
    } else if let files = try Self.files(in: path) {
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

  /// The files of a folder; nil for what is no folder.
  private static func files(in path: String) throws(CorpusError) -> [String]? {
    do {
      return try TextFolder(path).files(isRecursive: true)
    } catch  where error.problem == .isNotFolder {
      return nil
    }
  }

  private static func text(of path: String) -> Result<String, CorpusError> {
    Result { () throws(CorpusError) in
      let bytes = try TextFile.read(path)
      if let text = String(validating: bytes, as: UTF8.self) { return text }
      throw CorpusError(
        .invalidUTF8(byteOffset: firstInvalidUTF8Offset(in: bytes) ?? 0), path: path)
    }
  }
}

extension CorpusFormat {
  /// Whether rows have named fields.
  fileprivate var isTable: Bool { self == .csv || self == .tsv || self == .jsonl }
}
