public import SentiCorpora

/// Captions with the names of what they describe.
///
/// Three formats are read, by the end of the path:
///
/// - `.jsonl`: objects with a name and a text.
/// - `.csv`: the same in columns, with a header.
/// - All others: a name, a tab and a text on each line; quotes are ordinary characters.
///
/// A name may end in `#` and a number, which tells one thing's captions apart, as in Flickr8k.
public struct CaptionFile: Sendable {
  /// A caption.
  public struct Caption: Hashable, Sendable {
    /// The name as it stands in the file.
    public let name: String
    /// The text.
    public let text: String
    /// The line, counted from 1.
    public let line: Int
  }

  /// The path of the file.
  public let path: String
  /// The captions in the order of the file.
  public let captions: [Caption]

  /// Reads a file of captions.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - nameField: The field of CSV and JSON Lines that holds the name.
  ///   - textField: The field that holds the text.
  ///   - encoding: How the file is encoded.
  /// - Throws: A ``VectorError`` for what cannot be read, and for a caption without words.
  public init(
    contentsOf path: String, nameField: String = "image", textField: String = "caption",
    encoding: TextEncoding = .auto
  ) throws(VectorError) {
    let format = CorpusFormat(extensionOf: path)
    let hasFields = format == .csv || format == .jsonl
    let rows = try VectorError.corpus { () throws(CorpusError) in
      try RowReader(
        ByteSource(path: path, encoding: encoding), format: hasFields ? format : .lines)
    }
    var captions: [Caption] = []
    for row in rows {
      let caption: Caption? = try VectorError.corpus { () throws(CorpusError) in
        let row = try row.get()
        guard row.kind != .blank else { return nil }
        if hasFields {
          return Caption(
            name: try row.text(of: nameField), text: try row.text(of: textField), line: row.line)
        }
        let parts = try row.text(of: "text").split(
          separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
          throw CorpusError(.fieldCount(expected: 2, found: 1), path: path, line: row.line)
        }
        return Caption(name: String(parts[0]), text: String(parts[1]), line: row.line)
      }
      guard let caption else { continue }
      guard caption.text.contains(where: { !$0.isWhitespace }) else {
        throw .emptyCaption(path: path, line: caption.line)
      }
      captions.append(caption)
    }
    self.path = path
    self.captions = captions
  }

  /// Gives each vector its captions.
  ///
  /// - Parameter vectors: The vectors.
  /// - Returns: The captions of each vector, in the order of the file; none where it has none.
  /// - Throws: `VectorError.unknownName` for a caption that belongs to no vector.
  public func texts(of vectors: NamedVectors) throws(VectorError) -> [[String]] {
    let places = Dictionary(zip(vectors.names, 0...)) { first, _ in first }
    var texts = [[String]](repeating: [], count: vectors.count)
    for caption in captions {
      guard let place = places[caption.name] ?? places[Self.withoutNumber(caption.name)] else {
        throw .unknownName(
          path: path, line: caption.line, name: caption.name, vectors: vectors.path)
      }
      texts[place].append(caption.text)
    }
    return texts
  }

  private static func withoutNumber(_ name: String) -> String {
    guard let mark = name.lastIndex(of: "#"), name[mark...].dropFirst().allSatisfy(\.isNumber)
    else { return name }
    return String(name[..<mark])
  }
}
