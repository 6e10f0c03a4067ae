import SentiTestSupport

/// Files of generated series, and options of trainings that take some milliseconds an epoch.
enum SeriesFiles {
  /// A wave of a week of days.
  static func days(_ count: Int) -> String {
    let pattern = [3.0, 5, 9, 8, 6, 2, 1]
    let rows = (0..<count).map { index in
      "\(date(index)),\(pattern[index % 7] + Double(index % 3) / 10)"
    }
    return "Date,Temp\n" + rows.joined(separator: "\n") + "\n"
  }

  /// The same as numbers, of two series.
  static func two(_ count: Int) -> String {
    let rows = ["a", "b"].flatMap { id in
      (0..<count).map { "\(id),\($0),\([3.0, 5, 9, 8][$0 % 4] * (id == "a" ? 1 : 10))" }
    }
    return "unique_id,ds,y\n" + rows.joined(separator: "\n") + "\n"
  }

  static let tiny = [
    "--hidden-size", "4", "--window", "8", "--lags", "2", "--batch-tokens", "60", "--threads", "2",
    "--epochs", "2", "--outputs", "4", "--members", "1",
  ]

  /// The day of 2021, counted from 0.
  private static func date(_ index: Int) -> String {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var (rest, place) = (index, 0)
    while rest >= lengths[place] {
      rest -= lengths[place]
      place += 1
    }
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "2021-\(padded(place + 1))-\(padded(rest + 1))"
  }
}
