/// A series as a forecaster's net reads it: transformed, with calendar and mask.
struct PreparedSeries: Sendable {
  /// The series' vector; nil where it has none.
  let embeddingIndex: Int32?
  /// The transformed numbers; 0 at gaps.
  private let values: [Double]
  private let isObserved: [Bool]
  /// The calendar of all times, one after the other.
  private let calendar: [Double]
  /// The covariates, in the order of the configuration.
  private let covariates: [Column]
  /// For each index the last one before it that is no gap; -1: none.
  private let lastObserved: [Int32]
  /// Sums over all numbers before each index.
  private let sums: [Sums]
  /// What is taken off the numbers in sums, so that squares lose no digits to their level.
  private let offset: Double
  private let season: Int
  private let base: ForecastBase

  /// A covariate: scaled numbers, nil where one is missing.
  struct Column: Sendable {
    let isKnownAhead: Bool
    let values: [Double?]

    subscript(index: Int) -> Double? { index < values.count ? values[index] : nil }

    func prefix(_ count: Int) -> Column {
      Column(isKnownAhead: isKnownAhead, values: Array(values.prefix(count)))
    }
  }

  private struct Sums {
    var count = 0.0
    var sum = 0.0
    var squares = 0.0

    mutating func add(_ value: Double) {
      count += 1
      sum += value
      squares += value * value
    }

    /// Mean and deviation since earlier sums; nil of fewer than two numbers, or of equal ones.
    func scale(since other: Sums = Sums()) -> WindowScale? {
      let count = count - other.count
      guard count >= 2 else { return nil }
      let mean = (sum - other.sum) / count
      let square = (squares - other.squares) / count
      let variance = square - mean * mean
      // What is left of rounding is no deviation.
      guard variance > 1e-12 * square else { return nil }
      return WindowScale(center: mean, deviation: variance.squareRoot())
    }
  }

  init(
    _ series: TimeSeries, _ configuration: ForecasterConfiguration, embeddingIndex: Int32? = nil
  ) {
    let columns = configuration.covariates.map { covariate in
      Column(
        isKnownAhead: covariate.isKnownAhead,
        values: series.covariate(covariate.name).map { $0.map(covariate.scaled) })
    }
    self.init(
      series.values.map { $0.map(configuration.transform.apply) }, axis: series.axis,
      configuration, covariates: columns, embeddingIndex: embeddingIndex)
  }

  /// Prepares numbers that are transformed.
  init(
    _ values: [Double?], axis: TimeAxis, _ configuration: ForecasterConfiguration,
    covariates: [Column], embeddingIndex: Int32?
  ) {
    self.embeddingIndex = embeddingIndex
    self.covariates = covariates
    season = configuration.season
    base = configuration.base
    self.values = values.map { $0 ?? 0 }
    isObserved = values.map { $0 != nil }
    let features = configuration.calendar
    calendar =
      features.isEmpty
      ? []
      : values.indices.flatMap { index in
        let time = axis.time(at: index)
        return features.flatMap { $0.values(at: time) }
      }
    let offset = values.compactMap(\.self).first ?? 0
    var (last, lasts, sum, sums) = (Int32(-1), [Int32](), Sums(), [Sums()])
    for (index, value) in values.enumerated() {
      lasts.append(last)
      if let value {
        last = Int32(index)
        sum.add(value - offset)
      }
      sums.append(sum)
    }
    lastObserved = lasts + [last]
    self.sums = sums
    self.offset = offset
  }

  /// The number of times.
  var count: Int { values.count }

  /// The transformed number at an index; nil at a gap.
  subscript(index: Int) -> Double? { isObserved[index] ? values[index] : nil }

  /// The series until an origin, then numbers that were forecast; of columns that are not known ahead
  /// nothing is known from the origin on.
  ///
  /// - Parameters:
  ///   - forecasts: Transformed numbers.
  ///   - origin: The index of the first of them.
  ///   - axis: The times.
  ///   - configuration: The net's shape.
  /// - Returns: The longer series.
  func continued(
    with forecasts: [Double], from origin: Int, axis: TimeAxis,
    _ configuration: ForecasterConfiguration
  ) -> PreparedSeries {
    PreparedSeries(
      (0..<origin).map { self[$0] } + forecasts, axis: axis, configuration,
      covariates: covariates.map { $0.isKnownAhead ? $0 : $0.prefix(origin) },
      embeddingIndex: embeddingIndex)
  }

  /// Whether there is a number before an index.
  func hasValue(before index: Int) -> Bool { lastObserved[index] >= 0 }

  /// How many of some times are no gaps.
  func observedCount(_ range: Range<Int>) -> Int {
    Int(sums[range.upperBound].count - sums[range.lowerBound].count)
  }

  /// What the base forecasts for an index from an origin on.
  ///
  /// - Precondition: There is a number before the origin.
  func base(at index: Int, from origin: Int) -> Double {
    let last = values[Int(lastObserved[origin])]
    guard base == .seasonalNaive else { return last }
    var place = index - season * ((index - origin) / season + 1)
    while place >= 0 {
      if isObserved[place] { return values[place] }
      place -= season
    }
    return last
  }

  /// Mean and deviation of the numbers before an origin.
  ///
  /// A window without two different numbers has those of all; where these are equal too the deviation is
  /// 0, and the forecast is that of the base.
  func scale(_ scaling: ForecastScaling, window: Range<Int>) -> WindowScale {
    let (before, start) = (sums[window.upperBound], sums[window.lowerBound])
    let own = scaling == .window ? before.scale(since: start) : nil
    guard var scale = own ?? before.scale() else {
      return WindowScale(center: 0, deviation: 0)
    }
    scale.center += offset
    return scale
  }

  /// Appends what a net reads of a time.
  func appendFeatures<Scalar: BinaryFloatingPoint>(
    at index: Int, _ scale: WindowScale, to row: inout [Scalar]
  ) {
    let isThere = isObserved[index] && scale.deviation > 0
    row.append(isThere ? Scalar(scale.scaled(values[index])) : 0)
    row.append(isObserved[index] ? 1 : 0)
    let isMissed = isThere && hasValue(before: index)
    row.append(
      isMissed ? Scalar((values[index] - base(at: index, from: index)) / scale.deviation) : 0)
    let width = calendar.count / count
    for value in calendar[index * width..<(index + 1) * width] { row.append(Scalar(value)) }
    for column in covariates {
      row.append(Scalar(column[index] ?? 0))
      row.append(column[index] == nil ? 0 : 1)
    }
  }

  /// Appends what is known ahead of the times from an origin on, for each of them all covariates.
  func appendKnownAhead<Scalar: BinaryFloatingPoint>(
    _ times: Range<Int>, to row: inout [Scalar]
  ) {
    let known = covariates.filter(\.isKnownAhead)
    for time in times {
      for column in known { row.append(Scalar(column[time] ?? 0)) }
    }
  }
}

/// What the numbers of a window are brought to the same size by.
struct WindowScale: Hashable, Sendable {
  var center: Double
  /// 0 where all numbers are equal.
  var deviation: Double

  func scaled(_ value: Double) -> Double { (value - center) / deviation }
}
