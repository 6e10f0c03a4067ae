internal import SentiTensor

/// One time step backward, and the gradients of parameters and inputs, which are summed over time.
extension RecurrentWeights {
  // MARK: A step

  /// Takes the gradient of the states after a step to its gates, and to the states before it.
  func stepBackward(_ range: StepRange, _ workspace: inout RecurrentWorkspace<Scalar>) {
    let backward = backward
    let normalizesCells = normalization != nil && cell.configuration.hasCellState
    if let normalization, normalizesCells { cellBackward(range, normalization, &workspace) }
    kernels.stepBackward(
      range, of: &workspace.buffers, peepholes: peepholes,
      tanhCell: normalizesCells ? workspace.normalization.tanhCell : nil)
    var blocks = normalizedBlocks
    if let candidate = backward.candidate {
      normalizeSumsBackward(range, blocks.removeLast(), &workspace)
      // [B, H]
      kernels.multiply(
        MatrixBlock(
          workspace.recurrentGateGradient, rows: range.gateRows,
          columns: 2 * cell.hiddenSize..<cell.gatesWidth), by: candidate,
        into: &workspace.normalization.gatedGradient)
      kernels.resetBackward(
        range, of: &workspace.buffers, gatedGradient: workspace.normalization.gatedGradient)
    }
    for block in blocks { normalizeSumsBackward(range, block, &workspace) }
    workspace.propagate(range, through: backward.recurrent)
  }

  /// Takes the gradient of normalized sums, which a reset gate after the product has beside that of the
  /// input, to the sums, in a cell that normalizes them.
  private func normalizeSumsBackward(
    _ range: StepRange, _ columns: Range<Int>, _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    guard let normalization else { return }
    if !cell.configuration.resetsAfterProduct {
      Kernels.copyColumns(
        of: MatrixBlock(
          workspace.buffers.inputGateGradient, rows: range.gateRows, columns: columns),
        into: &workspace.buffers.recurrentGateGradient,
        at: MatrixPosition(row: range.gateRow, column: columns.lowerBound))
    }
    kernels.normalizeBackward(
      &workspace.buffers.recurrentGateGradient, at: range.gateRow,
      of: MatrixBlock(workspace.normalization.sums, rows: range.positions, columns: columns),
      gain: normalization.recurrentGain, adding: &workspace.normalization.recurrentGains)
  }

  /// What comes back from `h' = o * tanh(normal(c'))` to the cell states.
  private func cellBackward(
    _ range: StepRange, _ normalization: Normalization,
    _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    tanhNormalCells(range, normalization, &workspace)
    // [B, H]
    workspace.normalization.cellGradient.resize(rowCount: range.rowCount)
    kernels.multiplyElements(
      of: MatrixBlock(
        workspace.buffers.gateCache, rows: range.positions,
        columns: 3 * cell.hiddenSize..<4 * cell.hiddenSize),
      by: MatrixBlock(workspace.buffers.hiddenGradient, rows: range.states),
      into: &workspace.normalization.cellGradient)
    kernels.activateBackward(
      &workspace.normalization.cellGradient, outputs: workspace.normalization.tanhCell, .tanh)
    kernels.normalizeBackward(
      &workspace.normalization.cellGradient,
      of: MatrixBlock(workspace.buffers.cell, rows: range.states, columns: 0..<cell.hiddenSize),
      gain: normalization.cellGain, adding: &workspace.normalization.cellGains)
    kernels.addRows(
      of: workspace.normalization.cellGradient, rows: 0..<range.rowCount,
      to: &workspace.buffers.cellGradient, at: range.row)
  }

  // MARK: Gradients of inputs

  /// Some rows of an input, and where their gradients are.
  struct InputRows {
    /// The inputs, `[D, I]`.
    let input: Matrix<Scalar>
    /// The rows.
    let rows: Range<Int>
    /// The row of the first one's gradient.
    let gradientRow: Int
  }

  /// Adds what the gates' gradients of some rows of the input give to its biases and weights, and to
  /// these rows themselves.
  func addInputGradients(
    of part: InputRows, to inputGradient: inout Matrix<Scalar>,
    gradients: inout Parameters<Scalar>, _ workspace: inout RecurrentWorkspace<Scalar>,
    threadCount: Int = 1
  ) {
    let (slots, rows) = (cell.parameters, part.rows)
    kernels.addColumnSums(
      of: workspace.projectionGradient, to: &gradients, slots.inputBias, threadCount: threadCount)
    if normalization == nil {
      kernels.addColumnSums(
        of: workspace.projectionGradient, columns: cell.jointBiases, to: &gradients,
        slots.recurrentBias, threadCount: threadCount)
    }
    projectBackward(rows: rows, &gradients, &workspace)
    kernels.multiplyTransposed(
      MatrixBlock(workspace.projectionGradient),
      GatheredRows(
        part.input, rows: rows == 0..<part.input.rowCount ? nil : rows.map { Int32($0) }),
      into: &gradients, slots.inputWeights, scratch: &workspace.scratch, threadCount: threadCount)
    kernels.multiply(
      MatrixBlock(workspace.projectionGradient, rows: 0..<rows.count), by: backward.input,
      adding: .target, into: &inputGradient, at: MatrixPosition(row: part.gradientRow),
      threadCount: threadCount)
  }

  /// Turns the gradient of the normalized projection of some rows into that of the product.
  private func projectBackward(
    rows: Range<Int>, _ gradients: inout Parameters<Scalar>,
    _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    guard let normalization, let slots = cell.parameters.normalization else { return }
    var gains = GainGradient<Scalar>(width: normalization.inputGain.count)
    for block in normalizedBlocks {
      workspace.changeProjectionGradient { gradient, products in
        kernels.normalizeBackward(
          &gradient, of: MatrixBlock(products, rows: rows, columns: block),
          gain: normalization.inputGain, adding: &gains)
      }
    }
    gradients.add(gains.gain.elements, to: slots.inputGain)
  }

  // MARK: Gradients of parameters on the states' side

  /// Adds what the gates' gradients at some positions, which the workspace holds, give to the
  /// parameters on the states' side.
  ///
  /// - Parameters:
  ///   - positions: The positions.
  ///   - previous: For each of them the state row before it.
  ///   - batchSize: The number of sequences, B: the state row after position n is B + n.
  ///   - gradients: Receives the parameters' gradients, added.
  ///   - workspace: The gates' gradients.
  func addStateGradients(
    _ positions: Range<Int>, previous: [Int32], batchSize: Int,
    gradients: inout Parameters<Scalar>, _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    let slots = cell.parameters
    addRecurrentGradient(
      positions, previous, gradients: &gradients, workspace: &workspace)
    if normalization == nil {
      kernels.addColumnSums(
        of: workspace.recurrentGateGradient, columns: cell.jointBiases.upperBound..<cell.gatesWidth,
        to: &gradients, slots.recurrentBias)
    }
    guard let peepholes = slots.peepholes else { return }
    // The input and forget gate saw the cell state before, the output gate the one after.
    let following = positions.map { Int32($0 + batchSize) }
    let sums = [(0, previous), (1, previous), (3, following)].map { gate, rows in
      var sum = AlignedArray<Scalar>(zeros: cell.hiddenSize)
      kernels.addColumnProducts(
        of: workspace.buffers.inputGateGradient, column: gate * cell.hiddenSize,
        GatheredRows(workspace.buffers.cell, rows: rows), to: &sum)
      return sum
    }
    gradients.add(sums.flatMap(\.elements), to: peepholes)
  }

  /// `dU = Σ da · hᵀ`; dropped weights take none of it.
  private func addRecurrentGradient(
    _ positions: Range<Int>, _ previous: [Int32], gradients: inout Parameters<Scalar>,
    workspace: inout RecurrentWorkspace<Scalar>
  ) {
    let slot = cell.parameters.recurrentWeights
    guard let mask = backward.recurrentMask else {
      return sumRecurrentGradient(
        positions, previous, into: &gradients, slot: slot, workspace: &workspace)
    }
    var layout = ParameterLayout()
    let place = layout.add(slot.name, shape: slot.shape)
    var sum = Parameters<Scalar>(layout: layout)
    sumRecurrentGradient(positions, previous, into: &sum, slot: place, workspace: &workspace)
    gradients.add(zip(sum.values, mask).map { $0 * $1 }, to: slot)
  }

  private func sumRecurrentGradient(
    _ positions: Range<Int>, _ previous: [Int32], into gradients: inout Parameters<Scalar>,
    slot: ParameterSlot, workspace: inout RecurrentWorkspace<Scalar>
  ) {
    let size = cell.hiddenSize
    let gates = candidate == nil ? cell.gatesWidth : 2 * size
    kernels.multiplyTransposed(
      MatrixBlock(workspace.recurrentGateGradient, columns: 0..<gates),
      GatheredRows(workspace.buffers.hidden, rows: previous), into: &gradients, slot,
      scratch: &workspace.scratch)
    guard candidate != nil else { return }
    kernels.multiplyTransposed(
      MatrixBlock(workspace.recurrentGateGradient, columns: 2 * size..<3 * size),
      GatheredRows(workspace.normalization.gated, rows: positions.map { Int32($0) }),
      into: &gradients, slot, scratch: &workspace.scratch)
  }
}
