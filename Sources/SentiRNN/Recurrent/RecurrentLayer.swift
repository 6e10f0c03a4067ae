public import SentiTensor

/// A recurrent cell run over time, in one direction, on packed sequences.
///
/// The time loop is written once, here, forward and backward; it knows nothing of gates. The input
/// projection is one product for all *distinct* inputs of a batch: inputs are rows of a matrix, and
/// each position names its row. Where every position has a row of its own, inputs are projected some
/// steps at a time, just before they are read.
public struct RecurrentLayer: Sendable {
  /// The order in which a layer reads its sequences.
  public enum Direction: Sendable {
    /// First token first.
    case forward
    /// Last token first.
    case reverse
  }

  /// The equations of a step.
  public let cell: RecurrentCell

  /// The order in which the sequences are read.
  public let direction: Direction

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - cell: The equations of a step.
  ///   - direction: The order in which the sequences are read.
  public init(_ cell: RecurrentCell, direction: Direction = .forward) {
    self.cell = cell
    self.direction = direction
  }

  /// The state before the first step, all zeros.
  ///
  /// - Parameter batchSize: The number of sequences, B.
  /// - Returns: The state, `[B, H]`.
  public func zeroState<Scalar: MatrixScalar>(batchSize: Int) -> RecurrentState<Scalar> {
    let size = cell.hiddenSize
    return RecurrentState(
      hidden: Matrix(rowCount: batchSize, columnCount: size),
      cell: Matrix(
        rowCount: batchSize, columnCount: cell.configuration.hasCellState ? size : 0))
  }

  // MARK: Forward

  /// Runs the cell over all sequences; the states stay in the workspace.
  ///
  /// - Parameters:
  ///   - input: The inputs, of one direction.
  ///   - sequences: The lengths.
  ///   - state: The state before the first step, in packed order.
  ///   - weights: The cell's packed weights.
  ///   - mode: Whether `backward` will follow.
  ///   - workspace: Scratch; receives the states.
  /// - Complexity: O(D·I·G·H + N·H·G·H); no allocation once the workspace has grown. A watched
  ///   `Cancellation` stops it between two steps.
  @specialized(where Scalar == Float)
  public func forward<Scalar: MatrixScalar>(
    _ input: StackInput<Scalar>, over sequences: PackedSequences,
    from state: RecurrentState<Scalar>, weights: RecurrentWeights<Scalar>, mode: PassMode,
    workspace: inout RecurrentWorkspace<Scalar>
  ) {
    let inputCount = input.indices?.count ?? input.rows.rowCount
    precondition(
      inputCount == sequences.tokenCount,
      "\(inputCount) inputs for \(sequences.tokenCount) positions")
    let projectionRows = projectionRows(input.indices, sequences)
    workspace.prepare(sequences, from: state, mode: mode)
    workspace.buffers.projectionRows = projectionRows
    let projection = input.projections.first
    if let projection { workspace.buffers.cachedProjection = projection }
    defer { if projection != nil { workspace.buffers.dropCachedProjection() } }
    // Inputs that all positions may name, or that are normalized, are projected at once.
    let isWhole = projectionRows != nil || cell.configuration.isNormalized
    var projected = 0..<0
    for step in 0..<sequences.timeStepCount where !Cancellation.isRequested {
      var range = sequences.range(of: step)
      if range.position == projected.upperBound {
        projected =
          isWhole ? 0..<sequences.tokenCount : sequences.projectedPositions(from: step)
        weights.project(
          input.rows, rows: isWhole ? 0..<input.unprojectedCount : projected, into: &workspace)
      }
      range.projectionRow = range.position - projected.lowerBound
      weights.stepForward(range, &workspace)
    }
  }

  /// For each position in the layer's own order, its row of the input.
  private func projectionRows(_ indices: [Int32]?, _ sequences: PackedSequences) -> [Int32]? {
    guard direction == .reverse else { return indices }
    guard let indices else { return sequences.reversedPositions }
    return sequences.reversedPositions.map { indices[Int($0)] }
  }

  // MARK: Backward

  /// Propagates the gradient of the states to parameters, inputs and initial state.
  ///
  /// The caller has added the cost's gradient of every state that it used to the workspace's
  /// ``RecurrentWorkspace/hiddenGradient``; afterwards its first B rows hold the gradient of the
  /// initial state. Of inputs that other threads read too, only the sums of the gates' gradients are
  /// left in the workspace.
  ///
  /// Goes back over some hundred positions at a time, so that what the gates' gradients give is taken
  /// while they are still in the cache, and their memory does not grow with the sequences.
  ///
  /// - Parameters:
  ///   - input: What `forward` was given.
  ///   - sequences: The lengths.
  ///   - weights: The cell's packed weights, made for training.
  ///   - gradients: Receives the parameters' gradients, added.
  ///   - inputGradient: Receives the gradient of the inputs, `[D, I]`, added; of a batch that threads
  ///     divide, of those that this thread alone reads.
  ///   - workspace: What `forward` left.
  /// - Complexity: Twice that of `forward`.
  @specialized(where Scalar == Float)
  public func backward<Scalar: MatrixScalar>(
    _ input: StackInput<Scalar>, over sequences: PackedSequences,
    weights: RecurrentWeights<Scalar>, gradients: inout Parameters<Scalar>,
    inputGradient: inout Matrix<Scalar>, workspace: inout RecurrentWorkspace<Scalar>
  ) {
    let (previous, batchSize) = (sequences.previousStateRows, sequences.batchSize)
    let namesRows = workspace.buffers.projectionRows != nil
    workspace.beginSums(common: input.common, own: input.own)
    stepsBackward(over: sequences, weights, &workspace) { positions, workspace in
      weights.addStateGradients(
        positions, previous: Array(previous[positions]), batchSize: batchSize,
        gradients: &gradients, &workspace)
      if namesRows {
        workspace.sumGates(positions, weights.kernels)
      } else {
        weights.addInputGradients(
          of: .init(input: input.rows, rows: positions, gradientRow: positions.lowerBound),
          to: &inputGradient, gradients: &gradients, &workspace)
      }
    }
    workspace.normalization.addGains(to: &gradients, cell.parameters)
    guard namesRows && !Cancellation.isRequested else { return }
    workspace.finishSums()
    guard !input.own.isEmpty else { return }
    weights.addInputGradients(
      of: .init(input: input.rows, rows: input.own, gradientRow: 0), to: &inputGradient,
      gradients: &gradients, &workspace)
  }

  /// Goes back over all time steps, and calls a closure with some hundred positions at a time, whose gates'
  /// gradients the workspace then holds.
  @specialized(where Scalar == Float)
  func stepsBackward<Scalar: MatrixScalar>(
    over sequences: PackedSequences, _ weights: RecurrentWeights<Scalar>,
    _ workspace: inout RecurrentWorkspace<Scalar>,
    _ body: (Range<Int>, inout RecurrentWorkspace<Scalar>) -> Void
  ) {
    for steps in blocksOfSteps(sequences, weights).reversed() where !Cancellation.isRequested {
      let positions = sequences.positions(of: steps)
      workspace.prepareGates(positionCount: positions.count)
      for step in steps.reversed() where !Cancellation.isRequested {
        var range = sequences.range(of: step)
        range.gateRow = range.position - positions.lowerBound
        weights.stepBackward(range, &workspace)
      }
      body(positions, &workspace)
    }
  }

  /// Runs of time steps whose gradients are taken together: all of them where recurrent weights were
  /// dropped, for their gradient is masked as a whole.
  private func blocksOfSteps<Scalar: MatrixScalar>(
    _ sequences: PackedSequences, _ weights: RecurrentWeights<Scalar>
  ) -> [Range<Int>] {
    let all = 0..<sequences.timeStepCount
    guard !weights.hasDroppedWeights else { return [all] }
    return sequences.blocks(of: all, positionCount: Self.backwardRowCount)
  }

  /// The fewest positions whose gradients are taken together: as many as a product packs at once.
  private static var backwardRowCount: Int { 512 }
}

extension RecurrentWorkspace {
  /// Creates an empty workspace for a layer.
  ///
  /// - Parameter layer: The layer.
  public init(_ layer: RecurrentLayer) { self.init(layer.cell) }
}

extension PackedSequences {
  /// The rows that a time step reads and writes.
  func range(of step: Int) -> StepRange {
    StepRange(
      rowCount: stepSizes[step],
      previousRow: step == 0 ? 0 : batchSize + stepOffsets[step - 1],
      row: batchSize + stepOffsets[step],
      position: stepOffsets[step])
  }

  /// The positions of a run of time steps.
  func positions(of steps: Range<Int>) -> Range<Int> {
    guard let last = steps.last else { return 0..<0 }
    return stepOffsets[steps.lowerBound]..<stepOffsets[last] + stepSizes[last]
  }

  /// The positions, from a step on, whose inputs are projected together: just before they are read,
  /// so many that they stay in the second-level cache.
  fileprivate func projectedPositions(from step: Int) -> Range<Int> {
    let start = stepOffsets[step]
    let end = stepOffsets[(step + 1)...].first { $0 - start >= 256 }
    return start..<(end ?? tokenCount)
  }

  /// Cuts time steps into runs of at least so many positions; the first may have fewer.
  func blocks(of steps: Range<Int>, positionCount: Int) -> [Range<Int>] {
    var (blocks, end, count) = ([Range<Int>](), steps.upperBound, 0)
    for step in steps.reversed() {
      count += stepSizes[step]
      guard count >= positionCount || step == steps.lowerBound else { continue }
      blocks.append(step..<end)
      (end, count) = (step, 0)
    }
    return blocks.reversed()
  }
}
