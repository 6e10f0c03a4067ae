/// A cell of a table of the laboratory.
package enum LabValue: Hashable, Sendable {
  /// Words.
  case text(String)
  /// A number, printed with some digits behind the point.
  case number(Double, digits: Int)
  /// A number of any size, printed as a power of ten.
  case magnitude(Double)
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

/// Lines of an experiment, such as losses over steps.
package struct LabChart: Hashable, Sendable {
  /// A line: its name and its points.
  package struct Line: Hashable, Sendable {
    /// The name.
    package var name: String
    /// The points, in the order of x.
    package var points: [Point]
  }

  /// A point of a line.
  package struct Point: Hashable, Sendable {
    /// What was varied.
    package var x: Double
    /// What was measured.
    package var y: Double
  }

  /// What the chart shows.
  package var title: String
  /// What x is, with its unit.
  package var xTitle: String
  /// What y is, with its unit.
  package var yTitle: String
  /// Whether y is drawn on a logarithmic scale.
  package var isLogarithmic = false
  /// The lines.
  package var lines: [Line]
}

/// What an experiment of the laboratory found.
package struct LabReport: Sendable {
  /// The tables.
  package var tables: [LabTable]
  /// The charts, for a page.
  package var charts: [LabChart] = []
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
