import ArgumentParser
import SentiCorpora
import SentiModels
import SentiText

/// `senti report`: what a scored file says, as one page.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a page that shows what a scored file says.",
    discussion: """
      The page shows the shares of the labels and the scores; with --by each value of a field, with \
      intervals and the significance of its difference from the rest, corrected for their number; \
      with --date-field the shares over time; words that go with low or high scores more than chance; \
      the rows with the highest and lowest scores, those of which the model is least sure and 300 at \
      random; and why rows could not be scored.

      Of a file that senti score --explain wrote, the words of these rows are marked, and the most \
      mixed rows are there. With --shift field=first,second the page also says which words make the \
      difference of the mean log-odds of two groups of rows: for each word what comes of its being \
      used more or less often, and of its contributing something else, all of which sum to the \
      difference. The values of the date field may be beginnings, as in date=2024-01,2024-02.

      The page is one file that needs no network and no script, for dark and light screens; where \
      scripts run, its rows can be searched. --data writes all its figures as flat JSON Lines, and \
      --top prints rows, in the order of --sort, without a page. The rows are read once, in memory \
      that does not grow with them.

      With --without-texts, no texts and no words are on the page.

      Examples:
        senti report scored.csv -o report.html --by product,region --date-field date
        senti report scored.csv --top 10 --sort lowest-score
      """)

  @OptionGroup var file: ScoredFileOptions

  @Option(
    name: .shortAndLong, help: .file("The page to write."), completion: .file(extensions: ["html"]))
  var output: String?

  @Option(
    help: .file("A file for all figures of the page, as JSON Lines."),
    completion: .file(extensions: ["jsonl"]))
  var data: String?

  @Option(help: .count("Print so many rows."))
  var top: Int?

  @Option(help: "Which rows are printed first.")
  var sort = ReportOrder.score

  @Option(help: .name("The field that holds the text of a row."))
  var textField = "text"

  @Option(
    help: ArgumentHelp("The fields by which rows are grouped, with commas.", valueName: "names"))
  var by: String?

  @Option(help: .name("The field that holds the date of a row, as in 2024-05-31."))
  var dateField: String?

  @Option(
    help: ArgumentHelp(
      "Two groups of rows whose difference is taken apart word by word.",
      valueName: "field=first,second"))
  var shift: String?

  @Option(help: ArgumentHelp("The heading of the page.", valueName: "text"))
  var title: String?

  @Flag(help: "Leave texts and words out.")
  var withoutTexts = false

  @Flag(help: "Replace the files if they exist.")
  var force = false

  func validate() throws {
    guard output != nil || data != nil || top != nil else {
      throw ValidationError("Expected --output, --data or --top.")
    }
    guard top ?? 1 > 0 else { throw ValidationError("Expected --top of 1 or more.") }
    if let shift {
      guard ShiftGroups(argument: shift) != nil else {
        throw ValidationError(
          "Expected --shift field=first,second with two values, found \(shift).")
      }
      guard !withoutTexts else {
        throw ValidationError("Expected --shift or --without-texts, found both.")
      }
    }
  }

  func run() throws {
    for path in [output, data].compactMap(\.self) {
      try OutputFile.requireFree(path, replacing: force, reading: [file.scored])
    }
    let rows = try file.rows()
    let (report, tally) = try reportFile.report(of: rows)
    guard report.rowCount > 0 else { return try tally.finishWithoutInput([file.scored]) }
    if let output {
      try reportFile.write(report, of: rows.name, to: output, replacing: force)
    }
    if let data {
      let lines = report.records.map { JSONValue.encoding($0).text + "\n" }.joined()
      try AtomicFile.write(Array(lines.utf8), to: data, overwrite: force)
    }
    if let top { try print(report.rows(sort.kind, top)) }
    try tally.finish()
  }

  private var reportFile: ReportFile {
    ReportFile(
      textField: withoutTexts ? nil : textField,
      groupFields: by?.split(separator: ",").map(String.init) ?? [], dateField: dateField,
      shift: shift.flatMap(ShiftGroups.init), title: title, rowLimit: max(20, top ?? 0))
  }

  private func print(_ rows: [ReportRecord]) throws {
    let cells = rows.map { row in
      [
        row.label ?? "", Columns.fixed(row.probability ?? 0, digits: 4),
        Columns.signed(row.value ?? 0, digits: 4), row.place ?? "", row.text?.excerpt ?? "",
      ]
    }
    let header = ["label", "probability", "score", "row", "text"]
    var output = Output()
    try output.write(Columns.aligned([header] + cells))
    try output.flush()
  }
}

/// Which rows are printed first.
enum ReportOrder: String, CaseIterable, ExpressibleByArgument {
  case score
  case lowestScore = "lowest-score"
  case leastSure = "least-sure"
  case mixed
  case random

  /// The kind of rows.
  fileprivate var kind: PileReport.RowKind {
    switch self {
    case .score: .highest
    case .lowestScore: .lowest
    case .leastSure: .leastSure
    case .mixed: .mixed
    case .random: .random
    }
  }
}
