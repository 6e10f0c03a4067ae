/// A dense row-major matrix that keeps its storage when it is resized.
///
/// Models hold their scratch memory in matrices that grow to the largest batch once and are then
/// reused: ``resize(rowCount:)`` allocates only when the new size was never reached before.
///
///     var states = Matrix<Float>(rowCount: 3, columnCount: 2)
///     states[1, 0] = 4
///
/// A value type with copy on write; safe to share between threads.
public struct Matrix<Scalar: MatrixScalar>: Sendable {
  /// The number of rows.
  public private(set) var rowCount: Int

  /// The number of columns.
  public let columnCount: Int

  /// The elements, row by row; may be longer than the matrix after it shrank.
  package var storage: AlignedArray<Scalar>

  /// Creates a matrix of zeros.
  ///
  /// - Parameters:
  ///   - rowCount: The number of rows, zero or more.
  ///   - columnCount: The number of columns, zero or more.
  public init(rowCount: Int, columnCount: Int) {
    precondition(
      rowCount >= 0 && columnCount >= 0,
      "matrix size must not be negative: [\(rowCount), \(columnCount)]")
    self.rowCount = rowCount
    self.columnCount = columnCount
    storage = AlignedArray(zeros: rowCount * columnCount)
  }

  /// Creates a matrix from its elements, row by row.
  ///
  /// - Parameters:
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns.
  ///   - elements: `rowCount * columnCount` elements.
  public init(rowCount: Int, columnCount: Int, elements: [Scalar]) {
    precondition(
      elements.count == rowCount * columnCount,
      "\(elements.count) elements do not fill a matrix [\(rowCount), \(columnCount)]")
    self.rowCount = rowCount
    self.columnCount = columnCount
    storage = AlignedArray(elements)
  }

  /// The element at a row and a column.
  ///
  /// - Parameters:
  ///   - row: A row, counted from 0.
  ///   - column: A column, counted from 0.
  public subscript(row: Int, column: Int) -> Scalar {
    get {
      checkIndex(row, column)
      return storage[row * columnCount + column]
    }
    set {
      checkIndex(row, column)
      storage[row * columnCount + column] = newValue
    }
  }

  /// The elements, row by row.
  ///
  /// - Complexity: O(elements).
  public var elements: [Scalar] { storage[0..<elementCount] }

  /// The number of elements.
  public var elementCount: Int { rowCount * columnCount }

  /// The square root of the sum of squares of all elements.
  ///
  /// - Complexity: O(elements).
  public var norm: Double {
    Kernels<Scalar>.best.sumOfSquares(storage, 0..<elementCount).squareRoot()
  }

  /// Changes the number of rows; what the rows then hold is unspecified.
  ///
  /// - Parameter rowCount: The new number of rows.
  /// - Complexity: O(1) where the storage is large enough, else O(elements).
  public mutating func resize(rowCount: Int) {
    precondition(rowCount >= 0, "a matrix cannot have \(rowCount) rows")
    self.rowCount = rowCount
    if elementCount > storage.count {
      storage = AlignedArray(zeros: 0)
      storage = AlignedArray(zeros: elementCount + elementCount / Self.slack)
    }
  }

  /// Changes the number of rows and sets every element to zero.
  ///
  /// - Parameter rowCount: The new number of rows.
  public mutating func resizeToZeros(rowCount: Int) {
    resize(rowCount: rowCount)
    Kernels<Scalar>.setToZero(&storage, 0..<elementCount)
  }

  /// Sets every element of a row to zero.
  package mutating func setRowToZero(_ row: Int) {
    precondition(row >= 0 && row < rowCount, "row \(row) of a matrix of \(rowCount) rows")
    Kernels<Scalar>.setToZero(&storage, row * columnCount..<(row + 1) * columnCount)
  }

  /// The elements of one row.
  ///
  /// - Parameter row: A row, counted from 0.
  /// - Returns: The elements.
  /// - Complexity: O(columns).
  public func row(_ row: Int) -> [Scalar] {
    precondition(row >= 0 && row < rowCount, "row \(row) of a matrix of \(rowCount) rows")
    return storage[row * columnCount..<(row + 1) * columnCount]
  }

  /// Copies rows, in the order given, to a matrix of their own.
  ///
  /// - Parameter rows: Rows, counted from 0; repeats are allowed.
  /// - Returns: The copy, `[rows, columnCount]`.
  /// - Complexity: O(rows · columns).
  package func rows(_ rows: [Int32]) -> Matrix {
    var copy = Matrix(rowCount: rows.count, columnCount: columnCount)
    guard columnCount > 0 else { return copy }
    Kernels<Scalar>.check(rows[...], in: rowCount)
    Kernels<Scalar>.gather(rows, of: storage, into: &copy)
    return copy
  }

  /// Overwrites one row.
  ///
  /// - Parameters:
  ///   - row: The row, counted from 0.
  ///   - values: As many elements as there are columns.
  package mutating func replaceRow(_ row: Int, with values: [Scalar]) {
    precondition(
      row >= 0 && row < rowCount && values.count == columnCount,
      "row \(row) of [\(rowCount), \(columnCount)] from \(values.count) elements")
    storage.replace(from: row * columnCount, with: values)
  }

  /// A matrix that grows takes this share more, so that batches of like sizes seldom make it grow.
  private static var slack: Int { 8 }

  private func checkIndex(_ row: Int, _ column: Int) {
    precondition(
      row >= 0 && row < rowCount && column >= 0 && column < columnCount,
      "index [\(row), \(column)] outside of a matrix [\(rowCount), \(columnCount)]")
  }
}

extension Matrix: Equatable {
  /// Whether shapes and elements are equal.
  ///
  /// - Parameters:
  ///   - left: A matrix.
  ///   - right: Another matrix.
  /// - Returns: Whether they are equal.
  public static func == (left: Matrix, right: Matrix) -> Bool {
    left.rowCount == right.rowCount && left.columnCount == right.columnCount
      && left.elements == right.elements
  }
}
