/// What a forecaster says of the times after a series.
public struct Forecast: Hashable, Sendable {
  /// The series.
  public let series: String
  /// The times of the forecasts.
  public let axis: TimeAxis
  /// The levels of the quantiles.
  public let levels: QuantileLevels
  /// The quantiles of each time, in the order of the levels.
  public let quantiles: [[Double]]

  /// The number of times.
  public var count: Int { quantiles.count }

  /// The medians.
  public var points: [Double] { quantiles.map { $0[levels.medianIndex] } }

  /// The interval of each time.
  ///
  /// - Parameter probability: The probability that each is to hold, one of
  ///   ``QuantileLevels/intervals``.
  /// - Returns: The lower and the upper ends; nil where the model has no such interval.
  public func interval(_ probability: Double) -> [ClosedRange<Double>]? {
    levels.ends(of: probability).map { ends in
      quantiles.map { $0[ends.lower]...$0[ends.upper] }
    }
  }
}
