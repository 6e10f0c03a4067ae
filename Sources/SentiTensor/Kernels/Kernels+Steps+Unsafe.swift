internal import CSentiKernels

/// Hands recurrent steps to their kernels: `simple.h`, `gru.h` and `lstm.h` hold the equations, forward
/// and backward.
extension Kernels {
  // MARK: Forward

  /// Advances a cell by one time step for every sequence that has it.
  @specialized(where Scalar == Float)
  package func stepForward(
    _ range: StepRange, of buffers: inout StepBuffers<Scalar>, weights: StepWeights<Scalar>
  ) {
    let kernel = unsafe forwardKernel(buffers.configuration.kind)
    unsafe withStep(range, of: &buffers, weights: weights) { unsafe kernel($0) }
  }

  /// The states before a step times the reset gate, for a GRU that resets before its product.
  ///
  /// The first H columns of the given sums are those of the reset gate; the products are written at
  /// the step's positions of `gated`, `[N, H]`.
  package func resetForward(
    _ range: StepRange, of buffers: inout StepBuffers<Scalar>, weights: StepWeights<Scalar>,
    into gated: inout Matrix<Scalar>
  ) {
    let size = buffers.hidden.columnCount
    precondition(gated.columnCount == size, "\(gated.columnCount) columns beside \(size)")
    Self.check(range.positions, in: gated.rowCount)
    unsafe withStep(range, of: &buffers, weights: weights) { step in
      unsafe functions.resetForward(step, gated.storage.mutableAddress() + range.position * size)
    }
  }

  /// Checks shapes, and calls a closure with the description of a step.
  private func withStep(
    _ range: StepRange, of buffers: inout StepBuffers<Scalar>, weights: StepWeights<Scalar>,
    _ body: (UnsafePointer<CSentiKernels_Step>) -> Void
  ) {
    let (configuration, size) = (buffers.configuration, buffers.hidden.columnCount)
    buffers.checkStep(range)
    buffers.checkProjection(range)
    check(weights, of: configuration, hiddenSize: size, rowCount: range.rowCount)
    let (source, sourceStart, precision) = weights.source.elements
    let isProduct = weights.source.isProduct
    buffers.reserveQuantizedStates(range.rowCount * quantizedCount(size, precision))
    let start = buffers.firstProjectionElement(of: range)
    let (cachedCount, cache) = (buffers.cachedRowCount, buffers.firstCacheElement(of: range))
    func run(
      projectionRows: UnsafePointer<Int32>?, sumRows: UnsafePointer<Int32>?,
      candidateBias: UnsafePointer<Scalar>?, peepholes: UnsafePointer<Scalar>?
    ) {
      let from = unsafe source.address + sourceStart
      let (hidden, cell) = unsafe (
        buffers.hidden.storage.mutableAddress(), buffers.cell.storage.mutableAddress()
      )
      var step = unsafe CSentiKernels_Step(
        rowCount: range.rowCount, hiddenSize: size,
        projection: buffers.projection.storage.address + start,
        cachedProjection: buffers.cachedProjection.storage.address, cachedCount: cachedCount,
        projectionRows: projectionRows.map { unsafe $0 + range.position },
        recurrentWeights: isProduct ? from : nil, sums: isProduct ? nil : from, sumRows: sumRows,
        precision: precision.cValue, quantizedStates: buffers.quantizedStates.mutableAddress(),
        candidateBias: candidateBias, resetsBeforeProduct: configuration.resetsBeforeProduct,
        peepholes: peepholes,
        previousHidden: hidden + range.previousRow * size,
        previousCell: cell + range.previousRow * size,
        hidden: hidden + range.row * size, cell: cell + range.row * size,
        gateCache: cache.map { unsafe buffers.gateCache.storage.mutableAddress() + $0 },
        usesStreamingStores: buffers.usesStreamingStores, cachesSums: buffers.cachesSums,
        activation: configuration.activation.cValue)
      unsafe body(&step)
      extendLifetime(source)
    }
    unsafe run(
      projectionRows: buffers.projectionRows, sumRows: weights.source.rows,
      candidateBias: weights.candidateBias.orNil, peepholes: weights.peepholes.orNil)
  }

  // MARK: Backward

  /// Turns the gradient of one step's states into gradients of its gates, and adds what reaches the
  /// previous states directly; the part through the recurrent weights is a product of its own.
  ///
  /// Where cell states are normalized, `tanhCell` is the tanh of the normalized states, `[B, H]`,
  /// and the gradients of the cell states hold what came back through them already.
  @specialized(where Scalar == Float)
  package func stepBackward(
    _ range: StepRange, of buffers: inout StepBuffers<Scalar>, peepholes: [Scalar] = [],
    tanhCell: Matrix<Scalar>? = nil
  ) {
    let size = buffers.hidden.columnCount
    if let tanhCell {
      precondition(
        tanhCell.rowCount >= range.rowCount && tanhCell.columnCount == size,
        "cells [\(tanhCell.rowCount), \(tanhCell.columnCount)] of [\(range.rowCount), \(size)]")
    }
    precondition(
      peepholes.isEmpty || peepholes.count == 3 * size,
      "\(peepholes.count) peepholes for \(size) hidden units")
    let kernel = unsafe backwardKernel(buffers.configuration.kind)
    precondition(
      !buffers.cachesSums || buffers.configuration.hasChords && tanhCell == nil,
      "chords of \(buffers.configuration)")
    unsafe withStepGradient(range, of: &buffers, peepholes: peepholes, tanhCell: tanhCell) {
      unsafe kernel($0)
    }
  }

  /// The second half of the backward step of a GRU that resets before its product: from the gradient
  /// of the gated states, `[B, H]`, which the candidate's product gave.
  package func resetBackward(
    _ range: StepRange, of buffers: inout StepBuffers<Scalar>, gatedGradient: Matrix<Scalar>
  ) {
    let size = buffers.hidden.columnCount
    precondition(
      gatedGradient.rowCount >= range.rowCount && gatedGradient.columnCount == size,
      "gradient [\(gatedGradient.rowCount), \(gatedGradient.columnCount)] of "
        + "[\(range.rowCount), \(size)]")
    unsafe withStepGradient(range, of: &buffers, peepholes: [], tanhCell: nil) { step in
      unsafe functions.resetBackward(step, gatedGradient.storage.address)
    }
  }

  /// Checks shapes, and calls a closure with the description of a step's gradients.
  private func withStepGradient(
    _ range: StepRange, of buffers: inout StepBuffers<Scalar>, peepholes: [Scalar],
    tanhCell: Matrix<Scalar>?, _ body: (UnsafePointer<CSentiKernels_StepGradient>) -> Void
  ) {
    buffers.checkStep(range)
    buffers.checkGradients(range)
    var step = unsafe stepGradient(range, of: &buffers, tanhCell: tanhCell)
    func run(_ peepholes: UnsafePointer<Scalar>?) {
      unsafe step.peepholes = unsafe UnsafeRawPointer(peepholes)
      unsafe body(&step)
    }
    guard buffers.cachesSums else { return unsafe run(peepholes.orNil) }
    let products = buffers.requireChordProducts(range)
    func runChords(_ projectionRows: UnsafePointer<Int32>?) {
      let target = unsafe buffers.chordProducts.storage.mutableAddress() + range.gateRow
      var chords = unsafe CSentiKernels_Chords(
        projection: buffers.projection.storage.address,
        cachedProjection: buffers.cachedProjection.storage.address,
        cachedCount: buffers.cachedRowCount,
        projectionRows: projectionRows.map { unsafe $0 + range.position },
        products: products ? target : nil)
      unsafe withUnsafePointer(to: &chords) { chords in
        unsafe step.chords = unsafe chords
        unsafe run(peepholes.orNil)
      }
    }
    unsafe runChords(buffers.projectionRows)
  }

  /// The description of a step's gradients, without peepholes and chords.
  private func stepGradient(
    _ range: StepRange, of buffers: inout StepBuffers<Scalar>, tanhCell: Matrix<Scalar>?
  ) -> CSentiKernels_StepGradient {
    let (configuration, size) = (buffers.configuration, buffers.hidden.columnCount)
    let (hidden, cell) = unsafe (buffers.hidden.storage.address, buffers.cell.storage.address)
    let (hiddenGradient, cellGradient) = unsafe (
      buffers.hiddenGradient.storage.mutableAddress(),
      buffers.cellGradient.storage.mutableAddress()
    )
    let (previous, current) = (range.previousRow * size, range.row * size)
    let gates = range.gateRow * configuration.gateCount * size
    let cached = range.position * configuration.cachedValueCount * size
    return unsafe CSentiKernels_StepGradient(
      rowCount: range.rowCount, hiddenSize: size,
      gateCache: buffers.gateCache.storage.address + cached,
      previousHidden: hidden + previous, hidden: hidden + current,
      previousCell: cell + previous, cell: cell + current,
      tanhCell: tanhCell?.storage.address,
      resetsBeforeProduct: configuration.resetsBeforeProduct, peepholes: nil,
      hiddenGradient: hiddenGradient + current, cellGradient: cellGradient + current,
      previousHiddenGradient: hiddenGradient + previous,
      previousCellGradient: cellGradient + previous,
      inputGateGradient: buffers.inputGateGradient.storage.mutableAddress() + gates,
      recurrentGateGradient: buffers.recurrentGateGradient.storage.mutableAddress() + gates,
      activation: configuration.activation.cValue, chords: nil)
  }

  // MARK: Kernels of a cell

  private func forwardKernel(
    _ kind: CellConfiguration.Kind
  ) -> @convention(c) (UnsafePointer<CSentiKernels_Step>) -> Void {
    switch kind {
    case .simple: unsafe functions.simpleForward
    case .gru: unsafe functions.gruForward
    case .lstm: unsafe functions.lstmForward
    }
  }

  private func backwardKernel(
    _ kind: CellConfiguration.Kind
  ) -> @convention(c) (UnsafePointer<CSentiKernels_StepGradient>) -> Void {
    switch kind {
    case .simple: unsafe functions.simpleBackward
    case .gru: unsafe functions.gruBackward
    case .lstm: unsafe functions.lstmBackward
    }
  }

  // MARK: Checks

  private func check(
    _ weights: StepWeights<Scalar>, of configuration: CellConfiguration, hiddenSize size: Int,
    rowCount: Int
  ) {
    let width = configuration.gateCount * size
    switch weights.source {
    case .product(let packed):
      precondition(
        packed.depth == size && packed.gateCount == configuration.gateCount
          && packed.columnCount == width && packed.kernels.instructionSet == instructionSet
          && !configuration.resetsBeforeProduct,
        "recurrent weights [\(packed.depth), \(packed.columnCount)] for \(size) hidden units")
    case .sums(let sums, let row, let rows):
      precondition(
        sums.columnCount == width,
        "sums of \(sums.columnCount) columns for \(configuration.gateCount) gates of "
          + "\(size) hidden units")
      if let rows {
        precondition(
          rows.count == rowCount && !configuration.resetsBeforeProduct,
          "\(rows.count) rows of sums for \(rowCount) of \(configuration)")
        Self.check(rows[...], in: sums.rowCount - row)
      } else {
        Self.check(row..<row + rowCount, in: sums.rowCount)
      }
    }
    precondition(
      weights.candidateBias.count == (configuration.resetsAfterProduct ? size : 0),
      "\(weights.candidateBias.count) candidate biases for \(configuration) of "
        + "\(size) hidden units")
    precondition(
      weights.peepholes.isEmpty
        || configuration.kind == .lstm && weights.peepholes.count == 3 * size,
      "\(weights.peepholes.count) peepholes for \(size) hidden units")
  }
}

extension StepBuffers {
  /// The first element of a step's projection: of the first row where rows are named.
  fileprivate func firstProjectionElement(of range: StepRange) -> Int {
    projectionRows == nil ? range.projectionRow * projection.columnCount : 0
  }

  /// The rows of the cached projection, where rows are named.
  fileprivate var cachedRowCount: Int { projectionRows == nil ? 0 : cachedProjection.rowCount }

  /// The first element of a step's gate activations; nil where they are not kept.
  fileprivate func firstCacheElement(of range: StepRange) -> Int? {
    gateCache.elementCount > 0 ? range.position * gateCache.columnCount : nil
  }

  fileprivate mutating func reserveQuantizedStates(_ count: Int) {
    if quantizedStates.count < count { quantizedStates = AlignedArray(zeros: count) }
  }

  fileprivate func checkStep(_ range: StepRange) {
    Kernels<Scalar>.check(range.states, in: hidden.rowCount)
    Kernels<Scalar>.check(range.previousStates, in: range.row)
    precondition(
      !configuration.hasCellState || cell.rowCount == hidden.rowCount,
      "\(cell.rowCount) cell states beside \(hidden.rowCount) hidden states")
    if gateCache.elementCount > 0 {
      Kernels<Scalar>.check(range.positions, in: gateCache.rowCount)
    }
  }

  fileprivate func checkProjection(_ range: StepRange) {
    guard let projectionRows else {
      let first = range.projectionRow
      return Kernels<Scalar>.check(first..<first + range.rowCount, in: projection.rowCount)
    }
    precondition(
      cachedProjection.columnCount == projection.columnCount,
      "cached projections of \(cachedProjection.columnCount) columns beside "
        + "\(projection.columnCount)")
    Kernels<Scalar>.check(range.positions, in: projectionRows.count)
    Kernels<Scalar>.check(
      projectionRows[range.positions], in: cachedProjection.rowCount + projection.rowCount)
  }

  /// Whether products of chords are wanted, which stops where inputs are not named or there is no room.
  fileprivate func requireChordProducts(_ range: StepRange) -> Bool {
    guard chordProducts.rowCount > 0 else { return false }
    precondition(projectionRows != nil, "chords of inputs that are not named")
    checkProjection(range)
    Kernels<Scalar>.check(range.gateRows, in: chordProducts.rowCount)
    return true
  }

  fileprivate func checkGradients(_ range: StepRange) {
    let states = hidden.rowCount
    func fits(_ gradient: Matrix<Scalar>) -> Bool {
      gradient.rowCount == states && gradient.columnCount == hidden.columnCount
    }
    precondition(
      fits(hiddenGradient) && (!configuration.hasCellState || fits(cellGradient)),
      "gradients [\(hiddenGradient.rowCount), \(hiddenGradient.columnCount)] of hidden "
        + "and [\(cellGradient.rowCount), \(cellGradient.columnCount)] of cell states "
        + "[\(states), \(hidden.columnCount)]")
    precondition(
      configuration.cachedValueCount == 0 || gateCache.rowCount >= range.positions.upperBound,
      "activations of \(gateCache.rowCount) positions, \(range.positions.upperBound) needed")
    Kernels<Scalar>.check(range.gateRows, in: inputGateGradient.rowCount)
    if configuration.separatesRecurrentGradient {
      Kernels<Scalar>.check(range.gateRows, in: recurrentGateGradient.rowCount)
    }
  }
}

extension StepWeights.Source {
  /// Whether the kernel multiplies.
  fileprivate var isProduct: Bool {
    if case .product = self { true } else { false }
  }

  /// What the kernel reads, from which element on, and how it is quantized.
  fileprivate var elements: (AlignedArray<Scalar>, Int, WeightPrecision) {
    switch self {
    case .product(let matrix): (matrix.storage, 0, matrix.precision)
    case .sums(let matrix, let row, _): (matrix.storage, row * matrix.columnCount, .full)
    }
  }

  /// The rows of the sums that are named.
  fileprivate var rows: [Int32]? {
    if case .sums(_, _, let rows) = self { rows } else { nil }
  }
}

extension Array {
  /// The array, or nil where it is empty: an address of nothing.
  fileprivate var orNil: Self? { isEmpty ? nil : self }
}
