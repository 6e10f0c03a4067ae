internal import CSentiKernels

/// The nonlinearity of a simple recurrent cell.
public enum Activation: String, CaseIterable, Sendable {
  /// The hyperbolic tangent.
  case tanh
  /// max(0, x).
  case relu
  /// x above zero, exp(x) - 1 below: Clevert et al. 2016, <https://arxiv.org/abs/1511.07289>.
  case elu

  var kernelName: CSentiKernels_Activation {
    switch self {
    case .tanh: CSentiKernels_tanh
    case .relu: CSentiKernels_relu
    case .elu: CSentiKernels_elu
    }
  }
}

/// The equations that a recurrent step follows.
public enum StepKind: Hashable, Sendable {
  /// One activation, no gates.
  case simple(Activation)
  /// Gated recurrent unit, reset gate after the product.
  case gru
  /// Long short-term memory.
  case lstm

  /// The number of gates, G.
  public var gateCount: Int {
    switch self {
    case .simple: 1
    case .gru: 3
    case .lstm: 4
    }
  }

  /// Whether a cell state runs beside the hidden state.
  public var hasCellState: Bool { self == .lstm }

  /// How many values a hidden unit keeps for the backward pass beside its states.
  public var savedCount: Int {
    if case .simple = self { 0 } else { 4 }
  }

  var activation: CSentiKernels_Activation {
    if case .simple(let activation) = self { activation.kernelName } else { CSentiKernels_tanh }
  }
}

/// Where one time step of a packed batch reads and writes.
///
/// States hold the initial state of all sequences first, then the state after every step; all else
/// has one row for every token.
package struct StepPlace: Sendable {
  /// The sequences that have this step, the first so many of the batch.
  package var rowCount: Int
  /// The first row of the states before this step.
  package var previousRow: Int
  /// The first row of the states after this step.
  package var row: Int
  /// The first token of this step.
  package var position: Int

  /// Names a place.
  package init(rowCount: Int, previousRow: Int, row: Int, position: Int) {
    self.rowCount = rowCount
    self.previousRow = previousRow
    self.row = row
    self.position = position
  }
}

/// What a layer's steps read and write, forward and backward.
package struct StepBuffers<Scalar: MatrixScalar>: Sendable {
  /// Input part of the gates with biases, `[D, G·H]`, D distinct inputs.
  package var projection: Matrix<Scalar>
  /// Initial and later hidden states, `[B + N, H]`.
  package var hidden: Matrix<Scalar>
  /// Initial and later cell states, `[B + N, H]`; no columns where the cell has none.
  package var cell: Matrix<Scalar>
  /// Gate activations for backward, `[N, 4H]`; empty where they are not kept.
  package var saved: Matrix<Scalar>
  /// Gradients of the hidden states, `[B + N, H]`.
  package var hiddenGradient: Matrix<Scalar>
  /// Gradients of the cell states, `[B + N, H]`.
  package var cellGradient: Matrix<Scalar>
  /// Gradients of the gates' input side, `[N, G·H]`.
  package var inputGateGradient: Matrix<Scalar>
  /// Gradients of the gates' recurrent side, `[N, G·H]`, where it differs (GRU).
  package var recurrentGateGradient: Matrix<Scalar>
  /// The states before a step, rounded as the recurrent weights are; scratch.
  var rounded: [Scalar] = []

  /// Creates empty buffers for a cell.
  package init(_ kind: StepKind, hiddenSize: Int) {
    let gates = kind.gateCount * hiddenSize
    func empty(_ columns: Int) -> Matrix<Scalar> { Matrix(rowCount: 0, columnCount: columns) }
    projection = empty(gates)
    hidden = empty(hiddenSize)
    cell = empty(kind.hasCellState ? hiddenSize : 0)
    saved = empty(kind.savedCount * hiddenSize)
    hiddenGradient = empty(hiddenSize)
    cellGradient = empty(kind.hasCellState ? hiddenSize : 0)
    inputGateGradient = empty(gates)
    recurrentGateGradient = empty(kind == .gru ? gates : 0)
  }
}

extension Kernels {
  /// Advances a cell by one time step for every sequence that has it.
  package func stepForward(
    _ kind: StepKind, _ place: StepPlace, _ buffers: inout StepBuffers<Scalar>,
    projectionRows: [Int32]?, weights: PackedMatrix<Scalar>, candidateBias: [Scalar]
  ) {
    let size = buffers.hidden.columnCount
    checkStep(kind, place, buffers)
    precondition(
      weights.depth == size && weights.gateCount == kind.gateCount
        && weights.columnCount == kind.gateCount * size
        && weights.kernels.instructionSet == instructionSet,
      "recurrent weights [\(weights.depth), \(weights.columnCount)] for \(size) hidden units")
    precondition(
      kind != .gru || candidateBias.count == size, "candidate bias of \(candidateBias.count)")
    let projected = projectionRows?.count ?? buffers.projection.rowCount
    Self.check(place.position..<place.position + place.rowCount, in: projected)
    if let projectionRows {
      Self.check(
        projectionRows[place.position..<place.position + place.rowCount],
        in: buffers.projection.rowCount)
    }
    let first = projectionRows == nil ? place.position * kind.gateCount * size : 0
    let saves = buffers.saved.elementCount > 0
    let savedStart = place.position * kind.savedCount * size
    let roundedCount = place.rowCount * roundedCount(size, weights.precision)
    if buffers.rounded.count < roundedCount { buffers.rounded = Self.zeros(count: roundedCount) }
    let precision = weights.precision.kernelName
    unsafe Self.withRows(projectionRows) { rows in
      unsafe Self.withPointers(&buffers) { pointers in
        unsafe weights.storage.withUnsafeBufferPointer { weights in
          unsafe candidateBias.withUnsafeBufferPointer { bias in
            guard let weights = weights.baseAddress else {
              preconditionFailure("weights without an address")
            }
            var step = unsafe CSentiKernels_Step(
              rowCount: place.rowCount, hiddenSize: size,
              projection: pointers.projection + first,
              projectionRows: rows.map { unsafe $0 + place.position }, recurrentWeights: weights,
              precision: precision, rounded: pointers.rounded, candidateBias: bias.baseAddress,
              previousHidden: pointers.hidden + place.previousRow * size,
              previousCell: pointers.cell + place.previousRow * size,
              hidden: pointers.hidden + place.row * size,
              cell: pointers.cell + place.row * size,
              saved: saves ? pointers.saved + savedStart : nil, activation: kind.activation)
            unsafe forward(kind)(&step)
          }
        }
      }
    }
  }

  /// Turns the gradient of one step's states into gradients of its gates, and adds what reaches the
  /// previous states directly; the part through the recurrent weights is a product of its own.
  package func stepBackward(
    _ kind: StepKind, _ place: StepPlace, _ buffers: inout StepBuffers<Scalar>
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
        cell: pointers.cell + place.row * size,
        hiddenGradient: pointers.hiddenGradient + place.row * size,
        cellGradient: pointers.cellGradient + place.row * size,
        previousHiddenGradient: pointers.hiddenGradient + place.previousRow * size,
        previousCellGradient: pointers.cellGradient + place.previousRow * size,
        inputGateGradient: pointers.inputGateGradient + gates,
        recurrentGateGradient: pointers.recurrentGateGradient + gates,
        activation: kind.activation)
      unsafe backward(kind)(&step)
    }
  }

  private func forward(_ kind: StepKind)
    -> @convention(c) (UnsafePointer<CSentiKernels_Step>) ->
    Void
  {
    switch kind {
    case .simple: unsafe functions.simpleForward
    case .gru: unsafe functions.gruForward
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
    case .gru: unsafe functions.gruBackward
    case .lstm: unsafe functions.lstmBackward
    }
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
    unsafe buffers.projection.storage.withUnsafeMutableBufferPointer { projection in
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
  let projection: UnsafeMutablePointer<Scalar>
  let hidden: UnsafeMutablePointer<Scalar>
  let cell: UnsafeMutablePointer<Scalar>
  let saved: UnsafeMutablePointer<Scalar>
  let hiddenGradient: UnsafeMutablePointer<Scalar>
  let cellGradient: UnsafeMutablePointer<Scalar>
  let inputGateGradient: UnsafeMutablePointer<Scalar>
  let recurrentGateGradient: UnsafeMutablePointer<Scalar>
  let rounded: UnsafeMutablePointer<Scalar>?
}
