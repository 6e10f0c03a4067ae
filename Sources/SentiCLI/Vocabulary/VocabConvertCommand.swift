import ArgumentParser
import SentiCorpora
import SentiText

/// `senti vocab convert`: a vocabulary in another format.
struct VocabConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert a vocabulary to another format.",
    discussion: """
      The formats are vocabulary, senti's own text file; tokenizer-json, a byte-pair encoding for \
      Hugging Face's tokenizers; and words, one a line, the first first. What a file holds is seen \
      from its beginning.

      A byte-pair encoding becomes a vocabulary of its subwords and back again without loss. A \
      vocabulary of words is no byte-pair encoding. Of a list of words comes a vocabulary without \
      counts, behind the four special tokens.

      Examples:
        senti vocab convert bpe.json --to vocabulary -o bpe.vocab
        senti vocab convert reviews.vocab --to words -o words.txt
      """)

  @Argument(help: "A vocabulary, a tokenizer.json, or a list of words.", completion: .file())
  var file: String

  @Option(help: "The format to write.")
  var to: Format

  @Option(name: .shortAndLong, help: .file("Where the result is written."), completion: .file())
  var output: String

  @Option(help: "How words of a list were, and texts are to be, normalized.")
  var normalize = NormalizationSteps(normalization: .none)

  @Flag(help: "Replace the file where there is one already.")
  var force = false

  /// A format of vocabularies.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case vocabulary, words
    case tokenizerJSON = "tokenizer-json"
  }

  func run() throws {
    try OutputFile.requireFree(output, replacing: force)
    let vocabulary = try vocabulary()
    let bytes: [UInt8] =
      switch to {
      case .vocabulary: vocabulary.serialized()
      case .tokenizerJSON: try BytePairEncoding(vocabulary: vocabulary, path: file).tokenizerJSON()
      case .words: try words(of: vocabulary)
      }
    try AtomicFile.write(bytes, to: output, overwrite: force)
    Diagnostics.note("\(output): \(Columns.grouped(vocabulary.count)) tokens")
  }

  /// What the file holds, as a vocabulary.
  private func vocabulary() throws -> Vocabulary {
    let bytes = try VocabularyFile.bytes(of: file)
    guard bytes.first != UInt8(ascii: "{"), !bytes.starts(with: "senti vocabulary ".utf8) else {
      switch try VocabularyFile(contentsOf: file) {
      case .words(let vocabulary): return vocabulary
      case .subwords(let encoding): return try vocabulary(of: encoding)
      }
    }
    let text = try validatedString(bytes, path: file)
    let words = text.utf8.split(separator: UInt8(ascii: "\n")).map { String(Substring($0)) }
    return Vocabulary(words: words, normalization: normalize.normalization)
  }

  private func vocabulary(of encoding: BytePairEncoding) throws -> Vocabulary {
    guard let vocabulary = encoding.vocabulary else {
      throw SubwordError.unsupported(
        path: file, feature: "other special tokens than senti's, or merges in another order")
    }
    return vocabulary
  }

  /// The words one a line, without special tokens.
  private func words(of vocabulary: Vocabulary) throws -> [UInt8] {
    var list: [UInt8] = []
    let numbers = vocabulary.header.specialTokenCount...
    for id in numbers.prefix(while: { $0 < vocabulary.count }) {
      let word = vocabulary.wordUTF8(for: TokenID(rawValue: UInt32(id))) ?? []
      guard !word.contains(UInt8(ascii: "\n")) else {
        throw Failure(
          "\(file): token \(id) holds a line feed, which ends a word in a list", .badData)
      }
      list += word
      list.append(UInt8(ascii: "\n"))
    }
    return list
  }
}
