/// What the rows of a file have in common: the format, and the names of the fields.
public struct RowLayout: Sendable {
  /// The format of the file.
  public let format: CorpusFormat
  /// The byte between two fields, in CSV and TSV.
  public let delimiter: UInt8?
  /// The names of the fields.
  ///
  /// JSON Lines has those of its first row, CSV and TSV without a header have `1`, `2` and so on,
  /// lines and NUL-separated texts have `text`, and files have `file`.
  public internal(set) var names: [String]
  /// The first row of a CSV or TSV file, when it names the fields.
  public internal(set) var header: Row?

  init(format: CorpusFormat, _ delimiter: UInt8? = nil) {
    self.format = format
    self.delimiter = delimiter
    switch format {
    case .lines, .nul: names = ["text"]
    case .folder: names = ["file"]
    case .csv, .tsv, .jsonl: names = []
    }
  }
}
