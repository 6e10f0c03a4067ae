import ArgumentParser
import SentiCorpora
import SentiIO
import SentiModels
import SentiText

/// `senti classify`: one answer a text.
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Classify the sentiment of texts.",
    discussion: """
      Prints one line a text, in the order of the arguments: label, probability and file, with \
      tabs between them. The file is left out when only standard input, or one --text, is read.

      With --format jsonl, each line is an object with file (or text), label, probability, score \
      (from -1 for the first label to 1 for the last), probabilities (of every label), tokens and \
      unknown_tokens; or with file and error. With json these are one array; with csv and tsv they \
      are rows, each label's probability in a column of its own.

      With --timeline, each sentence follows with the score of the text up to there, drawn from -1 \
      on the left to 1 on the right, and a text whose score goes beyond one half on both sides is \
      marked as mixed; in other formats, as mixed and timeline.

      A table is refused: senti score scores its rows.

      A text that cannot be scored does not stop the others. It is reported on standard error, \
      and the exit status is 1; when every text failed, it is that of the first failure.

      Examples:
        senti classify --text "Slow at first, but what an ending!"
        senti classify --recursive --format jsonl reviews/ > answers.jsonl
      """)

  @OptionGroup var input: InputOptions

  @Option(help: "How answers are written.")
  var format = OutputFormat.text

  @Flag(help: "Show the running score after each sentence.")
  var timeline = false

  @OptionGroup var model: ModelOptions

  func run() throws {
    let classifier = try model.classifier()
    var report = ClassificationReport(
      format: format, input: input, labels: classifier.labels,
      timelines: timeline ? try TimelineReader(classifier) : nil)
    let texts = input.sources().lazy.map { source in
      source.flatMap { Self.text(of: $0, input.encoding) }
    }
    for window in Windows(texts, size: { (try? $0.get().bytes.count) ?? 0 }) {
      try report.add(window, by: classifier, threadCount: model.threadCount)
    }
    try report.finish()
  }

  /// Reads a text, and refuses what holds none.
  private static func text(
    of source: InputSource, _ encoding: TextEncoding
  ) -> Result<InputText, InputFailure> {
    if let failure = InputFailure(tableAt: source) { return .failure(failure) }
    return InputText.read(source, encoding).flatMap { text in
      if text.bytes.isEmpty {
        return .failure(InputFailure("expected a text, found nothing", source: source))
      }
      if case .text = source { return .success(text) }
      if JSONArrayScanner.recognizes(text.bytes) == true {
        return .failure(InputFailure(isTable: source))
      }
      return .success(text)
    }
  }
}

/// Scores windows of texts and prints the answers.
private struct ClassificationReport {
  let format: OutputFormat
  let namesFiles: Bool
  let placeName: String
  let timelines: TimelineReader?
  private var records: RecordOutput
  private var tally = InputTally()

  init(
    format: OutputFormat, input: InputOptions, labels: [String], timelines: TimelineReader?
  ) {
    self.format = format
    self.timelines = timelines
    (namesFiles, placeName) = (!input.isOneWithoutName, input.placeName)
    records = RecordOutput(
      format,
      columns: [input.placeName, "label", "probability", "score"] + labels
        + ["tokens", "unknown_tokens"] + (timelines == nil ? [] : ["mixed", "timeline"]) + ["error"]
    )
  }

  /// Scores all texts of a window at once, and prints answers and failures in order.
  mutating func add(
    _ window: [Result<InputText, InputFailure>], by classifier: SentimentClassifier,
    threadCount: Int
  ) throws {
    let predictions = classifier.predictions(
      forUTF8: window.compactMap { try? $0.get().bytes }, threadCount: threadCount)
    var rest = predictions[...]
    for text in window {
      switch text {
      case .success(let text):
        if let prediction = rest.popFirst() { try add(prediction, of: text) }
      case .failure(let failure): try add(failure)
      }
    }
  }

  /// Brings the answers out, and ends with the status of the run.
  mutating func finish() throws {
    try records.finish()
    try tally.finish()
  }

  private mutating func add(_ prediction: SentimentPrediction, of text: InputText) throws {
    let source = text.source
    guard prediction.tokenCount > 0 else {
      return try add(InputFailure("expected words, found only white space", source: source))
    }
    let timeline = timelines?.timeline(of: RowText(String(decoding: text.bytes, as: UTF8.self)))
    guard prediction.isFinite, timeline?.isFinite ?? true else {
      return try add(InputFailure(Failure.undefinedAnswer, source: source, status: .partial))
    }
    if prediction.unknownCount == prediction.tokenCount {
      Diagnostics.warn("\(source.name): the model knows none of the words")
    }
    tally.succeed()
    guard format == .text else {
      let place = JSONValue.Member(name: placeName, value: .name(source.path))
      return try records.write([place] + prediction.members(timeline))
    }
    let isMixed = timeline?.isMixed ?? false
    try records.output.writeLine(line(prediction, source) + Array((isMixed ? "\tmixed" : "").utf8))
    if let timeline {
      let drawing = try TimelineDrawing(.standardOutput)
      try records.output.writeStyled(drawing.text(of: timeline, in: text.bytes))
    }
  }

  private mutating func add(_ failure: InputFailure) throws {
    if format != .text {
      let members: KeyValuePairs<String, JSONValue> = [
        placeName: .name(failure.source.path), "error": .string(failure.reason),
      ]
      try records.write(JSONValue.Member.list(members))
    }
    // Answers so far come first where both streams lead to one place.
    if Terminal.standardOutput.isTerminal { try records.output.flush() }
    tally.fail(failure.failure)
  }

  private func line(_ prediction: SentimentPrediction, _ source: InputSource) -> [UInt8] {
    let probability = Columns.fixed(prediction.probability, digits: 4)
    let line = Array("\(prediction.label)\t\(probability)".utf8)
    guard namesFiles else { return line }
    var place = source.path
    if case .text(let text) = source { place = text.excerpt }
    return line + Array("\t".utf8) + FileName.bytes(of: place)
  }
}

extension SentimentPrediction {
  /// The prediction as members of an object.
  fileprivate func members(_ timeline: SentimentTimeline?) -> [JSONValue.Member] {
    let probabilities = zip(labels, probabilities).map { label, probability in
      JSONValue.Member(name: label, value: .number(probability))
    }
    var members: [JSONValue.Member] = [
      .init(name: "label", value: .string(label)),
      .init(name: "probability", value: .number(probability)),
      .init(name: "score", value: .number(score)),
      .init(name: "probabilities", value: .members(probabilities)),
      .init(name: "tokens", value: .integer(tokenCount)),
      .init(name: "unknown_tokens", value: .integer(unknownCount)),
    ]
    if let timeline {
      members.append(.init(name: "mixed", value: .encoded("\(timeline.isMixed)")))
      members.append(.init(name: "timeline", value: timeline.json))
    }
    return members
  }
}
