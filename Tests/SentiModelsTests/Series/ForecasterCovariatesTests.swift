import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Forecaster: covariates")
struct ForecasterCovariatesTests {
  static let series = SeriesProblem.withCovariates(SeriesProblem.monthly(40), ahead: 10)

  static var shape: ForecasterConfiguration {
    var shape = SeriesProblem.configuration()
    shape.covariates = [
      Covariate("past", isKnownAhead: false, of: [series], counts: [30]),
      Covariate("known", isKnownAhead: true, of: [series], counts: [30]),
    ]
    return shape
  }

  private func changed(_ name: String, at index: Int) -> TimeSeries {
    var covariates = Self.series.covariates
    covariates[name]?[index] = 9
    return TimeSeries(
      id: "", axis: Self.series.axis, values: Self.series.values, covariates: covariates)
  }

  @Test func rowsBehindTheLastNumberAreKnownAhead() throws {
    var fields = SeriesFields()
    fields.knownCovariates = ["holiday"]
    fields.pastCovariates = ["rain"]
    let table = try SeriesReaderTests.table(
      "ds,y,holiday,rain\n1,5,0,2\n2,NA,1,NA\n3,7,0,3\n4,,1,\n5,,0,\n", fields)
    #expect(table.series[0].values == [5, nil, 7])
    #expect(table.series[0].covariates["holiday"] == [0, 1, 0, 1, 0])
    #expect(table.series[0].covariates["rain"] == [2, nil, 3, nil, nil])
    #expect(table.series[0].dropLast(2).covariates["holiday"]?.count == 5)
  }

  @Test func columnsThatAreMissingAreNamed() {
    var fields = SeriesFields()
    fields.pastCovariates = ["wind"]
    let found = SeriesReaderTests.complaint("ds,y\n1,2\n2,3\n", fields)
    #expect(found.contains("wind") && found.contains("ds"))
    fields.pastCovariates = ["y"]
    fields.target = "z"
    #expect(
      SeriesReaderTests.complaint("ds,z,y\n1,2,3\n2,3,x\n", fields)
        == "s.csv:3: expected a finite number with a decimal point, or NA in field \"y\", found \"x\""
    )
  }

  @Test func theScaleIsThatOfTheFirstNumbers() {
    let flag = Covariate("known", isKnownAhead: true, of: [Self.series], counts: [30])
    #expect((flag.center - 1.0 / 3).magnitude < 1e-12)
    #expect((flag.deviation - (2.0 / 9).squareRoot()).magnitude < 1e-12)
    let absent = Covariate("none", isKnownAhead: true, of: [Self.series], counts: [30])
    #expect(absent.scaled(7) == 7)
  }

  /// A column of the past matters inside the window alone; one that is known ahead also behind it.
  @Test func eachColumnIsReadWhereItIsKnown() throws {
    let forecaster = SeriesProblem.drawn(Self.shape)
    let plain = try forecaster.rollingForecasts(of: Self.series, from: [30], horizon: 3)
    func isSame(_ series: TimeSeries) throws -> Bool {
      try forecaster.rollingForecasts(of: series, from: [30], horizon: 3) == plain
    }
    #expect(try !isSame(changed("past", at: 29)))
    #expect(try isSame(changed("past", at: 30)))
    #expect(try isSame(changed("past", at: 23)))
    #expect(try !isSame(changed("known", at: 29)))
    #expect(try !isSame(changed("known", at: 32)))
    #expect(try isSame(changed("known", at: 33)))
  }

  /// Forecasts far ahead know nothing of what came after their origin but what is known ahead.
  @Test func whatIsFedBackKnowsNoMore() throws {
    let forecaster = SeriesProblem.drawn(Self.shape)
    let plain = try forecaster.rollingForecasts(of: Self.series, from: [30], horizon: 9)
    let past = try forecaster.rollingForecasts(
      of: changed("past", at: 31), from: [30], horizon: 9)
    #expect(past == plain)
    let known = try forecaster.rollingForecasts(
      of: changed("known", at: 37), from: [30], horizon: 9)
    #expect(known[0].points[..<6] == plain[0].points[..<6])
    #expect(known[0].points[7] != plain[0].points[7])
    #expect(try forecaster.forecast(Self.series.dropLast(10), horizon: 9) == plain[0])
  }

  @Test func whatMustBeKnownIsAskedFor() throws {
    let forecaster = SeriesProblem.drawn(Self.shape)
    #expect(try forecaster.forecast(Self.series, horizon: 10).count == 10)
    #expect {
      try forecaster.forecast(Self.series, horizon: 11)
    } throws: {
      "\($0)"
        == "the series: expected \"known\" of 2005-05 too, as a row without a number to forecast"
    }
    #expect(throws: SeriesError.noCovariate(series: "", name: "past")) {
      try forecaster.forecast(SeriesProblem.monthly(40), horizon: 3)
    }
  }

  /// What follows from a flag that is known ahead alone cannot be forecast without it.
  @Test func aFlagIsLearned() throws {
    var generator = SeededGenerator(seed: 3)
    let flags = (0..<160).map { _ in generator.next() % 4 == 0 ? 1.0 : 0 }
    let series = TimeSeries(
      id: "", axis: SeriesProblem.wave(1).axis, values: flags.prefix(150).map { 10 + 5 * $0 },
      covariates: ["flag": flags])
    var options = SeriesProblem.options(epochs: 40, horizon: 2)
    options.knownCovariates = ["flag"]
    options.memberCount = 1
    let forecaster = try SeriesProblem.trained([series.dropLast(20)], options).forecaster()
    let points = try forecaster.forecast(series, horizon: 10).points
    let errors = zip(points, flags[150...]).map { ($0 - (10 + 5 * $1)).magnitude }
    // Without the flag the best forecast is 10, which misses a quarter of all numbers by 5.
    #expect(errors.reduce(0, +) / 10 < 0.6)
  }
}
