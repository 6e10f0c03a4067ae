import ArgumentParser
import SentiCorpora
import SentiText

/// `senti tokenize`: the words of texts, or other units, with their places.
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Tokenize texts into words, sentences, graphemes, lines or subwords.",
    discussion: """
      Prints one piece a line, by Unicode's boundaries; white space is left out. In text and TSV, \
      white space at the ends of a piece is too, and tabs and line ends within are written \\t, \
      \\n and \\r; of subwords every space is written.

      In all other formats a piece has file (or the --text), start, end, kind, id and text. Start and end \
      are offsets in UTF-8 bytes of the original text, whatever the normalization. The kind is \
      word, number, punctuation, symbol, emoji or ideograph, with --join also url, email, \
      mention or hashtag; or sentence, grapheme, line or subword. The id is there with --vocab. \
      Texts are normalized only where --normalize or --vocab asks for it.

      Texts of any length are read in constant memory; one that has no place to cut for a mebibyte \
      is cut there. One that is not UTF-8, nor of the --encoding, is given up at the first wrong \
      byte. Offsets in a text of another encoding are those that it has in UTF-8.

      Examples:
        senti tokenize review.txt | sort | uniq -c | sort -rn | head
        senti tokenize --unit sentence --format jsonl book.txt
      """)

  @OptionGroup var input: InputOptions

  @Option(help: "What texts are cut into.")
  var unit = Unit.word

  @Option(help: "How pieces are written.")
  var format = OutputFormat.text

  @Option(help: NormalizationSteps.help)
  var normalize: NormalizationSteps?

  @Option(help: .locale)
  var locale: String?

  @Option(
    help: ArgumentHelp(
      "What stays one word: all, or with commas urls, emails, mentions, hashtags.",
      valueName: "kinds"))
  var join: JoinedKinds?

  @Option(
    help: .file(
      """
      A vocabulary, which says how texts are normalized, a tokenizer.json, which cuts them \
      into subwords, or a model that has one of them; it numbers the pieces.
      """),
    completion: .file())
  var vocab: String?

  /// What texts are cut into.
  enum Unit: String, ExpressibleByArgument, CaseIterable {
    case word, sentence, grapheme, line
  }

  func validate() throws {
    if vocab != nil && (normalize != nil || locale != nil) {
      throw ValidationError("With --vocab, the vocabulary says how texts are normalized.")
    }
    if unit != .word && (vocab != nil || join != nil) {
      throw ValidationError("With --vocab and --join, the unit is the word.")
    }
    if vocab != nil && join != nil {
      throw ValidationError("With --vocab, words are not joined; no vocabulary holds such.")
    }
  }

  func run() throws {
    let cutter = try cutter()
    var output = RecordOutput(
      format, columns: PieceLine.columns, quotes: format != .tsv)
    var tally = InputTally()
    for source in input.sources() {
      do {
        try write(source.get(), cutter, &output)
        tally.succeed()
      } catch let failure as InputFailure {
        tally.fail(failure.failure)
      }
    }
    try output.finish()
    try tally.finish()
  }

  /// What cuts as was asked for.
  private func cutter() throws -> TextCutter {
    if let vocab {
      switch try VocabularyFile(contentsOf: vocab) {
      case .words(let vocabulary): return .vocabulary(try TextPipeline(vocabulary: vocabulary))
      case .subwords(let encoding): return .subwords(encoding)
      }
    }
    let normalizer = try Normalizer(normalize?.normalization ?? .none)
    let locale = locale ?? ""
    if unit != .word, let unit = TextUnit(rawValue: unit.rawValue) {
      return .units(normalizer, try TextSegmenter(unit, locale: locale))
    }
    let joined = join?.tokens ?? []
    return .words(normalizer, try WordTokenizer(locale: locale, joinedTokens: joined))
  }

  /// Writes the pieces of a text while it is read.
  ///
  /// - Throws: An ``InputFailure`` for what cannot be read or is not UTF-8, or what `Output` throws.
  private func write(
    _ source: InputSource, _ cutter: TextCutter, _ output: inout RecordOutput
  ) throws {
    let bytes = try source.open(input.encoding)
    var stretches = cutter.stretches
    var chunk: [UInt8] = []
    while try source.read(bytes, &chunk) > 0 {
      if let stretch = stretches.append(chunk.span) {
        try write(stretch, of: source, cutter, &output)
      }
      chunk.removeAll(keepingCapacity: true)
    }
    try write(stretches.finish(), of: source, cutter, &output)
  }

  private func write(
    _ stretch: TextStretches.Stretch, of source: InputSource, _ cutter: TextCutter,
    _ output: inout RecordOutput
  ) throws {
    try source.requireUTF8(stretch.bytes, from: stretch.offset)
    for piece in cutter.pieces(of: stretch) {
      try PieceLine(piece: piece, source: source).write(format, to: &output)
    }
  }
}

/// Kinds of pieces that stay one word, as they are written on the command line.
struct JoinedKinds: ExpressibleByArgument {
  /// The kinds.
  let tokens: JoinedTokens

  private static let names: [Substring: JoinedTokens] = [
    "all": .all, "urls": .urls, "emails": .emails, "mentions": .mentions, "hashtags": .hashtags,
  ]

  init?(argument: String) {
    var tokens: JoinedTokens = []
    for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let kind = Self.names[name] else { return nil }
      tokens.formUnion(kind)
    }
    self.tokens = tokens
  }
}

/// A piece in the forms in which it is printed.
private struct PieceLine {
  static let columns = ["file", "start", "end", "kind", "id", "text"]

  let piece: TextPiece
  let source: InputSource

  func write(_ format: OutputFormat, to output: inout RecordOutput) throws {
    switch format {
    case .text: try output.output.writeLine(plainText)
    // No tab and no line end is left in the text, so that a line is a line to every tool.
    case .tsv: try output.write(members(text: plainText))
    case .json, .jsonl, .csv: try output.write(members(text: piece.text))
    }
  }

  /// The text on one line.
  private var plainText: String {
    var text = Substring(piece.text)
    guard text.utf8.contains(where: { $0 <= 0x20 }) || text.last?.isWhitespace == true else {
      return piece.text
    }
    if piece.kind != "subword" {
      text = text.drop(while: \.isWhitespace)
      while text.last?.isWhitespace == true { text.removeLast() }
    }
    return text.unicodeScalars.reduce(into: "") { line, scalar in
      switch scalar {
      case "\t": line += "\\t"
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      default: line.unicodeScalars.append(scalar)
      }
    }
  }

  private func members(text: String) -> [JSONValue.Member] {
    JSONValue.Member.list([
      "file": .name(source.path), "start": .integer(piece.byteRange.lowerBound),
      "end": .integer(piece.byteRange.upperBound), "kind": .string(piece.kind),
      "id": piece.id.map { .integer(Int($0.rawValue)) } ?? .null, "text": .string(text),
    ])
  }
}
