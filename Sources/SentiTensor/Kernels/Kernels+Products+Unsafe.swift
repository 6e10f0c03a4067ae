internal import CSentiKernels

extension Kernels {
  /// `target = bias + source · packed`, or `target += source · packed`, for a range of rows.
  ///
  /// - Parameters:
  ///   - source: The left factor, `[M, K]`, or a block of K columns of it.
  ///   - sourceRows: Its rows that take part.
  ///   - sourceColumn: The first column of the block; the whole matrix where nil.
  ///   - packed: The right factor, `[K, N]`.
  ///   - bias: What every row starts from, `[N]`; zeros where nil.
  ///   - target: The product, `[M', N]`, or a block of N columns of it.
  ///   - targetRow: The first row written.
  ///   - targetColumn: The first column written; the whole matrix where nil.
  ///   - accumulates: Whether the product is added; `bias` must be nil then.
  ///   - threadCount: The number of threads, which share the rows; the bits are the same at any.
  @specialized(where Scalar == Float)
  package func multiply(
    _ source: Matrix<Scalar>, rows sourceRows: Range<Int>, column sourceColumn: Int? = nil,
    by packed: PackedMatrix<Scalar>, bias: [Scalar]? = nil, into target: inout Matrix<Scalar>,
    at targetRow: Int = 0, targetColumn: Int? = nil, accumulates: Bool = false,
    threadCount: Int = 1
  ) {
    checkProduct(source, sourceRows, sourceColumn, packed, target, targetRow, targetColumn)
    precondition(
      bias.map { $0.count == packed.columnCount && !accumulates } ?? true,
      "bias of \(bias?.count ?? 0) elements for \(packed.columnCount) columns, "
        + "accumulates: \(accumulates)")
    let (width, stride) = (target.columnCount, source.columnCount)
    let start = targetRow * width + (targetColumn ?? 0)
    let first = sourceRows.lowerBound * stride + (sourceColumn ?? 0)
    let scratchRow = quantizedCount(packed.depth, packed.precision)
    func run(_ bias: UnsafePointer<Scalar>?) {
      let shared = unsafe Shared(
        (target.storage.mutableAddress() + start, source.storage.address + first, bias))
      Self.inPieces(sourceRows.count, of: Self.rowsOfPiece, threadCount: threadCount) { piece in
        let (to, from, bias) = unsafe shared.pointers
        unsafe withUnsafeTemporaryAllocation(
          of: Scalar.self, capacity: scratchRow * min(piece.count, rowBlock)
        ) {
          unsafe functions.multiply(
            to + piece.lowerBound * width, width, from + piece.lowerBound * stride, stride,
            packed.storage.address, piece.count, packed.columnCount, packed.depth, bias,
            accumulates, packed.precision.cValue, $0.baseAddress)
        }
      }
    }
    unsafe run(bias)
  }

  /// The rows of a product that are rounded at once.
  private var rowBlock: Int { Int(CSENTI_ROW_BLOCK) }

  /// Elements of scratch for one rounded row.
  func quantizedCount(_ depth: Int, _ precision: WeightPrecision) -> Int {
    functions.quantizedCount(depth, precision.cValue)
  }

  private func checkProduct(
    _ source: Matrix<Scalar>, _ rows: Range<Int>, _ sourceColumn: Int?,
    _ packed: PackedMatrix<Scalar>, _ target: Matrix<Scalar>, _ targetRow: Int,
    _ targetColumn: Int?
  ) {
    // Without a column the block is the whole matrix.
    func holds(_ matrix: Matrix<Scalar>, _ column: Int?, _ count: Int) -> Bool {
      guard let column else { return matrix.columnCount == count }
      return column >= 0 && column + count <= matrix.columnCount
    }
    precondition(
      holds(source, sourceColumn, packed.depth) && holds(target, targetColumn, packed.columnCount),
      "product [\(source.rowCount), \(source.columnCount)] · [\(packed.depth), "
        + "\(packed.columnCount)] into [\(target.rowCount), \(target.columnCount)]")
    precondition(
      packed.gateCount == 1 && packed.kernels.instructionSet == instructionSet,
      "weights packed for \(packed.gateCount) gates and \(packed.kernels.instructionSet)")
    Self.check(rows, in: source.rowCount)
    Self.check(targetRow..<targetRow + rows.count, in: target.rowCount)
  }

  /// `target += Σ_k left[k]ᵀ · right[rightRows[k]]`: the gradient of a weight matrix.
  ///
  /// - Parameters:
  ///   - left: Gradients of outputs, `[K, M]`.
  ///   - taken: The columns of `left`, and rows of the gradient, that take part; all where nil.
  ///   - right: Inputs, `[K', N]`.
  ///   - rightRows: The row of `right` for each row of `left`; row k where nil.
  ///   - target: An arena that holds the gradient.
  ///   - slot: The gradient's place, `[M, N]`.
  ///   - scratch: Reused memory.
  ///   - threadCount: The number of threads, which share the columns; the bits are the same at any.
  package func multiplyTransposed(
    _ left: Matrix<Scalar>, columns taken: Range<Int>? = nil, _ right: Matrix<Scalar>,
    rightRows: [Int32]? = nil, into target: inout Parameters<Scalar>, _ slot: ParameterSlot,
    scratch: inout AlignedArray<Scalar>, threadCount: Int = 1
  ) {
    precondition(
      left.columnCount == slot.rowCount && right.columnCount == slot.columnCount,
      "gradient of \(slot.name) \(slot.shape) from [\(left.rowCount), \(left.columnCount)] and "
        + "[\(right.rowCount), \(right.columnCount)]")
    precondition(
      rightRows?.count ?? right.rowCount == left.rowCount,
      "\(rightRows?.count ?? right.rowCount) rows beside \(left.rowCount)")
    if let rightRows { Self.check(rightRows[...], in: right.rowCount) }
    Self.check(slot.range, in: target.storage.count)
    let (width, columns, depth) = (slot.rowCount, slot.columnCount, left.rowCount)
    let taken = taken ?? 0..<width
    Self.check(taken, in: width)
    let start = slot.range.lowerBound + taken.lowerBound * columns
    let needed = functions.transposedScratchCount(columns)
    if scratch.count < threadCount * needed { scratch = AlignedArray(zeros: threadCount * needed) }
    target.write(slot) { target in
      let shared = unsafe Shared(
        (
          target.mutableAddress() + start, left.storage.address + taken.lowerBound,
          right.storage.address, scratch.mutableAddress()
        ))
      // One piece a thread, for each packs the whole right factor.
      Self.inPieces(taken.count, of: nil, threadCount: threadCount) { piece in
        let (to, from, right, scratch) = unsafe shared.pointers
        let index = piece.lowerBound * threadCount / taken.count
        unsafe functions.multiplyTransposed(
          to + piece.lowerBound * columns, columns, from + piece.lowerBound, width, right, columns,
          rightRows, piece.count, columns, depth, scratch + index * needed)
      }
    }
  }

  /// Adds the sum of all rows of a matrix to a parameter's gradient: the gradient of a bias.
  ///
  /// - Parameters:
  ///   - source: Gradients of outputs, `[M, N]`.
  ///   - taken: The columns of `source`, and elements of the gradient, that take part; all where nil.
  ///   - target: An arena that holds the gradient.
  ///   - slot: The gradient's place, `[N]`.
  ///   - threadCount: The number of threads, which share the columns; the bits are the same at any.
  package func addColumnSums(
    of source: Matrix<Scalar>, columns taken: Range<Int>? = nil,
    to target: inout Parameters<Scalar>, _ slot: ParameterSlot, threadCount: Int = 1
  ) {
    precondition(
      source.columnCount == slot.range.count,
      "gradient of \(slot.name) \(slot.shape) from \(source.columnCount) columns")
    Self.check(slot.range, in: target.storage.count)
    let (rows, stride) = (source.rowCount, source.columnCount)
    let taken = taken ?? 0..<stride
    Self.check(taken, in: stride)
    target.write(slot) { target in
      let shared = unsafe Shared(
        (
          target.mutableAddress() + slot.range.lowerBound + taken.lowerBound,
          source.storage.address + taken.lowerBound
        ))
      Self.inPieces(taken.count, of: nil, threadCount: threadCount) { piece in
        let (to, from) = unsafe shared.pointers
        unsafe functions.addColumnSums(
          to + piece.lowerBound, from + piece.lowerBound, stride, rows, piece.count)
      }
    }
  }
}
