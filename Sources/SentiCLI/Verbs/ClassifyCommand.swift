import ArgumentParser
import SentiCorpora
import SentiFiles
import SentiModels

/// `senti classify`: one answer a text.
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Say of each text whether it is favourable.",
    discussion: """
      Prints one line a text, in the order of the arguments: label, probability and file, with \
      tabs between them. The file is left out when only standard input is read.

      With --format jsonl, each line is an object with file, label, probability, score (from -1 \
      for the first label to 1 for the last), probabilities (of every label), tokens and \
      unknown_tokens; or with file and error.

      With --timeline, each sentence follows with the score of the text up to there, drawn from -1 \
      on the left to 1 on the right, and a text whose score goes beyond one half on both sides is \
      marked as mixed; with --format jsonl, as mixed and timeline.

      A table is refused: senti score scores its rows.

      A text that cannot be scored does not stop the others. It is reported on standard error, \
      and the exit status is 1; when every text failed, it is that of the first failure.

      Examples:
        senti classify review.txt
        senti classify --recursive --format jsonl reviews/ > answers.jsonl
      """)

  @OptionGroup var input: InputOptions

  @Option(help: "How answers are written.")
  var format = Format.text

  @Flag(help: "Show the running score after each sentence.")
  var timeline = false

  @OptionGroup var model: ModelOptions

  /// How answers are written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, jsonl
  }

  func run() throws {
    let classifier = try model.classifier()
    var report = ClassificationReport(
      format: format, namesFiles: !isStandardInputAlone,
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
      if JSONArrayScanner.recognizes(text.bytes) == true {
        return .failure(InputFailure(isTable: source))
      }
      guard let offset = text.bytes.firstIndex(of: 0) else { return .success(text) }
      let reason = "expected a text, found a NUL byte at offset \(offset)"
      return .failure(InputFailure(reason, source: source))
    }
  }

  private var isStandardInputAlone: Bool { input.files.isEmpty || input.files == ["-"] }
}

/// Scores windows of texts and prints the answers.
private struct ClassificationReport {
  let format: ClassifyCommand.Format
  let namesFiles: Bool
  let timelines: TimelineReader?
  private var output = Output()
  private var tally = InputTally()

  init(format: ClassifyCommand.Format, namesFiles: Bool, timelines: TimelineReader?) {
    self.format = format
    self.namesFiles = namesFiles
    self.timelines = timelines
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
    try output.flush()
    try tally.finish()
  }

  private mutating func add(_ prediction: SentimentPrediction, of text: InputText) throws {
    let source = text.source
    guard prediction.tokenCount > 0 else {
      return try add(InputFailure("expected words, found only white space", source: source))
    }
    if prediction.unknownCount == prediction.tokenCount {
      Diagnostics.warn("\(source.name): the model knows none of the words")
    }
    tally.succeed()
    let timeline = timelines?.timeline(of: RowText(String(decoding: text.bytes, as: UTF8.self)))
    switch format {
    case .text:
      let isMixed = timeline?.isMixed ?? false
      try output.writeLine(line(prediction, source) + Array((isMixed ? "\tmixed" : "").utf8))
      if let timeline {
        try output.write(try TimelineDrawing(.standardOutput).text(of: timeline, in: text.bytes))
      }
    case .jsonl: try output.writeLine(prediction.json(file: source.jsonPath, timeline))
    }
  }

  private mutating func add(_ failure: InputFailure) throws {
    if format == .jsonl {
      let (file, reason) = (failure.source.jsonPath, failure.reason)
      try output.writeLine(.object(["file": .string(file), "error": .string(reason)]))
    }
    // Answers so far come first where both streams lead to one place.
    if Terminal.standardOutput.isTerminal { try output.flush() }
    tally.fail(failure.failure)
  }

  private func line(_ prediction: SentimentPrediction, _ source: InputSource) -> [UInt8] {
    let probability = Columns.fixed(prediction.probability, digits: 4)
    let line = Array("\(prediction.label)\t\(probability)".utf8)
    return namesFiles ? line + Array("\t".utf8) + FileName.bytes(of: source.path) : line
  }
}

extension SentimentPrediction {
  /// The prediction as a line of JSON Lines.
  fileprivate func json(file: String, _ timeline: SentimentTimeline?) -> JSONValue {
    let probabilities = zip(labels, probabilities).map { label, probability in
      JSONValue.Member(name: label, value: .number(probability))
    }
    var members: [JSONValue.Member] = [
      .init(name: "file", value: .string(file)), .init(name: "label", value: .string(label)),
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
    return .members(members)
  }
}
