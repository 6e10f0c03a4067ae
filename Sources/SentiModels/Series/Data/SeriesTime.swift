/// A time of a series: a number, or a date with or without a time of day.
///
///     SeriesTime("1981-01-05")         // a day
///     SeriesTime("2010-01-02 07:00")   // a minute
///     SeriesTime("1949-01")            // a month
///     SeriesTime("1885")               // a number
///
/// Dates are those of ISO 8601 and of the proleptic Gregorian calendar. A time of day without a zone is
/// that of a clock which is never changed; one with a zone is written in UTC.
public struct SeriesTime: Hashable, Codable, Sendable {
  /// How finely a time is written.
  enum Precision: String, Codable {
    case number, month, day, minute, second
  }

  /// The number, or the seconds since 1970-01-01T00:00:00.
  let value: Double
  let precision: Precision
  /// What stands between date and time of day: `T` or a space.
  private(set) var separator = "T"
  /// Whether it is UTC, and says so.
  private(set) var isUTC = false

  /// The seconds of a day.
  static var daySeconds: Int { 86_400 }

  /// Makes a time that is a number.
  ///
  /// - Parameter number: The number, which is finite.
  public init(number: Double) {
    precondition(number.isFinite, "time \(number)")
    (value, precision) = (number, .number)
  }

  /// Makes another time that is written like one.
  init(_ value: Double, writtenLike other: SeriesTime) {
    self.init(
      value: value, precision: other.precision, separator: other.separator, isUTC: other.isUTC)
  }

  /// Makes another time that is written as finely as said, else like one.
  init(_ value: Double, precision: Precision, writtenLike other: SeriesTime) {
    self.init(
      value: value, precision: precision, separator: other.separator, isUTC: other.isUTC)
  }

  private init(value: Double, precision: Precision, separator: String, isUTC: Bool) {
    self.value = value
    self.precision = precision
    self.separator = separator
    self.isUTC = isUTC
  }

  /// Whether it is a date and not a number.
  public var isDate: Bool { precision != .number }

  /// Whether both are numbers, or both are dates with or without a zone.
  func isWritten(like other: SeriesTime) -> Bool {
    isDate == other.isDate && isUTC == other.isUTC
  }

  /// The day; of a number that of 1970.
  var date: CivilDate { CivilDate(dayNumber: wholeSeconds.flooredDivision(by: Self.daySeconds)) }

  /// The seconds since midnight.
  var secondOfDay: Int { wholeSeconds.flooredRemainder(by: Self.daySeconds) }

  private var wholeSeconds: Int { isDate ? Int(value) : 0 }
}

// MARK: Text

extension SeriesTime: CustomStringConvertible {
  /// Reads a time.
  ///
  /// - Parameter text: A number; or `YYYY-MM`, `YYYY-MM-DD`, or the latter with `T` or a space and
  ///   `HH:MM` or `HH:MM:SS`, and then `Z` or an offset such as `+01:00`. Years have 1 to 4 digits.
  public init?(_ text: String) {
    var scanner = TimeScanner(text)
    guard let date = scanner.date() else {
      let isPlain = text.utf8.allSatisfy { "+-.0123456789eE".utf8.contains($0) }
      guard isPlain, let number = Double(text), number.isFinite else { return nil }
      self.init(number: number)
      return
    }
    let midnight = date.day.dayNumber * Self.daySeconds
    if scanner.isAtEnd {
      self.init(
        value: Double(midnight), precision: date.hasDay ? .day : .month, separator: "T",
        isUTC: false)
      return
    }
    guard date.hasDay, let time = scanner.timeOfDay() else { return nil }
    let hasZone = !scanner.isAtEnd
    guard let offset = hasZone ? scanner.zoneOffset() : 0, scanner.isAtEnd else { return nil }
    self.init(
      value: Double(midnight + time.seconds - offset),
      precision: time.hasSeconds ? .second : .minute, separator: time.separator, isUTC: hasZone)
  }

  /// The time as it is read.
  public var description: String {
    let day = date
    let month = Self.padded(day.year, to: 4) + "-" + Self.padded(day.month)
    switch precision {
    case .number:
      return value == value.rounded() && value.magnitude < 0x1p53
        ? "\(Int(value))" : "\(value)"
    case .month: return month
    case .day: return month + "-" + Self.padded(day.day)
    case .minute, .second:
      let time = secondOfDay
      let seconds = precision == .second ? ":" + Self.padded(time % 60) : ""
      return month + "-" + Self.padded(day.day) + separator + Self.padded(time / 3600) + ":"
        + Self.padded(time / 60 % 60) + seconds + (isUTC ? "Z" : "")
    }
  }

  private static func padded(_ number: Int, to width: Int = 2) -> String {
    let digits = "\(number.magnitude)"
    let zeros = String(repeating: "0", count: max(0, width - digits.count))
    return (number < 0 ? "-" : "") + zeros + digits
  }
}

/// Reads the parts of a date and time of day, one after the other.
private struct TimeScanner {
  private let bytes: [UInt8]
  private var place = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { place == bytes.count }

  /// A year and a month, and a day where there is one.
  mutating func date() -> (day: CivilDate, hasDay: Bool)? {
    guard let year = digits(1...4), take("-"), let month = digits(2...2) else { return nil }
    let hasDay = take("-")
    guard let day = hasDay ? digits(2...2) : 1 else { return nil }
    return CivilDate(year: year, month: month, day: day).map { ($0, hasDay) }
  }

  mutating func timeOfDay() -> (seconds: Int, hasSeconds: Bool, separator: String)? {
    let separator = take("T") ? "T" : " "
    guard separator == "T" || take(" "), let clock = clock(upTo: 23) else { return nil }
    guard take(":") else { return (clock, false, separator) }
    guard let second = digits(2...2), second < 60 else { return nil }
    return (clock + second, true, separator)
  }

  /// The offset from UTC, in seconds.
  mutating func zoneOffset() -> Int? {
    if take("Z") { return 0 }
    let isEast = take("+")
    guard isEast || take("-"), let seconds = clock(upTo: 14) else { return nil }
    return isEast ? seconds : -seconds
  }

  /// Hours and minutes, in seconds.
  private mutating func clock(upTo lastHour: Int) -> Int? {
    guard let hour = digits(2...2), hour <= lastHour, take(":"), let minute = digits(2...2),
      minute < 60
    else { return nil }
    return hour * 3600 + minute * 60
  }

  private mutating func digits(_ counts: ClosedRange<Int>) -> Int? {
    let run = bytes[place...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard counts.contains(run.count) else { return nil }
    place += run.count
    return run.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard !isAtEnd, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }
}
