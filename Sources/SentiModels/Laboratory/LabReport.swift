import Glibc

/// A cell of a table of the laboratory.
package enum LabValue: Hashable, Sendable {
  /// Words.
  case text(String)
  /// A number, printed with some digits behind the point.
  case number(Double, digits: Int)
  /// A number of any size, printed as a power of ten.
  case magnitude(Double)
}

extension LabValue {
  /// The value as people read it.
  package var text: String {
    switch self {
    case .text(let text): text
    case .number(let number, let digits):
      (number < 0 ? "-" : "") + decimal(number.magnitude, digits: digits)
    case .magnitude(let number): Self.scientific(number)
    }
  }

  /// A number with two digits and a power of ten, such as 1.2e-07.
  private static func scientific(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    var exponent = Int(log10(value.magnitude).rounded(.down))
    var tenths = (10 * value / pow(10, Double(exponent))).rounded()
    if tenths.magnitude >= 100 { (tenths, exponent) = (tenths / 10, exponent + 1) }
    let mantissa = (value < 0 ? "-" : "") + decimal(tenths.magnitude / 10, digits: 1)
    let digits = "\(exponent.magnitude)"
    let zeros = String(repeating: "0", count: max(0, 2 - digits.count))
    return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(zeros)\(digits)"
  }
}

/// A table of what an experiment found.
package struct LabTable: Hashable, Sendable {
  /// What the table shows, as one sentence.
  package var caption: String
  /// The names of the columns.
  package var columns: [String]
  /// The rows, one value a column.
  package var rows: [[LabValue]]

  /// Collects a table.
  ///
  /// - Parameters:
  ///   - caption: What the table shows, as one sentence.
  ///   - columns: The names of the columns.
  ///   - rows: The rows.
  package init(_ caption: String, columns: [String], rows: [[LabValue]]) {
    self.caption = caption
    self.columns = columns
    self.rows = rows
  }
}

extension Chart {
  /// A chart of lines, as experiments draw them.
  ///
  /// - Parameters:
  ///   - title: What the chart shows.
  ///   - x: The horizontal axis.
  ///   - y: The vertical axis.
  ///   - lines: Each line's name and its points.
  init(_ title: String, x: Axis, y: Axis, lines: [(name: String, points: [(Double, Double)])]) {
    let ends = lines.compactMap { line in
      line.points.last.map { "\(line.name) ends at \(ChartScale.number($0.1, digits: 3))" }
    }
    self.init(
      title, x: x, y: y,
      series: lines.map { Series($0.name, .line, $0.points.map { Point($0.0, $0.1) }) },
      alternative: ends.joined(separator: ", "))
  }
}

/// What an experiment of the laboratory found.
package struct LabReport: Sendable {
  /// The tables.
  package var tables: [LabTable]
  /// The charts, for a page.
  package var charts: [Chart] = []
}

/// How large an experiment is.
package struct LabSettings: Hashable, Sendable {
  /// The seed of all weights and data.
  package var seed: UInt64 = 1
  /// What numbers of training steps are multiplied by; tests take less than 1.
  package var effort = 1.0

  /// The default settings.
  package init() {}

  /// A number of training steps.
  func steps(_ count: Int) -> Int { max(1, Int(Double(count) * effort)) }
}
