public import SentiTensor

/// The state of a layer for every sequence of a batch, in packed order.
public struct RecurrentState<Scalar: MatrixScalar>: Equatable, Sendable {
  /// The hidden states, `[B, H]`.
  public var hidden: Matrix<Scalar>

  /// The cell states, `[B, H]`; no columns where the cell has none.
  public var cell: Matrix<Scalar>

  /// The states of the first sequences.
  ///
  /// - Parameter count: How many, at most B.
  /// - Returns: States of `count` sequences.
  public func prefix(_ count: Int) -> RecurrentState {
    rows(Array(0..<Int32(count)))
  }

  /// The states of some sequences, in the order given.
  ///
  /// - Parameter rows: Packed sequences; repeats are allowed.
  /// - Returns: One state a row.
  public func rows(_ rows: [Int32]) -> RecurrentState {
    RecurrentState(hidden: hidden.rows(rows), cell: cell.rows(rows))
  }
}

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
  public let cell: any RecurrentCell

  /// The order in which the sequences are read.
  public let direction: Direction

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - cell: The equations of a step.
  ///   - direction: The order in which the sequences are read.
  public init(_ cell: any RecurrentCell, direction: Direction = .forward) {
    self.cell = cell
    self.direction = direction
  }

  /// The state before the first step, all zeros.
  ///
  /// - Parameter batchSize: The number of sequences, B.
  /// - Returns: The state, `[B, H]`.
  public func zeroState<Scalar: MatrixScalar>(batchSize: Int) -> RecurrentState<Scalar> {
    RecurrentState(
      hidden: Matrix(rowCount: batchSize, columnCount: cell.hiddenSize),
      cell: Matrix(
        rowCount: batchSize, columnCount: cell.kind.hasCellState ? cell.hiddenSize : 0))
  }

  /// Runs the cell over all sequences; the states stay in the workspace.
  ///
  /// - Parameters:
  ///   - input: The distinct inputs, `[D, I]`.
  ///   - tabulated: What was made of T inputs before, `[T, G·H]`.
  ///   - inputRows: For each position its row of `tabulated`, and from T on of `input`, `[N]`; nil: row
  ///     n of `input` for position n.
  ///   - sequences: The lengths.
  ///   - initialState: The state before the first step, in packed order.
  ///   - weights: The cell's packed weights.
  ///   - keepsActivations: Whether `backward` will follow.
  ///   - workspace: Scratch; receives the states.
  /// - Complexity: O(D·I·G·H + N·H·G·H); no allocation once the workspace has grown. A watched
  ///   `Cancellation` stops it between two steps.
  @specialized(where Scalar == Float)
  public func forward<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, tabulated: Matrix<Scalar>? = nil, inputRows: [Int32]?,
    sequences: PackedSequences, initialState: RecurrentState<Scalar>,
    weights: RecurrentWeights<Scalar>, keepsActivations: Bool,
    workspace: inout RecurrentWorkspace<Scalar>
  ) {
    precondition(
      tabulated == nil || inputRows != nil, "a table of which no row is named by a position")
    workspace.projectionRows = projectionRows(inputRows, sequences)
    workspace.prepare(input, sequences, initialState, keepsActivations: keepsActivations)
    if let tabulated { workspace.buffers.tabulated = tabulated }
    defer { if tabulated != nil { workspace.buffers.dropTabulated() } }
    var projected = 0..<0
    for step in 0..<sequences.timeStepCount where !Cancellation.isRequested {
      var place = sequences.place(of: step)
      if place.position == projected.upperBound {
        projected = positionsProjectedTogether(from: step, sequences, weights, workspace)
        project(
          input, rows: projected == 0..<sequences.tokenCount ? 0..<input.rowCount : projected,
          weights, &workspace)
      }
      place.projectionRow = place.position - projected.lowerBound
      stepForward(place, weights, &workspace)
    }
  }

  /// The positions, from a step on, whose inputs are projected together: just before they are read,
  /// so many that they stay in the second-level cache; all at once where positions name rows, and
  /// where the products are kept to be normalized.
  private func positionsProjectedTogether<Scalar: MatrixScalar>(
    from step: Int, _ sequences: PackedSequences, _ weights: RecurrentWeights<Scalar>,
    _ workspace: RecurrentWorkspace<Scalar>
  ) -> Range<Int> {
    guard workspace.projectionRows == nil && weights.normalization == nil else {
      return 0..<sequences.tokenCount
    }
    let (offsets, start) = (sequences.stepOffsets, sequences.stepOffsets[step])
    let end = offsets[(step + 1)...].first { $0 - start >= Self.projectedRowCount }
    return start..<(end ?? sequences.tokenCount)
  }

  /// The fewest inputs that are projected together.
  private static var projectedRowCount: Int { 256 }

  /// Propagates the gradient of the states to parameters, inputs and initial state.
  ///
  /// The caller has added the cost's gradient of every state that it used to the workspace's
  /// ``RecurrentWorkspace/hiddenGradient``; afterwards its first B rows hold the gradient of the
  /// initial state.
  ///
  /// - Parameters:
  ///   - input: What `forward` was given, `[D, I]`.
  ///   - sequences: The lengths.
  ///   - weights: The cell's packed weights, made for training.
  ///   - gradients: Receives the parameters' gradients, added.
  ///   - inputGradient: Receives the gradient of `input`, `[D, I]`, added.
  ///   - workspace: What `forward` left.
  /// - Complexity: Twice that of `forward`.
  public func backward<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, sequences: PackedSequences, weights: RecurrentWeights<Scalar>,
    gradients: inout Parameters<Scalar>, inputGradient: inout Matrix<Scalar>,
    workspace: inout RecurrentWorkspace<Scalar>
  ) {
    runBackward(
      input, sequences, weights, &gradients, &inputGradient, common: 0..<0,
      own: 0..<input.rowCount, &workspace)
  }

  /// Backward as above, where other threads read some of the distinct inputs too: of these only the
  /// sums of the gates' gradients are left in the workspace.
  ///
  /// `inputGradient` is that of the inputs `own`, in their order. Goes back over some hundred positions
  /// at a time, so that what the gates' gradients give is taken while they are still in the cache, and
  /// their memory does not grow with the sequences.
  @specialized(where Scalar == Float)
  func runBackward<Scalar: MatrixScalar>(
    _ input: Matrix<Scalar>, _ sequences: PackedSequences, _ weights: RecurrentWeights<Scalar>,
    _ gradients: inout Parameters<Scalar>, _ inputGradient: inout Matrix<Scalar>,
    common: Range<Int>, own: Range<Int>, _ workspace: inout RecurrentWorkspace<Scalar>
  ) {
    let (kernels, transposed) = (weights.recurrent.kernels, Self.transposed(weights))
    let (previous, namesRows) = (sequences.previousStateRows, workspace.projectionRows != nil)
    workspace.beginSums(common: common, own: own)
    for steps in blocksOfSteps(sequences, weights).reversed() where !Cancellation.isRequested {
      let positions = sequences.positions(of: steps)
      workspace.prepareGates(positionCount: positions.count)
      for step in steps.reversed() where !Cancellation.isRequested {
        var place = sequences.place(of: step)
        place.gateRow = place.position - positions.lowerBound
        stepBackward(place, weights, transposed, &workspace)
      }
      addStateGradients(positions, sequences, previous: previous, weights, &gradients, &workspace)
      if namesRows {
        workspace.sumGates(positions, kernels)
      } else {
        addInputGradients(
          input, rows: positions, weights, transposed, &gradients, &inputGradient,
          at: positions.lowerBound, &workspace)
      }
    }
    if let normalization = cell.parameters.normalization {
      workspace.unfused.addGains(to: &gradients, cell.parameters, normalization)
    }
    guard namesRows && !Cancellation.isRequested else { return }
    workspace.finishSums()
    guard !own.isEmpty else { return }
    addInputGradients(
      input, rows: own, weights, transposed, &gradients, &inputGradient, at: 0, &workspace)
  }

  /// Runs of time steps whose gradients are taken together: all of them where recurrent weights were
  /// dropped, for their gradient is masked as a whole.
  private func blocksOfSteps<Scalar: MatrixScalar>(
    _ sequences: PackedSequences, _ weights: RecurrentWeights<Scalar>
  ) -> [Range<Int>] {
    let all = 0..<sequences.timeStepCount
    guard weights.backward?.recurrentMask == nil else { return [all] }
    return sequences.blocks(of: all, positionCount: Self.backwardRowCount)
  }

  /// The fewest positions whose gradients are taken together: as many as a product packs at once.
  private static var backwardRowCount: Int { 512 }

  /// The weights of the way back.
  static func transposed<Scalar: MatrixScalar>(
    _ weights: RecurrentWeights<Scalar>
  ) -> RecurrentWeights<Scalar>.Backward {
    guard let transposed = weights.backward else {
      preconditionFailure("the weights were packed without isForTraining")
    }
    return transposed
  }

  /// For each position in the layer's own order, its row of the input.
  private func projectionRows(_ inputRows: [Int32]?, _ sequences: PackedSequences) -> [Int32]? {
    guard direction == .reverse else { return inputRows }
    guard let inputRows else { return sequences.reversedPositions }
    return sequences.reversedPositions.map { inputRows[Int($0)] }
  }
}

extension PackedSequences {
  /// Where a time step reads and writes.
  func place(of step: Int) -> StepPlace {
    StepPlace(
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
