public import SentiTensor

/// How often truncated backpropagation updates the parameters, and how far its gradients reach.
///
/// - SeeAlso: Williams and Peng 1990, <https://doi.org/10.1162/neco.1990.2.4.490>.
public struct Truncation: Hashable, Sendable {
  /// The number of time steps between two updates, k1.
  public let updateInterval: Int

  /// The number of time steps that a gradient travels back, k2, at least ``updateInterval``.
  public let backwardSteps: Int

  /// Sets both.
  ///
  /// - Parameters:
  ///   - updateInterval: The number of time steps between two updates, k1, from 1.
  ///   - backwardSteps: The number of time steps that a gradient travels back, k2; k1 where nil.
  public init(updateInterval: Int, backwardSteps: Int? = nil) {
    let backwardSteps = backwardSteps ?? updateInterval
    precondition(
      updateInterval > 0 && backwardSteps >= updateInterval,
      "truncation to \(backwardSteps) steps at every \(updateInterval)")
    self.updateInterval = updateInterval
    self.backwardSteps = backwardSteps
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
///       stack, sequences, from: state, Truncation(updateInterval: 20, backwardSteps: 60))
///     while !windows.isFinished {
///       let weights = stack.weights(parameters, isForTraining: true)
///       let outputs = windows.forward(input, weights: weights)
///       windows.backward(
///         costGradient(outputs, windows.positions), weights: weights, gradients: &gradients,
///         inputGradient: &inputGradient)
///       …                     // update the parameters
///       windows.advance()
///     }
///
/// See <doc:BackpropagationThroughTime>.
public struct TruncatedBackpropagation<Scalar: MatrixScalar>: Sendable {
  private let sequences: PackedSequences
  private let truncation: Truncation
  private var pass: ChunkedPass<Scalar>
  private var start = 0
  private var newStart = 0
  private var state: StackState<Scalar>
  private var part: ChunkInput<Scalar>?

  /// The state in which every sequence ended, in packed order, as another batch may go on from.
  ///
  /// It is complete once ``isFinished``; before, sequences that have more steps are in their initial
  /// state.
  public private(set) var finalState: StackState<Scalar>

  /// Stands before the first window.
  ///
  /// - Parameters:
  ///   - stack: The layers, in one direction, without batch normalization between them.
  ///   - sequences: The lengths of the whole batch.
  ///   - initialState: The state before the first step, such as that after another batch; zeros
  ///     where nil.
  ///   - masks: What is dropped between layers at all steps, as ``StackWorkspace/masks``.
  ///   - truncation: How often, and how far back.
  public init(
    _ stack: RecurrentStack, _ sequences: PackedSequences,
    from initialState: StackState<Scalar>? = nil, masks: [Matrix<Scalar>] = [],
    _ truncation: Truncation
  ) {
    pass = ChunkedPass(stack, masks: masks)
    pass.requireChunks()
    stack.check(masks, sequences)
    self.sequences = sequences
    self.truncation = truncation
    finalState = stack.state(initialState, sequences)
    state = finalState.prefix(sequences.stepSizes.first ?? 0)
  }

  /// Whether all time steps have been in a window.
  public var isFinished: Bool { newStart >= sequences.timeStepCount }

  /// The time steps that this window adds.
  public var steps: Range<Int> {
    newStart..<min(newStart + truncation.updateInterval, sequences.timeStepCount)
  }

  /// The positions of ``steps`` in the whole batch.
  public var positions: Range<Int> { TimeChunk(sequences, steps: steps).positions }

  /// The number of numbers that the workspace holds.
  public var elementCount: Int { pass.workspace.elementCount }

  private var chunk: TimeChunk { TimeChunk(sequences, steps: start..<steps.upperBound) }

  /// Runs the window.
  ///
  /// - Parameters:
  ///   - input: The inputs of the whole batch.
  ///   - weights: The packed weights, made for training.
  /// - Returns: The outputs at ``positions``, `[n, H]`.
  public mutating func forward(
    _ input: StackInput<Scalar>, weights: StackWeights<Scalar>
  ) -> Matrix<Scalar> {
    let chunk = chunk
    let part = chunk.input(input)
    pass.forward(part.input, over: chunk, from: state, weights: weights, mode: .training)
    self.part = part
    return pass.outputs(of: chunk, last: positions.count)
  }

  /// Propagates the gradient of the window's new outputs back over its steps.
  ///
  /// - Parameters:
  ///   - outputGradient: The gradient of what `forward` gave, `[n, H]`.
  ///   - weights: The packed weights.
  ///   - gradients: Receives the parameters' gradients, added.
  ///   - inputGradient: Receives the gradient of the whole input, `[D, I]`, added.
  /// - Returns: The gradient of the states before the window's first step, of the sequences that have
  ///   it. As long as windows reach back to the first step of all it is the initial state's, to be
  ///   summed over the windows; later ones begin with states that are taken as given.
  @discardableResult
  public mutating func backward(
    _ outputGradient: Matrix<Scalar>, weights: StackWeights<Scalar>,
    gradients: inout Parameters<Scalar>, inputGradient: inout Matrix<Scalar>
  ) -> StackState<Scalar> {
    guard let part else { preconditionFailure("backward before forward") }
    let chunk = chunk
    precondition(
      outputGradient.rowCount == positions.count,
      "\(outputGradient.rowCount) rows for \(positions.count) positions")
    var gradient = Matrix<Scalar>(
      rowCount: chunk.sequences.tokenCount, columnCount: outputGradient.columnCount)
    gradient.replaceRows(
      from: chunk.sequences.tokenCount - positions.count, with: outputGradient)
    pass.workspace.resetGradients()
    pass.workspace.addOutputGradient(gradient, chunk.sequences)
    let initial = pass.backward(
      part.input, over: chunk.sequences, weights: weights, gradients: &gradients)
    weights.kernels.scatterAdd(
      pass.workspace.inputGradient, to: part.rows, of: &inputGradient)
    return initial
  }

  /// Moves to the next window.
  public mutating func advance() {
    precondition(part != nil, "advance before forward")
    let (end, total) = (steps.upperBound, sequences.timeStepCount)
    let nextEnd = min(end + truncation.updateInterval, total)
    let nextStart = end == total ? total : max(start, nextEnd - truncation.backwardSteps)
    let alive = nextStart < total ? sequences.stepSizes[nextStart] : 0
    let done = chunk.sequences
    state = pass.workspace.state(after: nextStart - start, done).prefix(alive)
    pass.workspace.recordFinalStates(of: done, from: alive, in: &finalState)
    start = nextStart
    newStart = end
    part = nil
  }
}
