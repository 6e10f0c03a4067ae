internal import SentiRNN
public import SentiTensor

/// A net that forecasts series of numbers, with intervals.
///
///     let forecaster = try Forecaster(contentsOf: "temperatures.safetensors")
///     let forecast = try forecaster.forecast(series, horizon: 30)
///     print(forecast.points, forecast.interval(0.8) ?? [])
///
/// It reads the last times of a series, which may be one that it was not trained on, and corrects a naive
/// or seasonal naive forecast of those that follow. See <doc:Forecasting>.
public struct Forecaster: Sendable {
  /// The net.
  public let network: ForecasterNetwork
  /// Its parameters.
  public let parameters: Parameters<Float>
  /// The distance of the times that it was trained on.
  public let step: TimeStep
  /// The series with vectors of their own, in the order of the vectors; empty: none have.
  public let seriesIDs: [String]
  /// The columns that it was trained on.
  public var fields = SeriesFields()
  /// The number of last times of each series that its training did not see.
  public var heldOutCount = 0
  /// What people should know of the model.
  public var card = ModelCard()

  let correction: ConformalCorrection
  private let seriesIndices: [String: Int32]

  init(
    _ network: ForecasterNetwork, parameters: Parameters<Float>, step: TimeStep,
    seriesIDs: [String], correction: ConformalCorrection
  ) {
    let shape = network.configuration
    precondition(
      parameters.layout == network.layout && correction.widths.count == shape.horizon
        && seriesIDs.count == (shape.embedsSeries ? shape.seriesCount : 0),
      "\(seriesIDs.count) series and \(correction.widths.count) corrections for \(shape)")
    self.network = network
    self.parameters = parameters
    self.step = step
    self.seriesIDs = seriesIDs
    self.correction = correction
    let numbered = seriesIDs.enumerated().map { ($1, Int32($0)) }
    seriesIndices = Dictionary(numbered) { first, _ in first }
  }

  /// How many steps ahead one reading forecasts.
  public var horizon: Int { network.configuration.horizon }

  // MARK: Forecasts

  /// Forecasts what follows a series.
  ///
  /// - Parameters:
  ///   - series: The series until now.
  ///   - horizon: How many times to forecast; those beyond ``horizon`` are fed back. nil: ``horizon``.
  /// - Returns: The forecast.
  /// - Throws: ``SeriesError``, where the series is too short, has other times than those of the training,
  ///   holds nothing, or lacks a covariate of its past or of the times that are forecast.
  public func forecast(
    _ series: TimeSeries, horizon: Int? = nil
  ) throws(SeriesError) -> Forecast {
    try forecasts(of: [series], horizon: horizon)[0]
  }

  /// Forecasts what follows each of some series.
  ///
  /// - Parameters:
  ///   - series: The series until now.
  ///   - horizon: How many times to forecast; nil: ``horizon``.
  ///   - threadCount: The number of threads; the forecasts do not depend on it.
  /// - Returns: A forecast for each series.
  /// - Throws: ``SeriesError`` of the first series that cannot be forecast.
  public func forecasts(
    of series: [TimeSeries], horizon: Int? = nil, threadCount: Int = 1
  ) throws(SeriesError) -> [Forecast] {
    var origins: [ForecastOrigin] = []
    for series in series {
      origins.append(ForecastOrigin(try prepared(series), series.axis, series.count))
      try requireKnownAhead(of: series, count: series.count + (horizon ?? self.horizon))
    }
    return forecasts(
      from: origins, of: series.map(\.id), horizon: horizon ?? self.horizon,
      threadCount: threadCount)
  }

  /// Forecasts a series from several of its times on, each time as if what follows were not known.
  ///
  /// - Parameters:
  ///   - series: The series.
  ///   - origins: The indices of the first times that are forecast, at least
  ///     ``ForecasterConfiguration/neededCount``.
  ///   - horizon: How many times to forecast.
  ///   - threadCount: The number of threads; the forecasts do not depend on it.
  /// - Returns: A forecast for each origin.
  /// - Throws: ``SeriesError``, where the series before the first origin cannot be forecast.
  public func rollingForecasts(
    of series: TimeSeries, from origins: [Int], horizon: Int, threadCount: Int = 1
  ) throws(SeriesError) -> [Forecast] {
    precondition(
      origins.allSatisfy { $0 >= 0 && $0 <= series.count }, "origins \(origins) of \(series.count)")
    try requireForecastable(series.dropLast(series.count - (origins.min() ?? 0)))
    try requireKnownAhead(of: series, count: min(series.count, (origins.max() ?? 0) + horizon))
    let prepared = try prepared(series)
    return forecasts(
      from: origins.map { ForecastOrigin(prepared, series.axis, $0) },
      of: origins.map { _ in series.id }, horizon: horizon, threadCount: threadCount)
  }

  private func prepared(_ series: TimeSeries) throws(SeriesError) -> PreparedSeries {
    try requireForecastable(series)
    return PreparedSeries(
      series, network.configuration, embeddingIndex: seriesIndices[series.id])
  }

  private func requireForecastable(_ series: TimeSeries) throws(SeriesError) {
    let shape = network.configuration
    guard series.axis.step == step else {
      throw .otherStep(series: series.id, expected: step, found: series.axis.step)
    }
    guard series.count >= shape.neededCount else {
      throw .tooShort(series: series.id, expected: shape.neededCount, found: series.count)
    }
    try series.requireValues(for: shape.transform)
    for column in shape.covariates where series.covariates[column.name] == nil {
      throw .noCovariate(series: series.id, name: column.name)
    }
  }

  /// Refuses a series without what must be known of the times that are forecast.
  private func requireKnownAhead(of series: TimeSeries, count: Int) throws(SeriesError) {
    for column in network.configuration.covariates where column.isKnownAhead {
      let values = series.covariate(column.name)
      if values.count < count {
        throw .unknownCovariate(
          series: series.id, name: column.name, time: series.axis.time(at: values.count))
      }
    }
  }

  /// Where a forecast begins.
  private struct ForecastOrigin {
    var series: PreparedSeries
    let axis: TimeAxis
    var index: Int

    init(_ series: PreparedSeries, _ axis: TimeAxis, _ index: Int) {
      (self.series, self.axis, self.index) = (series, axis, index)
    }
  }

  private func forecasts(
    from origins: [ForecastOrigin], of ids: [String], horizon: Int, threadCount: Int
  ) -> [Forecast] {
    precondition(horizon > 0, "a horizon of \(horizon)")
    var current = origins
    var steps = origins.map { _ in [[Double]]() }
    while steps.contains(where: { $0.count < horizon }) {
      let windows = read(current, threadCount: threadCount)
      for index in current.indices {
        let block = transformedQuantiles(windows[index], widenedBy: steps[index].last)
        steps[index] += block.prefix(horizon - steps[index].count)
        if steps[index].count < horizon { current[index] = fedBack(current[index], block) }
      }
    }
    let (shape, transform) = (network.configuration, network.configuration.transform)
    return origins.indices.map { index in
      Forecast(
        series: ids[index], axis: origins[index].axis.advanced(by: origins[index].index),
        levels: shape.levels, quantiles: steps[index].map { $0.map(transform.invert) })
    }
  }

  private func read(_ origins: [ForecastOrigin], threadCount: Int) -> [WindowQuantiles] {
    let task = ForecasterTask(
      network: network, series: origins.map(\.series), dropout: Dropout(rate: 0))
    let examples = origins.enumerated().map { index, origin in
      ForecasterExample(
        series: index, origin: origin.index, outputCount: 1, end: origin.index)
    }
    return task.quantiles(of: examples, parameters: parameters, threadCount: threadCount)
  }

  /// The quantiles of all steps of a window, in transformed numbers.
  ///
  /// - Parameters:
  ///   - window: What the net says.
  ///   - last: The last quantiles that were fed back, whose spread is added as if it did not depend on
  ///     that of this window; nil: none were.
  /// - Returns: The quantiles of each step, in order.
  private func transformedQuantiles(
    _ window: WindowQuantiles, widenedBy last: [Double]?
  ) -> [[Double]] {
    let middle = network.configuration.levels.medianIndex
    return window.steps.enumerated().map { index, step in
      let distances = correction.corrected(step.distances, step: index)
      let median = step.base + window.scale * distances[middle]
      return distances.enumerated().map { level, distance in
        let own = window.scale * (distance - distances[middle])
        let before = last.map { $0[level] - $0[middle] } ?? 0
        let spread = last == nil ? own.magnitude : (own * own + before * before).squareRoot()
        return level < middle ? median - spread : median + spread
      }
    }
  }

  /// A series that goes on with the medians of a forecast.
  private func fedBack(_ origin: ForecastOrigin, _ quantiles: [[Double]]) -> ForecastOrigin {
    let shape = network.configuration
    let medians = quantiles.map { $0[shape.levels.medianIndex] }
    let series = origin.series.continued(
      with: medians, from: origin.index, axis: origin.axis, shape)
    return ForecastOrigin(series, origin.axis, origin.index + medians.count)
  }
}

extension TimeSeries {
  /// Refuses a series without numbers, or with numbers that cannot be transformed.
  func requireValues(for transform: ValueTransform) throws(SeriesError) {
    guard values.contains(where: { $0 != nil }) else { throw .noValues(series: id) }
    guard transform == .log, let value = values.compactMap(\.self).first(where: { $0 < 0 }) else {
      return
    }
    throw .negative(series: id, value: value)
  }
}
