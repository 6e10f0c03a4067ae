import ArgumentParser
import SentiCorpora
import SentiModels

/// `senti score`: one row in, one row out.
struct ScoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score the rows of tables and files, in constant memory.",
    discussion: """
      Reads CSV, TSV, JSON Lines, plain lines, NUL-separated texts, folders of one text a file, \
      and lists of files; names that end in .gz or .zst are unpacked and packed by gzip and zstd. \
      Writes every row as it was read, in order, and adds label, probability, score (from -1 for \
      the first label to 1 for the last) and error. Rows of plain texts become CSV.

      A row that cannot be scored keeps its place and says in error what is wrong; the exit status \
      is then 1. An input that cannot be read on ends the run.

      With --timeline, a row also has mixed (whether the running score goes beyond one half on both \
      sides) and timeline: for each sentence its start and end in bytes of the text, and the score \
      of the text up to there.

      A file that is written appears when it is whole. Until then it has .partial behind its name, \
      and after an interruption --resume goes on with it.

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
    guard resume else { return }
    guard let output else { throw ValidationError("Expected --output with --resume.") }
    if Compression(extensionOf: output) != nil {
      throw ValidationError("Expected an output that is not packed with --resume.")
    }
  }

  func run() async throws {
    Interruption.catchSignals()
    try await Interruption.cancelling { [self] in try await scoreRows() }
  }

  private func scoreRows() async throws {
    let inputs = try input.rowInputs()
    let classifier = try model.classifier()
    let timelines = timeline ? try TimelineReader(classifier) : nil
    let columns = ScoreColumns(
      labels: classifier.labels, hasProbabilities: scores, hasTimeline: timeline, prefix: prefix)
    let destination = ScoreDestination(
      path: output == "-" ? nil : output, format: format?.format, resumes: resume, replaces: force)
    let writer = try ScoreWriter(destination, inputs: inputs, columns: columns)
    let bar = ProgressBar(quiet ? .never : progress, printsResults: destination.path == nil)
    let reporter = ScoreReporter(
      progress, bar: bar, isQuiet: quiet, inputs: inputs, labels: classifier.labels,
      earlierCount: writer.writtenCount)
    let rows = InputRows(inputs: inputs, skippedCount: max(0, writer.writtenCount - 1))
    let scorer = SentimentScorer(classifier, threadCount: model.threadCount, timelines: timelines)
    let scored = scorer.scores(
      of: rows, byteCount: { $0.row.row.bytes.count }, text: { $0.text })
    var run = ScoreRun(
      idField: input.idField, maxErrors: maxErrors ?? .max, writer: writer, reporter: reporter)
    try await run.write(scored)
    for input in inputs where input.hasGrown && !quiet {
      Diagnostics.warn("\(input.name): grew while it was read; what was added is left out")
    }
    try run.exitUnlessAllIsWell()
  }
}

/// Writes scored rows, and counts what became of them.
private struct ScoreRun {
  private let idField: String?
  private let maxErrors: Int
  private var writer: ScoreWriter
  private var reporter: ScoreReporter
  private var firstFailure: ExitStatus?

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
      if error is TooManyErrors {
        try writer.flush()
        throw Failure("ended after more than \(maxErrors) rows that cannot be scored", .partial)
      }
      guard error is CancellationError else { throw error }
      try writer.flush()
      let hint = writer.canBeResumed ? "; --resume goes on from here" : ""
      throw Failure("interrupted\(hint)", .interrupted)
    }
    reporter.finish()
  }

  /// Ends the verb where rows could not be scored.
  func exitUnlessAllIsWell() throws {
    guard let firstFailure else { return }
    let progress = reporter.progress
    throw (progress.errorCount < progress.rowCount ? .partial : firstFailure).exit
  }

  /// More rows could not be scored than were allowed.
  private struct TooManyErrors: Error {}

  private func requireFewErrors() throws(TooManyErrors) {
    if reporter.progress.errorCount > maxErrors { throw TooManyErrors() }
  }

  private mutating func write(_ scored: ScoredRow<InputRow>) throws {
    let failure = failure(of: scored)
    let isFirstOfAll = try writer.write(scored, error: failure?.message)
    guard isFirstOfAll, scored.row.row.row.kind == .record else { return }
    if let failure { firstFailure = firstFailure ?? failure.status }
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
