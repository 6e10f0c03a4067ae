import ArgumentParser
import SentiCorpora
import SentiModels

/// `senti score`: one row in, one row out.
struct ScoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Classify the rows of tables and files, in constant memory.",
    discussion: """
      Reads CSV, TSV, JSON Lines, JSON arrays of objects, plain lines, NUL-separated texts, folders \
      of one text a file, and lists of files. What gzip or zstd packed is unpacked, whatever its \
      name; an output whose name ends in .gz or .zst is packed. Fields may be separated by commas, \
      tabs, semicolons or bars, as the header or a first line such as sep=; tells. Spreadsheets, \
      Parquet, PDF and the like are refused.

      Writes every row as it was read, in order, and adds label, probability, score (from -1 for \
      the first label to 1 for the last) and error. Rows of plain texts become CSV, those of JSON \
      arrays JSON Lines, and all is UTF-8.

      A row that cannot be scored keeps its place and says in error what is wrong; the exit status \
      is then 1. An input that cannot be read on ends the run.

      With --timeline, a row also has mixed (whether the running score goes beyond one half on both \
      sides) and timeline: for each sentence its start and end in bytes of the text, and the score \
      of the text up to there.

      With --sentences, it has sentences: for each its start and end, and the label, probability and \
      score that it has on its own, whatever stands before it. With --unit sentence there is a row for \
      each sentence instead: the columns of the row that it is from, with the sentence in place of \
      the text, then row (the number of that row, from 1), sentence (its number in there), start and \
      end in bytes, and the prediction. A row that cannot be scored stays one row.

      With --explain, a row has explanation: what each word adds to the log-odds of the last label, as \
      start, end and contribution, which with the baseline sum to the difference. It is the same label \
      in all rows, so that senti report can say which words make the difference of two groups of rows.

      With --abstain or --coverage, rows whose most probable label is not probable enough are \
      uncertain; their probability and score stand all the same. --coverage 0.9 takes the \
      probability that nine of ten of the texts reach on which the model was calibrated: of rows \
      like these, so many get a label; of others, more or fewer, as the last line says. So rows are \
      read once, and a text has the same label in every file.

      A file that is written appears when it is whole, with the permissions of the one that it \
      replaces; a symbolic link is written through. Until then it has .partial behind its name, and \
      .partial.journal says how far it is: after an interruption --resume goes on with it, if the \
      rows so far, the options and the model are the same.

      Examples:
        senti score reviews.csv --text-field review -o scored.csv
        find notes -name '*.txt' | senti score --files-from - > scored.csv
      """)

  @OptionGroup var input: RowInputOptions

  @Option(
    name: .shortAndLong, help: .file("Where to write (default: standard output)."),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The format that is written (default: by the output's name, else the input's).",
      valueName: "format"))
  var format: RowFormat?

  @Flag(help: "Add the probability of each label, under the label's name.")
  var scores = false

  @Flag(help: "Add the running score after each sentence.")
  var timeline = false

  @Flag(help: "Add each sentence's own label, probability and score.")
  var sentences = false

  @Flag(help: "Add what each word contributed to the log-odds of the last label.")
  var explain = false

  @Option(help: ArgumentHelp("What a row is written for: a row or a sentence.", valueName: "unit"))
  var unit = ScoreUnit.row

  @Option(
    help: .file("A page that shows what the output says, as senti report writes it."),
    completion: .file(extensions: ["html"]))
  var report: String?

  @OptionGroup var abstention: AbstentionOptions

  @Option(help: .name("What stands before the names of the added columns, as in senti_."))
  var prefix = ""

  @Option(help: .count("End the run after more than so many rows that cannot be scored."))
  var maxErrors: Int?

  @Flag(help: "Go on where an interrupted run with the same inputs and options has stopped.")
  var resume = false

  @Flag(help: "Replace the output if it exists.")
  var force = false

  @Option(
    help: "How progress is told: a bar on a terminal, JSON Lines, or not at all but for the end.")
  var progress = ProgressStyle.auto

  @Flag(name: .shortAndLong, help: "Print nothing but what stops the run.")
  var quiet = false

  @OptionGroup var model: ModelOptions

  func validate() throws {
    guard maxErrors ?? 0 >= 0 else { throw ValidationError("Expected --max-errors of 0 or more.") }
    if unit == .sentence && (timeline || sentences || explain) {
      let flag = timeline ? "--timeline" : sentences ? "--sentences" : "--explain"
      throw ValidationError("Expected --unit row with \(flag), found --unit sentence.")
    }
    if let output, let format = ForeignFormat(extensionOf: output) {
      throw ValidationError(
        "Expected an output of CSV, TSV or JSON Lines, found the name of \(format.name).")
    }
    if report != nil && (output == nil || output == "-") {
      throw ValidationError("Expected --output with --report, which reads it.")
    }
    guard resume else { return }
    guard let output else { throw ValidationError("Expected --output with --resume.") }
    if Compression(extensionOf: output) != nil {
      throw ValidationError("Expected an output that is not packed with --resume.")
    }
  }

  func run() async throws {
    // Until something is written a signal ends the program at once: a pipe may be long in coming.
    Interruption.unblockSignals()
    if let report { try OutputFile.requireFree(report, replacing: force, reading: input.inputs) }
    let inputs = try rowInputs()
    let classifier = try model.classifier()
    try await Interruption.cancelling { [self] in try await score(inputs, by: classifier) }
  }

  private func score(_ inputs: [RowInput], by classifier: SentimentClassifier) async throws {
    let timelines = timeline ? try TimelineReader(classifier) : nil
    let sentences = self.sentences || unit == .sentence ? try SentenceReader(classifier) : nil
    var columns = columns(classifier, inputs)
    columns.abstention = try abstention.abstention(of: classifier, named: model.source.name)
    let destination = ScoreDestination(
      path: output == "-" ? nil : output, format: format?.format, resumes: resume, replaces: force)
    // A pipe that nobody reads yet is waited for; it leaves nothing to clean up.
    let isPipe = output.map(OutputFile.isPipe) ?? false
    if !isPipe { Interruption.catchSignals() }
    let writer = try ScoreWriter(
      destination, inputs: inputs, columns: columns, textField: input.textField,
      traits: traits(classifier, columns.abstention))
    if isPipe { Interruption.catchSignals() }
    let bar = ProgressBar(quiet ? .never : progress, printsResults: destination.path == nil)
    let reporter = ScoreReporter(
      progress, bar: bar, isQuiet: quiet, inputs: inputs, columns: columns,
      earlierCount: writer.start.recordCount)
    let rows = InputRows(inputs: inputs, writtenCount: writer.start.rowCount)
    let scorer = SentimentScorer(
      classifier, threadCount: model.threadCount, timelines: timelines, sentences: sentences,
      explainedLabel: explain ? classifier.labels.count - 1 : nil)
    let scored = scorer.scores(
      of: rows, byteCount: { $0.row.row.bytes.count }, text: { $0.text })
    var run = ScoreRun(
      idField: input.idField, maxErrors: maxErrors ?? .max, writer: writer, reporter: reporter)
    try await run.write(scored)
    if run.hasInvalidUTF8 && !quiet {
      Diagnostics.warn("not all texts are UTF-8; \(TextEncoding.hint)")
    }
    for input in inputs where input.hasGrown && !quiet {
      Diagnostics.warn("\(input.name): grew while it was read; what was added is left out")
    }
    try writeReport()
    try run.exitUnlessAllIsWell()
  }
}

extension ScoreCommand {
  /// Writes the page of the output, which is read for it.
  fileprivate func writeReport() throws {
    guard let report, let output else { return }
    let file = try ScoredFile(output, prefix: prefix.isEmpty ? nil : prefix, encoding: .auto)
    var page = ReportFile()
    page.textField = [input.textField, "text"].first { file.layout.names.contains($0) }
    try page.write(try page.report(of: file).report, of: file.name, to: report, replacing: force)
  }

  /// What is added to the rows of the inputs.
  fileprivate func columns(
    _ classifier: SentimentClassifier, _ inputs: [RowInput]
  ) -> ScoreColumns {
    // The rows of files have but their paths.
    let hasText = unit == .sentence && inputs.contains { $0.layout.format == .folder }
    return ScoreColumns(
      labels: classifier.labels, unit: unit, hasProbabilities: scores, hasTimeline: timeline,
      hasSentences: sentences, hasExplanation: explain, hasText: hasText, prefix: prefix)
  }

  /// What decides what is written, besides the rows and the columns.
  fileprivate func traits(
    _ classifier: SentimentClassifier, _ abstention: Abstention?
  ) -> [(name: String, value: String)] {
    [
      ("senti", Version.senti), ("the model", classifier.fingerprint),
      ("--text-field", input.textField), ("--encoding", input.encoding.rawValue),
      ("--delimiter", input.delimiter.map { String(Unicode.Scalar($0.byte)) } ?? "by the header"),
      ("the least probability", abstention.map { "\($0.threshold)" } ?? "none"),
      ("--input-format", input.inputFormat?.rawValue ?? "by the name"),
    ]
  }

  /// Opens the inputs.
  fileprivate func rowInputs() throws -> [RowInput] {
    do { return try input.rowInputs() } catch {
      guard case .invalidUTF8 = error.problem else { throw error }
      throw Failure("\(error); \(TextEncoding.hint)", .badData)
    }
  }
}

/// Writes scored rows, and counts what became of them.
private struct ScoreRun {
  private let idField: String?
  private let maxErrors: Int
  private var writer: ScoreWriter
  private var reporter: ScoreReporter
  private var firstFailure: ExitStatus?
  /// Whether a text was not UTF-8.
  private(set) var hasInvalidUTF8 = false

  init(idField: String?, maxErrors: Int, writer: ScoreWriter, reporter: ScoreReporter) {
    self.idField = idField
    self.maxErrors = maxErrors
    self.writer = writer
    self.reporter = reporter
  }

  /// Writes all rows; those that were scored before something went wrong are written too.
  mutating func write(_ scored: ScoredRows<InputRows>) async throws {
    do {
      var rows = scored.makeAsyncIterator()
      while let row = try await rows.next() {
        try write(row)
        if !rows.isReady { try writer.flush() }
        try requireFewErrors()
      }
      try writer.finish()
    } catch let error as ClosedPipe {
      reporter.clear()
      throw error
    } catch {
      reporter.finish()
      guard error is CancellationError || error is TooManyErrors else {
        try? writer.save()
        throw error
      }
      try writer.save()
      let hint = writer.canBeResumed ? "; --resume goes on from here" : ""
      if error is TooManyErrors {
        let reason = "ended after more than \(maxErrors) rows that cannot be scored"
        throw Failure(reason + hint, .partial)
      }
      throw Failure("interrupted\(hint)", .interrupted)
    }
    reporter.finish()
  }

  /// Ends the verb where rows could not be scored.
  func exitUnlessAllIsWell() throws {
    // What an interrupted run could not score counts too.
    let (progress, start) = (reporter.progress, writer.start)
    guard let firstFailure = start.firstFailure ?? firstFailure else { return }
    let errorCount = progress.errorCount + start.failureCount
    let isPartial = errorCount < progress.rowCount + start.recordCount
    throw (isPartial ? .partial : firstFailure).exit
  }

  /// More rows could not be scored than were allowed.
  private struct TooManyErrors: Error {}

  private func requireFewErrors() throws(TooManyErrors) {
    if reporter.progress.errorCount > maxErrors { throw TooManyErrors() }
  }

  private mutating func write(_ scored: ScoredRow<InputRow>) throws {
    let failure = failure(of: scored)
    let isNew = try writer.write(scored, failure: failure)
    guard isNew, scored.row.row.row.kind == .record else { return }
    if let failure { firstFailure = firstFailure ?? failure.status }
    if case .problem(let error) = scored.row.row.content, case .invalidUTF8 = error.problem {
      hasInvalidUTF8 = true
    }
    let id = failure == nil ? nil : idField.flatMap { try? scored.row.row.row.label(of: $0) }
    reporter.count(scored, error: failure?.message, id: id)
  }

  /// Why a row could not be scored.
  private func failure(of scored: ScoredRow<InputRow>) -> Failure? {
    switch scored.row.row.content {
    case .problem(let error): Failure("\(error.problem)", Failure(error).status)
    case .text(let text) where text.isEmpty:
      Failure("expected a text, found nothing", .badData)
    case .text where scored.prediction.tokenCount == 0:
      Failure("expected words, found only white space", .badData)
    case .text where !scored.isFinite: Failure(Failure.undefinedAnswer, .badData)
    case .text, .blank: nil
    }
  }
}
