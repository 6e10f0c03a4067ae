/// The rows of each day, which are gathered by day, week, month or year.
struct DateTally: Sendable {
  /// How long the periods are.
  enum Period: String, Sendable {
    case day, week, month, year
  }

  private var days: [Int: ScoreTally] = [:]
  /// The number of rows whose dates could not be read.
  private(set) var unreadableCount = 0
  /// One of these dates.
  private(set) var unreadable: String?

  /// The most periods that are drawn.
  static let periodLimit = 240

  /// Adds a row.
  mutating func add(_ date: String, label: Int, score: Double) {
    let text = SentimentLabels.trimmed(date)
    guard let time = SeriesTime(text), time.isDate else {
      unreadableCount += 1
      unreadable = unreadable ?? text
      return
    }
    days[time.date.dayNumber, default: ScoreTally()].add(label: label, score: score)
  }

  /// How long the periods are: days for two months, weeks for a year or so, else months or years.
  var period: Period {
    guard let first = days.keys.min(), let last = days.keys.max() else { return .day }
    switch last - first {
    case ..<62: return .day
    case ..<400: return .week
    case ..<(30 * Self.periodLimit): return .month
    default: return .year
    }
  }

  /// The periods from the first to the last, also those without rows; of years only the last.
  var periods: [(name: String, tally: ScoreTally)] {
    let period = period
    var tallies: [Int: ScoreTally] = [:]
    for (day, tally) in days.sorted(by: { $0.key < $1.key }) {
      tallies[Self.number(of: day, period), default: ScoreTally()].merge(tally)
    }
    guard let first = tallies.keys.min(), let last = tallies.keys.max() else { return [] }
    return (max(first, last - Self.periodLimit + 1)...last).map { number in
      (Self.name(of: number, period), tallies[number] ?? ScoreTally())
    }
  }

  private static func number(of day: Int, _ period: Period) -> Int {
    let date = CivilDate(dayNumber: day)
    return switch period {
    case .day: day
    case .week: (day + 3).flooredDivision(by: 7)
    case .month: date.monthNumber
    case .year: date.year
    }
  }

  private static func name(of number: Int, _ period: Period) -> String {
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    func name(_ date: CivilDate) -> String {
      "\(date.year)-\(padded(date.month))-\(padded(date.day))"
    }
    switch period {
    case .day: return name(CivilDate(dayNumber: number))
    case .week: return name(CivilDate(dayNumber: 7 * number - 3))
    case .month:
      let date = CivilDate(monthNumber: number, day: 1)
      return "\(date.year)-\(padded(date.month))"
    case .year: return "\(number)"
    }
  }
}
