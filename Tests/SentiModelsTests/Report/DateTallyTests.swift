import Testing

@testable import SentiModels

@Suite("Date tally")
struct DateTallyTests {
  private func tally(_ dates: [String]) -> DateTally {
    dates.reduce(into: DateTally()) { $0.add($1, label: 0, score: 0) }
  }

  @Test(arguments: [
    (["2024-02-28", "2024-03-01"], DateTally.Period.day, ["2024-02-28", "2024-02-29"]),
    (
      ["2024-01-03", "2024-01-17", "2024-06-01"], .week, ["2024-01-01", "2024-01-08", "2024-01-15"]
    ),
    (["2022-10-30", "2024-01-01 10:30", "2023-01-31T10:00:00Z"], .month, ["2022-10", "2022-11"]),
    (["1950-01-01", "2024-05-05"], .year, ["1950", "1951"]),
  ])
  func periodsFollowTheSpan(_ dates: [String], _ period: DateTally.Period, _ names: [String]) {
    let tally = tally(dates)
    #expect(tally.period == period && tally.unreadableCount == 0)
    #expect(tally.periods.prefix(names.count).map(\.name) == names)
    #expect(tally.periods.reduce(0) { $0 + $1.tally.count } == dates.count)
  }

  @Test func weeksGoFromMondayToSunday() {
    let periods = tally(["2024-01-01", "2024-01-07", "2024-01-08", "2024-06-01"]).periods
    #expect(periods.prefix(2).map(\.tally.count) == [2, 1])
  }

  @Test func datesThatCannotBeReadAreCounted() {
    let tally = tally(["yesterday", "2024-13-01", "17", "", " 2024-05-31 "])
    #expect(tally.unreadableCount == 4 && tally.unreadable == "yesterday")
    #expect(tally.periods.map(\.name) == ["2024-05-31"])
  }

  @Test func manyYearsAreTheLast() {
    let periods = tally(["0001-01-01", "9999-12-31"]).periods
    #expect(periods.count == DateTally.periodLimit && periods.last?.name == "9999")
  }

  @Test func withoutDatesThereAreNoPeriods() { #expect(DateTally().periods.isEmpty) }
}
