public import SentiTensor

/// How often truncated backpropagation updates the parameters, and how far its gradients reach.
///
/// - SeeAlso: Williams and Peng 1990, <https://doi.org/10.1162/neco.1990.2.4.490>.
public struct Truncation: Hashable, Sendable {
  /// The number of time steps between two updates, k1.
  public let updateInterval: Int

  /// The number of time steps that a gradient travels back, k2, at least ``updateInterval``.
  public let reach: Int

  /// Sets both.
  ///
  /// - Parameters:
  ///   - updateInterval: The number of time steps between two updates, k1, from 1.
  ///   - reach: The number of time steps that a gradient travels back, k2; k1 where nil.
  public init(updateInterval: Int, reach: Int? = nil) {
    let reach = reach ?? updateInterval
    precondition(
      updateInterval > 0 && reach >= updateInterval,
      "truncation to \(reach) steps at every \(updateInterval)")
    self.updateInterval = updateInterval
    self.reach = reach
  }
}

/// Backpropagation through time that is truncated: a long batch in windows, states carried over.
///
/// Each window adds k1 time steps, whose outputs the cost uses, and reaches back over k2; the state
/// before it is what earlier weights left. Where k1 covers the sequences the only window's gradient is
/// the full one, and where k2 does, those of all windows sum to it while the weights stand still. Its
/// memory is that of k2 steps, however long the sequences are.
///
///     var windows = TruncatedBackpropagation(
///       stack, sequences, initialStates: states, Truncation(updateInterval: 20, reach: 60))
///     while !windows.isFinished {
///       let weights = stack.weights(parameters, isForTraining: true)
///       let outputs = windows.forward(input, inputRows: rows, weights: weights)
///       windows.backward(
///         costGradient(outputs, windows.positions), weights: weights, gradients: &gradients,
///         inputGradient: &inputGradient)
///       …                     // update the parameters
///       windows.advance()
///     }
///
/// See <doc:BackpropagationThroughTime>.
public struct TruncatedBackpropagation<Scalar: MatrixScalar>: Sendable {
  private let stack: RecurrentStack
  private let sequences: PackedSequences
  private let truncation: Truncation
  private let masks: [Matrix<Scalar>]
  private var workspace: StackWorkspace<Scalar>
  private var start = 0
  private var newStart = 0
  private var states: [[RecurrentState<Scalar>]]
  /// The states in which sequences ended that have no more steps; of others those before the first.
  private var endStates: [[RecurrentState<Scalar>]]
  private var part: (input: Matrix<Scalar>, places: [Int32])?

  /// Stands before the first window.
  ///
  /// - Parameters:
  ///   - stack: The layers, in one direction, without batch normalization between them.
  ///   - sequences: The lengths of the whole batch.
  ///   - initialStates: The states before the first step, such as those after another batch; zeros
  ///     where nil.
  ///   - masks: What is dropped between layers at all steps, as ``StackWorkspace/masks``.
  ///   - truncation: How often, and how far back.
  public init(
    _ stack: RecurrentStack, _ sequences: PackedSequences,
    initialStates: [[RecurrentState<Scalar>]]? = nil, masks: [Matrix<Scalar>] = [],
    _ truncation: Truncation
  ) {
    stack.requirePieces()
    stack.check(masks, sequences)
    self.masks = masks
    self.stack = stack
    self.sequences = sequences
    self.truncation = truncation
    workspace = StackWorkspace(stack)
    let states = stack.states(initialStates, sequences)
    let alive = sequences.stepSizes.first ?? 0
    endStates = states
    self.states = states.map { $0.map { $0.prefix(alive) } }
  }

  /// Whether all time steps have been in a window.
  public var isFinished: Bool { newStart >= sequences.timeStepCount }

  /// The time steps that this window adds.
  public var steps: Range<Int> {
    newStart..<min(newStart + truncation.updateInterval, sequences.timeStepCount)
  }

  /// The positions of ``steps`` in the whole batch.
  public var positions: Range<Int> { TimePiece(sequences, steps: steps).positions }

  /// The number of numbers that the workspace holds.
  public var elementCount: Int { workspace.elementCount }

  private var piece: TimePiece { TimePiece(sequences, steps: start..<steps.upperBound) }

  /// Runs the window.
  ///
  /// - Parameters:
  ///   - input: The distinct inputs of the whole batch, `[D, I]`.
  ///   - inputRows: For each position of the whole batch its row of `input`; nil: row n.
  ///   - weights: The packed weights, made for training.
  /// - Returns: The outputs at ``positions``, `[n, H]`.
  public mutating func forward(
    _ input: Matrix<Scalar>, inputRows: [Int32]?, weights: [[RecurrentWeights<Scalar>]]
  ) -> Matrix<Scalar> {
    let piece = piece
    part = workspace.forward(
      stack, piece, input, inputRows, states, weights, masks: masks, keepsActivations: true)
    let outputs = workspace.outputs(piece.sequences)
    return outputs.rows((outputs.rowCount - positions.count..<outputs.rowCount).map { Int32($0) })
  }

  /// Propagates the gradient of the window's new outputs back over its steps.
  ///
  /// - Parameters:
  ///   - outputGradient: The gradient of what `forward` gave, `[n, H]`.
  ///   - weights: The packed weights.
  ///   - gradients: Receives the parameters' gradients, added.
  ///   - inputGradient: Receives the gradient of the whole input, `[D, I]`, added.
  /// - Returns: The gradient of the states before the window's first step, of the sequences that have
  ///   it. As long as windows reach back to the first step of all it is the initial states', to be
  ///   summed over the windows; later ones begin with states that are taken as given.
  @discardableResult
  public mutating func backward(
    _ outputGradient: Matrix<Scalar>, weights: [[RecurrentWeights<Scalar>]],
    gradients: inout Parameters<Scalar>, inputGradient: inout Matrix<Scalar>
  ) -> [[RecurrentState<Scalar>]] {
    guard let part else { preconditionFailure("backward before forward") }
    let piece = piece
    precondition(
      outputGradient.rowCount == positions.count,
      "\(outputGradient.rowCount) rows for \(positions.count) positions")
    var gradient = Matrix<Scalar>(
      rowCount: piece.sequences.tokenCount, columnCount: outputGradient.columnCount)
    gradient.replaceRows(
      from: piece.sequences.tokenCount - positions.count, with: outputGradient)
    workspace.resetGradients()
    workspace.addOutputGradient(gradient, piece.sequences)
    workspace.backward(stack, piece, part, weights, &gradients, &inputGradient)
    return workspace.initialGradient(piece.sequences)
  }

  /// Moves to the next window.
  public mutating func advance() {
    precondition(part != nil, "advance before forward")
    let (end, total) = (steps.upperBound, sequences.timeStepCount)
    let nextEnd = min(end + truncation.updateInterval, total)
    let nextStart = end == total ? total : max(start, nextEnd - truncation.reach)
    let (piece, alive) = (piece, nextStart < total ? sequences.stepSizes[nextStart] : 0)
    states = workspace.states(after: nextStart - start, piece.sequences)
      .map { $0.map { $0.prefix(alive) } }
    workspace.noteEnds(of: piece.sequences, from: alive, in: &endStates)
    (start, newStart, part) = (nextStart, end, nil)
  }

  /// Once finished: the state in which every sequence ended, in packed order, as another batch may go on
  /// from.
  public var finalStates: [[RecurrentState<Scalar>]] { endStates }
}
