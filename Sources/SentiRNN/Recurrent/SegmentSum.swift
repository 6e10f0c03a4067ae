internal import SentiTensor

/// Sums of rows over equal inputs, for a run of the distinct inputs.
///
/// The first row of a sum is copied, so that nothing is set to zero only to be added to.
struct SegmentSum<Scalar: MatrixScalar>: Sendable {
  /// One sum an input of the run, `[rows.count, N]`; complete after ``finish()``.
  var sums: Matrix<Scalar>

  /// The inputs of the run.
  private(set) var rows = 0..<0
  private var isBegun: [Bool] = []

  /// Creates sums over no inputs.
  ///
  /// - Parameter width: The number of columns, N.
  init(width: Int) { sums = Matrix(rowCount: 0, columnCount: width) }

  /// Forgets all sums, and makes room for others.
  ///
  /// - Parameter rows: The inputs of the run.
  mutating func begin(_ rows: Range<Int>) {
    self.rows = rows
    sums.resize(rowCount: rows.count)
    isBegun = [Bool](repeating: false, count: rows.count)
  }

  /// Adds rows to the sums of their inputs; inputs beyond the run are passed over.
  ///
  /// - Parameters:
  ///   - source: The rows, `[M, N]`.
  ///   - inputs: The input of each row, `[M]`.
  ///   - kernels: The kernels.
  mutating func add(
    _ source: Matrix<Scalar>, inputs: ArraySlice<Int32>, _ kernels: Kernels<Scalar>
  ) {
    guard !rows.isEmpty else { return }
    kernels.addOrCopyRows(
      of: source, to: inputs, from: rows.lowerBound, of: &sums, isBegun: &isBegun)
  }

  /// Sets the sums to zero to which nothing was added.
  mutating func finish() {
    for (row, isBegun) in isBegun.enumerated() where !isBegun { sums.setRowToZero(row) }
  }
}
