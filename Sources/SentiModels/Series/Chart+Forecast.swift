extension Chart {
  /// The most past times of a chart.
  private static var pastLimit: Int { 120 }

  /// A chart of what is known of a series, and of its forecast.
  ///
  /// - Parameters:
  ///   - forecast: The forecast, which begins behind the series.
  ///   - series: The series; of a long one the end is drawn.
  ///   - probability: The probability that the interval around each point is to hold; nil: none is drawn.
  ///   - fields: The names of the fields.
  public init(
    _ forecast: Forecast, of series: TimeSeries, interval probability: Double?, fields: SeriesFields
  ) {
    let past = max(0, series.count - Self.pastLimit)..<series.count
    let times = past.map { "\(series.axis.time(at: $0))" }
    let next = (0..<forecast.count).map { "\(forecast.axis.time(at: $0))" }
    let ranges = probability.flatMap { forecast.interval($0) }
    let known = past.enumerated().map { Point(Double($0), series.values[$1] ?? .nan) }
    let points = forecast.points.enumerated().map { index, value in
      Point(Double(past.count + index), value, interval: ranges?[index])
    }
    let name = series.id.isEmpty ? fields.target : "\(fields.target) of \(series.id)"
    let last = forecast.points.last.map { ChartScale.number($0, digits: 2) } ?? ""
    self.init(
      "Forecast of \(name)", x: Axis(fields.time, categories: times + next),
      y: Axis(fields.target),
      series: [Series("known", .line, known), Series("forecast", .line, points)],
      alternative: "\(forecast.count) forecasts, the last of them \(last) at \(next.last ?? "")")
  }
}
