internal import SentiTensor

/// One time step, forward and backward, and the two ends of the input projection.
///
/// Plain cells take one fused kernel a step. A cell with layer normalization, or with a reset gate
/// before its product, or whose rows share states, takes its recurrent sums out of the product first,
/// works on them, and gives them to the same kernel's gates.
extension RecurrentLayer {
  /// The blocks of gates' columns that are normalized together: all of an LSTM's; of a GRU reset and
  /// update, and the candidate for itself.
  private var blocks: [Range<Int>] {
    let size = cell.hiddenSize
    return cell.gateCount == 3 ? [0..<2 * size, 2 * size..<3 * size] : [0..<cell.gateCount * size]
  }

  // MARK: Input projection

  /// `W·x + b`, or `gain * normal(W·x) + b`, for some rows of the input; W·x may lack a part that is
  /// given, the first columns of `addend`.
  func project<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, rows: Range<Int>, adding addend: Matrix<Scalar>? = nil,
    _ weights: RecurrentWeights<Scalar>, _ workspace: inout RecurrentWorkspace<Scalar>,
    threadCount: Int = 1
  ) {
    let kernels = weights.recurrent.kernels
    workspace.buffers.projection.resize(rowCount: rows.count)
    guard let normalization = weights.normalization else {
      kernels.multiply(
        input, rows: rows, by: weights.input, bias: weights.projectionBias,
        into: &workspace.buffers.projection, threadCount: threadCount)
      if let addend {
        kernels.addColumns(
          of: addend, column: 0, rows: nil, to: &workspace.buffers.projection, rows: 0..<rows.count)
      }
      return
    }
    workspace.unfused.products.resize(rowCount: rows.count)
    kernels.multiply(
      input, rows: rows, by: weights.input, into: &workspace.unfused.products,
      threadCount: threadCount)
    if let addend {
      kernels.addColumns(
        of: addend, column: 0, rows: nil, to: &workspace.unfused.products, rows: rows)
    }
    for block in blocks {
      kernels.normalize(
        workspace.unfused.products, rows: rows, columns: block, gain: normalization.inputGain,
        bias: weights.projectionBias, into: &workspace.buffers.projection)
    }
  }

  /// Turns the gradient of the normalized projection of some rows into that of the product.
  private func projectBackward<Scalar: MatrixScalar>(
    rows: Range<Int>, _ weights: RecurrentWeights<Scalar>, _ gradients: inout Parameters<Scalar>,
    _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    guard let normalization = weights.normalization, let slots = cell.parameters.normalization
    else { return }
    var gains = GainGradient<Scalar>(width: normalization.inputGain.count)
    for block in blocks {
      workspace.changeProjectionGradient { gradient, products in
        weights.recurrent.kernels.normalizeBackward(
          &gradient, of: products, rows: rows, columns: block,
          gain: normalization.inputGain, adding: &gains)
      }
    }
    gradients.add(gains.gain.elements, to: slots.inputGain)
  }

  /// Adds what the gates' gradients of some rows of the input give to its biases and weights, and to
  /// these rows themselves, from a row of their gradient on.
  func addInputGradients<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, rows: Range<Int>, _ weights: RecurrentWeights<Scalar>,
    _ transposed: RecurrentWeights<Scalar>.Backward, _ gradients: inout Parameters<Scalar>,
    _ inputGradient: inout Matrix<Scalar>, at gradientRow: Int,
    _ workspace: inout RecurrentWorkspace<Scalar>, threadCount: Int = 1
  ) {
    let (slots, kernels) = (cell.parameters, weights.recurrent.kernels)
    kernels.addColumnSums(
      of: workspace.projectionGradient, to: &gradients, slots.inputBias, threadCount: threadCount)
    if weights.normalization == nil {
      kernels.addColumnSums(
        of: workspace.projectionGradient, columns: gatesOfBothBiases, to: &gradients,
        slots.recurrentBias, threadCount: threadCount)
    }
    projectBackward(rows: rows, weights, &gradients, &workspace)
    kernels.multiplyTransposed(
      workspace.projectionGradient, input,
      rightRows: rows == 0..<input.rowCount ? nil : rows.map { Int32($0) }, into: &gradients,
      slots.inputWeights, scratch: &workspace.scratch, threadCount: threadCount)
    kernels.multiply(
      workspace.projectionGradient, rows: 0..<rows.count, by: transposed.input,
      into: &inputGradient, at: gradientRow, accumulates: true, threadCount: threadCount)
  }

  /// The gates whose two biases have the same gradient: all but the candidate of a GRU, whose second
  /// bias is behind the reset gate.
  private var gatesOfBothBiases: Range<Int> {
    0..<(cell.kind == .gru ? 2 : cell.gateCount) * cell.hiddenSize
  }

  // MARK: Steps

  func stepForward<Scalar: MatrixScalar>(
    _ place: StepPlace, _ weights: RecurrentWeights<Scalar>,
    _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    guard weights.isFused else {
      return unfusedStepForward(place, weights, &workspace)
    }
    weights.recurrent.kernels.stepForward(
      cell.kind, place, &workspace.buffers, projectionRows: workspace.projectionRows,
      StepWeights(
        .product(weights.recurrent), candidateBias: weights.candidateBias,
        peepholes: weights.peepholes))
  }

  private func unfusedStepForward<Scalar: MatrixScalar>(
    _ place: StepPlace, _ weights: RecurrentWeights<Scalar>,
    _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    let (kernels, size) = (weights.recurrent.kernels, cell.hiddenSize)
    let positions = place.position..<place.position + place.rowCount
    func given(_ sums: Matrix<Scalar>, row: Int, rows: [Int32]? = nil) -> StepWeights<Scalar> {
      StepWeights(
        .sums(sums, row: row, rows: rows), candidateBias: weights.candidateBias,
        peepholes: weights.peepholes)
    }
    // [B, G·H], or the first [B, 2H] of it
    multiplyStates(place, weights, &workspace)
    if let rows = workspace.unfused.stateRows {
      guard weights.candidate != nil || weights.normalization != nil else {
        return kernels.stepForward(
          cell.kind, place, &workspace.buffers, projectionRows: workspace.projectionRows,
          given(workspace.unfused.distinctSums, row: 0, rows: rows))
      }
      Kernels.gather(
        rows, of: workspace.unfused.distinctSums.storage, into: &workspace.unfused.sums,
        at: place.position)
    }
    func normalize(_ block: Range<Int>, _ normalization: RecurrentWeights<Scalar>.Normalization) {
      kernels.normalize(
        workspace.unfused.sums, rows: positions, columns: block,
        gain: normalization.recurrentGain, into: &workspace.unfused.normalSums)
    }
    if let candidate = weights.candidate {
      if let normalization = weights.normalization { normalize(blocks[0], normalization) }
      let gates =
        weights.normalization == nil
        ? given(workspace.unfused.sums, row: place.position)
        : given(workspace.unfused.normalSums, row: 0)
      // [B, H]
      kernels.resetForward(
        place, &workspace.buffers, projectionRows: workspace.projectionRows, gates,
        into: &workspace.unfused.gated)
      kernels.multiply(
        workspace.unfused.gated, rows: positions, by: candidate, into: &workspace.unfused.sums,
        at: place.position, targetColumn: 2 * size)
    }
    guard let normalization = weights.normalization else {
      kernels.stepForward(
        cell.kind, place, &workspace.buffers, projectionRows: workspace.projectionRows,
        given(workspace.unfused.sums, row: place.position))
      return
    }
    // [B, G·H]
    for block in weights.candidate == nil ? blocks : [blocks[1]] { normalize(block, normalization) }
    kernels.stepForward(
      cell.kind, place, &workspace.buffers, projectionRows: workspace.projectionRows,
      given(workspace.unfused.normalSums, row: 0))
    guard cell.kind.hasCellState else { return }
    squashCells(place, normalization, kernels, &workspace)
    // h' = o * tanh(normal(c'))
    kernels.multiplyColumns(
      of: workspace.buffers.saved, rows: positions, column: 3 * size, workspace.unfused.squashed,
      into: &workspace.buffers.hidden, at: place.row)
  }

  /// The products of the states before a step: one for each row, or one for each state that rows share.
  private func multiplyStates<Scalar: MatrixScalar>(
    _ place: StepPlace, _ weights: RecurrentWeights<Scalar>,
    _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    let kernels = weights.recurrent.kernels
    guard workspace.unfused.stateRows != nil else {
      return kernels.multiply(
        workspace.buffers.hidden, rows: place.previousRow..<place.previousRow + place.rowCount,
        by: weights.recurrent, into: &workspace.unfused.sums, at: place.position,
        targetColumn: 0)
    }
    let count = workspace.unfused.distinctStates.rowCount
    workspace.unfused.distinctSums.resize(rowCount: count)
    kernels.multiply(
      workspace.unfused.distinctStates, rows: 0..<count, by: weights.recurrent,
      into: &workspace.unfused.distinctSums, targetColumn: 0)
  }

  /// tanh of the normalized cell states after a step, `[B, H]`.
  private func squashCells<Scalar: MatrixScalar>(
    _ place: StepPlace, _ normalization: RecurrentWeights<Scalar>.Normalization,
    _ kernels: Kernels<Scalar>, _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    workspace.unfused.squashed.resize(rowCount: place.rowCount)
    kernels.normalize(
      workspace.buffers.cell, rows: place.row..<place.row + place.rowCount,
      columns: 0..<cell.hiddenSize, gain: normalization.cellGain, bias: normalization.cellBias,
      into: &workspace.unfused.squashed)
    kernels.activate(&workspace.unfused.squashed, .tanh)
  }

  func stepBackward<Scalar: MatrixScalar>(
    _ place: StepPlace, _ weights: RecurrentWeights<Scalar>,
    _ transposed: RecurrentWeights<Scalar>.Backward,
    _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    let (kernels, size) = (weights.recurrent.kernels, cell.hiddenSize)
    let positions = place.position..<place.position + place.rowCount
    let gateRows = place.gateRow..<place.gateRow + place.rowCount
    let hasNormalCells = weights.normalization != nil && cell.kind.hasCellState
    if let normalization = weights.normalization, hasNormalCells {
      cellBackward(place, normalization, kernels, &workspace)
    }
    kernels.stepBackward(
      cell.kind, place, &workspace.buffers, peepholes: weights.peepholes,
      squashedCell: hasNormalCells ? workspace.unfused.squashed : nil)
    /// Takes the gradient of normalized sums, which a GRU has beside that of the input, to the sums.
    func normalizeBackward(_ columns: Range<Int>) {
      guard let normalization = weights.normalization else { return }
      if cell.kind != .gru {
        Kernels.copyColumns(
          of: workspace.buffers.inputGateGradient, rows: gateRows, columns: columns,
          into: &workspace.buffers.recurrentGateGradient, firstRow: place.gateRow, rows: nil,
          column: columns.lowerBound)
      }
      kernels.normalizeBackward(
        &workspace.buffers.recurrentGateGradient, at: place.gateRow, of: workspace.unfused.sums,
        rows: positions, columns: columns, gain: normalization.recurrentGain,
        adding: &workspace.unfused.recurrentGains)
    }
    if let candidate = transposed.candidate {
      if weights.normalization != nil { normalizeBackward(blocks[1]) }
      // [B, H]
      kernels.multiply(
        workspace.recurrentGateGradient, rows: gateRows, column: 2 * size, by: candidate,
        into: &workspace.unfused.gatedGradient)
      kernels.resetBackward(
        place, &workspace.buffers, gatedGradient: workspace.unfused.gatedGradient)
    }
    if weights.normalization != nil {
      for block in transposed.candidate == nil ? blocks : [blocks[0]] { normalizeBackward(block) }
    }
    workspace.propagate(place, through: transposed.recurrent, kernels)
  }

  /// What comes back from `h' = o * tanh(normal(c'))` to the cell states.
  private func cellBackward<Scalar: MatrixScalar>(
    _ place: StepPlace, _ normalization: RecurrentWeights<Scalar>.Normalization,
    _ kernels: Kernels<Scalar>, _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    let (size, rows) = (cell.hiddenSize, place.row..<place.row + place.rowCount)
    squashCells(place, normalization, kernels, &workspace)
    // [B, H]
    workspace.unfused.cellGradient.resize(rowCount: place.rowCount)
    kernels.multiplyColumns(
      of: workspace.buffers.saved, rows: place.position..<place.position + place.rowCount,
      column: 3 * size, workspace.buffers.hiddenGradient, from: place.row,
      into: &workspace.unfused.cellGradient)
    kernels.activateBackward(
      &workspace.unfused.cellGradient, outputs: workspace.unfused.squashed, .tanh)
    kernels.normalizeBackward(
      &workspace.unfused.cellGradient, of: workspace.buffers.cell, rows: rows, columns: 0..<size,
      gain: normalization.cellGain, adding: &workspace.unfused.cellGains)
    kernels.addRows(
      of: workspace.unfused.cellGradient, rows: 0..<place.rowCount,
      to: &workspace.buffers.cellGradient, at: place.row)
  }

  // MARK: Gradients of parameters, summed over time

  /// Adds what the gates' gradients at some positions, which the workspace holds, give to the
  /// parameters on the states' side.
  func addStateGradients<Scalar: MatrixScalar>(
    _ positions: Range<Int>, _ sequences: PackedSequences, previous: [Int32],
    _ weights: RecurrentWeights<Scalar>, _ gradients: inout Parameters<Scalar>,
    _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    let (slots, kernels) = (cell.parameters, weights.recurrent.kernels)
    let previous = Array(previous[positions])
    addRecurrentGradient(positions, previous, weights, &gradients, &workspace)
    if weights.normalization == nil {
      kernels.addColumnSums(
        of: workspace.recurrentGateGradient,
        columns: gatesOfBothBiases.upperBound..<cell.gateCount * cell.hiddenSize, to: &gradients,
        slots.recurrentBias)
    }
    guard let peepholes = slots.peepholes else { return }
    // The input and forget gate saw the cell state before, the output gate the one after.
    let following = positions.map { Int32($0 + sequences.batchSize) }
    let sums = [(0, previous), (1, previous), (3, following)].map { gate, rows in
      var sum = AlignedArray<Scalar>(zeros: cell.hiddenSize)
      kernels.addColumnProducts(
        of: workspace.buffers.inputGateGradient, column: gate * cell.hiddenSize,
        workspace.buffers.cell, rightRows: rows, to: &sum)
      return sum
    }
    gradients.add(sums.flatMap(\.elements), to: peepholes)
  }

  /// `dU = Σ da · hᵀ`; dropped weights take none of it.
  private func addRecurrentGradient<Scalar: MatrixScalar>(
    _ positions: Range<Int>, _ previous: [Int32], _ weights: RecurrentWeights<Scalar>,
    _ gradients: inout Parameters<Scalar>, _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    let slot = cell.parameters.recurrentWeights
    guard let mask = weights.backward?.recurrentMask else {
      return sumRecurrentGradient(positions, previous, weights, into: &gradients, slot, &workspace)
    }
    var layout = ParameterLayout()
    let place = layout.add(slot.name, shape: slot.shape)
    var sum = Parameters<Scalar>(layout: layout)
    sumRecurrentGradient(positions, previous, weights, into: &sum, place, &workspace)
    gradients.add(zip(sum.values, mask).map { $0 * $1 }, to: slot)
  }

  private func sumRecurrentGradient<Scalar: MatrixScalar>(
    _ positions: Range<Int>, _ previous: [Int32], _ weights: RecurrentWeights<Scalar>,
    into gradients: inout Parameters<Scalar>, _ slot: ParameterSlot,
    _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    let (kernels, size) = (weights.recurrent.kernels, cell.hiddenSize)
    let gates = weights.candidate == nil ? cell.gateCount : 2
    kernels.multiplyTransposed(
      workspace.recurrentGateGradient, columns: 0..<gates * size, workspace.buffers.hidden,
      rightRows: previous, into: &gradients, slot, scratch: &workspace.scratch)
    guard weights.candidate != nil else { return }
    kernels.multiplyTransposed(
      workspace.recurrentGateGradient, columns: 2 * size..<3 * size, workspace.unfused.gated,
      rightRows: positions.map { Int32($0) }, into: &gradients, slot, scratch: &workspace.scratch)
  }
}

/// What an unfused step needs beside its buffers; nothing for a fused one.
struct UnfusedBuffers<Scalar: MatrixScalar>: Sendable {
  /// The products with the inputs, `[D, G·H]`, before they are normalized.
  var products: Matrix<Scalar>
  /// The products with the states, `[N, G·H]`.
  var sums: Matrix<Scalar>
  /// One step's products with the states after normalization, `[B, G·H]`.
  var normalSums: Matrix<Scalar>
  /// The states before each step times the reset gate, `[N, H]`.
  var gated: Matrix<Scalar>
  /// One step's gradient of ``gated``, `[B, H]`.
  var gatedGradient: Matrix<Scalar>
  /// One step's normalized cell states in tanh, `[B, H]`.
  var squashed: Matrix<Scalar>
  /// One step's gradient of the cell states by way of the hidden states, `[B, H]`.
  var cellGradient: Matrix<Scalar>
  /// For each row of a step its state among ``distinctStates``; nil: every row has its own.
  var stateRows: [Int32]?
  /// The states that rows share, `[D, H]`.
  var distinctStates: Matrix<Scalar>
  /// Their products, `[D, G·H]`.
  var distinctSums: Matrix<Scalar>
  var recurrentGains: GainGradient<Scalar>
  var cellGains: GainGradient<Scalar>

  private let isNormalized: Bool
  private let resetsBefore: Bool

  init(_ cell: any RecurrentCell) {
    isNormalized = cell.parameters.normalization != nil
    resetsBefore = cell.kind == .gruResetBefore
    let (gates, size) = (cell.gateCount * cell.hiddenSize, cell.hiddenSize)
    func empty(_ columns: Int) -> Matrix<Scalar> { Matrix(rowCount: 0, columnCount: columns) }
    (products, sums, normalSums) = (empty(gates), empty(gates), empty(gates))
    (gated, gatedGradient) = (empty(size), empty(size))
    (distinctStates, distinctSums) = (empty(size), empty(gates))
    (squashed, cellGradient) = (empty(size), empty(size))
    recurrentGains = GainGradient(width: isNormalized ? gates : 0)
    cellGains = GainGradient(width: isNormalized ? size : 0)
  }

  mutating func prepare(_ sequences: PackedSequences) {
    let (tokens, batch) = (sequences.tokenCount, sequences.batchSize)
    if isNormalized || resetsBefore { sums.resize(rowCount: tokens) }
    if resetsBefore {
      gated.resize(rowCount: tokens)
      gatedGradient.resize(rowCount: batch)
    }
    if isNormalized { normalSums.resize(rowCount: batch) }
  }

  /// Makes room for a single step, and finds the states that its rows share.
  mutating func prepareStep(_ parents: [Int32], of states: Matrix<Scalar>) {
    sums.resize(rowCount: parents.count)
    normalSums.resize(rowCount: parents.count)
    gated.resize(rowCount: parents.count)
    let distinct = DistinctTokens(parents, vocabularySize: states.rowCount)
    stateRows = distinct.tokens.count < parents.count ? distinct.rows : nil
    guard stateRows != nil else { return }
    distinctStates.resize(rowCount: distinct.tokens.count)
    Kernels.gather(distinct.tokens, of: states.storage, into: &distinctStates)
  }

  /// Moves the gradients of gains and biases to the arena.
  mutating func addGains(
    to gradients: inout Parameters<Scalar>, _ slots: GateParameters,
    _ normalization: LayerNormalizationParameters
  ) {
    gradients.add(recurrentGains.gain.elements, to: normalization.recurrentGain)
    gradients.add(recurrentGains.bias.elements, to: slots.recurrentBias)
    if let gain = normalization.cellGain, let bias = normalization.cellBias {
      gradients.add(cellGains.gain.elements, to: gain)
      gradients.add(cellGains.bias.elements, to: bias)
    }
    recurrentGains = GainGradient(width: recurrentGains.gain.count)
    cellGains = GainGradient(width: cellGains.gain.count)
  }
}
