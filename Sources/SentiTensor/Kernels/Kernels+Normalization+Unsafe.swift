internal import CSentiKernels

extension Kernels {
  /// Layer normalization of a block: `target = bias + gain · (source - mean) / deviation`, mean and
  /// deviation taken over each row of the block.
  ///
  /// - Parameters:
  ///   - source: The values; the same columns of the target are written.
  ///   - gain: A factor for each column of the matrix, `[N]`.
  ///   - bias: What is added to each column, `[N]`; zeros where nil.
  ///   - target: The normalized values, `[M', N]`.
  ///   - targetRow: The first row written.
  /// - SeeAlso: Ba et al. 2016, <https://arxiv.org/abs/1607.06450>.
  package func normalize(
    _ source: MatrixBlock<Scalar>, gain: [Scalar], bias: [Scalar]? = nil,
    into target: inout Matrix<Scalar>, at targetRow: Int = 0
  ) {
    let columns = source.columns
    Self.check(targetRow..<targetRow + source.rows.count, in: target.rowCount)
    check(columns, in: [target.columnCount, gain.count, bias?.count ?? gain.count])
    let start = targetRow * target.columnCount + columns.lowerBound
    let stride = target.columnCount
    func run(_ bias: UnsafePointer<Scalar>?) {
      unsafe withRows(of: source, gain: gain, stride: stride) { description in
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
  ///   - source: The values that were normalized; the same columns of the gradient take part.
  ///   - gain: A factor for each column of the matrix, `[N]`.
  ///   - gains: Receives the gradients of gain and bias, added.
  package func normalizeBackward(
    _ gradient: inout Matrix<Scalar>, at gradientRow: Int = 0, of source: MatrixBlock<Scalar>,
    gain: [Scalar], adding gains: inout GainGradient<Scalar>
  ) {
    let first = source.columns.lowerBound
    Self.check(gradientRow..<gradientRow + source.rows.count, in: gradient.rowCount)
    check(
      source.columns, in: [gradient.columnCount, gain.count, gains.gain.count, gains.bias.count])
    let start = gradientRow * gradient.columnCount + first
    let stride = gradient.columnCount
    unsafe withRows(of: source, gain: gain, stride: stride) { description in
      unsafe functions.normalizeBackward(
        description, gradient.storage.mutableAddress() + start,
        gains.gain.mutableAddress() + first, gains.bias.mutableAddress() + first)
    }
  }

  /// `target[n] += Σ_m left[m, column + n] · right[m, n]`.
  package func addColumnProducts(
    of left: Matrix<Scalar>, column: Int, _ right: GatheredRows<Scalar>,
    to target: inout AlignedArray<Scalar>
  ) {
    let (width, rows) = (right.matrix.columnCount, left.rowCount)
    let (stride, count) = (left.columnCount, target.count)
    check(column..<column + width, in: [stride])
    precondition(
      count == width && right.count == rows,
      "products of \(rows) rows of \(width) columns with \(right.count) rows into \(count) sums")
    unsafe functions.addColumnProducts(
      target.mutableAddress(), left.storage.address + column, stride,
      right.matrix.storage.address, width, right.rows, rows, width)
  }

  /// `target[row + i] = left[i] * right[i]`, for the rows of two blocks of the target's width.
  @specialized(where Scalar == Float)
  package func multiplyElements(
    of left: MatrixBlock<Scalar>, by right: MatrixBlock<Scalar>,
    into target: inout Matrix<Scalar>, at row: Int = 0
  ) {
    let (width, count) = (target.columnCount, left.rows.count)
    precondition(
      left.columns.count == width && right.columns.count == width && right.rows.count == count,
      "[\(count), \(left.columns.count)] * [\(right.rows.count), \(right.columns.count)] into "
        + "rows of \(width)")
    Self.check(row..<row + count, in: target.rowCount)
    for index in 0..<count {
      let to = (row + index) * width
      let (factor, other) = (
        left.start + index * left.stride, right.start + index * right.stride
      )
      for unit in 0..<width {
        target.storage[to + unit] =
          left.matrix.storage[factor + unit] * right.matrix.storage[other + unit]
      }
    }
  }

  private func check(_ columns: Range<Int>, in widths: [Int]) {
    precondition(
      columns.lowerBound >= 0 && widths.allSatisfy { columns.upperBound <= $0 },
      "columns \(columns) of matrices and vectors of \(widths) elements a row")
  }

  private func withRows(
    of source: MatrixBlock<Scalar>, gain: [Scalar], stride: Int,
    _ body: (UnsafePointer<CSentiKernels_Rows>) -> Void
  ) {
    func run(_ gain: UnsafePointer<Scalar>) {
      var description = unsafe CSentiKernels_Rows(
        x: source.matrix.storage.address + source.start, xStride: source.stride, yStride: stride,
        M: source.rows.count, N: source.columns.count, gain: gain + source.columns.lowerBound)
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
