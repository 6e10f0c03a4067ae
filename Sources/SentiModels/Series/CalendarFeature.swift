internal import Glibc

/// What the calendar says of a time, as a place on a circle.
public enum CalendarFeature: String, CaseIterable, Codable, Hashable, Sendable {
  /// The time of day.
  case hour
  /// The day of the week.
  case weekday
  /// The month of the year.
  case month
  /// The day of the year.
  case dayOfYear = "day_of_year"

  /// The features that tell times apart which are so far from each other; none for numbers.
  ///
  /// - Parameter step: The distance of times.
  /// - Returns: The features.
  public static func features(for step: TimeStep) -> [CalendarFeature] {
    let day = SeriesTime.daySeconds
    return switch step {
    case .number: []
    case .months(let count): count.isMultiple(of: 12) ? [] : [.month]
    case .seconds(let count) where !count.isMultiple(of: day): [.hour, .weekday, .dayOfYear]
    case .seconds(let count): count.isMultiple(of: 7 * day) ? [.dayOfYear] : [.weekday, .dayOfYear]
    }
  }

  /// Sine and cosine of the place on the circle.
  func values(at time: SeriesTime) -> [Double] {
    let angle = 2 * Double.pi * turn(at: time)
    return [sin(angle), cos(angle)]
  }

  /// The place on the circle, from 0 to below 1.
  private func turn(at time: SeriesTime) -> Double {
    switch self {
    case .hour: Double(time.secondOfDay) / Double(SeriesTime.daySeconds)
    case .weekday: Double(time.date.weekday) / 7
    case .month: Double(time.date.month - 1) / 12
    case .dayOfYear: Double(time.date.dayOfYear) / 366
    }
  }
}
