import SentiModels
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@testable import SentiModels

/// Generated series and small nets for tests.
enum SeriesProblem {
  /// Months of a pattern of four with a trend and some noise; every seventeenth is missing.
  static func monthly(_ count: Int, seed: UInt64 = 1, id: String = "") -> TimeSeries {
    var generator = SeededGenerator(seed: seed)
    let values = (0..<count).map { index -> Double? in
      let value = 50 + Double(index) / 5 + [8.0, -3, 4, -9][index % 4] + generator.normal()
      return index % 17 == 5 ? nil : value
    }
    return TimeSeries(id: id, axis: months, values: values)
  }

  /// A wave of 10 steps, without noise.
  static func wave(_ count: Int, from start: Int = 0, id: String = "") -> TimeSeries {
    let pattern = [0.0, 5.9, 9.5, 9.5, 5.9, 0, -5.9, -9.5, -9.5, -5.9]
    return TimeSeries(
      id: id, axis: TimeAxis(start: SeriesTime(number: 0), step: .number(1)),
      values: (0..<count).map { pattern[(start + $0) % 10] })
  }

  /// The series with a column of its past, one of whose numbers is missing, and one known ahead.
  static func withCovariates(_ series: TimeSeries, ahead: Int = 0) -> TimeSeries {
    let past = (0..<series.count).map { $0 == 7 ? nil : Double($0 % 5) }
    let known = (0..<series.count + ahead).map { Double?($0 % 3 == 0 ? 1 : 0) }
    return TimeSeries(
      id: series.id, axis: series.axis, values: series.values,
      covariates: ["past": past, "known": known])
  }

  private static var months: TimeAxis {
    guard let start = SeriesTime("2001-03") else { preconditionFailure("a month") }
    return TimeAxis(start: start, step: .months(1))
  }

  /// A net of a few units.
  static func configuration(windowSize: Int = 6, horizon: Int = 3) -> ForecasterConfiguration {
    var shape = ForecasterConfiguration(windowSize: windowSize, horizon: horizon)
    shape.season = 4
    shape.base = .seasonalNaive
    shape.calendar = [.month]
    shape.levels = QuantileLevels([0.1, 0.5, 0.9])
    shape.lagCount = 2
    shape.hiddenSize = 4
    return shape
  }

  /// Options of a training that takes some milliseconds an epoch, also in a debug build.
  static func options(epochs: Int, horizon: Int = 3) -> ForecasterTrainingOptions {
    var options = ForecasterTrainingOptions()
    options.horizon = horizon
    options.windowSize = 8
    options.levels = QuantileLevels([0.1, 0.5, 0.9])
    options.lagCount = 2
    options.hiddenSize = 8
    options.outputCount = 4
    options.memberCount = 1
    options.minimumStepCount = nil
    options.dropout = 0
    options.settings.epochCount = epochs
    options.settings.tokenBudget = 80
    options.settings.learningRate = 0.02
    options.settings.averagingDecay = nil
    options.settings.threadCount = 2
    return options
  }

  /// Trains to the end.
  static func trained(
    _ series: [TimeSeries], _ options: ForecasterTrainingOptions
  ) throws -> ForecasterTraining {
    var training = try ForecasterTraining(series, options: options)
    while !training.isFinished { _ = try training.runEpoch { _ in true } }
    return training
  }

  /// A forecaster with parameters of a shape, fresh ones where none are given.
  static func forecaster(
    _ shape: ForecasterConfiguration, _ parameters: Parameters<Float>? = nil,
    step: TimeStep = .months(1)
  ) -> Forecaster {
    let network = ForecasterNetwork(shape)
    return Forecaster(
      network, parameters: parameters ?? network.initialParameters(seed: 1), step: step,
      seriesIDs: [], correction: ConformalCorrection(horizon: shape.horizon, levels: shape.levels))
  }

  /// A forecaster with parameters that were drawn, so that it forecasts something else than its base.
  static func drawn(_ shape: ForecasterConfiguration, step: TimeStep = .months(1)) -> Forecaster {
    var generator = SeededGenerator(seed: 4)
    let layout = ForecasterNetwork(shape).layout
    return forecaster(shape, generator.parameters(layout, deviation: 0.3), step: step)
  }
}
