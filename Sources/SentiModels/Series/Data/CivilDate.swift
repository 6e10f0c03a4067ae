/// A day of the Gregorian calendar, extended to all years.
struct CivilDate: Hashable, Sendable {
  var year: Int
  /// 1 to 12.
  var month: Int
  /// 1 to 31.
  var day: Int

  /// Makes a day; nil where the month has no such day.
  init?(year: Int, month: Int, day: Int) {
    guard (1...12).contains(month), day >= 1, day <= Self.dayCount(year: year, month: month) else {
      return nil
    }
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// The day that many days after 1970-01-01.
  ///
  /// - SeeAlso: Hinnant 2013, <https://howardhinnant.github.io/date_algorithms.html>.
  init(dayNumber: Int) {
    // Years begin in March, so that the leap day is their last.
    let shifted = dayNumber + Self.epochDay
    let era = shifted.flooredDivision(by: Self.eraDayCount)
    let dayOfEra = shifted - era * Self.eraDayCount
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// The first day of a month, counted from January of the year 0.
  init(monthNumber: Int, day: Int) {
    year = monthNumber.flooredDivision(by: 12)
    month = monthNumber - year * 12 + 1
    self.day = min(day, Self.dayCount(year: year, month: month))
  }

  /// The number of days since 1970-01-01.
  var dayNumber: Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear.flooredDivision(by: 400)
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * Self.eraDayCount + dayOfEra - Self.epochDay
  }

  /// The number of months since January of the year 0.
  var monthNumber: Int { year * 12 + month - 1 }

  /// The day of the year, counted from 0.
  var dayOfYear: Int { dayNumber - CivilDate(monthNumber: year * 12, day: 1).dayNumber }

  /// The day of the week, counted from 0 for Monday.
  var weekday: Int { (dayNumber + 3).flooredRemainder(by: 7) }

  /// Whether the next day is in another month.
  var isLastOfMonth: Bool { day == Self.dayCount(year: year, month: month) }

  /// The number of days of a month.
  static func dayCount(year: Int, month: Int) -> Int {
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    return switch month {
    case 2: isLeap ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// 1970-01-01, counted from 0000-03-01.
  private static var epochDay: Int { 719_468 }
  /// The number of days of 400 years.
  private static var eraDayCount: Int { 146_097 }
}

extension Int {
  /// The quotient, rounded down.
  func flooredDivision(by divisor: Int) -> Int {
    self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
  }

  /// The remainder of ``flooredDivision(by:)``, which is not negative.
  func flooredRemainder(by divisor: Int) -> Int { self - flooredDivision(by: divisor) * divisor }
}
