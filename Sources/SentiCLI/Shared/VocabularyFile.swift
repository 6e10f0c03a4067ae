import SentiCorpora
import SentiText

/// A file that numbers words or subwords.
enum VocabularyFile {
  case words(Vocabulary)
  case subwords(BytePairEncoding)

  /// Reads a vocabulary, or a `tokenizer.json`, which begins with a brace.
  init(contentsOf path: String) throws {
    let bytes = try Self.bytes(of: path)
    let first = bytes.first { !($0 == 0x20 || (0x09...0x0D).contains($0)) }
    self =
      first == UInt8(ascii: "{")
      ? .subwords(try BytePairEncoding(tokenizerJSON: bytes, path: path))
      : .words(try Vocabulary(parsing: bytes, path: path))
  }

  /// The bytes of a file.
  static func bytes(of path: String) throws(CorpusError) -> [UInt8] {
    try TextFile.read(path)
  }
}
