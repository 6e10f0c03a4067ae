public import SentiTensor

/// The memory of one layer in one direction: states, activations and gradients of a batch.
///
/// It grows to the largest batch and is then reused; each thread has its own. Positions are in the
/// layer's own order: a reverse layer's first position is each sequence's last token.
public struct RecurrentWorkspace<Scalar: MatrixScalar>: Sendable {
  var buffers: StepBuffers<Scalar>
  var normalization: NormalizationBuffers<Scalar>
  var scratch = AlignedArray<Scalar>(zeros: 0)
  private var commonSums: SegmentSum<Scalar>
  private var ownSums: SegmentSum<Scalar>

  /// Creates an empty workspace for a cell.
  ///
  /// - Parameter cell: The cell of the layer.
  public init(_ cell: RecurrentCell) {
    buffers = StepBuffers(cell.configuration, hiddenSize: cell.hiddenSize)
    normalization = NormalizationBuffers(cell)
    commonSums = SegmentSum(width: cell.gatesWidth)
    ownSums = commonSums
  }

  private var configuration: CellConfiguration { buffers.configuration }

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
    if configuration.hasCellState {
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
      hidden: buffers.hidden.rows(rows),
      cell: configuration.hasCellState ? buffers.cell.rows(rows) : none)
  }

  /// The number of numbers that the workspace holds, whether the last batch used them or not.
  public var elementCount: Int {
    let matrices = [
      buffers.projection, buffers.hidden, buffers.cell, buffers.gateCache, buffers.hiddenGradient,
      buffers.cellGradient, buffers.inputGateGradient, buffers.recurrentGateGradient,
      commonSums.sums, ownSums.sums,
    ]
    return (matrices + normalization.matrices).reduce(scratch.count) { $0 + $1.storage.count }
  }

  /// The gates' gradients on the recurrent side.
  var recurrentGateGradient: Matrix<Scalar> {
    configuration.separatesRecurrentGradient
      ? buffers.recurrentGateGradient : buffers.inputGateGradient
  }

  /// Makes room for a batch, and lays its initial state out.
  mutating func prepare(
    _ sequences: PackedSequences, from state: RecurrentState<Scalar>, mode: PassMode
  ) {
    precondition(
      state.hidden.rowCount == sequences.batchSize
        && state.hidden.columnCount == buffers.hidden.columnCount,
      "initial state [\(state.hidden.rowCount), \(state.hidden.columnCount)] for "
        + "[\(sequences.batchSize), \(buffers.hidden.columnCount)]")
    buffers.hidden.resize(rowCount: sequences.stateRowCount)
    buffers.hidden.replaceRows(from: 0, with: state.hidden)
    if configuration.hasCellState {
      precondition(
        state.cell.rowCount == sequences.batchSize,
        "\(state.cell.rowCount) initial cell states for \(sequences.batchSize) sequences")
      buffers.cell.resize(rowCount: sequences.stateRowCount)
      buffers.cell.replaceRows(from: 0, with: state.cell)
    }
    let isCached = mode != .inference || needsOutputGate
    buffers.cachesSums = mode == .chords
    buffers.gateCache.resize(rowCount: isCached ? sequences.tokenCount : 0)
    normalization.prepare(sequences)
  }

  /// Whether the hidden states are made of the output gate that was cached: those of a normalized cell
  /// with a cell state.
  private var needsOutputGate: Bool { configuration.isNormalized && configuration.hasCellState }

  /// Lays out a single step in which every row goes on from a state, its own or one that others share.
  mutating func prepareStep(from state: RecurrentState<Scalar>, beamIndices: [Int32]) {
    let rowCount = beamIndices.count
    buffers.hidden.resize(rowCount: 2 * rowCount)
    Kernels.gather(beamIndices, of: state.hidden.storage, into: &buffers.hidden)
    if configuration.hasCellState {
      buffers.cell.resize(rowCount: 2 * rowCount)
      Kernels.gather(beamIndices, of: state.cell.storage, into: &buffers.cell)
    }
    buffers.gateCache.resize(rowCount: needsOutputGate ? rowCount : 0)
    normalization.prepareStep(beamIndices, of: state.hidden)
  }

  /// Adds what the gates of one step give to the states before it: `dh += d(gates) · U`.
  mutating func propagate(_ range: StepRange, through weights: PackedMatrix<Scalar>) {
    weights.kernels.multiply(
      MatrixBlock(recurrentGateGradient, rows: range.gateRows, columns: 0..<weights.depth),
      by: weights, adding: .target, into: &buffers.hiddenGradient,
      at: MatrixPosition(row: range.previousRow))
  }

  /// Makes room for the gates' gradients of some positions.
  mutating func prepareGates(positionCount: Int) {
    buffers.inputGateGradient.resize(rowCount: positionCount)
    if configuration.separatesRecurrentGradient {
      buffers.recurrentGateGradient.resize(rowCount: positionCount)
    }
  }

  /// Forgets the sums over equal inputs, where positions name inputs.
  ///
  /// - Parameters:
  ///   - common: The inputs that other threads read too.
  ///   - own: Those that only this thread reads.
  mutating func beginSums(common: Range<Int>, own: Range<Int>) {
    guard let projectionRows = buffers.projectionRows else { return }
    precondition(
      projectionRows.allSatisfy { common.contains(Int($0)) || own.contains(Int($0)) },
      "inputs that are neither common, \(common), nor this thread's own, \(own)")
    commonSums.begin(common)
    ownSums.begin(own)
  }

  /// Adds the gates' gradients at some positions, which the workspace holds, to the sums over equal
  /// inputs.
  mutating func sumGates(_ positions: Range<Int>, _ kernels: Kernels<Scalar>) {
    guard let inputs = buffers.projectionRows?[positions] else { return }
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
    buffers.projectionRows = []
    kernels.sum(
      threads.map(\.commonSums.sums), into: &ownSums.sums, threadCount: threadCount)
  }

  /// The gates' gradients that the projection gets: summed over equal inputs, `[D, G·H]`, or those of
  /// the positions in hand.
  var projectionGradient: Matrix<Scalar> {
    buffers.projectionRows == nil ? buffers.inputGateGradient : ownSums.sums
  }

  /// Lets a closure change ``projectionGradient`` in place, beside the products that it is of.
  mutating func changeProjectionGradient(
    _ body: (inout Matrix<Scalar>, Matrix<Scalar>) -> Void
  ) {
    if buffers.projectionRows == nil {
      body(&buffers.inputGateGradient, normalization.products)
    } else {
      body(&ownSums.sums, normalization.products)
    }
  }
}
