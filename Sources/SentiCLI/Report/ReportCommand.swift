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
      the rows with the highest and lowest scores and those of which the model is least sure; and why \
      rows could not be scored.

      It is one file that needs no network and no script, for dark and light screens. The rows are \
      read once, in memory that does not grow with them.

      With --without-texts, no texts and no words are on the page.

      Examples:
        senti report scored.csv -o report.html
        senti report scored.csv -o report.html --by product,region --date-field date
      """)

  @OptionGroup var file: ScoredFileOptions

  @Option(
    name: .shortAndLong, help: .file("The page to write."), completion: .file(extensions: ["html"]))
  var output: String

  @Option(help: .name("The field that holds the text of a row."))
  var textField = "text"

  @Option(
    help: ArgumentHelp("The fields by which rows are grouped, with commas.", valueName: "names"))
  var by: String?

  @Option(help: .name("The field that holds the date of a row, as in 2024-05-31."))
  var dateField: String?

  @Option(help: ArgumentHelp("The heading of the page.", valueName: "text"))
  var title: String?

  @Flag(help: "Leave texts and words out.")
  var withoutTexts = false

  @Flag(help: "Replace the page if it exists.")
  var force = false

  private var groupFields: [String] {
    by?.split(separator: ",").map(String.init) ?? []
  }

  func run() throws {
    try OutputFile.requireFree(output, replacing: force, reading: [file.scored])
    let rows = try file.rows()
    try requireFields(of: rows)
    var report = try PileReport(groupFields: groupFields)
    var tally = InputTally()
    for record in rows {
      let row = record.flatMap { record in
        Result { () throws(CorpusError) in try self.row(record, rows) }
      }
      switch row {
      case .success(let row):
        report.add(row)
        tally.succeed()
      case .failure(let error): tally.fail(Failure(error))
      }
    }
    guard report.rowCount > 0 else { return try tally.finishWithoutInput([file.scored]) }
    let page = PileReportPage(
      report, title: title ?? "What \(rows.name) says", facts: [("file", rows.name)])
    try AtomicFile.write(Array(page.html.utf8), to: output, overwrite: force)
    try tally.finish()
  }

  /// Refuses fields that are not there, once and not row by row.
  private func requireFields(of rows: ScoredFile) throws(Failure) {
    let names = rows.layout.names
    let wanted = groupFields + [dateField].compactMap(\.self) + (withoutTexts ? [] : [textField])
    let missing = wanted.filter { !names.contains($0) }
    guard missing.isEmpty else {
      let hint = missing == [textField] ? "; --text-field names it, or --without-texts" : ""
      throw Failure(
        "\(rows.name): expected the fields \(LabelNames.list(missing)), found "
          + LabelNames.list(names) + hint, .badData)
    }
  }

  private func row(
    _ record: ScoredFile.Record, _ rows: ScoredFile
  ) throws(CorpusError) -> ReportRow {
    let source = record.row
    let answer = record.answer.map {
      ReportRow.Answer(label: $0.label, probability: $0.probability, score: $0.score)
    }
    var row = ReportRow(place: "\(source.path):\(source.line)", answer: answer)
    guard answer != nil else {
      row.groups = groupFields.map { _ in "" }
      let hasReason = source.names.contains(rows.errorColumn)
      row.error = hasReason ? try source.label(of: rows.errorColumn) : nil
      return row
    }
    for field in groupFields { row.groups.append(try source.label(of: field) ?? "") }
    row.date = try dateField.map { field throws(CorpusError) in
      try source.label(of: field) ?? ""
    }
    row.text = withoutTexts ? nil : try source.text(of: textField)
    return row
  }
}
