public import ArgumentParser
import SentiCorpora
public import SentiModels

/// The series that a verb reads.
struct SeriesOptions: ParsableArguments {
  @Argument(
    help: "A table with a row for each series and time; - is standard input.", completion: .file())
  var data: String

  @Option(
    help: .name(
      "The column of the series' names (default: the model's, or unique_id where there is one)."))
  var series: String?

  @Option(help: .name("The column of the times (default: that of the model, or ds)."))
  var time: String?

  @Option(help: .name("The column of the numbers (default: that of the model, or y)."))
  var target: String?

  @Flag(help: "Take times that are missing for gaps.")
  var fill = false

  @Option(
    help: .name(
      "Make one number of all of each hour, day, week, month, quarter or year; gaps where none is.")
  )
  var resample: Resampling.Period?

  @Option(
    help: .name(
      "How --resample makes one number of several; those of other columns become their mean."))
  var aggregate = Resampling.Aggregate.mean

  @Option(help: .delimiter)
  var delimiter: Delimiter?

  @Option(help: .encoding)
  var encoding = TextEncoding.auto

  /// What help says of the format.
  static let format = """
    A table is CSV, TSV or JSON Lines with a row for each series and time. Times are numbers or ISO \
    dates, with or without a time of day, in order and equally far apart; those without a zone are of \
    a clock that is never changed. An empty number or NA is a gap.
    """

  /// Reads all series.
  ///
  /// - Parameter fields: The columns where others are not given.
  /// - Returns: The series.
  /// - Throws: A `SeriesError`, which names the row.
  func table(_ fields: SeriesFields = SeriesFields()) throws -> SeriesTable {
    var fields = fields
    fields.series = series ?? fields.series
    fields.time = time ?? fields.time
    fields.target = target ?? fields.target
    let rows = try RowReader(
      .argument(data, encoding: encoding), format: CorpusFormat(extensionOf: data),
      delimiter: delimiter?.byte, textField: fields.target)
    // A model of many series also forecasts a file of one, which need not be named.
    if series == nil, let name = fields.series, !rows.layout.names.contains(name) {
      fields.series = nil
    }
    return try SeriesTable(rows, fields: fields, gaps: irregularTimes)
  }

  private var irregularTimes: IrregularTimes {
    if let resample { return .resample(Resampling(resample, aggregate: aggregate)) }
    return fill ? .fill : .refuse
  }

  /// Warns of series that are left out.
  func warn(_ errors: [SeriesError]) {
    for error in errors.prefix(Self.warningLimit) {
      Diagnostics.warn("\(data): \(error); left out")
    }
    let rest = errors.count - Self.warningLimit
    if rest > 0 { Diagnostics.warn("\(data): \(Columns.grouped(rest)) more series left out") }
  }

  private static let warningLimit = 10
}

extension ForecastBase: ExpressibleByArgument {}
extension ForecastScaling: ExpressibleByArgument {}
extension ValueTransform: ExpressibleByArgument {}
extension Resampling.Period: ExpressibleByArgument {}
extension Resampling.Aggregate: ExpressibleByArgument {}
