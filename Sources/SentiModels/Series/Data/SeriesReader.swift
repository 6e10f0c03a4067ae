public import SentiCorpora

/// The columns of a table of series, in the long format: a row for each series and time.
///
/// The defaults are those of the libraries of the field.
public struct SeriesFields: Hashable, Codable, Sendable {
  /// The column that says to which series a row belongs; nil: ``defaultSeries`` where there is one, and
  /// else all rows are one series.
  public var series: String?
  /// The column of the times.
  public var time: String
  /// The column of the numbers.
  public var target: String

  /// What the column of the series is called where nobody says.
  public static var defaultSeries: String { "unique_id" }

  /// Names columns.
  ///
  /// - Parameters:
  ///   - series: The column that says to which series a row belongs.
  ///   - time: The column of the times.
  ///   - target: The column of the numbers.
  public init(series: String? = nil, time: String = "ds", target: String = "y") {
    self.series = series
    self.time = time
    self.target = target
  }
}

extension SeriesFields {
  /// The columns, with the one of the series where the table has the usual one.
  fileprivate func resolved(in names: [String]) -> SeriesFields {
    var fields = self
    if series == nil && names.contains(Self.defaultSeries) { fields.series = Self.defaultSeries }
    return fields
  }

  /// Refuses a table that lacks a column; the message lists those that there are.
  fileprivate func require(in rows: RowReader) throws(CorpusError) {
    let names = rows.layout.names
    for name in [series, time, target].compactMap(\.self) where !names.contains(name) {
      throw CorpusError(
        .missingField(name: name, available: names), path: rows.path,
        line: rows.layout.header?.line)
    }
  }
}

/// The series of a table.
///
///     let rows = try RowReader(ByteSource(path: "sales.csv"), format: .csv, textField: "y")
///     let table = try SeriesTable(rows, fields: SeriesFields())
///     table.series.map(\.id)
///
/// The rows of a series follow each other in time, at equal distances; those of several series may
/// alternate. An empty value, `NA`, `N/A`, `NaN`, `nan` and `null` are gaps.
public struct SeriesTable: Sendable {
  /// The series, in the order of their first rows.
  public let series: [TimeSeries]
  /// The columns that were read; `series` is nil where all rows are one series.
  public let fields: SeriesFields
  /// The distance of all times.
  public let step: TimeStep

  /// Reads all series.
  ///
  /// - Parameters:
  ///   - rows: The rows, of which none has been read.
  ///   - fields: The columns.
  ///   - fillsGaps: Whether times that are missing are gaps; else they are an error.
  /// - Throws: ``SeriesError/corpus(_:)``, which names the row, where a column is missing, a value is no
  ///   finite number, or a time is no time, not later than the one before, or at another distance.
  /// - Complexity: O(rows), in time and memory.
  public init(
    _ rows: RowReader, fields: SeriesFields, fillsGaps: Bool = false
  ) throws(SeriesError) {
    let fields = fields.resolved(in: rows.layout.names)
    var collector = SeriesCollector(path: rows.path, fields: fields)
    do throws(CorpusError) {
      try fields.require(in: rows)
      for row in rows {
        let row = try row.get()
        if row.kind == .record { try collector.add(row) }
      }
      series = try collector.series(fillsGaps: fillsGaps)
    } catch {
      throw .corpus(error)
    }
    guard let step = collector.step else {
      throw .tooShort(series: "", expected: 2, found: collector.longestCount)
    }
    self.step = step
    self.fields = fields
  }
}

/// The series of a table while it is read.
private struct SeriesCollector {
  let path: String
  let fields: SeriesFields
  private var indices: [String: Int] = [:]
  private var parts: [Part] = []
  /// The smallest distance of two times, which is that of all unless some are missing.
  private(set) var step: TimeStep?
  private var stepSize = Double.infinity

  /// The rows of one series.
  private struct Part {
    let id: String
    var times: [SeriesTime] = []
    var values: [Double?] = []
    var lines: [Int32] = []

    func axis(_ step: TimeStep) -> TimeAxis {
      guard case .months = step else { return TimeAxis(start: times[0], step: step) }
      // The greatest day tells the 30th of each month from its last.
      let day = times.reduce(1) { max($0, $1.date.day) }
      return TimeAxis(start: times[0], step: step, monthDay: day)
    }
  }

  /// What stands for a missing number.
  private static let gaps: Set<String> = ["NA", "N/A", "NaN", "nan", "null"]

  /// So many times more gaps than numbers are taken for a mistake in a time.
  private static var greatestGapRatio: Int { 10 }

  init(path: String, fields: SeriesFields) {
    self.path = path
    self.fields = fields
  }

  mutating func add(_ row: Row) throws(CorpusError) {
    let id = if let field = fields.series { try text(row, field) } else { "" }
    let index = indices[id] ?? parts.count
    if index == parts.count {
      indices[id] = index
      parts.append(Part(id: id))
    }
    let time = try time(row)
    if let last = parts[index].times.last { try follow(time, last, row) }
    parts[index].times.append(time)
    parts[index].values.append(try value(row))
    parts[index].lines.append(Int32(clamping: row.line))
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
    let first = parts.first?.times.first
    guard let time = SeriesTime(text), first.map(time.isWritten(like:)) ?? true else {
      throw error(
        row.line, expected: first.map { "a time like \($0)" } ?? "a number or an ISO date",
        found: text.isEmpty ? "nothing" : "\"\(text)\"")
    }
    return time
  }

  private func value(_ row: Row) throws(CorpusError) -> Double? {
    let text = try text(row, fields.target)
    if text.isEmpty || Self.gaps.contains(text) { return nil }
    guard let value = Double(text), value.isFinite else {
      throw CorpusError(
        .unexpectedValue(
          field: fields.target, expected: "a finite number with a decimal point, or NA",
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
  var longestCount: Int { parts.map(\.times.count).max() ?? 0 }

  /// The series, all with times at the smallest distance.
  func series(fillsGaps: Bool) throws(CorpusError) -> [TimeSeries] {
    var series: [TimeSeries] = []
    guard let step else { return series }
    for part in parts { series.append(try self.series(part, step, fillsGaps: fillsGaps)) }
    return series
  }

  private func series(
    _ part: Part, _ step: TimeStep, fillsGaps: Bool
  ) throws(CorpusError) -> TimeSeries {
    let axis = part.axis(step)
    var values: [Double?] = []
    let limit = part.times.count * Self.greatestGapRatio + 1000
    for (index, time) in part.times.enumerated() {
      let line = Int(part.lines[index])
      let expected = axis.time(at: values.count)
      guard let place = axis.index(of: time), place >= values.count, place < limit else {
        throw error(line, expected: "\(expected) (\(step) later)", found: "\(time)")
      }
      guard place == values.count || fillsGaps else {
        throw error(
          line, expected: "\(expected) (\(step) later)",
          found: "\(time); --fill takes missing times for gaps")
      }
      values += Array(repeating: nil, count: place - values.count) + [part.values[index]]
    }
    return TimeSeries(id: part.id, axis: axis, values: values)
  }
}

extension String {
  /// The text without blanks at both ends.
  fileprivate var trimmingBlanks: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
