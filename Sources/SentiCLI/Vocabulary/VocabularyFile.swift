import SentiCorpora
import SentiModels
import SentiText

/// A file that numbers words or subwords.
enum VocabularyFile {
  case words(Vocabulary)
  case subwords(BytePairEncoding)

  /// Reads a vocabulary, a `tokenizer.json`, which begins with a brace, or what a model reads texts
  /// with.
  init(contentsOf path: String) throws {
    let bytes = try Self.bytes(of: path)
    if Self.isArchive(bytes) {
      self = try Self.vocabulary(ofModelAt: path)
      return
    }
    let first = bytes.first { !($0 == 0x20 || (0x09...0x0D).contains($0)) }
    self =
      first == UInt8(ascii: "{")
      ? .subwords(try BytePairEncoding(tokenizerJSON: bytes, path: path))
      : .words(try Vocabulary(parsing: bytes, path: path))
  }

  /// Reads a vocabulary of words.
  ///
  /// - Throws: Also a ``Failure`` for subwords.
  static func words(contentsOf path: String) throws -> Vocabulary {
    switch try VocabularyFile(contentsOf: path) {
    case .words(let vocabulary): return vocabulary
    case .subwords:
      throw Failure(
        "\(path): expected a vocabulary of words, found subwords; senti vocab convert makes one of them",
        .badData)
    }
  }

  /// The bytes of a file.
  static func bytes(of path: String) throws(CorpusError) -> [UInt8] {
    try TextFile.read(path)
  }

  /// Whether a file begins as an archive of tensors: with the length of a header that is JSON.
  private static func isArchive(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 8, bytes[8] == UInt8(ascii: "{") else { return false }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return length <= UInt64(bytes.count - 8)
  }

  /// The vocabulary that a model reads texts with; a captioner, which reads none, writes with it.
  private static func vocabulary(ofModelAt path: String) throws -> VocabularyFile {
    guard try GenerationModel.Kind(of: .file(path)) != nil else {
      return .words(try SentimentClassifier(contentsOf: path).pipeline.vocabulary)
    }
    let model = try GenerationModel(contentsOf: path)
    switch model.sourceCodec ?? model.targetCodec {
    case .words(let pipeline): return .words(pipeline.vocabulary)
    case .subwords(let encoding): return .subwords(encoding)
    case .characters:
      throw Failure("\(path): expected words or subwords, found characters", .badData)
    }
  }
}
