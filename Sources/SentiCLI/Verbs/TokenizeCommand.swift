import ArgumentParser
import SentiText

/// `senti tokenize`: the words of texts, with their places.
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Cut texts into words, numbers, punctuation marks and emoji.",
    discussion: """
      Prints one token a line, by Unicode's word boundaries; white space is left out.

      With --format tsv or jsonl, a line has file, start, end, kind, id and text. Start and end \
      are offsets in UTF-8 bytes of the original text, whatever the normalization. The kind is \
      word, number, punctuation, symbol, emoji or ideograph. The id is there with --vocab. \
      Texts are normalized only where --normalize or --vocab asks for it.

      Examples:
        senti tokenize review.txt | sort | uniq -c | sort -rn | head
        senti tokenize --vocab english.vocab --format tsv review.txt
      """)

  @OptionGroup var input: InputOptions

  @Option(help: "How tokens are written.")
  var format = Format.text

  @Option(help: NormalizationSteps.help)
  var normalize: NormalizationSteps?

  @Option(help: .locale)
  var locale: String?

  @Option(
    help: ArgumentHelp(
      "A vocabulary; it says how texts are normalized, and numbers the tokens.",
      valueName: "file"),
    completion: .file())
  var vocab: String?

  /// How tokens are written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, jsonl, tsv
  }

  func validate() throws {
    if vocab != nil && (normalize != nil || locale != nil) {
      throw ValidationError("With --vocab, the vocabulary says how texts are normalized.")
    }
  }

  func run() throws {
    let pipeline = try pipeline()
    var output = Output()
    var tally = InputTally()
    if format == .tsv { try output.writeLine(TokenLine.header) }
    for source in input.sources() {
      switch source.flatMap(InputText.read) {
      case .success(let text):
        try write(pipeline.tokens(utf8: text.bytes.span).tokens, of: text.source, to: &output)
        tally.succeed()
      case .failure(let failure): tally.fail(failure.failure)
      }
    }
    try output.flush()
    try tally.finish()
  }

  private func write(
    _ tokens: [EncodedToken], of source: InputSource, to output: inout Output
  ) throws {
    for token in tokens {
      let line = TokenLine(token: token, file: source.path, hasID: vocab != nil)
      try line.write(format, to: &output)
    }
  }

  /// The vocabulary's pipeline, or one that knows no word but cuts as was asked for.
  private func pipeline() throws -> TextPipeline {
    if let vocab { return try TextPipeline(vocabulary: Vocabulary(contentsOf: vocab)) }
    let builder = try VocabularyBuilder(
      normalization: normalize?.normalization ?? .none, locale: locale ?? "")
    return try TextPipeline(vocabulary: builder.vocabulary())
  }
}

/// A token in the forms in which it is printed.
private struct TokenLine {
  static let header = "file\tstart\tend\tkind\tid\ttext"

  let token: EncodedToken
  let file: String
  let hasID: Bool

  func write(_ format: TokenizeCommand.Format, to output: inout Output) throws {
    switch format {
    case .text: try output.writeLine(token.text)
    case .tsv: try output.writeLine(tabSeparated)
    case .jsonl: try output.writeLine(json)
    }
  }

  private var range: Range<Int> { token.token.byteRange }

  private var tabSeparated: String {
    let id = hasID ? token.id.description : ""
    let place = "\(range.lowerBound)\t\(range.upperBound)"
    return "\(file)\t\(place)\t\(token.token.kind)\t\(id)\t\(token.text)"
  }

  private var json: JSONValue {
    .object([
      "file": .string(file), "start": .integer(range.lowerBound),
      "end": .integer(range.upperBound), "kind": .string(token.token.kind.description),
      "id": hasID ? .integer(Int(token.id.rawValue)) : .null, "text": .string(token.text),
    ])
  }
}
