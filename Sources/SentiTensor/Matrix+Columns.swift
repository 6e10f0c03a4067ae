extension Matrix {
  /// Sets matrices with equal numbers of rows side by side.
  ///
  /// - Parameter parts: At least one matrix.
  /// - Complexity: O(elements).
  public init(concatenating parts: [Matrix]) {
    precondition(
      !parts.isEmpty && parts.allSatisfy { $0.rowCount == parts[0].rowCount },
      "matrices of \(parts.map(\.rowCount)) rows side by side")
    self.init(
      rowCount: parts[0].rowCount, columnCount: parts.reduce(0) { $0 + $1.columnCount })
    var column = 0
    for part in parts {
      Kernels<Scalar>.copyColumns(
        of: MatrixBlock(part), into: &self, at: MatrixPosition(column: column))
      column += part.columnCount
    }
  }

  /// Sets matrices with equal numbers of columns one below the other.
  ///
  /// - Parameter parts: At least one matrix.
  /// - Complexity: O(elements).
  package init(stacking parts: [Matrix]) {
    precondition(!parts.isEmpty, "no matrices to stack")
    self.init(
      rowCount: parts.reduce(0) { $0 + $1.rowCount }, columnCount: parts[0].columnCount)
    var row = 0
    for part in parts {
      replaceRows(from: row, with: part)
      row += part.rowCount
    }
  }

  /// Overwrites consecutive rows.
  ///
  /// - Parameters:
  ///   - first: The first row to overwrite.
  ///   - source: The new rows.
  package mutating func replaceRows(from first: Int, with source: Matrix) {
    precondition(
      source.columnCount == columnCount, "rows of \(source.columnCount) columns, not \(columnCount)"
    )
    Kernels<Scalar>.copyColumns(
      of: MatrixBlock(source), into: &self, at: MatrixPosition(row: first))
  }

  /// All rows but the first ones.
  ///
  /// - Parameter count: How many rows are left out.
  /// - Returns: The matrix itself where that is none, else a copy.
  package func dropFirst(_ count: Int) -> Matrix {
    count == 0 ? self : rows((count..<rowCount).map { Int32($0) })
  }

  /// Copies some columns to a matrix of their own.
  ///
  /// - Parameter columns: The columns.
  /// - Returns: The copy, `[rowCount, columns]`.
  /// - Complexity: O(elements copied).
  public func columns(_ columns: Range<Int>) -> Matrix {
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= columnCount,
      "columns \(columns) of \(columnCount)")
    var copy = Matrix(rowCount: rowCount, columnCount: columns.count)
    Kernels<Scalar>.best.addColumns(
      of: self, column: columns.lowerBound, rows: nil, to: &copy, rows: 0..<rowCount)
    return copy
  }

  /// For each row the first column that holds its maximum.
  ///
  /// - Returns: One column a row.
  /// - Complexity: O(elements).
  public func argmax() -> [Int] {
    (0..<rowCount).map { row in
      (1..<Swift.max(1, columnCount)).reduce(0) { self[row, $1] > self[row, $0] ? $1 : $0 }
    }
  }
}
