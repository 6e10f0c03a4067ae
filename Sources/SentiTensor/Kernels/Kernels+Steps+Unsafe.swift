internal import CSentiKernels

extension Kernels {
  /// Advances a cell by one time step for every sequence that has it.
  @specialized(where Scalar == Float)
  package func stepForward(
    _ kind: StepKind, _ place: StepPlace, _ buffers: inout StepBuffers<Scalar>,
    projectionRows: [Int32]?, _ weights: StepWeights<Scalar>
  ) {
    unsafe withStep(kind, place, &buffers, projectionRows, weights) {
      unsafe forward(kind)($0)
    }
  }

  /// The states before a step times the reset gate, for a GRU that resets before its product.
  ///
  /// The first H columns of the given sums are those of the reset gate; the products are written at
  /// the step's positions of `gated`, `[N, H]`.
  package func resetForward(
    _ place: StepPlace, _ buffers: inout StepBuffers<Scalar>, projectionRows: [Int32]?,
    _ weights: StepWeights<Scalar>, into gated: inout Matrix<Scalar>
  ) {
    let size = buffers.hidden.columnCount
    precondition(gated.columnCount == size, "\(gated.columnCount) columns beside \(size)")
    Self.check(place.position..<place.position + place.rowCount, in: gated.rowCount)
    unsafe withStep(.gruResetBefore, place, &buffers, projectionRows, weights) { step in
      unsafe functions.resetForward(step, gated.storage.mutableAddress() + place.position * size)
    }
  }

  /// Checks shapes, and calls a closure with the description of a step.
  private func withStep(
    _ kind: StepKind, _ place: StepPlace, _ buffers: inout StepBuffers<Scalar>,
    _ projectionRows: [Int32]?, _ weights: StepWeights<Scalar>,
    _ body: (UnsafePointer<CSentiKernels_Step>) -> Void
  ) {
    let size = buffers.hidden.columnCount
    checkStep(kind, place, buffers)
    check(weights, kind, place, size)
    let first = projectionRows == nil ? place.projectionRow : 0
    let tabulatedCount = projectionRows == nil ? 0 : buffers.tabulated.rowCount
    if let projectionRows {
      precondition(
        buffers.tabulated.columnCount == buffers.projection.columnCount,
        "tabulated inputs of \(buffers.tabulated.columnCount) columns beside "
          + "\(buffers.projection.columnCount)")
      Self.check(place.position..<place.position + place.rowCount, in: projectionRows.count)
      Self.check(
        projectionRows[place.position..<place.position + place.rowCount],
        in: tabulatedCount + buffers.projection.rowCount)
    } else {
      Self.check(first..<first + place.rowCount, in: buffers.projection.rowCount)
    }
    let saves = buffers.saved.elementCount > 0
    let savedStart = place.position * kind.savedCount * size
    let (source, sourceStart, precision) = weights.source.elements
    let roundedCount = place.rowCount * roundedCount(size, precision)
    if buffers.rounded.count < roundedCount { buffers.rounded = AlignedArray(zeros: roundedCount) }
    func run(
      _ projectionRows: UnsafePointer<Int32>?, _ sumRows: UnsafePointer<Int32>?,
      _ bias: UnsafePointer<Scalar>?, _ peepholes: UnsafePointer<Scalar>?
    ) {
      let (isProduct, from) = unsafe (weights.source.isProduct, source.address + sourceStart)
      let (hidden, cell) = unsafe (
        buffers.hidden.storage.mutableAddress(), buffers.cell.storage.mutableAddress()
      )
      var step = unsafe CSentiKernels_Step(
        rowCount: place.rowCount, hiddenSize: size,
        projection: buffers.projection.storage.address + first * kind.gateCount * size,
        tabulated: buffers.tabulated.storage.address, tabulatedCount: tabulatedCount,
        projectionRows: projectionRows.map { unsafe $0 + place.position },
        recurrentWeights: isProduct ? from : nil, sums: isProduct ? nil : from, sumRows: sumRows,
        precision: precision.kernelName, rounded: buffers.rounded.mutableAddress(),
        candidateBias: bias, resetsBeforeProduct: kind == .gruResetBefore, peepholes: peepholes,
        previousHidden: hidden + place.previousRow * size,
        previousCell: cell + place.previousRow * size,
        hidden: hidden + place.row * size, cell: cell + place.row * size,
        saved: saves ? buffers.saved.storage.mutableAddress() + savedStart : nil,
        savesAside: buffers.savesAside,
        activation: kind.activation)
      unsafe body(&step)
      extendLifetime(source)
    }
    unsafe run(
      projectionRows, weights.source.rows, weights.candidateBias.orNil, weights.peepholes.orNil)
  }

  /// Turns the gradient of one step's states into gradients of its gates, and adds what reaches the
  /// previous states directly; the part through the recurrent weights is a product of its own.
  ///
  /// Where cell states are normalized, `squashedCell` is the tanh of the normalized states, `[B, H]`,
  /// and the gradients of the cell states hold what came back through them already.
  @specialized(where Scalar == Float)
  package func stepBackward(
    _ kind: StepKind, _ place: StepPlace, _ buffers: inout StepBuffers<Scalar>,
    peepholes: [Scalar] = [], squashedCell: Matrix<Scalar>? = nil
  ) {
    let size = buffers.hidden.columnCount
    if let squashedCell {
      precondition(
        squashedCell.rowCount >= place.rowCount && squashedCell.columnCount == size,
        "cells [\(squashedCell.rowCount), \(squashedCell.columnCount)] of "
          + "[\(place.rowCount), \(size)]")
    }
    precondition(
      peepholes.isEmpty || peepholes.count == 3 * size,
      "\(peepholes.count) peepholes for \(size) hidden units")
    unsafe withStepGradient(kind, place, &buffers, peepholes, squashedCell) {
      unsafe backward(kind)($0)
    }
  }

  /// The second half of the backward step of a GRU that resets before its product: from the gradient
  /// of the gated states, `[B, H]`, which the candidate's product gave.
  package func resetBackward(
    _ place: StepPlace, _ buffers: inout StepBuffers<Scalar>, gatedGradient: Matrix<Scalar>
  ) {
    let size = buffers.hidden.columnCount
    precondition(
      gatedGradient.rowCount >= place.rowCount && gatedGradient.columnCount == size,
      "gradient [\(gatedGradient.rowCount), \(gatedGradient.columnCount)] of "
        + "[\(place.rowCount), \(size)]")
    unsafe withStepGradient(.gruResetBefore, place, &buffers, [], nil) { step in
      unsafe functions.resetBackward(step, gatedGradient.storage.address)
    }
  }

  private func withStepGradient(
    _ kind: StepKind, _ place: StepPlace, _ buffers: inout StepBuffers<Scalar>,
    _ peepholes: [Scalar], _ squashedCell: Matrix<Scalar>?,
    _ body: (UnsafePointer<CSentiKernels_StepGradient>) -> Void
  ) {
    let size = buffers.hidden.columnCount
    checkStep(kind, place, buffers)
    checkGradients(kind, place, buffers)
    let gates = place.gateRow * kind.gateCount * size
    func run(_ peepholes: UnsafePointer<Scalar>?) {
      let (hidden, cell) = unsafe (buffers.hidden.storage.address, buffers.cell.storage.address)
      let (hiddenGradient, cellGradient) = unsafe (
        buffers.hiddenGradient.storage.mutableAddress(),
        buffers.cellGradient.storage.mutableAddress()
      )
      var step = unsafe CSentiKernels_StepGradient(
        rowCount: place.rowCount, hiddenSize: size,
        saved: buffers.saved.storage.address + place.position * kind.savedCount * size,
        previousHidden: hidden + place.previousRow * size, hidden: hidden + place.row * size,
        previousCell: cell + place.previousRow * size, cell: cell + place.row * size,
        squashedCell: squashedCell?.storage.address,
        resetsBeforeProduct: kind == .gruResetBefore, peepholes: peepholes,
        hiddenGradient: hiddenGradient + place.row * size,
        cellGradient: cellGradient + place.row * size,
        previousHiddenGradient: hiddenGradient + place.previousRow * size,
        previousCellGradient: cellGradient + place.previousRow * size,
        inputGateGradient: buffers.inputGateGradient.storage.mutableAddress() + gates,
        recurrentGateGradient: buffers.recurrentGateGradient.storage.mutableAddress() + gates,
        activation: kind.activation)
      unsafe body(&step)
    }
    unsafe run(peepholes.orNil)
  }

  private func forward(
    _ kind: StepKind
  ) -> @convention(c) (UnsafePointer<CSentiKernels_Step>) -> Void {
    switch kind {
    case .simple: unsafe functions.simpleForward
    case .gru, .gruResetBefore: unsafe functions.gruForward
    case .lstm: unsafe functions.lstmForward
    }
  }

  private func backward(
    _ kind: StepKind
  ) -> @convention(c) (UnsafePointer<CSentiKernels_StepGradient>) -> Void {
    switch kind {
    case .simple: unsafe functions.simpleBackward
    case .gru, .gruResetBefore: unsafe functions.gruBackward
    case .lstm: unsafe functions.lstmBackward
    }
  }

  private func check(
    _ weights: StepWeights<Scalar>, _ kind: StepKind, _ place: StepPlace, _ size: Int
  ) {
    switch weights.source {
    case .product(let packed):
      precondition(
        packed.depth == size && packed.gateCount == kind.gateCount
          && packed.columnCount == kind.gateCount * size
          && packed.kernels.instructionSet == instructionSet && kind != .gruResetBefore,
        "recurrent weights [\(packed.depth), \(packed.columnCount)] for \(size) hidden units")
    case .sums(let sums, let row, let rows):
      precondition(
        sums.columnCount == kind.gateCount * size,
        "sums of \(sums.columnCount) columns for \(kind.gateCount) gates of \(size) hidden units")
      if let rows {
        precondition(
          rows.count == place.rowCount && kind != .gruResetBefore,
          "\(rows.count) rows of sums for \(place.rowCount) of \(kind)")
        Self.check(rows[...], in: sums.rowCount - row)
      } else {
        Self.check(row..<row + place.rowCount, in: sums.rowCount)
      }
    }
    precondition(
      weights.candidateBias.count == (kind == .gru ? size : 0),
      "\(weights.candidateBias.count) candidate biases for \(kind) of \(size) hidden units")
    precondition(
      weights.peepholes.isEmpty || kind == .lstm && weights.peepholes.count == 3 * size,
      "\(weights.peepholes.count) peepholes for \(size) hidden units")
  }

  private func checkStep(
    _ kind: StepKind, _ place: StepPlace, _ buffers: borrowing StepBuffers<Scalar>
  ) {
    Self.check(place.row..<place.row + place.rowCount, in: buffers.hidden.rowCount)
    Self.check(place.previousRow..<place.previousRow + place.rowCount, in: place.row)
    precondition(
      !kind.hasCellState || buffers.cell.rowCount == buffers.hidden.rowCount,
      "\(buffers.cell.rowCount) cell states beside \(buffers.hidden.rowCount) hidden states")
    if buffers.saved.elementCount > 0 {
      Self.check(place.position..<place.position + place.rowCount, in: buffers.saved.rowCount)
    }
  }

  private func checkGradients(
    _ kind: StepKind, _ place: StepPlace, _ buffers: borrowing StepBuffers<Scalar>
  ) {
    let (states, positions) = (buffers.hidden.rowCount, place.position + place.rowCount)
    func fits(_ gradient: Matrix<Scalar>) -> Bool {
      gradient.rowCount == states && gradient.columnCount == buffers.hidden.columnCount
    }
    precondition(
      fits(buffers.hiddenGradient) && (!kind.hasCellState || fits(buffers.cellGradient)),
      "gradients [\(buffers.hiddenGradient.rowCount), \(buffers.hiddenGradient.columnCount)] of hidden "
        + "and [\(buffers.cellGradient.rowCount), \(buffers.cellGradient.columnCount)] of cell states "
        + "[\(states), \(buffers.hidden.columnCount)]")
    precondition(
      kind.savedCount == 0 || buffers.saved.rowCount >= positions,
      "activations of \(buffers.saved.rowCount) positions, \(positions) needed")
    let gateRows = place.gateRow..<place.gateRow + place.rowCount
    Self.check(gateRows, in: buffers.inputGateGradient.rowCount)
    if kind == .gru { Self.check(gateRows, in: buffers.recurrentGateGradient.rowCount) }
  }
}

extension StepWeights.Source {
  /// Whether the kernel multiplies.
  fileprivate var isProduct: Bool {
    if case .product = self { true } else { false }
  }

  /// What the kernel reads, from which element on, and how it is rounded.
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
