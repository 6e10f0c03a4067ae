import SentiCorpora
import SentiModels
import SentiText

/// Counts scored rows, and tells of them on standard error.
struct ScoreReporter {
  /// How far a run is.
  struct Progress {
    var rowCount = 0
    var errorCount = 0
    var tokenCount = 0
    /// How many rows an earlier run had written.
    var earlierCount = 0
    /// The number of rows of each label, in the model's order.
    var labelCounts: [(label: String, count: Int)] = []
    var seconds = 0.0
    /// The share of the inputs that is done, where their size is known.
    var share: Double?

    var rowsPerSecond: Double { Double(rowCount) / max(seconds, 1e-9) }
    var tokensPerSecond: Double { Double(tokenCount) / max(seconds, 1e-9) }

    var secondsLeft: Double? {
      share.flatMap { $0 > 0 ? seconds / $0 * (1 - $0) : nil }
    }
  }

  private(set) var progress = Progress()
  private let style: ProgressStyle
  private let isQuiet: Bool
  private let abstention: Abstention?
  private let bar: ProgressBar
  private let inputs: [RowInput]
  private let totalSize: Int?
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  /// When something was last shown; a bar is there from the first row on.
  private var last: ContinuousClock.Instant?
  private var doneSize = 0
  private var input = 0

  /// How many rows that failed are told of one by one.
  private static let reportedErrorCount = 5

  /// Starts the clock; `bar` is shown where progress is told at all.
  init(
    _ style: ProgressStyle, bar: ProgressBar, isQuiet: Bool, inputs: [RowInput],
    columns: ScoreColumns, earlierCount: Int
  ) {
    self.style = isQuiet ? .never : style
    self.bar = bar
    self.isQuiet = isQuiet
    self.inputs = inputs
    let sizes = inputs.map { $0.byteCount ?? $0.rowCount }
    totalSize = sizes.contains { $0 == nil } ? nil : sizes.reduce(0) { $0 + ($1 ?? 0) }
    progress.earlierCount = earlierCount
    abstention = columns.abstention
    let uncertain = abstention.map { _ in [Abstention.label] } ?? []
    progress.labelCounts = (columns.labels + uncertain).map { ($0, 0) }
    start = clock.now
    last = bar.isShown ? nil : start
  }

  /// Counts a row, and shows how far the run is where enough time has passed.
  mutating func count(_ scored: ScoredRow<InputRow>, error: String?, id: String?) {
    let row = scored.row.row.row
    move(to: scored.row.input)
    progress.rowCount += 1
    if let error {
      progress.errorCount += 1
      if !isQuiet && progress.errorCount <= Self.reportedErrorCount {
        clear()
        let place = row.names == ["file"] ? row.path : "\(row.path):\(row.line)"
        let name = id.map { " (\($0.excerpt))" } ?? ""
        Diagnostics.report(Failure("\(place)\(name): \(error)", .partial))
      }
    } else {
      progress.tokenCount += scored.prediction.tokenCount
      let isAnswer = abstention?.accepts(scored.prediction) ?? true
      let label = isAnswer ? scored.prediction.labelIndex : scored.prediction.labels.count
      progress.labelCounts[label].count += 1
    }
    let now = clock.now
    guard style != .never, last.map({ now - $0 >= interval }) ?? true else { return }
    last = now
    let size = inputs[input].byteCount == nil ? row.line : row.byteOffset + row.bytes.count
    show(doneSize + size, at: now)
  }

  /// Says how it all went.
  mutating func finish() {
    clear()
    progress.seconds = (clock.now - start) / .seconds(1)
    progress.share = nil
    guard !isQuiet else { return }
    if style == .json {
      Diagnostics.print(Self.json(progress, isDone: true))
    } else {
      Diagnostics.note(Self.summary(progress))
    }
  }

  /// Takes the bar off the terminal, so that other lines can follow.
  func clear() { bar.clear() }

  private var interval: Duration { style == .json ? .seconds(1) : .milliseconds(200) }

  private mutating func move(to index: Int) {
    while input < index {
      doneSize += inputs[input].byteCount ?? inputs[input].rowCount ?? 0
      input += 1
    }
  }

  private mutating func show(_ size: Int, at now: ContinuousClock.Instant) {
    progress.seconds = (now - start) / .seconds(1)
    progress.share = totalSize.map { min(1, Double(size) / Double(max(1, $0))) }
    if style == .json {
      Diagnostics.print(Self.json(progress, isDone: false))
    } else {
      bar.show(progress.share, to: Self.barText(progress))
    }
  }

  // MARK: Lines

  /// One line on a run that is over.
  static func summary(_ progress: Progress) -> String {
    var line = rows(progress)
    if progress.earlierCount > 0 {
      line += " after \(Columns.grouped(progress.earlierCount)) of an earlier run"
    }
    let scoredCount = progress.labelCounts.reduce(0) { $0 + $1.count }
    if scoredCount > 0 {
      let shares = progress.labelCounts.map { label, count in
        "\(label) \(Columns.fixed(100 * Double(count) / Double(scoredCount), digits: 1)) %"
      }
      line += "; " + shares.joined(separator: ", ")
    }
    return line + "; \(Columns.fixed(progress.seconds, digits: 1)) s, " + pace(progress)
  }

  /// A line for a terminal, with a bar where the size of the inputs is known.
  static func bar(_ progress: Progress, columnCount: Int) -> String {
    ProgressBar.line(progress.share, to: barText(progress), columnCount: columnCount)
  }

  private static func barText(_ progress: Progress) -> String {
    let left = progress.secondsLeft.map { ", \(TrainingReporter.time($0)) left" } ?? ""
    return "\(rows(progress)), \(pace(progress))\(left)"
  }

  private static func rows(_ progress: Progress) -> String {
    let errors =
      progress.errorCount == 1 ? "1 error" : "\(Columns.grouped(progress.errorCount)) errors"
    let rows = progress.rowCount == 1 ? "1 row" : "\(Columns.grouped(progress.rowCount)) rows"
    return progress.errorCount > 0 ? "\(rows), \(errors)" : rows
  }

  private static func pace(_ progress: Progress) -> String {
    "\(Columns.grouped(Int(progress.rowsPerSecond))) rows/s, "
      + "\(Columns.grouped(Int(progress.tokensPerSecond))) tokens/s"
  }

  static func json(_ progress: Progress, isDone: Bool) -> String {
    let labels = progress.labelCounts.map {
      JSONValue.Member(name: $0.label, value: .integer($0.count))
    }
    let value = JSONValue.object([
      "rows": .integer(progress.rowCount), "earlier_rows": .integer(progress.earlierCount),
      "errors": .integer(progress.errorCount), "labels": .members(labels),
      "tokens": .integer(progress.tokenCount), "seconds": .number(progress.seconds),
      "rows_per_second": .number(progress.rowsPerSecond),
      "tokens_per_second": .number(progress.tokensPerSecond),
      "seconds_left": progress.secondsLeft.map { .number($0) } ?? .null,
      "done": .encoded("\(isDone)"),
    ])
    return value.text + "\n"
  }
}
