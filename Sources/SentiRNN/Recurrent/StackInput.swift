public import SentiTensor

/// What the lowest layer of a stack reads: distinct inputs, and for each position which of them.
///
/// The input part of the gates depends on nothing but the input, so it is computed before the time loop,
/// once for each distinct input. Some of it may have been computed earlier still, for all batches
/// (``CachedProjection``) or for all threads of one (``BatchProjection``):
///
///     stack.forward(StackInput(vectors, indices: words.inverse), over: sequences, …)
///     stack.forward(StackInput(rareVectors, indices: words.inverse, behind: cache), …)
///     stack.forward(StackInput(batch, shard: thread, indices: rows), …)
public struct StackInput<Scalar: MatrixScalar>: Sendable {
  /// The distinct inputs, `[D, I]`.
  let rows: Matrix<Scalar>

  /// For each position its input: a row of the projections, and behind them one of ``rows``; nil:
  /// position n reads row n.
  let indices: [Int32]?

  /// Projections that were computed before, `[T, G·H]` for each direction; empty: none were.
  private(set) var projections: [Matrix<Scalar>]

  /// Whether the projections are those of all batches, whose inputs are not at hand.
  var isCached = false

  /// How many of ``rows``, the first ones, are not among ``projections``.
  let unprojectedCount: Int

  /// Products of columns that ``rows`` lack with their weights, in the first columns, `[D, *]`.
  let partialProducts: Matrix<Scalar>?

  /// The inputs whose gradients are summed over all threads of the batch.
  var common: Range<Int>

  /// The inputs whose gradients this pass takes care of.
  var own: Range<Int>

  /// Inputs that no one else reads.
  ///
  /// - Parameters:
  ///   - rows: The distinct inputs, `[D, I]`.
  ///   - indices: For each position its row, `[N]`; nil: row n for position n.
  public init(_ rows: Matrix<Scalar>, indices: [Int32]? = nil) {
    self.init(rows, indices, projections: [], unprojectedCount: rows.rowCount)
  }

  /// Inputs of a step that lack some columns, whose products are given.
  ///
  /// - Parameters:
  ///   - rows: The inputs, without those columns.
  ///   - partialProducts: The products of the columns that lack, in the first columns, `[D, *]`; nil:
  ///     none lack.
  public init(_ rows: Matrix<Scalar>, adding partialProducts: Matrix<Scalar>?) {
    self.init(
      rows, nil, projections: [], unprojectedCount: rows.rowCount,
      partialProducts: partialProducts)
  }

  /// Inputs of a step that are projected already.
  ///
  /// - Parameters:
  ///   - projection: What ``StackStepper/project(_:weights:)`` gave, `[T, G·H]`.
  ///   - indices: For each row of the step its row of the projection, `[R]`.
  public init(projected projection: Matrix<Scalar>, indices: [Int32]) {
    self.init(
      Matrix(rowCount: 0, columnCount: 0), indices, projections: [projection],
      unprojectedCount: 0)
  }

  /// Inputs of which some were projected before.
  init(
    _ rows: Matrix<Scalar>, _ indices: [Int32]?, projections: [Matrix<Scalar>],
    unprojectedCount: Int, partialProducts: Matrix<Scalar>? = nil
  ) {
    self.rows = rows
    self.indices = indices
    self.projections = projections
    self.unprojectedCount = unprojectedCount
    self.partialProducts = partialProducts
    common = 0..<0
    own = 0..<rows.rowCount
  }

  /// The same for one direction of a layer.
  func direction(_ index: Int) -> StackInput {
    guard !projections.isEmpty else { return self }
    var input = self
    input.projections = [projections[index]]
    return input
  }
}
