import Testing

@testable import SentiModels

@Suite("Prepared series")
struct PreparedSeriesTests {
  /// Further ahead than a season, too, it knows the past alone.
  @Test func theSeasonalBaseIsOfTheLastSeason() {
    var shape = SeriesProblem.configuration()
    shape.base = .seasonalNaive
    let series = SeriesProblem.monthly(40)
    let past = Array(series.values.prefix(20))
    let expected = Baseline(.seasonalNaive, fittedTo: past, season: shape.season)
      .forecast(after: past, horizon: 10)
    let prepared = PreparedSeries(series, shape)
    #expect((20..<30).map { prepared.base(at: $0, from: 20) } == expected)
  }
}
