/// The distance between two times of a series.
public enum TimeStep: Hashable, Codable, Sendable, CustomStringConvertible {
  /// A distance between numbers.
  case number(Double)
  /// So many seconds.
  case seconds(Int)
  /// So many months of the calendar, whose lengths differ.
  case months(Int)

  /// The number of steps after which a series of such steps most likely repeats itself: a day of hours,
  /// a week of days, a year of weeks, months or quarters; 1 where nothing is known.
  public var season: Int {
    let day = SeriesTime.daySeconds
    switch self {
    case .months(let count) where count < 12 && 12.isMultiple(of: count): return 12 / count
    case .seconds(7 * SeriesTime.daySeconds): return 52
    case .seconds(day): return 7
    case .seconds(let count) where count < day && day.isMultiple(of: count):
      // A day of minutes is longer than any window.
      return day / count <= Self.longestSeason ? day / count : 1
    default: return 1
    }
  }

  private static var longestSeason: Int { 96 }

  /// The step in words, such as `1 day`.
  public var description: String {
    switch self {
    case .number(let distance): return SeriesTime(number: distance).description
    case .months(let count): return Self.counted(count, "month")
    case .seconds(let count):
      let units = [("day", SeriesTime.daySeconds), ("hour", 3600), ("minute", 60)]
      for (name, size) in units where count.isMultiple(of: size) {
        return Self.counted(count / size, name)
      }
      return Self.counted(count, "second")
    }
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }

  /// The distance from a time to a later one; in months where it is a whole number of them.
  init(from first: SeriesTime, to second: SeriesTime) {
    guard first.isDate else {
      self = .number(second.value - first.value)
      return
    }
    let (start, end) = (first.date, second.date)
    let months = end.monthNumber - start.monthNumber
    let isSameDay = start.day == end.day || (start.isLastOfMonth && end.isLastOfMonth)
    self =
      months > 0 && isSameDay && first.secondOfDay == second.secondOfDay
      ? .months(months) : .seconds(Int(second.value - first.value))
  }
}

/// Times at equal distances.
public struct TimeAxis: Hashable, Codable, Sendable {
  /// The first time.
  public let start: SeriesTime
  /// The distance between two times.
  public let step: TimeStep
  /// The day of the month of each time, where steps are months; in shorter months their last.
  private let monthDay: Int

  /// Makes an axis.
  ///
  /// - Parameters:
  ///   - start: The first time.
  ///   - step: The distance between two times, above 0.
  public init(start: SeriesTime, step: TimeStep) {
    // The last of April is followed by the last of May.
    self.init(
      start: start, step: step, monthDay: start.date.isLastOfMonth ? 31 : start.date.day)
  }

  /// The time at an index, which may be beyond the end of a series.
  ///
  /// - Parameter index: Counted from 0.
  /// - Returns: The time.
  public func time(at index: Int) -> SeriesTime {
    switch step {
    case .number(let distance):
      return SeriesTime(start.value + Double(index) * distance, writtenLike: start)
    case .seconds(let count):
      return SeriesTime(start.value + Double(index * count), writtenLike: start)
    case .months(let count):
      let day = CivilDate(monthNumber: start.date.monthNumber + index * count, day: monthDay)
      let seconds = day.dayNumber * SeriesTime.daySeconds + start.secondOfDay
      return SeriesTime(Double(seconds), writtenLike: start)
    }
  }

  /// The index of a time; nil where it lies between two times of the axis or before the first.
  ///
  /// - Parameter time: A time of the same kind.
  /// - Returns: The index.
  public func index(of time: SeriesTime) -> Int? {
    let distance = time.value - start.value
    let steps: Double =
      switch step {
      case .number(let size): (distance / size).rounded()
      case .seconds(let count): (distance / Double(count)).rounded()
      case .months(let count):
        (Double(time.date.monthNumber - start.date.monthNumber) / Double(count)).rounded()
      }
    guard steps >= 0, steps < 0x1p40 else { return nil }
    let found = self.time(at: Int(steps)).value
    // Numbers such as 0.1 have no exact multiples.
    let tolerance = if case .number(let size) = step { size * 1e-6 } else { 0.0 }
    return (found - time.value).magnitude <= tolerance ? Int(steps) : nil
  }

  /// The axis from an index on.
  ///
  /// - Parameter index: Counted from 0.
  /// - Returns: The later axis.
  public func advanced(by index: Int) -> TimeAxis {
    TimeAxis(start: time(at: index), step: step, monthDay: monthDay)
  }

  /// Makes an axis whose months have their times at a day, or at their last where they are shorter.
  init(start: SeriesTime, step: TimeStep, monthDay: Int) {
    (self.start, self.step, self.monthDay) = (start, step, monthDay)
  }
}
