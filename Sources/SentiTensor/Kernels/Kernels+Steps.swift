internal import CSentiKernels

/// A nonlinearity, of a simple recurrent cell or element by element.
public enum Activation: String, CaseIterable, Sendable {
  /// The hyperbolic tangent.
  case tanh
  /// max(0, x).
  case relu
  /// x above zero, exp(x) - 1 below: Clevert et al. 2016, <https://arxiv.org/abs/1511.07289>.
  case elu
  /// x above zero, x / 100 below: Maas et al. 2013, with PyTorch's default slope.
  case leakyReLU = "leaky-relu"
  /// 1 / (1 + exp(-x)).
  case sigmoid
  /// x / 6 + 1 / 2, cut to [0, 1], as in PyTorch.
  case hardSigmoid = "hard-sigmoid"
  /// x / (1 + |x|): Bergstra et al. 2009.
  case softsign

  var kernelName: CSentiKernels_Activation {
    switch self {
    case .tanh: CSentiKernels_tanh
    case .relu: CSentiKernels_relu
    case .elu: CSentiKernels_elu
    case .leakyReLU: CSentiKernels_leakyRelu
    case .sigmoid: CSentiKernels_sigmoid
    case .hardSigmoid: CSentiKernels_hardSigmoid
    case .softsign: CSentiKernels_softsign
    }
  }
}

/// The equations that a recurrent step follows.
public enum StepKind: Hashable, Sendable {
  /// One activation, no gates.
  case simple(Activation)
  /// Gated recurrent unit, reset gate after the product.
  case gru
  /// Gated recurrent unit, reset gate before the product.
  case gruResetBefore
  /// Long short-term memory.
  case lstm

  /// The number of gates, G.
  public var gateCount: Int {
    switch self {
    case .simple: 1
    case .gru, .gruResetBefore: 3
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
  /// Gradients of the gates' recurrent side, `[N, G·H]`, where it differs (GRU, normalized sums).
  package var recurrentGateGradient: Matrix<Scalar>
  /// The states before a step, rounded as the recurrent weights are; scratch.
  var rounded: [Scalar] = []

  /// Creates empty buffers for a cell.
  package init(_ kind: StepKind, hiddenSize: Int, hasNormalizedSums: Bool = false) {
    let gates = kind.gateCount * hiddenSize
    func empty(_ columns: Int) -> Matrix<Scalar> { Matrix(rowCount: 0, columnCount: columns) }
    projection = empty(gates)
    hidden = empty(hiddenSize)
    cell = empty(kind.hasCellState ? hiddenSize : 0)
    saved = empty(kind.savedCount * hiddenSize)
    hiddenGradient = empty(hiddenSize)
    cellGradient = empty(kind.hasCellState ? hiddenSize : 0)
    inputGateGradient = empty(gates)
    recurrentGateGradient = empty(kind == .gru || hasNormalizedSums ? gates : 0)
  }
}

/// Where the recurrent part of a step's gates comes from, and what is added to it.
package struct StepWeights<Scalar: MatrixScalar>: Sendable {
  /// The product of the states before with packed weights, or sums that were computed before.
  package enum Source: Sendable {
    /// The kernel multiplies, and applies the gates to sums in registers.
    case product(PackedMatrix<Scalar>)
    /// Rows of a matrix `[*, G·H]`, from one on.
    case sums(Matrix<Scalar>, row: Int)
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

extension Kernels {
  /// Advances a cell by one time step for every sequence that has it.
  package func stepForward(
    _ kind: StepKind, _ place: StepPlace, _ buffers: inout StepBuffers<Scalar>,
    projectionRows: [Int32]?, weights: PackedMatrix<Scalar>, candidateBias: [Scalar]
  ) {
    stepForward(
      kind, place, &buffers, projectionRows: projectionRows,
      StepWeights(.product(weights), candidateBias: candidateBias))
  }

  /// Advances a cell by one time step for every sequence that has it.
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
  /// - Parameters:
  ///   - weights: Sums whose first H columns are those of the reset gate.
  ///   - gated: Receives the products at the step's positions, `[N, H]`.
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
    var (packed, sums): ([Scalar]?, [Scalar]?) = (nil, nil)
    var (sumsStart, precision) = (0, WeightPrecision.full)
    switch weights.source {
    case .product(let matrix): (packed, precision) = (matrix.storage, matrix.precision)
    case .sums(let matrix, let row): (sums, sumsStart) = (matrix.storage, row * matrix.columnCount)
    }
    let roundedCount = place.rowCount * roundedCount(size, precision)
    if buffers.rounded.count < roundedCount { buffers.rounded = Self.zeros(count: roundedCount) }
    unsafe Self.withElements(projectionRows) { rows in
      unsafe Self.withElements(packed) { packed in
        unsafe Self.withElements(sums) { sums in
          unsafe Self.withElements(weights.candidateBias) { bias in
            unsafe Self.withElements(weights.peepholes) { peepholes in
              unsafe Self.withPointers(&buffers) { pointers in
                var step = unsafe CSentiKernels_Step(
                  rowCount: place.rowCount, hiddenSize: size,
                  projection: pointers.projection + first,
                  projectionRows: rows.map { unsafe $0 + place.position },
                  recurrentWeights: packed, sums: sums.map { unsafe $0 + sumsStart },
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

  /// Turns the gradient of one step's states into gradients of its gates, and adds what reaches the
  /// previous states directly; the part through the recurrent weights is a product of its own.
  ///
  /// - Parameters:
  ///   - peepholes: The weights from cell state to gates, `[3H]`; empty where there are none.
  ///   - squashedCell: For a normalized cell state: the tanh of the normalized states, `[B, H]`,
  ///     where the gradients of the cell states hold what came back through them already.
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
  /// of the gated states, which the candidate's product gave.
  ///
  /// - Parameter gatedGradient: The gradient, `[B, H]`.
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
    case .sums(let sums, let row):
      precondition(
        sums.columnCount == kind.gateCount * size,
        "sums of \(sums.columnCount) columns for \(kind.gateCount) gates of \(size) hidden units")
      Self.check(row..<row + place.rowCount, in: sums.rowCount)
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
    _ elements: [Element]?, _ body: (UnsafePointer<Element>?) -> Result
  ) -> Result {
    guard let elements, !elements.isEmpty else { return body(nil) }
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
