internal import SentiCorpora

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
  // Optional, because files from before have neither.
  private var past: [String]?
  private var known: [String]?

  /// Columns of numbers that are known of past times alone.
  public var pastCovariates: [String] {
    get { past ?? [] }
    set { past = newValue.isEmpty ? nil : newValue }
  }

  /// Columns of numbers that are also known of the times that are forecast.
  public var knownCovariates: [String] {
    get { known ?? [] }
    set { known = newValue.isEmpty ? nil : newValue }
  }

  /// All columns beside the numbers to forecast.
  var covariates: [String] { pastCovariates + knownCovariates }

  /// The most columns that are read beside the numbers.
  public static var covariateLimit: Int { 256 }

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
  func resolved(in names: [String]) -> SeriesFields {
    var fields = self
    if series == nil && names.contains(Self.defaultSeries) { fields.series = Self.defaultSeries }
    return fields
  }

  /// Refuses a table that lacks a column; the message lists those that there are.
  func require(in rows: RowReader) throws(CorpusError) {
    let names = rows.layout.names
    for name in [series, time, target].compactMap(\.self) + covariates where !names.contains(name) {
      throw CorpusError(
        .missingField(name: name, available: names), path: rows.path,
        line: rows.layout.header?.line)
    }
  }
}
