public import SentiTensor

/// The memory of one layer in one direction: states, activations and gradients of a batch.
///
/// It grows to the largest batch and is then reused; each thread has its own. Positions are in the
/// layer's own order: a reverse layer's first position is each sequence's last token.
public struct RecurrentWorkspace<Scalar: MatrixScalar>: Sendable {
  var buffers: StepBuffers<Scalar>
  var projectionRows: [Int32]?
  private var commonSums: RowSums<Scalar>
  private var ownSums: RowSums<Scalar>
  var scratch = AlignedArray<Scalar>(zeros: 0)
  var unfused: UnfusedBuffers<Scalar>
  private let kind: StepKind
  private let isNormalized: Bool

  /// Creates an empty workspace for a layer.
  ///
  /// - Parameter layer: The layer.
  public init(_ layer: RecurrentLayer) {
    kind = layer.cell.kind
    isNormalized = layer.cell.parameters.normalization != nil
    buffers = StepBuffers(
      kind, hiddenSize: layer.cell.hiddenSize, hasNormalizedSums: isNormalized)
    unfused = UnfusedBuffers(layer.cell)
    commonSums = RowSums(width: buffers.projection.columnCount)
    ownSums = commonSums
  }

  /// The initial and all later hidden states, `[B + N, H]`.
  public var hidden: Matrix<Scalar> { buffers.hidden }

  /// The initial and all later cell states, `[B + N, H]`; no columns where the cell has none.
  public var cell: Matrix<Scalar> { buffers.cell }

  /// The gradients of the hidden states, `[B + N, H]`.
  ///
  /// Call ``resetGradients()`` first, then add what the cost gives.
  public var hiddenGradient: Matrix<Scalar> {
    get { buffers.hiddenGradient }
    _modify { yield &buffers.hiddenGradient }
  }

  /// The gradients of the cell states, `[B + N, H]`; no columns where the cell has none.
  public var cellGradient: Matrix<Scalar> {
    get { buffers.cellGradient }
    _modify { yield &buffers.cellGradient }
  }

  /// Sets the gradients of all states to zero.
  public mutating func resetGradients() {
    buffers.hiddenGradient.resizeToZeros(rowCount: buffers.hidden.rowCount)
    if kind.hasCellState {
      buffers.cellGradient.resizeToZeros(rowCount: buffers.hidden.rowCount)
    }
  }

  /// The state in which every sequence ends.
  ///
  /// - Parameter sequences: The lengths that the states were computed for.
  /// - Returns: The states in packed order, `[B, H]`.
  public func finalState(_ sequences: PackedSequences) -> RecurrentState<Scalar> {
    state(rows: (0..<sequences.batchSize).map { Int32(sequences.finalStateRow(of: $0)) })
  }

  /// The states at some state rows.
  func state(rows: [Int32]) -> RecurrentState<Scalar> {
    let none = Matrix<Scalar>(rowCount: rows.count, columnCount: 0)
    return RecurrentState(
      hidden: buffers.hidden.rows(rows), cell: kind.hasCellState ? buffers.cell.rows(rows) : none)
  }

  /// The number of numbers that the workspace holds, whether the last batch used them or not.
  public var elementCount: Int {
    let matrices = [
      buffers.projection, buffers.hidden, buffers.cell, buffers.saved, buffers.hiddenGradient,
      buffers.cellGradient, buffers.inputGateGradient, buffers.recurrentGateGradient,
      commonSums.sums, ownSums.sums, unfused.products, unfused.sums, unfused.normalSums,
      unfused.gated, unfused.gatedGradient, unfused.squashed, unfused.cellGradient,
      unfused.distinctStates, unfused.distinctSums,
    ]
    return matrices.reduce(scratch.count) { $0 + $1.storage.count }
  }

  /// Whether the gates' gradients differ on the recurrent side: behind a GRU's reset gate, and where
  /// sums are normalized.
  private var separatesRecurrentGradient: Bool { kind == .gru || isNormalized }

  /// The gates' gradients on the recurrent side.
  var recurrentGateGradient: Matrix<Scalar> {
    separatesRecurrentGradient ? buffers.recurrentGateGradient : buffers.inputGateGradient
  }

  mutating func prepare(
    _ input: Matrix<Scalar>, _ sequences: PackedSequences, _ state: RecurrentState<Scalar>,
    keepsActivations: Bool
  ) {
    precondition(
      state.hidden.rowCount == sequences.batchSize
        && state.hidden.columnCount == buffers.hidden.columnCount,
      "initial state [\(state.hidden.rowCount), \(state.hidden.columnCount)] for "
        + "[\(sequences.batchSize), \(buffers.hidden.columnCount)]")
    precondition(
      projectionRows?.count ?? input.rowCount == sequences.tokenCount,
      "\(projectionRows?.count ?? input.rowCount) inputs for \(sequences.tokenCount) positions")
    buffers.hidden.resize(rowCount: sequences.stateRowCount)
    buffers.hidden.replaceRows(from: 0, with: state.hidden)
    if kind.hasCellState {
      precondition(
        state.cell.rowCount == sequences.batchSize,
        "\(state.cell.rowCount) initial cell states for \(sequences.batchSize) sequences")
      buffers.cell.resize(rowCount: sequences.stateRowCount)
      buffers.cell.replaceRows(from: 0, with: state.cell)
    }
    let kept = keepsActivations ? sequences.tokenCount : 0
    // The hidden states of a normalized cell are made of the output gate that was saved.
    let needsOutputGate = isNormalized && kind.hasCellState
    buffers.saved.resize(rowCount: needsOutputGate ? sequences.tokenCount : kept)
    unfused.prepare(sequences)
  }

  /// Lays out a single step in which every row goes on from a state, its own or one that others share.
  mutating func prepareStep(from state: RecurrentState<Scalar>, parents: [Int32]) {
    let rowCount = parents.count
    buffers.hidden.resize(rowCount: 2 * rowCount)
    Kernels.gather(parents, of: state.hidden.storage, into: &buffers.hidden)
    if kind.hasCellState {
      buffers.cell.resize(rowCount: 2 * rowCount)
      Kernels.gather(parents, of: state.cell.storage, into: &buffers.cell)
    }
    buffers.saved.resize(rowCount: isNormalized && kind.hasCellState ? rowCount : 0)
    unfused.prepareStep(parents, of: state.hidden)
  }

  /// Adds what the gates of one step give to the states before it: `dh += d(gates) · U`.
  mutating func propagate(
    _ place: StepPlace, through weights: PackedMatrix<Scalar>, _ kernels: Kernels<Scalar>
  ) {
    kernels.multiply(
      recurrentGateGradient, rows: place.gateRow..<place.gateRow + place.rowCount, column: 0,
      by: weights, into: &buffers.hiddenGradient, at: place.previousRow, accumulates: true)
  }

  /// Makes room for the gates' gradients of some positions.
  mutating func prepareGates(positionCount: Int) {
    buffers.inputGateGradient.resize(rowCount: positionCount)
    if separatesRecurrentGradient { buffers.recurrentGateGradient.resize(rowCount: positionCount) }
  }

  /// Forgets the sums over equal inputs, where positions name inputs.
  ///
  /// - Parameters:
  ///   - common: The inputs that other threads read too.
  ///   - own: Those that only this thread reads.
  mutating func beginSums(common: Range<Int>, own: Range<Int>) {
    guard let projectionRows else { return }
    precondition(
      projectionRows.allSatisfy { common.contains(Int($0)) || own.contains(Int($0)) },
      "inputs that are neither common, \(common), nor this thread's own, \(own)")
    commonSums.begin(common)
    ownSums.begin(own)
  }

  /// Adds the gates' gradients at some positions, which the workspace holds, to the sums over equal
  /// inputs.
  mutating func sumGates(_ positions: Range<Int>, _ kernels: Kernels<Scalar>) {
    guard let inputs = projectionRows?[positions] else { return }
    commonSums.add(buffers.inputGateGradient, inputs: inputs, kernels)
    ownSums.add(buffers.inputGateGradient, inputs: inputs, kernels)
  }

  /// Completes the sums over equal inputs.
  mutating func finishSums() {
    commonSums.finish()
    ownSums.finish()
  }

  /// Adds up the sums over the inputs that several threads read.
  mutating func sumGates(
    of threads: [RecurrentWorkspace], _ kernels: Kernels<Scalar>, threadCount: Int
  ) {
    projectionRows = []
    kernels.sum(
      threads.map(\.commonSums.sums), into: &ownSums.sums, threadCount: threadCount)
  }

  /// The gates' gradients that the projection gets: summed over equal inputs, `[D, G·H]`, or those of
  /// the positions in hand.
  var projectionGradient: Matrix<Scalar> {
    projectionRows == nil ? buffers.inputGateGradient : ownSums.sums
  }

  /// Lets a closure change ``projectionGradient`` in place, beside the products that it is of.
  mutating func changeProjectionGradient(
    _ body: (inout Matrix<Scalar>, Matrix<Scalar>) -> Void
  ) {
    if projectionRows == nil {
      body(&buffers.inputGateGradient, unfused.products)
    } else {
      body(&ownSums.sums, unfused.products)
    }
  }
}
