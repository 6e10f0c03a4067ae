/// How a file, or a folder, holds texts.
public enum CorpusFormat: String, CaseIterable, Hashable, Sendable {
  /// Rows of fields that commas separate, by RFC 4180, with a header.
  case csv
  /// Rows of fields that tabs separate, quoted as in CSV, with a header.
  case tsv
  /// One JSON object a line, or an array of them.
  case jsonl
  /// One text a line; a line ends at byte 0x0A and nowhere else.
  case lines
  /// One text after the other, each ended by a zero byte.
  case nul
  /// One text a file; where there are subfolders, each is a label.
  case folder

  /// Tells the format from the end of a name.
  ///
  /// An ending of `.gz` or `.zst` is looked through. `.txt` means lines.
  ///
  /// - Parameter path: The path of a file; its content is not looked at.
  public init?(extensionOf path: String) {
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    let plain = Self.withoutCompression(name)
    switch plain.split(separator: ".", omittingEmptySubsequences: false).last {
    case _ where !plain.contains("."): return nil
    case "csv": self = .csv
    case "tsv", "tab": self = .tsv
    case "jsonl", "ndjson", "json": self = .jsonl
    case "txt": self = .lines
    default: return nil
    }
  }

  /// Tells the format of what stands at a path: a folder, or a file by the end of its name.
  ///
  /// - Parameter path: The path of a file or folder.
  /// - Returns: The format.
  /// - Throws: A ``CorpusError`` when nothing exists there or the name does not tell.
  public static func detected(at path: String) throws(CorpusError) -> CorpusFormat {
    if try FileSystem.kind(of: path) == .folder { return .folder }
    guard let format = CorpusFormat(extensionOf: path) else {
      throw CorpusError(.unknownFormat, path: path)
    }
    return format
  }

  /// Tells the format of a file from its first bytes, where they are no table of CSV or TSV.
  ///
  /// - Parameter bytes: The first piece of the file, in UTF-8.
  /// - Returns: A format; lines when nothing speaks for another.
  static func told(byContent bytes: [UInt8]) -> CorpusFormat {
    let start = bytes.dropFirst(byteOrderMarkLength(of: bytes)).drop { $0 <= 0x20 }
    if start.first == UInt8(ascii: "{") { return .jsonl }
    return start.contains(0) ? .nul : .lines
  }

  /// The byte between two fields, where the format has fields.
  var delimiter: UInt8? {
    switch self {
    case .csv: UInt8(ascii: ",")
    case .tsv: UInt8(ascii: "\t")
    case .jsonl, .lines, .nul, .folder: nil
    }
  }

  private static func withoutCompression(_ name: String) -> Substring {
    for suffix in [".gz", ".zst"] where name.hasSuffix(suffix) {
      return name.dropLast(suffix.count)
    }
    return name[...]
  }
}
