internal import CSentiKernels

/// The most probable columns of each row of a softmax, without its other elements.
public struct TopK: Sendable {
  /// How many columns each row has.
  public let count: Int
  /// Logarithms of probabilities, greatest first, `[R, count]`; -infinity where there is no column.
  public var logProbabilities: [Float]
  /// Their columns, `[R, count]`; of equal ones the first first, and -1 where there is none.
  public var columns: [Int32]
  /// Logarithms of the probabilities of the columns that were asked for, `[R]`.
  public var required: [Float]

  /// Makes room for the columns of some rows.
  ///
  /// - Parameters:
  ///   - count: How many columns each row has.
  ///   - rowCount: The number of rows, R.
  public init(count: Int, rowCount: Int) {
    self.count = count
    logProbabilities = Array(repeating: -.infinity, count: rowCount * count)
    columns = Array(repeating: -1, count: rowCount * count)
    required = Array(repeating: -.infinity, count: rowCount)
  }

  /// Takes the most probable columns of a softmax that is there in full.
  ///
  /// - Parameters:
  ///   - count: How many to take.
  ///   - logarithms: Logarithms of probabilities, `[R, V]`.
  ///   - required: A column of each row that is asked for besides; -1: none.
  public init(_ count: Int, of logarithms: Matrix<Float>, required: [Int32]) {
    precondition(
      required.count == logarithms.rowCount, "\(required.count) for \(logarithms.rowCount) rows")
    self.init(count: count, rowCount: logarithms.rowCount)
    Kernels.best.top(count, of: logarithms, into: &logProbabilities, places: &columns)
    for (row, column) in required.enumerated() where column >= 0 {
      self.required[row] = logarithms[row, Int(column)]
    }
  }
}

/// Finds the most probable outputs of a dense layer's softmax at a fraction of the cost of all outputs.
///
///     let screen = ApproximateTopKSoftmax(parameters, weights: output.weights, bias: output.bias)
///     let found = screen.topK(6, of: states, required: noneOfEach)
///
/// Every output is computed from weights and rows that are quantized to 8-bit integers, and how far it
/// can be from the true one is bounded (Cauchy and Schwarz): whatever may be among the greatest by that
/// bound is computed again in single precision. Which outputs are the greatest is therefore exact, and so
/// are their distances; the sum over all probabilities, which shifts a whole row, has the quantized part of
/// what was not computed again.
///
/// A row's result has the same bits alone and in any batch.
public struct ApproximateTopKSoftmax: Sendable {
  private let parameters: Parameters<Float>
  private let weights: ParameterSlot
  private let bias: ParameterSlot
  private let kernels: Kernels<Float>
  private let screen: AlignedArray<Float>

  /// Rounds a layer's weights.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena; all numbers are finite.
  ///   - weights: The layer's weights, `[V, K]`.
  ///   - bias: Its bias, `[V]`.
  ///   - kernels: The kernels that will read them.
  /// - Complexity: O(V·K), and a byte for each weight.
  public init(
    _ parameters: Parameters<Float>, weights: ParameterSlot, bias: ParameterSlot,
    kernels: Kernels<Float> = .best
  ) {
    precondition(
      bias.range.count == weights.rowCount, "\(bias.range.count) biases, \(weights.rowCount) rows")
    for slot in [weights, bias] {
      Kernels<Float>.check(slot.range, in: parameters.storage.count)
    }
    let (depth, width) = (weights.columnCount, weights.rowCount)
    let functions = kernels.functions
    guard let count = functions.screenCount?(depth, width),
      let make = unsafe functions.makeScreen
    else { preconditionFailure("no screen in \(kernels.instructionSet)") }
    let scratchCount = functions.quantizedCount(depth, WeightPrecision.integer8.cValue)
    var screen = AlignedArray<Float>(zeros: count)
    unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: scratchCount) { scratch in
      guard let scratch = scratch.baseAddress else { return }
      let values = unsafe parameters.storage.address
      unsafe make(
        screen.mutableAddress(), values + weights.range.lowerBound, values + bias.range.lowerBound,
        depth, width, scratch)
    }
    self.parameters = parameters
    self.weights = weights
    self.bias = bias
    self.kernels = kernels
    self.screen = screen
  }

  /// Finds the most probable outputs of each row.
  ///
  /// - Parameters:
  ///   - count: How many to find; where a row is not finite, none are found.
  ///   - rows: What the layer reads, `[R, K]`.
  ///   - required: An output of each row that is asked for besides; -1: none.
  /// - Returns: Logarithms of probabilities, and which outputs they are of.
  /// - Complexity: O(R·K·V) of 8-bit products, and O(K) for each output that is computed again.
  public func topK(_ count: Int, of rows: Matrix<Float>, required: [Int32]) -> TopK {
    precondition(
      rows.columnCount == weights.columnCount && required.count == rows.rowCount
        && count > 0 && count <= weights.rowCount,
      "\(count) of \(weights.shape) for rows [\(rows.rowCount), \(rows.columnCount)]")
    precondition(
      required.allSatisfy { $0 < weights.rowCount }, "\(required.max() ?? 0) of \(weights.rowCount)"
    )
    var found = TopK(count: count, rowCount: rows.rowCount)
    guard rows.rowCount > 0, let run = unsafe kernels.functions.topK,
      let scratchCount = kernels.functions.topKScratchCount?(rows.columnCount, count)
    else { return found }
    let values = unsafe parameters.storage.address
    func find(
      required: UnsafePointer<Int32>, best: UnsafeMutablePointer<Float>,
      places: UnsafeMutablePointer<Int32>, requiredValues: UnsafeMutablePointer<Float>
    ) {
      unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: scratchCount) { scratch in
        guard let scratch = scratch.baseAddress else { return }
        var task = unsafe CSentiKernels_TopK(
          M: rows.rowCount, N: weights.rowCount, K: rows.columnCount, count: count,
          rows: rows.storage.address, stride: rows.columnCount,
          weights: values + weights.range.lowerBound, bias: values + bias.range.lowerBound,
          screen: screen.address, best: best, places: places, required: required,
          requiredValues: requiredValues, scratch: scratch)
        unsafe run(&task)
      }
    }
    unsafe find(
      required: required, best: &found.logProbabilities, places: &found.columns,
      requiredValues: &found.required)
    return found
  }
}
