internal import CSentiKernels

extension Kernels {
  /// Layer normalization of a block of columns: `target = bias + gain · (source - mean) / deviation`,
  /// mean and deviation taken over the block of each row.
  ///
  /// - Parameters:
  ///   - source: The values, `[M, N]`.
  ///   - rows: Its rows that take part.
  ///   - columns: The block, in source and target.
  ///   - gain: A factor for each column of the matrix, `[N]`.
  ///   - bias: What is added to each column, `[N]`; zeros where nil.
  ///   - target: The normalized values, `[M', N]`.
  ///   - targetRow: The first row written.
  /// - SeeAlso: Ba et al. 2016, <https://arxiv.org/abs/1607.06450>.
  package func normalize(
    _ source: Matrix<Scalar>, rows: Range<Int>, columns: Range<Int>, gain: [Scalar],
    bias: [Scalar]? = nil, into target: inout Matrix<Scalar>, at targetRow: Int = 0
  ) {
    Self.check(rows, in: source.rowCount)
    Self.check(targetRow..<targetRow + rows.count, in: target.rowCount)
    check(columns, [source.columnCount, target.columnCount, gain.count, bias?.count ?? gain.count])
    let start = targetRow * target.columnCount + columns.lowerBound
    let stride = target.columnCount
    func run(_ bias: UnsafePointer<Scalar>?) {
      unsafe withRows(source, rows, columns, gain, stride) { description in
        unsafe functions.normalize(
          description, target.storage.mutableAddress() + start,
          bias.map { unsafe $0 + columns.lowerBound })
      }
    }
    unsafe run(bias)
  }

  /// Turns the gradient of normalized values into that of the values, in place.
  ///
  /// - Parameters:
  ///   - gradient: The gradient, `[M', N]`.
  ///   - gradientRow: Its first row that takes part.
  ///   - source: The values that were normalized, `[M, N]`.
  ///   - rows: Their rows.
  ///   - columns: The block, in source and gradient.
  ///   - gain: A factor for each column of the matrix, `[N]`.
  ///   - gains: Receives the gradients of gain and bias, added.
  package func normalizeBackward(
    _ gradient: inout Matrix<Scalar>, at gradientRow: Int = 0, of source: Matrix<Scalar>,
    rows: Range<Int>, columns: Range<Int>, gain: [Scalar], adding gains: inout GainGradient<Scalar>
  ) {
    Self.check(rows, in: source.rowCount)
    Self.check(gradientRow..<gradientRow + rows.count, in: gradient.rowCount)
    check(
      columns,
      [source.columnCount, gradient.columnCount, gain.count, gains.gain.count, gains.bias.count])
    let start = gradientRow * gradient.columnCount + columns.lowerBound
    let stride = gradient.columnCount
    let first = columns.lowerBound
    unsafe withRows(source, rows, columns, gain, stride) { description in
      unsafe functions.normalizeBackward(
        description, gradient.storage.mutableAddress() + start,
        gains.gain.mutableAddress() + first, gains.bias.mutableAddress() + first)
    }
  }

  /// `target[n] += Σ_m left[m, column + n] · right[rightRows[m], n]`, row m where `rightRows` is nil.
  package func addColumnProducts(
    of left: Matrix<Scalar>, column: Int, _ right: Matrix<Scalar>, rightRows: [Int32]?,
    to target: inout AlignedArray<Scalar>
  ) {
    let (width, rows) = (right.columnCount, left.rowCount)
    let (stride, count) = (left.columnCount, target.count)
    check(column..<column + width, [stride])
    precondition(
      count == width && rightRows?.count ?? right.rowCount == rows,
      "products of \(rows) rows of \(width) columns with "
        + "\(rightRows?.count ?? right.rowCount) rows into \(count) sums")
    if let rightRows { Self.check(rightRows[...], in: right.rowCount) }
    unsafe functions.addColumnProducts(
      target.mutableAddress(), left.storage.address + column, stride, right.storage.address, width,
      rightRows, rows, width)
  }

  /// `target[to + i] = left[rows[i], column...] * right[from + i]`, for rows.
  @specialized(where Scalar == Float)
  package func multiplyColumns(
    of left: Matrix<Scalar>, rows: Range<Int>, column: Int, _ right: Matrix<Scalar>,
    from rightRow: Int = 0, into target: inout Matrix<Scalar>, at targetRow: Int = 0
  ) {
    let width = target.columnCount
    check(column..<column + width, [left.columnCount])
    precondition(right.columnCount == width, "\(right.columnCount) columns beside \(width)")
    Self.check(rows, in: left.rowCount)
    Self.check(rightRow..<rightRow + rows.count, in: right.rowCount)
    Self.check(targetRow..<targetRow + rows.count, in: target.rowCount)
    for index in 0..<rows.count {
      let (to, from) = ((targetRow + index) * width, (rightRow + index) * width)
      let factors = (rows.lowerBound + index) * left.columnCount + column
      for unit in 0..<width {
        target.storage[to + unit] = left.storage[factors + unit] * right.storage[from + unit]
      }
    }
  }

  private func check(_ columns: Range<Int>, _ widths: [Int]) {
    precondition(
      columns.lowerBound >= 0 && widths.allSatisfy { columns.upperBound <= $0 },
      "columns \(columns) of matrices and vectors of \(widths) elements a row")
  }

  private func withRows(
    _ source: Matrix<Scalar>, _ rows: Range<Int>, _ columns: Range<Int>, _ gain: [Scalar],
    _ stride: Int, _ body: (UnsafePointer<CSentiKernels_Rows>) -> Void
  ) {
    let width = source.columnCount
    func run(_ gain: UnsafePointer<Scalar>) {
      var description = unsafe CSentiKernels_Rows(
        x: source.storage.address + rows.lowerBound * width + columns.lowerBound, xStride: width,
        yStride: stride,
        M: rows.count, N: columns.count, gain: gain + columns.lowerBound)
      unsafe body(&description)
    }
    unsafe run(gain)
  }
}

/// The gradients of a normalization's gain and bias.
package struct GainGradient<Scalar: MatrixScalar>: Sendable {
  /// The gradient of the gain, `[N]`.
  package var gain: AlignedArray<Scalar>
  /// The gradient of the bias, `[N]`.
  package var bias: AlignedArray<Scalar>

  /// Zeros.
  package init(width: Int) {
    gain = AlignedArray(zeros: width)
    bias = gain
  }
}
