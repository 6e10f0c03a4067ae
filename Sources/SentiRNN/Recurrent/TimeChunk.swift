internal import SentiTensor

/// A range of time steps of a packed batch, with those sequences only that have the first of them.
///
/// In packed order they are the first ones, and the chunk's positions lie together, so that a chunk
/// is itself a packed batch in the same order.
public struct TimeChunk: Hashable, Sendable {
  /// The chunk as a packed batch of its own.
  public let sequences: PackedSequences
  /// The chunk's time steps in the whole batch.
  public let steps: Range<Int>
  /// The chunk's positions in the whole batch.
  public let positions: Range<Int>

  init(_ whole: PackedSequences, steps: Range<Int>) {
    precondition(
      steps.lowerBound >= 0 && steps.upperBound <= whole.timeStepCount,
      "steps \(steps) of \(whole.timeStepCount)")
    self.steps = steps
    let alive = steps.isEmpty ? 0 : whole.stepSizes[steps.lowerBound]
    sequences = PackedSequences(
      lengths: whole.lengths[..<alive].map { min($0, steps.upperBound) - steps.lowerBound })
    let start = steps.isEmpty ? 0 : whole.stepOffsets[steps.lowerBound]
    positions = start..<start + sequences.tokenCount
  }

  /// The distinct inputs of the chunk.
  func input<Scalar: MatrixScalar>(_ whole: StackInput<Scalar>) -> ChunkInput<Scalar> {
    precondition(whole.projections.isEmpty, "chunks of inputs that were projected before")
    guard let indices = whole.indices else {
      let rows = positions.map { Int32($0) }
      return ChunkInput(input: StackInput(whole.rows.rows(rows)), rows: rows)
    }
    let unique = UniqueTokens(Array(indices[positions]), vocabularySize: whole.rows.rowCount)
    return ChunkInput(
      input: StackInput(whole.rows.rows(unique.values), indices: unique.inverse),
      rows: unique.values)
  }
}

/// The distinct inputs of a chunk, and the rows of the whole input that they are.
struct ChunkInput<Scalar: MatrixScalar>: Sendable {
  let input: StackInput<Scalar>
  let rows: [Int32]
}

/// A stack that runs over the chunks of a batch, with the memory of one chunk.
struct ChunkedPass<Scalar: MatrixScalar>: Sendable {
  let stack: RecurrentStack
  var workspace: StackWorkspace<Scalar>
  /// What is dropped between layers at all steps of the whole batch.
  var masks: [Matrix<Scalar>]

  init(_ stack: RecurrentStack, masks: [Matrix<Scalar>] = []) {
    self.stack = stack
    self.masks = masks
    workspace = StackWorkspace(stack)
  }

  /// Stops where the stack cannot be computed in chunks.
  func requireChunks() {
    precondition(
      !stack.isBidirectional && stack.batchNormalizations.isEmpty,
      "only layers in one direction, without batch normalization, can be computed in chunks; these "
        + "are \(stack.isBidirectional ? "bidirectional" : "in one direction"), with "
        + "\(stack.batchNormalizations.count) normalizations")
  }

  /// Runs the stack over a chunk.
  mutating func forward(
    _ input: StackInput<Scalar>, over chunk: TimeChunk, from state: StackState<Scalar>,
    weights: StackWeights<Scalar>, mode: PassMode
  ) {
    workspace.masks = masks.map { $0.rows(Array(0..<Int32(chunk.sequences.batchSize))) }
    stack.forward(
      input, over: chunk.sequences, from: state, weights: weights, mode: mode,
      workspace: &workspace)
  }

  /// The outputs of the highest layer at the last positions of a chunk, `[count, H]`.
  func outputs(of chunk: TimeChunk, last count: Int) -> Matrix<Scalar> {
    let outputs = workspace.outputs(chunk.sequences)
    return outputs.rows((outputs.rowCount - count..<outputs.rowCount).map { Int32($0) })
  }

  /// The backward pass of a chunk, whose states' gradients the workspace holds already.
  ///
  /// - Parameters:
  ///   - input: The chunk's inputs.
  ///   - sequences: The chunk's lengths.
  ///   - weights: The packed weights.
  ///   - gradients: Receives the parameters' gradients, added.
  /// - Returns: The gradient of the states before the chunk's first step.
  mutating func backward(
    _ input: StackInput<Scalar>, over sequences: PackedSequences, weights: StackWeights<Scalar>,
    gradients: inout Parameters<Scalar>
  ) -> StackState<Scalar> {
    stack.backward(
      input, over: sequences, weights: weights, gradients: &gradients, workspace: &workspace)
    return workspace.initialGradient(sequences)
  }
}

extension StackWorkspace {
  /// The states of all layers after so many steps, of the sequences that have another step.
  func state(after stepCount: Int, _ sequences: PackedSequences) -> StackState<Scalar> {
    let alive = stepCount < sequences.timeStepCount ? sequences.stepSizes[stepCount] : nil
    let count = alive ?? (stepCount == 0 ? sequences.batchSize : sequences.stepSizes[stepCount - 1])
    let first =
      stepCount == 0 ? 0 : sequences.batchSize + sequences.stepOffsets[stepCount - 1]
    return state(rows: (first..<first + count).map { Int32($0) })
  }

  private func state(rows: [Int32]) -> StackState<Scalar> {
    StackState(layers: layers.map { $0.map { $0.state(rows: rows) } })
  }

  /// Records the states in which a chunk's sequences left it, from a packed sequence on.
  func recordFinalStates(
    of chunk: PackedSequences, from first: Int = 0, in states: inout StackState<Scalar>
  ) {
    let rows = (first..<chunk.batchSize).map { Int32(chunk.finalStateRow(of: $0)) }
    states.replaceRows(from: first, with: state(rows: rows))
  }

  /// Adds gradients of the states in which a chunk's sequences leave it; more are there of sequences
  /// that are over.
  mutating func addFinalGradient(
    _ gradient: StackState<Scalar>, _ chunk: PackedSequences
  ) {
    let rows = (0..<chunk.batchSize).map { Int32(chunk.finalStateRow(of: $0)) }
    for level in layers.indices {
      for index in layers[level].indices {
        let state = gradient[level][index].prefix(chunk.batchSize)
        Kernels.best.scatterAdd(
          state.hidden, to: rows, of: &layers[level][index].hiddenGradient)
        guard state.cell.columnCount > 0 else { continue }
        Kernels.best.scatterAdd(state.cell, to: rows, of: &layers[level][index].cellGradient)
      }
    }
  }

  /// The gradients of the states before the first step.
  func initialGradient(_ sequences: PackedSequences) -> StackState<Scalar> {
    let rows = Array(0..<Int32(sequences.batchSize))
    return StackState(
      layers: layers.map {
        $0.map { layer in
          RecurrentState(
            hidden: layer.hiddenGradient.rows(rows),
            cell: layer.cell.columnCount > 0
              ? layer.cellGradient.rows(rows) : Matrix(rowCount: rows.count, columnCount: 0))
        }
      })
  }
}
