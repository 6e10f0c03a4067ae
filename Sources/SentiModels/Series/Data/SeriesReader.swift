public import SentiCorpora

/// The series of a table.
///
///     let rows = try RowReader(ByteSource(path: "sales.csv"), format: .csv, textField: "y")
///     let table = try SeriesTable(rows, fields: SeriesFields())
///     table.series.map(\.id)
///
/// The rows of a series follow each other in time, at equal distances; those of several series may
/// alternate. An empty value, `NA`, `N/A`, `NaN`, `nan` and `null` are gaps. Where columns are known ahead, the
/// last rows of a series that have no number are the times to forecast, and say what is known of them.
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
  ///   - gaps: What is done about times that are missing or at other distances.
  /// - Throws: ``SeriesError/corpus(_:)``, which names the row, where a column is missing, a value is no
  ///   finite number, or a time is no time, not later than the one before, or at another distance.
  /// - Complexity: O(rows), in time and memory.
  public init(
    _ rows: RowReader, fields: SeriesFields, gaps: IrregularTimes = .refuse
  ) throws(SeriesError) {
    let fields = fields.resolved(in: rows.layout.names)
    var collector = SeriesCollector(path: rows.path, fields: fields, irregularTimes: gaps)
    do throws(CorpusError) {
      try fields.require(in: rows)
      for row in rows {
        let row = try row.get()
        if row.kind == .record { try collector.add(row) }
      }
      series = try collector.series()
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
