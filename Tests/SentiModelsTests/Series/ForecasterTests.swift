import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Forecaster")
struct ForecasterTests {
  static let series = SeriesProblem.monthly(40)

  @Test(arguments: [ForecastBase.naive, .seasonalNaive], [3, 10])
  func untrainedIsTheBaseItself(_ base: ForecastBase, _ horizon: Int) throws {
    var shape = SeriesProblem.configuration()
    shape.base = base
    let forecast = try SeriesProblem.forecaster(shape).forecast(Self.series, horizon: horizon)
    let method: BaselineMethod = base == .naive ? .naive : .seasonalNaive
    let expected = Baseline(method, fittedTo: Self.series.values, season: 4)
      .forecast(after: Self.series.values, horizon: horizon)
    #expect(forecast.points == expected)
    #expect(forecast.axis.start.description == "2004-07" && forecast.count == horizon)
    #expect(forecast.interval(0.8)?.map(\.lowerBound) == expected)
  }

  /// What comes after an origin, and which other origins there are, does not change a bit.
  @Test(arguments: [ForecastScaling.window, .series])
  func knowsThePastAlone(_ scaling: ForecastScaling) throws {
    var shape = SeriesProblem.configuration()
    shape.scaling = scaling
    let forecaster = SeriesProblem.drawn(shape)
    let whole = try forecaster.rollingForecasts(
      of: Self.series, from: [20, 31, 40], horizon: 5, threadCount: 2)
    for (index, origin) in [20, 31, 40].enumerated() {
      let past = Self.series.dropLast(40 - origin)
      #expect(try forecaster.forecast(past, horizon: 5) == whole[index])
    }
    #expect(whole[0].points != whole[1].points)
  }

  @Test func seriesAreForecastAlikeAloneAndTogether() throws {
    let forecaster = SeriesProblem.drawn(SeriesProblem.configuration())
    let many = (1...70).map { SeriesProblem.monthly(30, seed: UInt64($0), id: "\($0)") }
    let together = try forecaster.forecasts(of: many, horizon: 4, threadCount: 2)
    #expect(together.map(\.series) == many.map(\.id))
    #expect(try forecaster.forecast(many[68], horizon: 4) == together[68])
  }

  @Test func quantilesAreInOrderAlsoFarAhead() throws {
    let forecast = try SeriesProblem.drawn(SeriesProblem.configuration())
      .forecast(Self.series, horizon: 20)
    #expect(forecast.quantiles.allSatisfy { $0 == $0.sorted() })
    let ranges = try #require(forecast.interval(0.8))
    // What is fed back is less certain with each reading.
    let widths = ranges.map { $0.upperBound - $0.lowerBound }
    #expect(widths[5] > widths[2] && widths[8] > widths[5] && widths[17] > widths[8])
    #expect(forecast.interval(0.5) == nil)
  }

  /// The outputs of an ensemble are the means of its members'.
  @Test func anEnsembleIsTheMeanOfItsMembers() throws {
    var shape = SeriesProblem.configuration()
    // Of one level the order of quantiles changes nothing.
    shape.levels = QuantileLevels([0.5])
    let single = ForecasterNetwork(shape)
    shape.memberCount = 2
    let pair = ForecasterNetwork(shape)
    var generator = SeededGenerator(seed: 4)
    let parameters: Parameters<Float> = generator.parameters(pair.layout, deviation: 0.3)
    let count = single.layout.elementCount
    #expect(pair.layout.elementCount == 2 * count)
    let points = try [0..<count, count..<2 * count].map { range in
      try SeriesProblem.forecaster(
        single.configuration,
        Parameters(layout: single.layout, values: Array(parameters.values[range]))
      ).forecast(Self.series).points
    }
    let mean = zip(points[0], points[1]).map { ($0 + $1) / 2 }
    let found = try SeriesProblem.forecaster(shape, parameters).forecast(Self.series).points
    #expect(points[0] != points[1])
    #expect(zip(found, mean).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  /// The same series in other units has the same forecast in these units.
  @Test func unitsDoNotMatter() throws {
    let forecaster = SeriesProblem.drawn(SeriesProblem.configuration())
    let scaled = TimeSeries(
      id: "", axis: Self.series.axis, values: Self.series.values.map { $0.map { $0 * 1000 - 7 } })
    let expected = try forecaster.forecast(Self.series).points.map { $0 * 1000 - 7 }
    let found = try forecaster.forecast(scaled).points
    #expect(mismatch(found, expected, absolute: 0, relative: 1e-4) == nil)
  }

  @Test func aConstantSeriesStaysConstant() throws {
    let flat = TimeSeries(
      id: "", axis: Self.series.axis, values: [Double?](repeating: 3, count: 10))
    let forecast = try SeriesProblem.drawn(SeriesProblem.configuration()).forecast(flat)
    #expect(forecast.quantiles == [[3, 3, 3], [3, 3, 3], [3, 3, 3]])
  }

  @Test func aGapLongerThanTheWindowIsReadOver() throws {
    let values = Self.series.values + [Double?](repeating: nil, count: 9)
    let series = TimeSeries(id: "", axis: Self.series.axis, values: values)
    let forecast = try SeriesProblem.drawn(SeriesProblem.configuration()).forecast(series)
    #expect(forecast.points.allSatisfy { $0.isFinite })
  }

  @Test func whatCannotBeForecastIsNamed() throws {
    let forecaster = SeriesProblem.forecaster(SeriesProblem.configuration())
    func complaint(_ series: TimeSeries) -> String {
      do { _ = try forecaster.forecast(series) } catch { return "\(error)" }
      return ""
    }
    #expect(complaint(Self.series.dropLast(35)) == "the series: expected at least 6 times, found 5")
    let gaps = TimeSeries(
      id: "a", axis: Self.series.axis, values: [Double?](repeating: nil, count: 9))
    #expect(complaint(gaps) == "series a: expected numbers, found only gaps")
    #expect(
      complaint(SeriesProblem.wave(20))
        == "the series: expected times 1 month apart, found 1 apart")
    var shape = SeriesProblem.configuration()
    shape.transform = .log
    let negative = TimeSeries(
      id: "a", axis: Self.series.axis, values: [1, 2, -0.5, 1, 1, 1, 1])
    #expect(throws: SeriesError.negative(series: "a", value: -0.5)) {
      try SeriesProblem.forecaster(shape).forecast(negative)
    }
  }

  @Test func logarithmsAreTakenBack() throws {
    var shape = SeriesProblem.configuration()
    shape.transform = .log
    let forecast = try SeriesProblem.forecaster(shape).forecast(Self.series)
    let expected = Baseline(.seasonalNaive, fittedTo: [], season: 4)
      .forecast(after: Self.series.values, horizon: 3)
    #expect(mismatch(forecast.points, expected, absolute: 1e-9) == nil)
    #expect(ValueTransform.log.invert(-0.5) == 0)
  }
}
