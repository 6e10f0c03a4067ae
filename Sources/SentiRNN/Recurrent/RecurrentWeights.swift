public import SentiTensor

/// The weights of a cell in the kernels' order, made once an update and shared by all threads.
public struct RecurrentWeights<Scalar: MatrixScalar>: Sendable {
  var input: PackedMatrix<Scalar>
  /// All gates together; without the candidate where ``candidate`` has it.
  var recurrent: PackedMatrix<Scalar>
  /// The candidate's gate alone, where the reset gate comes before its product.
  var candidate: PackedMatrix<Scalar>?
  var projectionBias: [Scalar]
  var candidateBias: [Scalar]
  var peepholes: [Scalar]
  var normalization: Normalization?
  /// The batch normalization of the layer's input, where a stack has it.
  var inputNormalization: BatchNormalization.Weights<Scalar>?
  var backward: Backward?

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
  ///   - isForTraining: Whether `backward` of ``RecurrentLayer`` will be called.
  ///   - precision: How the matrices are rounded; full for training.
  ///   - recurrentMask: What each recurrent weight is multiplied by, `[G·H · H]`, from
  ///     ``Dropout/mask(count:using:)``; nil: nothing is dropped.
  ///   - inputColumns: The inputs that will be given, where others are multiplied elsewhere; all where
  ///     nil.
  ///   - sharesStates: Whether rows that share a state will share its product, as in ``StackSteps``.
  ///   - kernels: The kernels that will read them.
  /// - Complexity: O(G·H·(I + H)).
  /// - SeeAlso: dropped recurrent weights: Merity et al. 2018, <https://arxiv.org/abs/1708.02182>.
  public init(
    _ cell: any RecurrentCell, _ parameters: Parameters<Scalar>, isForTraining: Bool,
    precision: WeightPrecision = .full, recurrentMask: [Scalar]? = nil,
    inputColumns: Range<Int>? = nil, sharesStates: Bool = false, kernels: Kernels<Scalar> = .best
  ) {
    precondition(!isForTraining || precision == .full, "training with \(precision) weights")
    let (slots, size) = (cell.parameters, cell.hiddenSize)
    let gates = cell.gateCount * size
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
      parameters, slots.inputWeights, columns: inputColumns ?? 0..<cell.inputSize,
      precision: precision, kernels: kernels)

    let (source, slot) = Self.dropped(parameters, slots.recurrentWeights, recurrentMask)
    let resetsBefore = cell.kind == .gruResetBefore
    isFused = !resetsBefore && normalization == nil && !sharesStates
    let first = 0..<(resetsBefore ? 2 * size : gates)
    recurrent = PackedMatrix(
      depth: size, columnCount: first.count,
      gateCount: isFused ? cell.gateCount : 1, precision: precision, kernels: kernels)
    recurrent.pack(source, slot, rows: first)
    if resetsBefore {
      var packed = PackedMatrix<Scalar>(
        depth: size, columnCount: size, precision: precision, kernels: kernels)
      packed.pack(source, slot, rows: 2 * size..<gates)
      candidate = packed
    }
    guard isForTraining else { return }
    func transposed(
      _ parameters: Parameters<Scalar>, _ slot: ParameterSlot, _ rows: Range<Int>
    ) -> PackedMatrix<Scalar> {
      var packed = PackedMatrix<Scalar>(
        depth: rows.count, columnCount: slot.columnCount, kernels: kernels)
      packed.packTransposed(parameters, slot, rows: rows)
      return packed
    }
    backward = Backward(
      input: transposed(parameters, slots.inputWeights, 0..<gates),
      recurrent: transposed(source, slot, first),
      candidate: resetsBefore ? transposed(source, slot, 2 * size..<gates) : nil,
      recurrentMask: recurrentMask)
  }

  /// A parameter multiplied by a mask, in an arena of its own; itself where there is no mask.
  private static func dropped(
    _ parameters: Parameters<Scalar>, _ slot: ParameterSlot, _ mask: [Scalar]?
  ) -> (Parameters<Scalar>, ParameterSlot) {
    guard let mask else { return (parameters, slot) }
    precondition(
      mask.count == slot.range.count,
      "mask of \(mask.count) elements for parameter \(slot.name) of shape \(slot.shape)")
    var layout = ParameterLayout()
    let place = layout.add(slot.name, shape: slot.shape)
    let values = zip(parameters[slot], mask).map { $0 * $1 }
    return (Parameters(layout: layout, values: values), place)
  }
}
