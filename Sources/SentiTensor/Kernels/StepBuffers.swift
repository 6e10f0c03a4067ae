/// The rows that one time step of a packed batch reads and writes.
///
/// States hold the initial state of all sequences first, then the state after every step; all else
/// has one row for every token.
package struct StepRange: Sendable {
  /// The sequences that have this step, the first so many of the batch.
  package var rowCount: Int
  /// The first row of the states before this step.
  package var previousRow: Int
  /// The first row of the states after this step.
  package var row: Int
  /// The first token of this step.
  package var position: Int
  /// The first token's row of the projection, where no rows are named.
  package var projectionRow: Int
  /// The first token's row of the gates' gradients.
  package var gateRow: Int

  /// Names the rows of a step in a batch that is projected whole.
  package init(rowCount: Int, previousRow: Int, row: Int, position: Int) {
    self.rowCount = rowCount
    self.previousRow = previousRow
    self.row = row
    self.position = position
    projectionRow = position
    gateRow = position
  }

  /// The rows of the states before this step.
  package var previousStates: Range<Int> { previousRow..<previousRow + rowCount }
  /// The rows of the states after this step.
  package var states: Range<Int> { row..<row + rowCount }
  /// The tokens of this step.
  package var positions: Range<Int> { position..<position + rowCount }
  /// The tokens' rows of the gates' gradients.
  package var gateRows: Range<Int> { gateRow..<gateRow + rowCount }
}

/// What a cell's steps read and write, forward and backward.
package struct StepBuffers<Scalar: MatrixScalar>: Sendable {
  /// The cell's equations.
  package let configuration: CellConfiguration
  /// Input part of the gates with biases, `[D, G·H]`, of D distinct inputs or of the next steps.
  package var projection: Matrix<Scalar>
  /// The same of inputs that were projected before, `[T, G·H]`; positions name these rows first, and
  /// from T on those of ``projection``.
  package var cachedProjection: Matrix<Scalar>
  /// For each position its row of ``cachedProjection``, and from T on of ``projection``; nil: steps read
  /// ``projection`` row by row.
  package var projectionRows: [Int32]?
  /// Initial and later hidden states, `[B + N, H]`.
  package var hidden: Matrix<Scalar>
  /// Initial and later cell states, `[B + N, H]`; no columns where the cell has none.
  package var cell: Matrix<Scalar>
  /// Gate activations for backward, `[N, 4H]`; empty where they are not kept.
  package var gateCache: Matrix<Scalar>
  /// Whether ``gateCache`` gets the gates' sums, of which the backward pass takes chords between the first
  /// sequence and each.
  package var cachesSums = false
  /// For each token of the steps in hand, `[n, 1]`: its gates' gradient times what its projection differs
  /// from the first sequence's; backward by chords writes it where it has rows.
  package var chordProducts = Matrix<Scalar>(rowCount: 0, columnCount: 1)
  /// Gradients of the hidden states, `[B + N, H]`.
  package var hiddenGradient: Matrix<Scalar>
  /// Gradients of the cell states, `[B + N, H]`.
  package var cellGradient: Matrix<Scalar>
  /// Gradients of the gates' input side, `[n, G·H]`, of all tokens or of the steps in hand.
  package var inputGateGradient: Matrix<Scalar>
  /// Gradients of the gates' recurrent side, `[n, G·H]`, where it differs (GRU, normalized sums).
  package var recurrentGateGradient: Matrix<Scalar>
  /// The states before a step, quantized as the recurrent weights are; scratch.
  var quantizedStates = AlignedArray<Scalar>(zeros: 0)

  /// Creates empty buffers for a cell.
  package init(_ configuration: CellConfiguration, hiddenSize: Int) {
    self.configuration = configuration
    let gates = configuration.gateCount * hiddenSize
    func empty(_ columns: Int) -> Matrix<Scalar> { Matrix(rowCount: 0, columnCount: columns) }
    projection = empty(gates)
    cachedProjection = empty(gates)
    hidden = empty(hiddenSize)
    cell = empty(configuration.hasCellState ? hiddenSize : 0)
    gateCache = empty(configuration.cachedValueCount * hiddenSize)
    hiddenGradient = empty(hiddenSize)
    cellGradient = empty(configuration.hasCellState ? hiddenSize : 0)
    inputGateGradient = empty(gates)
    recurrentGateGradient = empty(configuration.separatesRecurrentGradient ? gates : 0)
  }

  /// Whether activations are written past the caches, which could not keep them until backward reads
  /// them, and would lose the weights over it.
  var usesStreamingStores: Bool { gateCache.elementCount * MemoryLayout<Scalar>.stride > 1 << 22 }

  /// Hands the projection over, so that it has one owner.
  package mutating func takeProjection() -> Matrix<Scalar> {
    let taken = projection
    projection = Matrix(rowCount: 0, columnCount: taken.columnCount)
    return taken
  }

  /// Lets go of the cached projection, which others own too.
  package mutating func dropCachedProjection() {
    cachedProjection = Matrix(rowCount: 0, columnCount: cachedProjection.columnCount)
  }
}

/// Where the recurrent part of a step's gates comes from, and what is added to it.
package struct StepWeights<Scalar: MatrixScalar>: Sendable {
  /// The product of the states before with packed weights, or sums that were computed before.
  package enum Source: Sendable {
    /// The kernel multiplies, and applies the gates to sums in registers.
    case product(PackedMatrix<Scalar>)
    /// Rows of a matrix `[*, G·H]`, from one on, or those that are named, `[B]`.
    case sums(Matrix<Scalar>, row: Int, rows: [Int32]? = nil)
  }

  /// Where the recurrent sums come from.
  package var source: Source
  /// The bias inside of the reset gate, `[H]`; empty where there is none.
  package var candidateBias: [Scalar]
  /// The weights from cell state to gates, `[3H]`; empty where there are none.
  package var peepholes: [Scalar]

  /// Collects weights.
  package init(_ source: Source, candidateBias: [Scalar] = [], peepholes: [Scalar] = []) {
    self.source = source
    self.candidateBias = candidateBias
    self.peepholes = peepholes
  }
}
