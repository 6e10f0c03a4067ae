import SentiCorpora
import SentiModels
import SentiTensor
import SentiText

/// What a verb has written of one input.
struct GeneratedTexts {
  /// What lines call the input; nil where a line is the text alone.
  let key: String?
  /// What messages call it.
  let name: String
  /// What objects of JSON Lines call it.
  let members: [JSONValue.Member]
  /// What was read; nil for a vector.
  var text: String?
  /// What the text was read as; nil where the model goes on with it.
  var source: GenerationSource?
}

/// Prints the texts that a model wrote, and draws the page that explains them.
struct GenerationReport {
  private let options: GenerationOutputOptions
  private let codec: TextCodec
  /// A captioner or translator; nil for a language model, which looks at no source.
  private let model: GenerationModel?
  private var records: RecordOutput
  private var tally = InputTally()
  private var page: GenerationPage
  private var pageCount = 0

  /// Prepares the report of a captioner or translator.
  init(_ options: GenerationOutputOptions, model: GenerationModel, title: String) throws {
    let place = model.kind == .captioner ? ["name"] : ["file", "line"]
    try self.init(options, codec: model.targetCodec, model: model, place: place, title: title)
  }

  /// Prepares a report.
  ///
  /// - Parameters:
  ///   - options: What is printed.
  ///   - codec: What the tokens are of that were written.
  ///   - model: A captioner or translator that wrote them.
  ///   - place: The columns of tables that name an input.
  ///   - title: The title of the page.
  /// - Throws: A ``Failure``, where the page exists already.
  init(
    _ options: GenerationOutputOptions, codec: TextCodec, model: GenerationModel? = nil,
    place: [String], title: String
  ) throws {
    if let path = options.explain { try OutputFile.requireFree(path, replacing: options.force) }
    self.options = options
    self.codec = codec
    self.model = model
    page = GenerationPage(title: title)
    records = RecordOutput(options.format, columns: place + ["rank", "score", "text", "error"])
  }

  /// Prints the texts of an input, best first.
  mutating func add(_ input: GeneratedTexts, _ hypotheses: [Hypothesis]) throws {
    guard hypotheses.first?.isDefined ?? true else {
      let failure = Failure("\(input.name): \(Failure.undefinedAnswer)", .badData)
      return try add(failure, input.members, keepsLine: input.text != nil)
    }
    let detokenizer = options.spelling.detokenizer
    let texts = hypotheses.map { hypothesis in
      model?.text(of: hypothesis.tokens, from: input.text, by: detokenizer)
        ?? codec.text(of: hypothesis.tokens, by: detokenizer)
    }
    // A language model writes as much as it is asked for; others end by themselves.
    if let best = hypotheses.first, best.isCut, model != nil {
      Diagnostics.warn("\(input.name): the text was cut at \(best.tokens.count) tokens")
    }
    tally.succeed()
    switch options.format {
    case .text: try writeLines(input, hypotheses, texts)
    case .json, .jsonl: try records.write(members(input, hypotheses, texts))
    case .csv, .tsv: try writeRows(input, hypotheses, texts)
    }
    if options.explain != nil, pageCount < GenerationOutputOptions.pageLimit, let best = texts.first
    {
      pageCount += 1
      explain(input, best, hypotheses[0])
    }
  }

  /// Prints nothing for an input in which there is nothing.
  mutating func addEmpty(_ members: [JSONValue.Member]) throws {
    tally.succeed()
    guard options.format != .text else { return try records.output.writeLine("") }
    try records.write(members + [.init(name: "text", value: .string(""))])
  }

  /// Reports an input that could not be read; its line is empty where lines are counted.
  mutating func add(_ failure: Failure, _ members: [JSONValue.Member], keepsLine: Bool) throws {
    if options.format != .text {
      try records.write(members + [.init(name: "error", value: .string(failure.message))])
    } else if keepsLine {
      try records.output.writeLine("")
    }
    if Terminal.standardOutput.isTerminal { try records.output.flush() }
    tally.fail(failure)
  }

  /// Brings what there is out, for one who waits for it.
  mutating func flush() throws { try records.output.flush() }

  /// Brings everything out, and ends with the status of the run.
  mutating func finish() throws {
    try records.finish()
    if let path = options.explain {
      try AtomicFile.write(Array(page.html.utf8), to: path, overwrite: options.force)
    }
    try tally.finish()
  }

  // MARK: Texts

  private mutating func writeLines(
    _ input: GeneratedTexts, _ hypotheses: [Hypothesis], _ texts: [String]
  ) throws {
    for (rank, text) in texts.enumerated() {
      // A byte of a subword may be a line end, which would make two lines of one.
      let line = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
      if options.nBest == 1 {
        try records.output.writeLine((input.key.map { $0 + "\t" } ?? "") + line)
      } else {
        let score = Columns.fixed(hypotheses[rank].score, digits: 4)
        try records.output.writeLine("\(input.key ?? input.name)\t\(rank + 1)\t\(score)\t\(line)")
      }
    }
  }

  /// Writes a row of a table for each text.
  private mutating func writeRows(
    _ input: GeneratedTexts, _ hypotheses: [Hypothesis], _ texts: [String]
  ) throws {
    for (rank, text) in texts.enumerated() {
      let own: KeyValuePairs<String, JSONValue> = [
        "rank": .integer(rank + 1), "score": .number(hypotheses[rank].score), "text": .string(text),
      ]
      try records.write(input.members + JSONValue.Member.list(own))
    }
  }

  private func members(
    _ input: GeneratedTexts, _ hypotheses: [Hypothesis], _ texts: [String]
  ) -> [JSONValue.Member] {
    let found = zip(texts, hypotheses).map { text, hypothesis in
      let tokens = zip(pieces(hypothesis), hypothesis.logProbabilities).map { piece, value in
        JSONValue.object(["text": .string(piece), "log_probability": .number(Double(value))])
      }
      return JSONValue.object([
        "text": .string(text), "score": .number(hypothesis.score),
        "log_probability": .number(hypothesis.logProbability),
        "is_cut": .boolean(hypothesis.isCut), "tokens": .array(tokens),
      ])
    }
    let best = JSONValue.Member(name: "text", value: .string(texts.first ?? ""))
    return input.members + [best, .init(name: "hypotheses", value: .array(found))]
  }

  /// The tokens of a text as people may read them, and the end.
  private func pieces(_ hypothesis: Hypothesis) -> [String] {
    codec.pieces(hypothesis.tokens) + ["<eos>"]
  }

  private mutating func explain(_ input: GeneratedTexts, _ text: String, _ best: Hypothesis) {
    var attention: GenerationPage.Attention?
    if case .tokens(let ids)? = input.source, let model, let codec = model.sourceCodec {
      let weights = model.attention(of: .tokens(ids), writing: best.tokens)
      if weights.columnCount == ids.count {
        attention = .init(source: codec.pieces(ids.dropLast()) + ["<eos>"], weights: weights)
      }
    }
    page.add(
      input.text ?? input.name, text: text, tokens: pieces(best),
      logProbabilities: best.logProbabilities, attention: attention)
  }
}
