internal import Glibc
public import SentiTensor

/// What a forecaster's net corrects: the forecast that it begins with, and that it has where it says 0.
public enum ForecastBase: String, CaseIterable, Codable, Hashable, Sendable {
  /// The last number.
  case naive
  /// The number of one season before.
  case seasonalNaive = "seasonal-naive"
}

/// By what the numbers that a net reads are brought to the same size; of the past alone.
public enum ForecastScaling: String, CaseIterable, Codable, Hashable, Sendable {
  /// Mean and deviation of the window, which follow a trend.
  case window
  /// Mean and deviation of all numbers before the forecast, which keep the level of a window.
  case series
}

/// What numbers are turned into before they are read, and back again after they are forecast.
public enum ValueTransform: String, CaseIterable, Codable, Hashable, Sendable {
  /// They stay as they are.
  case none
  /// log(1 + y), for numbers of 0 or more that grow by factors or have rare peaks.
  case log

  func apply(_ value: Double) -> Double { self == .log ? log1p(value) : value }

  /// The number again; never below 0 where it cannot have been.
  func invert(_ value: Double) -> Double { self == .log ? max(0, expm1(value)) : value }
}

/// A column of numbers that is read to forecast others.
public struct Covariate: Hashable, Codable, Sendable {
  /// The column's name.
  public let name: String
  /// Whether it is known of the times that are forecast, as a holiday is and the weather is not.
  public let isKnownAhead: Bool
  /// What it is brought to the same size by: mean and deviation of what the training saw.
  let center: Double
  let deviation: Double

  /// The numbers of a time that are read of each: the scaled number, and whether it is there.
  static var featureCount: Int { 2 }

  /// The scaled number.
  func scaled(_ value: Double) -> Double { (value - center) / deviation }

  /// A covariate that is scaled by the first numbers of each series.
  ///
  /// - Parameters:
  ///   - name: The column's name.
  ///   - isKnownAhead: Whether it is known of the times that are forecast.
  ///   - series: Series that have it.
  ///   - counts: How many of the first times of each series are looked at.
  init(_ name: String, isKnownAhead: Bool, of series: [TimeSeries], counts: [Int]) {
    let values = zip(series, counts).flatMap { series, count in
      series.covariate(name).prefix(count).compactMap(\.self)
    }
    let count = Double(max(values.count, 1))
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    self.name = name
    self.isKnownAhead = isKnownAhead
    center = mean
    deviation = variance > 0 ? variance.squareRoot() : 1
  }
}

/// The shape of a forecaster's net, and how numbers enter and leave it.
public struct ForecasterConfiguration: Hashable, Codable, Sendable {
  /// The number of past times that are read, W.
  public var windowSize: Int
  /// The number of times that one reading forecasts; forecasts farther ahead are fed back.
  public var horizon: Int
  /// The number of steps of a season; 1: none.
  public var season = 1
  /// What the net corrects.
  public var base = ForecastBase.naive
  /// By what numbers are brought to the same size.
  public var scaling = ForecastScaling.window
  /// What numbers are turned into.
  public var transform = ValueTransform.none
  /// What of the calendar is read.
  public var calendar: [CalendarFeature] = []
  /// The quantiles that are forecast.
  public var levels = QuantileLevels.usual
  /// How many of the last numbers the output layer also reads directly, at most W: the linear part.
  ///
  /// - SeeAlso: Lai et al. 2018, <https://arxiv.org/abs/1703.07015>.
  public var lagCount = 0
  /// The recurrent cell.
  public var cell = CellConfiguration.gru
  /// The number of hidden units, H.
  public var hiddenSize = 32
  /// The number of recurrent layers, L.
  public var layerCount = 1
  /// The number of series with a vector of their own; 0: none have.
  public var seriesCount = 0
  /// The width of such a vector, E.
  public var embeddingSize = 0
  // Optional, because files from before have neither.
  private var members: Int?
  private var columns: [Covariate]?

  /// Describes a net that corrects the last number.
  ///
  /// - Parameters:
  ///   - windowSize: The number of past times that are read.
  ///   - horizon: The number of times that one reading forecasts.
  public init(windowSize: Int, horizon: Int) {
    self.windowSize = windowSize
    self.horizon = horizon
  }

  /// The number of nets whose outputs are averaged, M.
  public var memberCount: Int {
    get { members ?? 1 }
    set { members = newValue == 1 ? nil : newValue }
  }

  /// The columns that are read beside the numbers.
  public var covariates: [Covariate] {
    get { columns ?? [] }
    set { columns = newValue.isEmpty ? nil : newValue }
  }

  /// The numbers of a time that are read beside the calendar: the number itself, whether it is there,
  /// and what the base missed at it.
  static var valueFeatureCount: Int { 3 }

  /// The width of a time without the series' vector.
  var featureCount: Int {
    Self.valueFeatureCount + 2 * calendar.count + Covariate.featureCount * covariates.count
  }

  /// The numbers that the output layer reads beside the state, D: lags, and what is known of each step.
  var directCount: Int { lagCount + horizon * covariates.count(where: \.isKnownAhead) }

  /// Whether series have vectors.
  var embedsSeries: Bool { seriesCount > 0 && embeddingSize > 0 }

  /// The width of what the recurrent layers read, I.
  var inputSize: Int { featureCount + (embedsSeries ? embeddingSize : 0) }

  /// The width of the output, horizon · Q.
  var outputSize: Int { horizon * levels.count }

  /// The number of times that must be there before a forecast.
  public var neededCount: Int { base == .seasonalNaive ? max(windowSize, season) : windowSize }
}
