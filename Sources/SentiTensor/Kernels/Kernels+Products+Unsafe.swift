internal import CSentiKernels

extension Kernels {
  /// `target = addend + source · packed`.
  ///
  /// - Parameters:
  ///   - source: The left factor, `[M, K]`.
  ///   - packed: The right factor, `[K, N]`.
  ///   - addend: What the product is added to.
  ///   - target: Receives the product, `[M, N]`.
  ///   - position: Where the product is in the target.
  ///   - threadCount: The number of threads, which share the rows; the bits are the same at any.
  @specialized(where Scalar == Float)
  package func multiply(
    _ source: MatrixBlock<Scalar>, by packed: PackedMatrix<Scalar>,
    adding addend: ProductAddend<Scalar> = .zeros, into target: inout Matrix<Scalar>,
    at position: MatrixPosition = MatrixPosition(), threadCount: Int = 1
  ) {
    checkProduct(of: source, by: packed, into: target, at: position)
    let (bias, accumulates) = checkedAddend(addend, columnCount: packed.columnCount)
    let (width, stride) = (target.columnCount, source.stride)
    let start = position.row * width + (position.column ?? 0)
    let scratchRow = quantizedCount(packed.depth, packed.precision)
    func run(_ bias: UnsafePointer<Scalar>?) {
      let shared = unsafe Shared(
        (
          target.storage.mutableAddress() + start, source.matrix.storage.address + source.start,
          bias
        ))
      Self.inPieces(source.rows.count, of: Self.rowsOfPiece, threadCount: threadCount) { piece in
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
    of source: MatrixBlock<Scalar>, by packed: PackedMatrix<Scalar>, into target: Matrix<Scalar>,
    at position: MatrixPosition
  ) {
    precondition(
      source.columns.count == packed.depth
        && position.holds(packed.columnCount, in: target.columnCount),
      "product [\(source.matrix.rowCount), \(source.columns.count)] · [\(packed.depth), "
        + "\(packed.columnCount)] into [\(target.rowCount), \(target.columnCount)]")
    precondition(
      packed.gateCount == 1 && packed.kernels.instructionSet == instructionSet,
      "weights packed for \(packed.gateCount) gates and \(packed.kernels.instructionSet)")
    Self.check(position.row..<position.row + source.rows.count, in: target.rowCount)
  }

  private func checkedAddend(
    _ addend: ProductAddend<Scalar>, columnCount: Int
  ) -> (bias: [Scalar]?, accumulates: Bool) {
    switch addend {
    case .zeros: return (nil, false)
    case .target: return (nil, true)
    case .bias(let bias):
      precondition(
        bias.count == columnCount, "bias of \(bias.count) elements for \(columnCount) columns")
      return (bias, false)
    }
  }

  /// `target += Σ_k left[k]ᵀ · right[k]`: the gradient of a weight matrix.
  ///
  /// - Parameters:
  ///   - left: Gradients of outputs, `[K, M]`; its columns are the gradient's rows that take part.
  ///   - right: Inputs, `[K, N]`.
  ///   - target: An arena that holds the gradient.
  ///   - slot: The gradient's place, `[M, N]`.
  ///   - scratch: Reused memory.
  ///   - threadCount: The number of threads, which share the columns; the bits are the same at any.
  package func multiplyTransposed(
    _ left: MatrixBlock<Scalar>, _ right: GatheredRows<Scalar>,
    into target: inout Parameters<Scalar>, _ slot: ParameterSlot,
    scratch: inout AlignedArray<Scalar>, threadCount: Int = 1
  ) {
    let (width, columns, depth) = (slot.rowCount, slot.columnCount, left.rows.count)
    precondition(
      left.stride == width && right.matrix.columnCount == columns,
      "gradient of \(slot.name) \(slot.shape) from [\(left.matrix.rowCount), \(left.stride)] and "
        + "[\(right.matrix.rowCount), \(right.matrix.columnCount)]")
    precondition(right.count == depth, "\(right.count) rows beside \(depth)")
    Self.check(slot.range, in: target.storage.count)
    let taken = left.columns
    let start = slot.range.lowerBound + taken.lowerBound * columns
    let needed = functions.transposedScratchCount(columns)
    if scratch.count < threadCount * needed { scratch = AlignedArray(zeros: threadCount * needed) }
    target.write(slot) { target in
      let shared = unsafe Shared(
        (
          target.mutableAddress() + start, left.matrix.storage.address + left.start,
          right.matrix.storage.address, scratch.mutableAddress()
        ))
      // One piece a thread, for each packs the whole right factor.
      Self.inPieces(taken.count, of: nil, threadCount: threadCount) { piece in
        let (to, from, factor, scratch) = unsafe shared.pointers
        let index = piece.lowerBound * threadCount / taken.count
        unsafe functions.multiplyTransposed(
          to + piece.lowerBound * columns, columns, from + piece.lowerBound, width, factor, columns,
          right.rows, piece.count, columns, depth, scratch + index * needed)
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
