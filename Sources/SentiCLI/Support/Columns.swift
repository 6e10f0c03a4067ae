/// Numbers and columns for people.
enum Columns {
  /// A number with a fixed number of digits after the point.
  static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite, value.magnitude < 1e9 else { return "\(value)" }
    let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
    let scaled = Int((value.magnitude * Double(scale)).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
  }

  /// A number with its sign and a fixed number of digits after the point.
  static func signed(_ value: Double, digits: Int) -> String {
    let number = fixed(value, digits: digits)
    return (number.hasPrefix("-") ? "" : "+") + number
  }

  /// The probability of a test's statistic where there is no difference.
  static func probability(_ value: Double) -> String {
    value < 0.0001 ? "p < 0.0001" : "p = \(fixed(value, digits: 4))"
  }

  /// A whole number with a comma between thousands.
  static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// A bar that is filled so far.
  static func bar(_ filled: Int, of width: Int) -> String {
    "[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: width - filled))]"
  }

  /// Lines of cells; all but the last of a line are padded to their column's width.
  static func aligned(_ rows: [[String]]) -> String {
    let columnCount = rows.map(\.count).max() ?? 0
    let widths = (0..<columnCount).map { column in
      rows.compactMap { column < $0.count ? $0[column].count : nil }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        column == row.count - 1
          ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
      }
      return cells.joined(separator: "  ") + "\n"
    }.joined()
  }
}
