public import SentiTensor

/// How the weights of a cell or a stack are packed.
public struct WeightPacking<Scalar: MatrixScalar>: Sendable {
  /// Whether `backward` will be called.
  public var isForTraining: Bool
  /// How the matrices are quantized; full for training.
  public var precision = WeightPrecision.full
  /// The kernels that will read them.
  public var kernels = Kernels<Scalar>.best
  /// The columns of the input that will be given, where others are multiplied elsewhere; all where nil.
  var inputColumns: Range<Int>?
  /// Whether rows that share a state share its product, as in ``StackStepper``.
  var sharesStates = false

  /// Packs in the element type's own precision, for the fastest kernels.
  ///
  /// - Parameter isForTraining: Whether `backward` will be called.
  public init(isForTraining: Bool) { self.isForTraining = isForTraining }
}

/// The weights of a cell in the kernels' order, made once an update and shared by all threads.
///
/// With them the cell can take steps, forward and backward.
public struct RecurrentWeights<Scalar: MatrixScalar>: Sendable {
  /// The cell that they are of.
  let cell: RecurrentCell
  var input: PackedMatrix<Scalar>
  /// All gates together; without the candidate where ``candidate`` has it.
  var recurrent: PackedMatrix<Scalar>
  /// The candidate's gate alone, where the reset gate comes before its product.
  var candidate: PackedMatrix<Scalar>?
  var projectionBias: [Scalar]
  var candidateBias: [Scalar]
  var peepholes: [Scalar]
  var normalization: Normalization?
  private var packedBackward: Backward?

  /// Whether one kernel multiplies and applies the gates, on sums that never leave registers.
  let isFused: Bool

  /// The gains of layer normalization; empty for a cell state that does not exist.
  struct Normalization: Sendable {
    var inputGain: [Scalar]
    var recurrentGain: [Scalar]
    var cellGain: [Scalar]
    var cellBias: [Scalar]
  }

  /// What only training needs: the transposed weights, and which recurrent weights were dropped.
  struct Backward: Sendable {
    var input: PackedMatrix<Scalar>
    var recurrent: PackedMatrix<Scalar>
    var candidate: PackedMatrix<Scalar>?
    var recurrentMask: [Scalar]?
  }

  /// Packs the weights of a cell.
  ///
  /// - Parameters:
  ///   - cell: The cell.
  ///   - parameters: The model's arena.
  ///   - packing: How to pack them.
  ///   - recurrentMask: What each recurrent weight is multiplied by, `[G·H · H]`, from
  ///     ``Dropout/mask(count:using:)``; nil: nothing is dropped.
  /// - Complexity: O(G·H·(I + H)).
  /// - SeeAlso: dropped recurrent weights: Merity et al. 2018, <https://arxiv.org/abs/1708.02182>.
  public init(
    _ cell: RecurrentCell, _ parameters: Parameters<Scalar>, packing: WeightPacking<Scalar>,
    recurrentMask: [Scalar]? = nil
  ) {
    precondition(
      !packing.isForTraining || packing.precision == .full,
      "training with \(packing.precision) weights")
    let slots = cell.parameters
    self.cell = cell
    projectionBias = cell.projectionBias(parameters)
    candidateBias = cell.candidateBias(parameters)
    peepholes = slots.peepholes.map { parameters[$0] } ?? []
    normalization = slots.normalization.map {
      Normalization(
        inputGain: parameters[$0.inputGain], recurrentGain: parameters[$0.recurrentGain],
        cellGain: $0.cellGain.map { parameters[$0] } ?? [],
        cellBias: $0.cellBias.map { parameters[$0] } ?? [])
    }
    input = PackedMatrix(
      parameters, slots.inputWeights, columns: packing.inputColumns ?? 0..<cell.inputSize,
      precision: packing.precision, kernels: packing.kernels)

    let source = MaskedParameter(parameters, slots.recurrentWeights, mask: recurrentMask)
    let rows = Self.rowsByProduct(cell)
    isFused =
      rows.candidate == nil && !cell.configuration.isNormalized && !packing.sharesStates
    recurrent = source.packed(
      rows.gates, gateCount: isFused ? cell.configuration.gateCount : 1, packing)
    candidate = rows.candidate.map { source.packed($0, gateCount: 1, packing) }
    guard packing.isForTraining else { return }
    packedBackward = Backward(
      input: MaskedParameter(parameters, slots.inputWeights, mask: nil)
        .packedTransposed(0..<cell.gatesWidth, packing),
      recurrent: source.packedTransposed(rows.gates, packing),
      candidate: rows.candidate.map { source.packedTransposed($0, packing) },
      recurrentMask: recurrentMask)
  }

  /// Packs the weights of a cell for the fastest kernels.
  ///
  /// - Parameters:
  ///   - cell: The cell.
  ///   - parameters: The model's arena.
  ///   - isForTraining: Whether `backward` of ``RecurrentLayer`` will be called.
  public init(_ cell: RecurrentCell, _ parameters: Parameters<Scalar>, isForTraining: Bool) {
    self.init(cell, parameters, packing: WeightPacking(isForTraining: isForTraining))
  }

  /// The kernels that the weights were packed for.
  var kernels: Kernels<Scalar> { recurrent.kernels }

  /// What backward needs.
  var backward: Backward {
    guard let packedBackward else {
      preconditionFailure("the weights were packed without isForTraining")
    }
    return packedBackward
  }

  /// Whether recurrent weights were dropped.
  var hasDroppedWeights: Bool { packedBackward?.recurrentMask != nil }

  /// The rows of the recurrent weights that one product takes: all gates', but the candidate's by itself
  /// where it waits for the reset gate.
  private static func rowsByProduct(
    _ cell: RecurrentCell
  ) -> (gates: Range<Int>, candidate: Range<Int>?) {
    guard cell.configuration.resetsBeforeProduct else { return (0..<cell.gatesWidth, nil) }
    let first = 2 * cell.hiddenSize
    return (0..<first, first..<cell.gatesWidth)
  }
}

/// A parameter multiplied by a mask, in an arena of its own; itself where there is no mask.
private struct MaskedParameter<Scalar: MatrixScalar> {
  let parameters: Parameters<Scalar>
  let slot: ParameterSlot

  init(_ parameters: Parameters<Scalar>, _ slot: ParameterSlot, mask: [Scalar]?) {
    guard let mask else {
      self.parameters = parameters
      self.slot = slot
      return
    }
    precondition(
      mask.count == slot.range.count,
      "mask of \(mask.count) elements for parameter \(slot.name) of shape \(slot.shape)")
    var layout = ParameterLayout()
    self.slot = layout.add(slot.name, shape: slot.shape)
    let values = zip(parameters[slot], mask).map { $0 * $1 }
    self.parameters = Parameters(layout: layout, values: values)
  }

  func packed(
    _ rows: Range<Int>, gateCount: Int, _ packing: WeightPacking<Scalar>
  ) -> PackedMatrix<Scalar> {
    var packed = PackedMatrix<Scalar>(
      depth: slot.columnCount, columnCount: rows.count, gateCount: gateCount,
      precision: packing.precision, kernels: packing.kernels)
    packed.pack(parameters, slot, rows: rows)
    return packed
  }

  func packedTransposed(
    _ rows: Range<Int>, _ packing: WeightPacking<Scalar>
  ) -> PackedMatrix<Scalar> {
    var packed = PackedMatrix<Scalar>(
      depth: rows.count, columnCount: slot.columnCount, kernels: packing.kernels)
    packed.packTransposed(parameters, slot, rows: rows)
    return packed
  }
}
