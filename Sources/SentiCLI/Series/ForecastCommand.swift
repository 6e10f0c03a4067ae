import ArgumentParser
import SentiCorpora
import SentiModels

/// `senti forecast`: what follows each series.
struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Forecast what follows series of numbers, with intervals.",
    discussion: """
      \(SeriesOptions.format)

      Writes a row for each series and forecast time: the median as forecast, and the ends of each \
      interval as lo-80 and hi-80. Forecasts beyond the model's own horizon are fed back to it. On a \
      terminal each series is also drawn: the last numbers, a bar, the forecast. With --plot the first \
      series, its forecast and the first interval are drawn into an SVG file.

      Examples:
        senti forecast temps.csv -m temps.safetensors --horizon 30 > next.csv
        senti forecast sales.jsonl -m sales.safetensors --interval 0.8 --interval 0.95
      """)

  @OptionGroup var series: SeriesOptions
  @OptionGroup var model: GenerationModelOptions

  @Option(help: .count("The number of times to forecast (default: the model's own)."))
  var horizon: Int?

  @Option(
    help: .fraction("The probability that an interval is to hold; may be given many times."))
  var interval: [Double] = [0.8]

  @Option(
    help: .file("The chart of the first series to write."), completion: .file(extensions: ["svg"]))
  var plot: String?

  @Flag(help: "Replace the chart if it exists.")
  var force = false

  @Option(help: "The output format (default: text on a terminal, else csv).")
  var format: OutputFormat?

  func validate() throws {
    guard (horizon ?? 1) > 0 else { throw ValidationError("Expected --horizon of 1 or more.") }
  }

  func run() throws {
    if let plot { try OutputFile.requireFree(plot, replacing: force) }
    let forecaster = try Forecaster(contentsOf: model.model)
    try Self.check(interval, of: forecaster)
    let table = try series.table(forecaster.fields)
    let forecasts = try forecaster.forecasts(
      of: table.series, horizon: horizon, threadCount: model.threadCount)
    if let plot, let series = table.series.first, let forecast = forecasts.first {
      let chart = Chart(forecast, of: series, interval: interval.first, fields: table.fields)
      try AtomicFile.write(Array(chart.svgFile.utf8), to: plot, overwrite: force)
    }
    let format = format ?? (Terminal.standardOutput.isTerminal ? .text : .csv)
    guard format != .text else { return try draw(table, forecasts) }
    let columns = ForecastColumns(table.fields, intervals: interval)
    var output = RecordOutput(format, columns: columns.names)
    for forecast in forecasts {
      for members in columns.rows(of: forecast) { try output.write(members) }
    }
    try output.finish()
  }

  /// Refuses intervals that a model does not have.
  static func check(_ intervals: [Double], of forecaster: Forecaster) throws(Failure) {
    let levels = forecaster.network.configuration.levels
    for interval in intervals where levels.ends(of: interval) == nil {
      let known = levels.intervals.map { "\($0)" }.joined(separator: ", ")
      throw Failure("--interval: expected one of \(known), found \(interval)", .usage)
    }
  }

  private func draw(_ table: SeriesTable, _ forecasts: [Forecast]) throws {
    var output = Output()
    let columns = ForecastColumns(table.fields, intervals: interval)
    for (series, forecast) in zip(table.series, forecasts) {
      let name = series.id.isEmpty ? "" : series.id + "  "
      let room = max(8, min(Terminal.standardOutput.columnCount, 100) - name.count - 3)
      try output.writeLine(
        name + Sparkline.text(series.values, forecast: forecast.points, columnCount: room))
      try output.write(columns.table(of: forecast))
    }
    try output.flush()
  }
}

/// The columns of forecasts: those that were read, the median, and the ends of intervals.
struct ForecastColumns {
  private let fields: SeriesFields
  private let intervals: [Double]
  private static let point = "forecast"

  init(_ fields: SeriesFields, intervals: [Double]) {
    self.fields = fields
    self.intervals = intervals
  }

  /// The names, in order.
  var names: [String] {
    [fields.series, fields.time, Self.point].compactMap(\.self)
      + intervals.flatMap { ["lo-\(Self.percent($0))", "hi-\(Self.percent($0))"] }
  }

  /// A row for each time.
  func rows(of forecast: Forecast) -> [[JSONValue.Member]] {
    let ranges = intervals.map { forecast.interval($0) ?? [] }
    return forecast.points.enumerated().map { index, point in
      let time = forecast.axis.time(at: index)
      var values: [JSONValue] = [
        time.isDate ? .string("\(time)") : .encoded("\(time)"), .number(point),
      ]
      if fields.series != nil { values.insert(.string(forecast.series), at: 0) }
      for range in ranges {
        values += [.number(range[index].lowerBound), .number(range[index].upperBound)]
      }
      return zip(names, values).map { JSONValue.Member(name: $0, value: $1) }
    }
  }

  /// Lines for people.
  func table(of forecast: Forecast) -> String {
    let ranges = intervals.map { forecast.interval($0) ?? [] }
    let header = [names.filter { $0 != fields.series }]
    let rows = forecast.points.enumerated().map { index, point in
      ["\(forecast.axis.time(at: index))", Self.short(point)]
        + ranges.flatMap { [Self.short($0[index].lowerBound), Self.short($0[index].upperBound)] }
    }
    return Columns.aligned(header + rows)
  }

  /// A number with some four digits.
  static func short(_ value: Double) -> String {
    let digits = value.magnitude >= 1000 ? 0 : value.magnitude >= 100 ? 1 : 2
    return Columns.fixed(value, digits: value.magnitude >= 1 || value == 0 ? digits : 4)
  }

  static func percent(_ probability: Double) -> String {
    let tenths = Int((probability * 1000).rounded())
    return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
