internal import CSentiKernels

/// A weight matrix `[K, N]` in the order in which the kernels read it.
///
/// Packing costs one pass over the weights; it is done once an update and shared by all threads.
/// With `gateCount` above 1 the columns fall into that many groups of hidden units, and all gates
/// of a unit lie together.
public struct PackedMatrix<Scalar: MatrixScalar>: Sendable {
  /// The reduced dimension, K.
  public let depth: Int

  /// The number of columns, N.
  public let columnCount: Int

  /// The number of groups that the columns fall into.
  public let gateCount: Int

  /// How the weights are rounded.
  public let precision: WeightPrecision

  /// The kernels whose order this is.
  public let kernels: Kernels<Scalar>

  var storage: AlignedArray<Scalar>

  /// Creates a packed matrix of zeros.
  ///
  /// - Parameters:
  ///   - depth: The reduced dimension, K.
  ///   - columnCount: The number of columns, N.
  ///   - gateCount: The number of groups of columns; 1 for an ordinary product.
  ///   - precision: How the weights are rounded; `Double` knows full precision only.
  ///   - kernels: The kernels that will read it.
  public init(
    depth: Int, columnCount: Int, gateCount: Int = 1, precision: WeightPrecision = .full,
    kernels: Kernels<Scalar> = .best
  ) {
    precondition(
      depth > 0 && columnCount > 0 && gateCount > 0 && columnCount % gateCount == 0,
      "packed matrix [\(depth), \(columnCount)] with \(gateCount) gates")
    precondition(
      precision == .full || Scalar.kernelScalar == .float32,
      "\(precision) weights of \(Scalar.self)")
    self.depth = depth
    self.columnCount = columnCount
    self.gateCount = gateCount
    self.precision = precision
    self.kernels = kernels
    let count = kernels.functions.packedCount(
      depth, columnCount, gateCount, precision.cValue)
    storage = AlignedArray(zeros: count)
  }

  /// Packs some columns of a parameter `[N, K']`, the weights of a part of a layer's inputs.
  ///
  /// - Parameters:
  ///   - parameters: The arena.
  ///   - slot: The parameter, of shape `[N, K']`.
  ///   - columns: The K columns, in `0..<K'`.
  ///   - precision: How the weights are rounded.
  ///   - kernels: The kernels that will read them.
  public init(
    _ parameters: Parameters<Scalar>, _ slot: ParameterSlot, columns: Range<Int>,
    precision: WeightPrecision = .full, kernels: Kernels<Scalar> = .best
  ) {
    self.init(
      depth: columns.count, columnCount: slot.rowCount, precision: precision, kernels: kernels)
    pack(parameters, slot, columns: columns)
  }

  /// Packs a parameter `[N, K]` (outputs by inputs, as PyTorch stores it) for `x · Wᵀ`.
  ///
  /// - Parameters:
  ///   - parameters: The arena.
  ///   - slot: The parameter, of shape `[columnCount, depth]`.
  ///   - rows: The rows to pack where the parameter has more of them; all where nil.
  ///   - columns: The columns to pack where the parameter has more of them; all where nil.
  public mutating func pack(
    _ parameters: Parameters<Scalar>, _ slot: ParameterSlot, rows: Range<Int>? = nil,
    columns: Range<Int>? = nil
  ) {
    let range = block(slot, rows: rows, columns: columns, shape: [columnCount, depth])
    pack(parameters.storage, from: range, 1, slot.columnCount)
  }

  /// Packs a parameter `[K, N]` for `dy · W`, the product of the backward pass.
  ///
  /// - Parameters:
  ///   - parameters: The arena.
  ///   - slot: The parameter, of shape `[depth, columnCount]`.
  ///   - rows: The rows to pack where the parameter has more of them; all where nil.
  public mutating func packTransposed(
    _ parameters: Parameters<Scalar>, _ slot: ParameterSlot, rows: Range<Int>? = nil
  ) {
    let range = block(slot, rows: rows, columns: nil, shape: [depth, columnCount])
    pack(parameters.storage, from: range, columnCount, 1)
  }

  /// Where some rows and columns of a parameter are, which must have a shape: from the first element
  /// to the last.
  private func block(
    _ slot: ParameterSlot, rows: Range<Int>?, columns: Range<Int>?, shape: [Int]
  ) -> Range<Int> {
    let (rows, columns) = (rows ?? 0..<slot.rowCount, columns ?? 0..<slot.columnCount)
    precondition(
      [rows.count, columns.count] == shape && rows.lowerBound >= 0
        && rows.upperBound <= slot.rowCount && columns.lowerBound >= 0
        && columns.upperBound <= slot.columnCount,
      "rows \(rows) and columns \(columns) of parameter \(slot.name) of shape \(slot.shape) "
        + "packed as \(shape)")
    let (start, stride) = (slot.range.lowerBound + columns.lowerBound, slot.columnCount)
    let first = start + rows.lowerBound * stride
    return first..<first + (rows.count - 1) * stride + columns.count
  }

  private mutating func pack(
    _ values: AlignedArray<Scalar>, from range: Range<Int>, _ depthStride: Int, _ columnStride: Int
  ) {
    Kernels<Scalar>.check(range, in: values.count)
    unsafe kernels.functions.pack(
      storage.mutableAddress(), values.address + range.lowerBound, depthStride, columnStride, depth,
      columnCount, gateCount, precision.cValue)
  }
}
