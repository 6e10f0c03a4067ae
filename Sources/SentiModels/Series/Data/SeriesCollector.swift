internal import SentiCorpora

/// The series of a table while it is read.
struct SeriesCollector {
  private let path: String
  private let fields: SeriesFields
  private let irregularTimes: IrregularTimes
  private var indices: [String: Int] = [:]
  private var parts: [Part] = []
  /// The smallest distance of two times, which is that of all unless some are missing.
  private(set) var step: TimeStep?
  private var stepSize = Double.infinity

  /// The rows of one series.
  private struct Part {
    let id: String
    var rows: [SeriesRow] = []

    func axis(_ step: TimeStep) -> TimeAxis {
      guard case .months = step else { return TimeAxis(start: rows[0].time, step: step) }
      // The greatest day tells the 30th of each month from its last.
      let day = rows.reduce(1) { max($0, $1.time.date.day) }
      return TimeAxis(start: rows[0].time, step: step, monthDay: day)
    }
  }

  /// What stands for a missing number.
  private static let gaps: Set<String> = ["NA", "N/A", "NaN", "nan", "null"]

  /// So many times more gaps than numbers are taken for a mistake in a time.
  private static var greatestGapRatio: Int { 10 }

  init(path: String, fields: SeriesFields, irregularTimes: IrregularTimes) {
    self.path = path
    self.fields = fields
    self.irregularTimes = irregularTimes
  }

  mutating func add(_ row: Row) throws(CorpusError) {
    let id = if let field = fields.series { try text(row, field) } else { "" }
    let index = indices[id] ?? parts.count
    if index == parts.count {
      indices[id] = index
      parts.append(Part(id: id))
    }
    let time = try time(row)
    if let last = parts[index].rows.last { try follow(time, last.time, row) }
    var covariates: [Double?] = []
    for name in fields.covariates { covariates.append(try value(row, name)) }
    parts[index].rows.append(
      SeriesRow(
        time: time, line: Int32(clamping: row.line), value: try value(row, fields.target),
        covariates: covariates))
  }

  private mutating func follow(
    _ time: SeriesTime, _ last: SeriesTime, _ row: Row
  ) throws(CorpusError) {
    guard time.value > last.value else {
      let problem = time.value == last.value ? " again" : ""
      throw error(
        row.line, expected: "a time after \(last)", found: "\(time)\(problem)")
    }
    guard time.value - last.value < stepSize else { return }
    stepSize = time.value - last.value
    step = TimeStep(from: last, to: time)
  }

  private func time(_ row: Row) throws(CorpusError) -> SeriesTime {
    let text = try text(row, fields.time)
    let first = parts.first?.rows.first?.time
    guard let time = SeriesTime(text), first.map(time.isWritten(like:)) ?? true else {
      throw error(
        row.line, expected: first.map { "a time like \($0)" } ?? "a number or an ISO date",
        found: text.isEmpty ? "nothing" : "\"\(text)\"")
    }
    return time
  }

  private func value(_ row: Row, _ field: String) throws(CorpusError) -> Double? {
    let text = try text(row, field)
    if text.isEmpty || Self.gaps.contains(text) { return nil }
    guard let value = Double(text), value.isFinite else {
      throw CorpusError(
        .unexpectedValue(
          field: field, expected: "a finite number with a decimal point, or NA",
          found: "\"\(text)\""),
        path: path, line: row.line)
    }
    return value
  }

  private func text(_ row: Row, _ field: String) throws(CorpusError) -> String {
    let text = try row.label(of: field) ?? ""
    return text.first == " " || text.last == " " ? text.trimmingBlanks : text
  }

  private func error(_ line: Int, expected: String, found: String) -> CorpusError {
    CorpusError(
      .unexpectedValue(field: fields.time, expected: expected, found: found), path: path,
      line: line)
  }

  /// The number of rows of the longest series.
  var longestCount: Int { parts.map(\.rows.count).max() ?? 0 }

  /// The series, all with times at the smallest distance.
  mutating func series() throws(CorpusError) -> [TimeSeries] {
    if case .resample(let resampling) = irregularTimes {
      step = resampling.step
      for index in parts.indices {
        parts[index].rows = try resampled(parts[index].rows, resampling)
      }
    }
    guard let step else { return [] }
    var series: [TimeSeries] = []
    for part in parts { series.append(try self.series(part, step)) }
    return series
  }

  private func resampled(
    _ rows: [SeriesRow], _ resampling: Resampling
  ) throws(CorpusError) -> [SeriesRow] {
    if let first = rows.first, !first.time.isDate {
      throw error(
        Int(first.line), expected: "a date, which alone can be resampled", found: "\(first.time)")
    }
    return resampling.resampled(rows)
  }

  private func series(_ part: Part, _ step: TimeStep) throws(CorpusError) -> TimeSeries {
    let axis = part.axis(step)
    var rows: [SeriesRow?] = []
    let limit = part.rows.count * Self.greatestGapRatio + 1000
    for row in part.rows {
      let expected = axis.time(at: rows.count)
      guard let place = axis.index(of: row.time), place >= rows.count, place < limit else {
        throw error(
          Int(row.line), expected: "\(expected) (\(step) later)",
          found: "\(row.time)" + (row.time.isDate ? "; --resample makes equal distances" : ""))
      }
      guard place == rows.count || irregularTimes != .refuse else {
        throw error(
          Int(row.line), expected: "\(expected) (\(step) later)",
          found: "\(row.time); --fill takes missing times for gaps")
      }
      rows += Array(repeating: nil, count: place - rows.count) + [row]
    }
    return TimeSeries(
      id: part.id, axis: axis, values: values(of: rows), covariates: covariates(of: rows))
  }

  /// The numbers; those of the times to forecast are none.
  private func values(of rows: [SeriesRow?]) -> [Double?] {
    let values = rows.map { $0?.value }
    guard !fields.knownCovariates.isEmpty else { return values }
    let end = (values.lastIndex { $0 != nil } ?? -1) + 1
    return Array(values[..<end])
  }

  private func covariates(of rows: [SeriesRow?]) -> [String: [Double?]] {
    let columns = fields.covariates.enumerated().map { index, name in
      (name, rows.map { $0?.covariates[index] })
    }
    return Dictionary(columns) { first, _ in first }
  }
}

/// A row of a table of series.
struct SeriesRow {
  var time: SeriesTime
  var line: Int32
  var value: Double?
  /// In the order of the fields.
  var covariates: [Double?]
}

extension String {
  /// The text without blanks at both ends.
  fileprivate var trimmingBlanks: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
