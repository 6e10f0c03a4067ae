import SentiModels
import Testing

@testable import SentiModels

@Suite("Times of series")
struct SeriesTimeTests {
  @Test(arguments: [
    "1885", "-3", "0.5", "1949-01", "1981-01-05", "2010-01-02 07:00", "2010-01-02T07:00",
    "2024-02-29T23:59:59", "2010-01-02T07:00Z", "0099-12-31",
  ])
  func isWrittenAsItIsRead(_ text: String) throws {
    #expect(try #require(SeriesTime(text)).description == text)
  }

  /// Offsets are taken off; years are filled up to four digits; whole numbers have no point.
  @Test(arguments: [
    ("2010-01-02T07:00+01:00", "2010-01-02T06:00Z"),
    ("2010-01-01 00:30-02:00", "2010-01-01 02:30Z"),
    ("1-02", "0001-02"), ("7.0", "7"), ("1e3", "1000"),
  ])
  func isBroughtIntoOneForm(_ text: String, _ expected: String) throws {
    #expect(try #require(SeriesTime(text)).description == expected)
  }

  @Test(arguments: [
    "", "x", "1981-13", "1981-02-30", "2023-02-29", "1981-1-05", "1981-01-05T24:00",
    "1981-01-05T10:60", "1981-01-05 10", "1981-01T10:00", "1981-01-05T10:00+25:00", "inf", "nan",
    "0x10", "1981/01/05", "10:00", "1981-01-05T10:00 ",
  ])
  func nothingElseIsATime(_ text: String) { #expect(SeriesTime(text) == nil) }

  /// Days of known weekdays and distances, the turn of centuries among them.
  @Test(arguments: [
    ("1970-01-01", 0, 3), ("2000-02-29", 11016, 1), ("1900-03-01", -25508, 3),
    ("2024-12-31", 20088, 1), ("1600-01-01", -135_140, 5),
  ])
  func daysAreThoseOfTheCalendar(_ text: String, _ number: Int, _ weekday: Int) throws {
    let date = try #require(SeriesTime(text)).date
    #expect(date.dayNumber == number && date.weekday == weekday)
    #expect(CivilDate(dayNumber: number) == date)
  }

  @Test func everyDayOfTwoCenturiesFollowsTheOneBefore() {
    var last = CivilDate(dayNumber: -36_600)
    for number in -36_599..<36_600 {
      let day = CivilDate(dayNumber: number)
      let isNext =
        last.isLastOfMonth
        ? day.day == 1 && day.monthNumber == last.monthNumber + 1
        : day.day == last.day + 1 && day.monthNumber == last.monthNumber
      guard isNext, day.dayNumber == number else {
        Issue.record("\(day) after \(last)")
        return
      }
      last = day
    }
  }
}
