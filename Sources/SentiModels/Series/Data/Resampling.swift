/// What is done about the times of a table that are missing, or at other distances than the others.
public enum IrregularTimes: Hashable, Sendable {
  /// They are an error.
  case refuse
  /// Missing times are gaps.
  case fill
  /// All numbers of a longer step become one.
  case resample(Resampling)
}

/// How numbers at irregular or short distances become numbers at longer equal ones.
///
/// A number stands at the beginning of its step: those of a day at midnight, of a week at its Monday, of a
/// month at its first day. A step without a number is a gap.
public struct Resampling: Hashable, Sendable {
  /// What a number stands for.
  public enum Period: String, CaseIterable, Hashable, Sendable {
    case hour, day, week, month, quarter, year
  }

  /// How the numbers of a step become one.
  public enum Aggregate: String, CaseIterable, Hashable, Sendable {
    case mean, sum, min, max, last
  }

  /// What a number stands for.
  public let period: Period
  /// How the numbers of a step become one.
  public let aggregate: Aggregate

  /// Names a period and an aggregate.
  ///
  /// - Parameters:
  ///   - period: What a number stands for.
  ///   - aggregate: How the numbers to forecast become one; covariates become their mean.
  public init(_ period: Period, aggregate: Aggregate = .mean) {
    self.period = period
    self.aggregate = aggregate
  }

  /// The distance of the new times.
  var step: TimeStep {
    switch period {
    case .hour: .seconds(3600)
    case .day: .seconds(SeriesTime.daySeconds)
    case .week: .seconds(7 * SeriesTime.daySeconds)
    case .month: .months(1)
    case .quarter: .months(3)
    case .year: .months(12)
    }
  }

  /// The rows of each period as one.
  ///
  /// - Parameter rows: Rows of one series, in order of time.
  /// - Returns: A row for each period that has one.
  func resampled(_ rows: [SeriesRow]) -> [SeriesRow] {
    var groups: [(start: SeriesTime, rows: [SeriesRow])] = []
    for row in rows {
      let start = start(of: row.time)
      if groups.last?.start == start {
        groups[groups.count - 1].rows.append(row)
      } else {
        groups.append((start, [row]))
      }
    }
    return groups.map { start, rows in
      SeriesRow(
        time: start, line: rows[0].line, value: aggregate.value(of: rows.compactMap(\.value)),
        covariates: rows[0].covariates.indices.map { column in
          Aggregate.mean.value(of: rows.compactMap { $0.covariates[column] })
        })
    }
  }

  /// The first time of the period that a time lies in.
  private func start(of time: SeriesTime) -> SeriesTime {
    let date = time.date
    let day =
      switch period {
      case .hour, .day: date.dayNumber
      case .week: date.dayNumber - date.weekday
      case .month: CivilDate(monthNumber: date.monthNumber, day: 1).dayNumber
      case .quarter: CivilDate(monthNumber: date.monthNumber / 3 * 3, day: 1).dayNumber
      case .year: CivilDate(monthNumber: date.monthNumber / 12 * 12, day: 1).dayNumber
      }
    let hour = period == .hour ? time.secondOfDay / 3600 * 3600 : 0
    return SeriesTime(
      Double(day * SeriesTime.daySeconds + hour), precision: period == .hour ? .minute : .day,
      writtenLike: time)
  }
}

extension Resampling.Aggregate {
  /// One number of several; nil of none.
  fileprivate func value(of values: [Double]) -> Double? {
    guard let last = values.last else { return nil }
    return switch self {
    case .mean: values.reduce(0, +) / Double(values.count)
    case .sum: values.reduce(0, +)
    case .min: values.min()
    case .max: values.max()
    case .last: last
    }
  }
}
