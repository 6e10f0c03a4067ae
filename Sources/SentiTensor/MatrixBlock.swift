/// Rows and columns of a matrix that take part in a computation.
///
/// Making one copies nothing.
package struct MatrixBlock<Scalar: MatrixScalar>: Sendable {
  /// The matrix, `[M, N]`.
  package let matrix: Matrix<Scalar>
  /// The rows that take part.
  package let rows: Range<Int>
  /// The columns that take part.
  package let columns: Range<Int>

  /// Takes a block of a matrix.
  ///
  /// - Parameters:
  ///   - matrix: The matrix.
  ///   - rows: Its rows that take part; all where nil.
  ///   - columns: Its columns that take part; all where nil.
  /// - Precondition: The matrix has these rows and columns.
  package init(
    _ matrix: Matrix<Scalar>, rows: Range<Int>? = nil, columns: Range<Int>? = nil
  ) {
    self.matrix = matrix
    self.rows = rows ?? 0..<matrix.rowCount
    self.columns = columns ?? 0..<matrix.columnCount
    Kernels<Scalar>.check(self.rows, in: matrix.rowCount)
    precondition(
      self.columns.lowerBound >= 0 && self.columns.upperBound <= matrix.columnCount,
      "columns \(self.columns) of a matrix [\(matrix.rowCount), \(matrix.columnCount)]")
  }

  /// The place of the first element in the matrix's storage.
  var start: Int { rows.lowerBound * matrix.columnCount + columns.lowerBound }

  /// The distance from an element to the one below it.
  var stride: Int { matrix.columnCount }
}

/// Where a result is written in a matrix.
package struct MatrixPosition: Hashable, Sendable {
  /// The first row written.
  package let row: Int
  /// The first column written; where nil, the result is as wide as the matrix.
  package let column: Int?

  /// Names the place of the first element written.
  ///
  /// - Parameters:
  ///   - row: The first row written.
  ///   - column: The first column written; where nil, the result is as wide as the matrix.
  package init(row: Int = 0, column: Int? = nil) {
    self.row = row
    self.column = column
  }

  /// Whether `count` columns from here on are columns of a matrix that has `width`.
  func holds(_ count: Int, in width: Int) -> Bool {
    guard let column else { return count == width }
    return column >= 0 && column + count <= width
  }
}

/// Rows of a matrix by their numbers, in any order and any number of times.
package struct GatheredRows<Scalar: MatrixScalar>: Sendable {
  /// The matrix that the rows are taken from.
  package let matrix: Matrix<Scalar>
  /// The row of the matrix at each place; row k at place k where nil.
  package let rows: [Int32]?

  /// Takes rows of a matrix.
  ///
  /// - Parameters:
  ///   - matrix: The matrix.
  ///   - rows: The row at each place; row k at place k where nil.
  /// - Precondition: The matrix has these rows.
  package init(_ matrix: Matrix<Scalar>, rows: [Int32]? = nil) {
    if let rows { Kernels<Scalar>.check(rows[...], in: matrix.rowCount) }
    self.matrix = matrix
    self.rows = rows
  }

  /// The number of places.
  package var count: Int { rows?.count ?? matrix.rowCount }
}

/// What a product is added to.
package enum ProductAddend<Scalar: MatrixScalar>: Sendable {
  /// Zeros: the target is overwritten.
  case zeros
  /// A row, `[N]`, the same for all rows of the product; the target is overwritten.
  case bias([Scalar])
  /// What the target holds.
  case target
}
