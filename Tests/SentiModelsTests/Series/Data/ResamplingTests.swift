import SentiCorpora
import SentiModels
import SentiTestSupport
import Testing

@Suite("Series: resampling")
struct ResamplingTests {
  private func table(_ rows: String, _ resampling: Resampling) throws -> SeriesTable {
    try SeriesReaderTests.table("ds,y\n" + rows, gaps: .resample(resampling))
  }

  @Test(arguments: [
    (Resampling.Aggregate.mean, [2.0, nil, 7]), (.sum, [6, nil, 7]), (.min, [1, nil, 7]),
    (.max, [3, nil, 7]), (.last, [2, nil, 7]),
  ])
  func daysOfTimesAtAnyDistance(_ aggregate: Resampling.Aggregate, _ expected: [Double?]) throws {
    let rows = """
      2021-12-31T07:10,1
      2021-12-31T07:11,NA
      2021-12-31T19:00,3
      2021-12-31T23:59,2
      2022-01-02T00:00,7
      """
    let table = try table(rows, Resampling(.day, aggregate: aggregate))
    #expect(table.series[0].values == expected)
    #expect(table.step == .seconds(86_400))
    #expect(table.series[0].axis.start.description == "2021-12-31")
  }

  @Test(arguments: [
    (Resampling.Period.hour, "2021-05-19T23:00", TimeStep.seconds(3600)),
    (.day, "2021-05-19", .seconds(86_400)),
    // A Wednesday.
    (.week, "2021-05-17", .seconds(604_800)), (.month, "2021-05-01", .months(1)),
    (.quarter, "2021-04-01", .months(3)), (.year, "2021-01-01", .months(12)),
  ])
  func periodsBeginAtTheirFirstTime(
    _ period: Resampling.Period, _ start: String, _ step: TimeStep
  ) throws {
    // Not more gaps than a mistyped year would make.
    let last = period == .hour ? "2021-06-01T01:00" : "2023-02-28T01:00"
    let table = try table("2021-05-19T23:40,1\n\(last),2\n", Resampling(period))
    #expect(table.series[0].axis.start.description == start)
    #expect(table.step == step)
    let values = table.series[0].values
    #expect(values.first == 1 && values.last == 2 && values.compactMap(\.self).count == 2)
  }

  @Test func columnsBecomeTheirMean() throws {
    var fields = SeriesFields()
    fields.pastCovariates = ["price"]
    let table = try SeriesReaderTests.table(
      "ds,y,price\n2021-01-01,1,2\n2021-01-09,2,4\n2021-02-01,3,\n", fields,
      gaps: .resample(Resampling(.month, aggregate: .sum)))
    #expect(table.series[0].values == [3, 3])
    #expect(table.series[0].covariates == ["price": [3, nil]])
  }

  @Test func numbersAreNoDates() {
    #expect(
      SeriesReaderTests.complaint("ds,y\n1,2\n2,3\n", gaps: .resample(Resampling(.day)))
        == "s.csv:2: expected a date, which alone can be resampled in field \"ds\", found 1")
  }

  @Test func theMessageOffersIt() {
    let text = "ds,y\n2021-01-01T00:00,1\n2021-01-01T01:00,2\n2021-01-01T02:30,3\n"
    #expect(SeriesReaderTests.complaint(text).hasSuffix("--resample makes equal distances"))
  }
}
