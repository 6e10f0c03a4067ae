import SentiCorpora
import SentiIO
import SentiModels
import SentiText

/// What is told of a text besides its answer.
struct ClassificationDetails {
  /// What follows the score through a text; nil: nothing does.
  var timelines: TimelineReader?
  /// Whether words' contributions are told.
  var explains = false
  /// Whether the answer without each sentence is told too.
  var hasSentences = false
  /// Which texts have no label; nil: all have one.
  var abstention: Abstention?
  /// The page that shows them; nil: there is none.
  var page: ExplanationPageFile?

  /// The label that is told of a prediction.
  func label(of prediction: SentimentPrediction) -> String {
    abstention?.label(of: prediction) ?? prediction.label
  }

  /// An answer, and where it is wanted its explanation.
  struct Answer {
    let prediction: SentimentPrediction
    var explanation: SentimentExplanation?
  }

  /// The columns of a table that hold the details.
  var columns: [String] {
    (timelines == nil ? [] : ["mixed", "timeline"]) + (explains ? ExplainedText.columns : [])
      + (hasSentences ? [ExplainedText.sentencesColumn] : [])
  }

  /// Classifies texts, and explains the answers where that is wanted.
  func answers(
    to texts: [[UInt8]], by classifier: SentimentClassifier, threadCount: Int
  ) -> [Answer] {
    guard explains else {
      return classifier.predictions(forUTF8: texts, threadCount: threadCount)
        .map { Answer(prediction: $0) }
    }
    return classifier.explanations(ofUTF8: texts, threadCount: threadCount)
      .map { Answer(prediction: $0.prediction, explanation: $0) }
  }
}

/// Scores windows of texts and prints the answers.
struct ClassificationReport {
  private let format: OutputFormat
  private let details: ClassificationDetails
  private let namesFiles: Bool
  private let placeName: String
  private var records: RecordOutput
  private var tally = InputTally()
  private var page: ExplanationPageFile?

  /// Prepares to print.
  ///
  /// - Parameters:
  ///   - format: How answers are written.
  ///   - input: The texts' options, which say what texts are called.
  ///   - labels: The classifier's labels.
  ///   - details: What is told of a text besides its answer.
  init(
    format: OutputFormat, input: InputOptions, labels: [String], details: ClassificationDetails
  ) {
    self.format = format
    self.details = details
    (namesFiles, placeName) = (!input.isOneWithoutName, input.placeName)
    page = details.page
    records = RecordOutput(
      format,
      columns: [input.placeName, "label", "probability", "score"] + labels
        + ["tokens", "unknown_tokens"] + details.columns + ["error"])
  }

  /// Scores texts in windows, all texts of one at once, and prints answers and failures in order.
  mutating func add(
    _ input: InputOptions, by classifier: SentimentClassifier, threadCount: Int
  ) throws {
    let texts = input.sources().lazy.map { source in
      source.flatMap { Self.text(of: $0, input.encoding) }
    }
    for window in Windows(texts, size: { (try? $0.get().bytes.count) ?? 0 }) {
      let bytes = window.compactMap { try? $0.get().bytes }
      var rest = details.answers(to: bytes, by: classifier, threadCount: threadCount)[...]
      for text in window {
        switch text {
        case .success(let text):
          if let answer = rest.popFirst() {
            try add(answer, of: text, by: classifier, threadCount: threadCount)
          }
        case .failure(let failure): try add(failure)
        }
      }
    }
  }

  /// Brings the answers out, and ends with the status of the run.
  mutating func finish() throws {
    try records.finish()
    try page?.finish()
    try tally.finish()
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

  private mutating func add(
    _ answer: ClassificationDetails.Answer, of text: InputText, by classifier: SentimentClassifier,
    threadCount: Int
  ) throws {
    let (source, prediction) = (text.source, answer.prediction)
    guard prediction.tokenCount > 0 else {
      return try add(InputFailure("expected words, found only white space", source: source))
    }
    let timeline = details.timelines?.timeline(
      of: RowText(String(decoding: text.bytes, as: UTF8.self)))
    guard prediction.isFinite, timeline?.isFinite ?? true, answer.explanation?.isFinite ?? true
    else {
      return try add(InputFailure(Failure.undefinedAnswer, source: source, status: .partial))
    }
    let explained = try answer.explanation.map { explanation in
      ExplainedText(
        explanation, in: text.bytes,
        sentences: details.hasSentences
          ? try classifier.sentenceEffects(ofUTF8: text.bytes, threadCount: threadCount) : nil)
    }
    try write(
      ClassifiedText(
        text: text, label: details.label(of: prediction), prediction: prediction,
        timeline: timeline, explained: explained))
  }

  private mutating func write(_ answer: ClassifiedText) throws {
    let source = answer.text.source
    answer.warnings.forEach { Diagnostics.warn("\(source.name): \($0)") }
    tally.succeed()
    if let explained = answer.explained { page?.add(explained, name: source.path) }
    guard format == .text else {
      let place = JSONValue.Member(name: placeName, value: .name(source.path))
      return try records.write([place] + answer.members)
    }
    let isMixed = answer.timeline?.isMixed ?? false
    try records.output.writeLine(
      line(answer, source) + Array((isMixed ? "\tmixed" : "").utf8))
    if let timeline = answer.timeline {
      let drawing = try TimelineDrawing(.standardOutput)
      try records.output.writeStyled(drawing.text(of: timeline, in: answer.text.bytes))
    }
    if let explained = answer.explained {
      try records.output.writeStyled(ExplanationDrawing(.standardOutput).text(of: explained))
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

  private func line(_ answer: ClassifiedText, _ source: InputSource) -> [UInt8] {
    let probability = Columns.fixed(answer.prediction.probability, digits: 4)
    let line = Array("\(answer.label)\t\(probability)".utf8)
    guard namesFiles else { return line }
    var place = source.path
    if case .text(let text) = source { place = text.excerpt }
    return line + Array("\t".utf8) + FileName.bytes(of: place)
  }
}

/// A text with its answer, and what is told besides.
private struct ClassifiedText {
  let text: InputText
  let label: String
  let prediction: SentimentPrediction
  let timeline: SentimentTimeline?
  let explained: ExplainedText?

  /// What a reader should know of the answer.
  var warnings: [String] {
    let knowsNone = prediction.unknownCount == prediction.tokenCount
    return (explained?.warnings ?? []) + (knowsNone ? ["the model knows none of the words"] : [])
  }

  /// The answer as members of an object.
  var members: [JSONValue.Member] {
    prediction.members(label, timeline) + (explained?.members ?? [])
  }
}

extension SentimentPrediction {
  /// The prediction as members of an object.
  fileprivate func members(
    _ label: String, _ timeline: SentimentTimeline?
  ) -> [JSONValue.Member] {
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
