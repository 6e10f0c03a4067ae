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
    unsafe gated.storage.withUnsafeMutableBufferPointer { gated in
      unsafe withStep(.gruResetBefore, place, &buffers, projectionRows, weights) { step in
        guard let to = gated.baseAddress else { return }
        unsafe functions.resetForward(step, to + place.position * size)
      }
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
    if let projectionRows {
      Self.check(place.position..<place.position + place.rowCount, in: projectionRows.count)
      Self.check(
        projectionRows[place.position..<place.position + place.rowCount],
        in: buffers.projection.rowCount)
    } else {
      Self.check(first..<first + place.rowCount, in: buffers.projection.rowCount)
    }
    let saves = buffers.saved.elementCount > 0
    let savedStart = place.position * kind.savedCount * size
    var (packed, sums): (AlignedArray<Scalar>?, AlignedArray<Scalar>?) = (nil, nil)
    var sumRows: [Int32]?
    var (sumsStart, precision) = (0, WeightPrecision.full)
    switch weights.source {
    case .product(let matrix): (packed, precision) = (matrix.storage, matrix.precision)
    case .sums(let matrix, let row, let rows):
      (sums, sumsStart, sumRows) = (matrix.storage, row * matrix.columnCount, rows)
    }
    let roundedCount = place.rowCount * roundedCount(size, precision)
    if buffers.rounded.count < roundedCount { buffers.rounded = AlignedArray(zeros: roundedCount) }
    unsafe Self.withElements(projectionRows) { rows in
      unsafe Self.withElements(packed) { packed in
        unsafe Self.withElements(sums) { sums in
          unsafe Self.withElements(sumRows) { sumRows in
            unsafe Self.withElements(weights.candidateBias) { bias in
              unsafe Self.withElements(weights.peepholes) { peepholes in
                unsafe Self.withPointers(&buffers) { pointers in
                  var step = unsafe CSentiKernels_Step(
                    rowCount: place.rowCount, hiddenSize: size,
                    projection: pointers.projection + first * kind.gateCount * size,
                    projectionRows: rows.map { unsafe $0 + place.position },
                    recurrentWeights: packed, sums: sums.map { unsafe $0 + sumsStart },
                    sumRows: sumRows,
                    precision: precision.kernelName, rounded: pointers.rounded, candidateBias: bias,
                    resetsBeforeProduct: kind == .gruResetBefore, peepholes: peepholes,
                    previousHidden: pointers.hidden + place.previousRow * size,
                    previousCell: pointers.cell + place.previousRow * size,
                    hidden: pointers.hidden + place.row * size,
                    cell: pointers.cell + place.row * size,
                    saved: saves ? pointers.saved + savedStart : nil, activation: kind.activation)
                  unsafe body(&step)
                }
              }
            }
          }
        }
      }
    }
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
    precondition(peepholes.isEmpty || peepholes.count == 3 * size, "\(peepholes.count) peepholes")
    unsafe Self.withElements(peepholes) { peepholes in
      unsafe Self.withElements(squashedCell?.storage) { squashed in
        unsafe withStepGradient(kind, place, &buffers, peepholes, squashed) {
          unsafe backward(kind)($0)
        }
      }
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
    unsafe gatedGradient.storage.withUnsafeBufferPointer { gradient in
      unsafe withStepGradient(.gruResetBefore, place, &buffers, nil, nil) { step in
        guard let gradient = gradient.baseAddress else { return }
        unsafe functions.resetBackward(step, gradient)
      }
    }
  }

  private func withStepGradient(
    _ kind: StepKind, _ place: StepPlace, _ buffers: inout StepBuffers<Scalar>,
    _ peepholes: UnsafePointer<Scalar>?, _ squashedCell: UnsafePointer<Scalar>?,
    _ body: (UnsafePointer<CSentiKernels_StepGradient>) -> Void
  ) {
    let size = buffers.hidden.columnCount
    checkStep(kind, place, buffers)
    checkGradients(kind, place, buffers)
    let gates = place.position * kind.gateCount * size
    unsafe Self.withPointers(&buffers) { pointers in
      var step = unsafe CSentiKernels_StepGradient(
        rowCount: place.rowCount, hiddenSize: size,
        saved: pointers.saved + place.position * kind.savedCount * size,
        previousHidden: pointers.hidden + place.previousRow * size,
        hidden: pointers.hidden + place.row * size,
        previousCell: pointers.cell + place.previousRow * size,
        cell: pointers.cell + place.row * size, squashedCell: squashedCell,
        resetsBeforeProduct: kind == .gruResetBefore, peepholes: peepholes,
        hiddenGradient: pointers.hiddenGradient + place.row * size,
        cellGradient: pointers.cellGradient + place.row * size,
        previousHiddenGradient: pointers.hiddenGradient + place.previousRow * size,
        previousCellGradient: pointers.cellGradient + place.previousRow * size,
        inputGateGradient: pointers.inputGateGradient + gates,
        recurrentGateGradient: pointers.recurrentGateGradient + gates,
        activation: kind.activation)
      unsafe body(&step)
    }
  }

  private func forward(_ kind: StepKind)
    -> @convention(c) (UnsafePointer<CSentiKernels_Step>) ->
    Void
  {
    switch kind {
    case .simple: unsafe functions.simpleForward
    case .gru, .gruResetBefore: unsafe functions.gruForward
    case .lstm: unsafe functions.lstmForward
    }
  }

  private func backward(_ kind: StepKind)
    -> @convention(c) (
      UnsafePointer<CSentiKernels_StepGradient>
    ) -> Void
  {
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
      "candidate bias of \(weights.candidateBias.count)")
    precondition(
      weights.peepholes.isEmpty || kind == .lstm && weights.peepholes.count == 3 * size,
      "\(weights.peepholes.count) peepholes for \(size) hidden units")
  }

  /// Calls a closure with a pointer to elements, or with nil where there are none.
  static func withElements<Element, Result>(
    _ elements: (some ContiguousElements<Element>)?, _ body: (UnsafePointer<Element>?) -> Result
  ) -> Result {
    guard let elements, elements.count > 0 else { return body(nil) }
    return unsafe elements.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
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
    precondition(
      buffers.hiddenGradient.rowCount == states
        && (!kind.hasCellState || buffers.cellGradient.rowCount == states),
      "gradients of \(buffers.hiddenGradient.rowCount) hidden and "
        + "\(buffers.cellGradient.rowCount) cell states of \(states)")
    precondition(
      kind.savedCount == 0 || buffers.saved.rowCount >= positions,
      "activations of \(buffers.saved.rowCount) positions, \(positions) needed")
    Self.check(place.position..<positions, in: buffers.inputGateGradient.rowCount)
    if kind == .gru {
      Self.check(place.position..<positions, in: buffers.recurrentGateGradient.rowCount)
    }
  }

  private static func withPointers(
    _ buffers: inout StepBuffers<Scalar>, _ body: (StepPointers<Scalar>) -> Void
  ) {
    // Searches share a projection, so that nothing may ask for it to be written.
    unsafe buffers.projection.storage.withUnsafeBufferPointer { projection in
      unsafe buffers.hidden.storage.withUnsafeMutableBufferPointer { hidden in
        unsafe buffers.cell.storage.withUnsafeMutableBufferPointer { cell in
          unsafe buffers.saved.storage.withUnsafeMutableBufferPointer { saved in
            unsafe buffers.hiddenGradient.storage.withUnsafeMutableBufferPointer { dHidden in
              unsafe buffers.cellGradient.storage.withUnsafeMutableBufferPointer { dCell in
                unsafe buffers.inputGateGradient.storage.withUnsafeMutableBufferPointer { input in
                  unsafe buffers.recurrentGateGradient.storage.withUnsafeMutableBufferPointer {
                    recurrent in
                    unsafe buffers.rounded.withUnsafeMutableBufferPointer { rounded in
                      guard let projection = projection.baseAddress,
                        let hidden = hidden.baseAddress, let cell = cell.baseAddress,
                        let saved = saved.baseAddress, let dHidden = dHidden.baseAddress,
                        let dCell = dCell.baseAddress, let input = input.baseAddress,
                        let recurrent = recurrent.baseAddress
                      else { preconditionFailure("a buffer without an address") }
                      unsafe body(
                        StepPointers(
                          projection: projection, hidden: hidden, cell: cell, saved: saved,
                          hiddenGradient: dHidden, cellGradient: dCell, inputGateGradient: input,
                          recurrentGateGradient: recurrent, rounded: rounded.baseAddress))
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}

/// The addresses of a layer's buffers, for the length of one call.
@unsafe private struct StepPointers<Scalar> {
  let projection: UnsafePointer<Scalar>
  let hidden: UnsafeMutablePointer<Scalar>
  let cell: UnsafeMutablePointer<Scalar>
  let saved: UnsafeMutablePointer<Scalar>
  let hiddenGradient: UnsafeMutablePointer<Scalar>
  let cellGradient: UnsafeMutablePointer<Scalar>
  let inputGateGradient: UnsafeMutablePointer<Scalar>
  let recurrentGateGradient: UnsafeMutablePointer<Scalar>
  let rounded: UnsafeMutablePointer<Scalar>?
}
