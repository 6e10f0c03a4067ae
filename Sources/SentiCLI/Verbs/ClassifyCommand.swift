import ArgumentParser
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

      A text that cannot be scored does not stop the others. It is reported on standard error, \
      and the exit status is 1; when every text failed, it is that of the first failure.

      Examples:
        senti classify review.txt
        senti classify --recursive --format jsonl reviews/ > answers.jsonl
      """)

  @OptionGroup var input: InputOptions

  @Option(help: "How answers are written.")
  var format = Format.text

  @OptionGroup var model: ModelOptions

  /// How answers are written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, jsonl
  }

  func run() throws {
    let classifier = try model.classifier()
    var report = ClassificationReport(format: format, namesFiles: !isStandardInputAlone)
    let texts = input.sources().lazy.map { $0.flatMap(Self.text) }
    for window in Windows(texts, size: { (try? $0.get().bytes.count) ?? 0 }) {
      try report.add(window, by: classifier, threadCount: model.threadCount)
    }
    try report.finish()
  }

  /// Reads a text, and refuses what holds none.
  private static func text(of source: InputSource) -> Result<InputText, InputFailure> {
    InputText.read(source).flatMap { text in
      if text.bytes.isEmpty {
        return .failure(InputFailure("expected a text, found nothing", source: source))
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
  private var output = Output()
  private var tally = InputTally()

  init(format: ClassifyCommand.Format, namesFiles: Bool) {
    self.format = format
    self.namesFiles = namesFiles
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
        if let prediction = rest.popFirst() { try add(prediction, of: text.source) }
      case .failure(let failure): try add(failure)
      }
    }
  }

  /// Brings the answers out, and ends with the status of the run.
  mutating func finish() throws {
    try output.flush()
    try tally.finish()
  }

  private mutating func add(_ prediction: SentimentPrediction, of source: InputSource) throws {
    guard prediction.tokenCount > 0 else {
      return try add(InputFailure("expected words, found only white space", source: source))
    }
    if prediction.unknownCount == prediction.tokenCount {
      Diagnostics.warn("\(source.name): the model knows none of the words")
    }
    tally.succeed()
    switch format {
    case .text: try output.writeLine(line(prediction, source))
    case .jsonl: try output.writeLine(prediction.json(file: source.path))
    }
  }

  private mutating func add(_ failure: InputFailure) throws {
    if format == .jsonl {
      let (file, reason) = (failure.source.path, failure.reason)
      try output.writeLine(.object(["file": .string(file), "error": .string(reason)]))
    }
    // Answers so far come first where both streams lead to one place.
    if Terminal.standardOutput.isTerminal { try output.flush() }
    tally.fail(failure.failure)
  }

  private func line(_ prediction: SentimentPrediction, _ source: InputSource) -> String {
    let probability = Columns.fixed(prediction.probability, digits: 4)
    return "\(prediction.label)\t\(probability)" + (namesFiles ? "\t\(source.path)" : "")
  }
}

extension SentimentPrediction {
  /// The prediction as a line of JSON Lines.
  fileprivate func json(file: String) -> JSONValue {
    let probabilities = zip(labels, probabilities).map { label, probability in
      JSONValue.Member(name: label, value: .number(probability))
    }
    return .object([
      "file": .string(file), "label": .string(label), "probability": .number(probability),
      "score": .number(score), "probabilities": .members(probabilities),
      "tokens": .integer(tokenCount), "unknown_tokens": .integer(unknownCount),
    ])
  }
}
