internal import SentiTensor

/// One time step forward, and the input projection before it.
///
/// Plain cells take one fused kernel a step. A cell with layer normalization, or with a reset gate
/// before its product, or whose rows share states, takes its recurrent sums out of the product first,
/// works on them, and gives them to the same kernel's gates.
extension RecurrentWeights {
  /// The blocks of gates' columns that are normalized together.
  var normalizedBlocks: [Range<Int>] {
    cell.configuration.normalizedBlocks(hiddenSize: cell.hiddenSize)
  }

  // MARK: Input projection

  /// `W·x + b`, or `gain * normal(W·x) + b`, for some rows of the input.
  ///
  /// - Parameters:
  ///   - input: The inputs, `[D, I]`, or those of the columns that were packed.
  ///   - rows: The rows to project.
  ///   - partialProducts: The products of columns that the input lacks, in the first columns, `[D, *]`.
  ///   - workspace: Receives the projection, `[rows, G·H]`.
  ///   - threadCount: The number of threads; the result does not depend on it.
  func project(
    _ input: Matrix<Scalar>, rows: Range<Int>, adding partialProducts: Matrix<Scalar>? = nil,
    into workspace: inout RecurrentWorkspace<Scalar>, threadCount: Int = 1
  ) {
    workspace.buffers.projection.resize(rowCount: rows.count)
    guard let normalization else {
      kernels.multiply(
        MatrixBlock(input, rows: rows), by: self.input, adding: .bias(projectionBias),
        into: &workspace.buffers.projection, threadCount: threadCount)
      if let partialProducts {
        kernels.addColumns(
          of: partialProducts, column: 0, rows: nil, to: &workspace.buffers.projection,
          rows: 0..<rows.count)
      }
      return
    }
    workspace.normalization.products.resize(rowCount: rows.count)
    kernels.multiply(
      MatrixBlock(input, rows: rows), by: self.input, into: &workspace.normalization.products,
      threadCount: threadCount)
    if let partialProducts {
      kernels.addColumns(
        of: partialProducts, column: 0, rows: nil, to: &workspace.normalization.products,
        rows: rows)
    }
    for block in normalizedBlocks {
      kernels.normalize(
        MatrixBlock(workspace.normalization.products, rows: rows, columns: block),
        gain: normalization.inputGain, bias: projectionBias, into: &workspace.buffers.projection)
    }
  }

  // MARK: A step

  /// Advances the cell by one time step for every sequence that has it.
  func stepForward(_ range: StepRange, _ workspace: inout RecurrentWorkspace<Scalar>) {
    guard isFused else { return unfusedStepForward(range, &workspace) }
    kernels.stepForward(
      range, of: &workspace.buffers, weights: stepWeights(.product(recurrent)))
  }

  private func stepWeights(_ source: StepWeights<Scalar>.Source) -> StepWeights<Scalar> {
    StepWeights(source, candidateBias: candidateBias, peepholes: peepholes)
  }

  private func unfusedStepForward(
    _ range: StepRange, _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    // [B, G·H], or the first [B, 2H] of it
    multiplyStates(range, &workspace)
    if let rows = workspace.normalization.stateRows {
      guard candidate != nil || normalization != nil else {
        let sums = StepWeights<Scalar>.Source.sums(
          workspace.normalization.uniqueSums, row: 0, rows: rows)
        return kernels.stepForward(range, of: &workspace.buffers, weights: stepWeights(sums))
      }
      Kernels.gather(
        rows, of: workspace.normalization.uniqueSums.storage,
        into: &workspace.normalization.sums, at: range.position)
    }
    // [B, G·H], where the candidate's product waits for the reset gate
    var blocks = normalizedBlocks[...]
    if let candidate {
      normalizeSums(range, blocks.removeFirst(), &workspace)
      multiplyGatedStates(range, by: candidate, &workspace)
    }
    for block in blocks { normalizeSums(range, block, &workspace) }
    kernels.stepForward(
      range, of: &workspace.buffers, weights: stepWeights(sums(of: range, workspace)))
    if let normalization, cell.configuration.hasCellState {
      normalizeCells(range, normalization, &workspace)
    }
  }

  /// The recurrent sums of a step, normalized where the cell normalizes them.
  private func sums(
    of range: StepRange, _ workspace: RecurrentWorkspace<Scalar>
  ) -> StepWeights<Scalar>.Source {
    normalization == nil
      ? .sums(workspace.normalization.sums, row: range.position)
      : .sums(workspace.normalization.normalSums, row: 0)
  }

  /// The products of the states before a step: one for each row, or one for each state that rows share.
  private func multiplyStates(_ range: StepRange, _ workspace: inout RecurrentWorkspace<Scalar>) {
    guard workspace.normalization.stateRows != nil else {
      return kernels.multiply(
        MatrixBlock(workspace.buffers.hidden, rows: range.previousStates), by: recurrent,
        into: &workspace.normalization.sums, at: MatrixPosition(row: range.position, column: 0))
    }
    let count = workspace.normalization.uniqueStates.rowCount
    workspace.normalization.uniqueSums.resize(rowCount: count)
    kernels.multiply(
      MatrixBlock(workspace.normalization.uniqueStates, rows: 0..<count), by: recurrent,
      into: &workspace.normalization.uniqueSums, at: MatrixPosition(column: 0))
  }

  /// `Un·(r * h)`, whose reset gate is applied before its product.
  private func multiplyGatedStates(
    _ range: StepRange, by candidate: PackedMatrix<Scalar>,
    _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    // [B, H]
    kernels.resetForward(
      range, of: &workspace.buffers, weights: stepWeights(sums(of: range, workspace)),
      into: &workspace.normalization.gated)
    kernels.multiply(
      MatrixBlock(workspace.normalization.gated, rows: range.positions), by: candidate,
      into: &workspace.normalization.sums,
      at: MatrixPosition(row: range.position, column: 2 * cell.hiddenSize))
  }

  /// Normalizes a block of a step's recurrent sums, in a cell that does so.
  private func normalizeSums(
    _ range: StepRange, _ block: Range<Int>, _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    guard let normalization else { return }
    kernels.normalize(
      MatrixBlock(workspace.normalization.sums, rows: range.positions, columns: block),
      gain: normalization.recurrentGain, into: &workspace.normalization.normalSums)
  }

  /// `h' = o * tanh(normal(c'))`.
  private func normalizeCells(
    _ range: StepRange, _ normalization: Normalization,
    _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    tanhNormalCells(range, normalization, &workspace)
    kernels.multiplyElements(
      of: MatrixBlock(
        workspace.buffers.gateCache, rows: range.positions,
        columns: 3 * cell.hiddenSize..<4 * cell.hiddenSize),
      by: MatrixBlock(workspace.normalization.tanhCell), into: &workspace.buffers.hidden,
      at: range.row)
  }

  /// tanh of the normalized cell states after a step, `[B, H]`.
  func tanhNormalCells(
    _ range: StepRange, _ normalization: Normalization,
    _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    workspace.normalization.tanhCell.resize(rowCount: range.rowCount)
    kernels.normalize(
      MatrixBlock(workspace.buffers.cell, rows: range.states, columns: 0..<cell.hiddenSize),
      gain: normalization.cellGain, bias: normalization.cellBias,
      into: &workspace.normalization.tanhCell)
    kernels.activate(&workspace.normalization.tanhCell, .tanh)
  }
}
