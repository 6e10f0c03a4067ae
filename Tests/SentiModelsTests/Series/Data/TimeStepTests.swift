import SentiModels
import Testing

@testable import SentiModels

@Suite("Steps of series")
struct TimeStepTests {
  static func time(_ text: String) throws -> SeriesTime { try #require(SeriesTime(text)) }

  @Test(arguments: [
    ("1981-01-01", "1981-01-02", "1 day", 7), ("1981-01-01", "1981-01-08", "7 days", 52),
    ("1949-01", "1949-02", "1 month", 12), ("2020-01-31", "2020-02-29", "1 month", 12),
    ("2020-01-15", "2020-04-15", "3 months", 4), ("2020-06-01", "2021-06-01", "12 months", 1),
    ("2010-01-01T00:00", "2010-01-01T01:00", "1 hour", 24),
    ("2010-01-01T00:00", "2010-01-01T00:01", "1 minute", 1), ("1", "2", "1", 1),
  ])
  func isToldByTwoTimes(
    _ first: String, _ second: String, _ description: String, _ season: Int
  ) throws {
    let step = TimeStep(from: try Self.time(first), to: try Self.time(second))
    #expect(step.description == description)
    #expect(step.season == season)
  }

  @Test(arguments: [
    ("2019-11-30", TimeStep.months(1), ["2019-11-30", "2019-12-31", "2020-01-31", "2020-02-29"]),
    ("2019-12-15", .months(1), ["2019-12-15", "2020-01-15", "2020-02-15", "2020-03-15"]),
    ("2020-02-28", .seconds(86_400), ["2020-02-28", "2020-02-29", "2020-03-01", "2020-03-02"]),
    ("1949-11", .months(1), ["1949-11", "1949-12", "1950-01", "1950-02"]),
    (
      "2010-12-31 22:00", .seconds(3600),
      ["2010-12-31 22:00", "2010-12-31 23:00", "2011-01-01 00:00"]
    ),
    ("1.5", .number(0.25), ["1.5", "1.75", "2", "2.25"]),
  ])
  func anAxisGoesOn(_ start: String, _ step: TimeStep, _ times: [String]) throws {
    let axis = TimeAxis(start: try Self.time(start), step: step)
    for (index, text) in times.enumerated() {
      #expect(axis.time(at: index).description == text)
      #expect(axis.index(of: try Self.time(text)) == index)
      #expect(axis.advanced(by: index).time(at: 3) == axis.time(at: index + 3))
    }
  }

  /// The 30th of each month is not its last, which only later times tell.
  @Test func theDayOfTheMonthIsKept() throws {
    let start = try Self.time("2020-04-30")
    let axis = TimeAxis(start: start, step: .months(1), monthDay: 30)
    #expect(axis.time(at: 1).description == "2020-05-30")
    #expect(axis.time(at: 10).description == "2021-02-28")
    #expect(axis.advanced(by: 10).time(at: 1).description == "2021-03-30")
  }

  @Test func whatLiesBetweenHasNoIndex() throws {
    let days = TimeAxis(start: try Self.time("2020-01-01"), step: .seconds(2 * 86_400))
    #expect(days.index(of: try Self.time("2020-01-02")) == nil)
    #expect(days.index(of: try Self.time("2019-12-30")) == nil)
    let months = TimeAxis(start: try Self.time("2020-01-01"), step: .months(1))
    #expect(months.index(of: try Self.time("2020-02-02")) == nil)
    let numbers = TimeAxis(start: SeriesTime(number: 0.1), step: .number(0.1))
    #expect(numbers.index(of: SeriesTime(number: 0.3)) == 2)
    #expect(numbers.index(of: SeriesTime(number: 0.35)) == nil)
  }
}
