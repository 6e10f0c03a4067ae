import SentiCorpora
import SentiModels
import SentiText

/// What is asked of a scored file, and the page that is made of it.
struct ReportFile {
  /// The field of the text; nil: no texts.
  var textField: String?
  /// The fields by which rows are grouped.
  var groupFields: [String] = []
  /// The field of the date.
  var dateField: String?
  /// Two groups whose difference is taken apart.
  var shift: ShiftGroups?
  /// The heading; nil: by the file's name.
  var title: String?
  /// The most rows that are shown of each kind.
  var rowLimit = 20

  /// Reads the rows.
  ///
  /// - Parameter rows: The scored rows.
  /// - Returns: The report, and which rows could not be read.
  /// - Throws: A ``Failure`` where fields are missing, or ICU's data.
  func report(of rows: ScoredFile) throws -> (report: PileReport, tally: InputTally) {
    try requireFields(of: rows)
    let names = shift.map { (first: $0.first, second: $0.second) }
    var report = try PileReport(groupFields: groupFields, shift: names, rowLimit: rowLimit)
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
    return (report, tally)
  }

  /// Writes the page.
  func write(
    _ report: PileReport, of name: String, to path: String, replacing: Bool
  ) throws {
    let page = PileReportPage(
      report, title: title ?? "What \(name) says", facts: [("file", name)])
    try AtomicFile.write(Array(page.html.utf8), to: path, overwrite: replacing)
  }

  /// Refuses fields that are not there, once and not row by row.
  private func requireFields(of rows: ScoredFile) throws(Failure) {
    let names = rows.layout.names
    let wanted = (groupFields + [dateField, shift?.field, textField]).compactMap(\.self)
    var missing = wanted.filter { !names.contains($0) }
    if shift != nil && !names.contains(rows.explanationColumn) {
      missing.append(rows.explanationColumn)
    }
    guard missing.isEmpty else {
      let hint =
        missing == [textField]
        ? "; --text-field names it, or --without-texts"
        : missing == [rows.explanationColumn] ? "; senti score --explain adds it" : ""
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
    row.text = try textField.map { field throws(CorpusError) in try source.text(of: field) }
    row.explanation = try explanation(source, rows.explanationColumn)
    if let shift {
      let value = try source.label(of: shift.field) ?? ""
      row.isOfFirstGroup = shift.isFirst(value, isDate: shift.field == dateField)
    }
    return row
  }

  private func explanation(
    _ row: SentiCorpora.Row, _ column: String
  ) throws(CorpusError) -> RowExplanation? {
    guard row.names.contains(column), textField != nil, let json = try row.json(of: column) else {
      return nil
    }
    guard let explanation = RowExplanation(json: json) else {
      throw CorpusError(
        .unexpectedValue(
          field: column, expected: "an explanation that senti score wrote",
          found: String(decoding: json, as: UTF8.self).excerpt), path: row.path, line: row.line)
    }
    return explanation
  }
}

/// Two groups of rows: two values of a field, or two beginnings of its dates.
struct ShiftGroups {
  let field: String
  let first: String
  let second: String

  /// Reads `field=first,second`.
  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "=") else { return nil }
    let values = argument[argument.index(after: equals)...].split(
      separator: ",", omittingEmptySubsequences: false)
    guard equals != argument.startIndex, values.count == 2, values[0] != values[1],
      !values.contains("")
    else { return nil }
    field = String(argument[..<equals])
    (first, second) = (String(values[0]), String(values[1]))
  }

  /// Whether a value is of the first group; nil: of neither.
  func isFirst(_ value: String, isDate: Bool) -> Bool? {
    func isOf(_ group: String) -> Bool { isDate ? value.hasPrefix(group) : value == group }
    return isOf(first) ? true : isOf(second) ? false : nil
  }
}
