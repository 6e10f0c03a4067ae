public import SentiTensor

/// A run of time steps of a packed batch, with those sequences only that have the first of them.
///
/// In packed order they are the first ones, and the piece's positions lie together, so that a piece
/// is itself a packed batch in the same order.
struct TimePiece {
  let sequences: PackedSequences
  /// The piece's positions in the whole batch.
  let positions: Range<Int>

  init(_ whole: PackedSequences, steps: Range<Int>) {
    precondition(
      steps.lowerBound >= 0 && steps.upperBound <= whole.timeStepCount,
      "steps \(steps) of \(whole.timeStepCount)")
    let alive = steps.isEmpty ? 0 : whole.stepSizes[steps.lowerBound]
    sequences = PackedSequences(
      lengths: whole.lengths[..<alive].map { min($0, steps.upperBound) - steps.lowerBound })
    let start = steps.isEmpty ? 0 : whole.stepOffsets[steps.lowerBound]
    positions = start..<start + sequences.tokenCount
  }

  /// The distinct inputs of the piece, the row of each of its positions, and the rows of the whole
  /// input that they are.
  func input<Scalar: MatrixScalar>(
    _ whole: Matrix<Scalar>, _ rows: [Int32]?
  ) -> (input: Matrix<Scalar>, rows: [Int32]?, places: [Int32]) {
    guard let rows else {
      let places = positions.map { Int32($0) }
      return (whole.rows(places), nil, places)
    }
    let distinct = DistinctTokens(Array(rows[positions]), vocabularySize: whole.rowCount)
    return (whole.rows(distinct.tokens), distinct.rows, distinct.tokens)
  }
}

extension StackWorkspace {
  /// The states of all layers after so many steps, of the sequences that have another step.
  func states(after stepCount: Int, _ sequences: PackedSequences) -> [[RecurrentState<Scalar>]] {
    let alive = stepCount < sequences.timeStepCount ? sequences.stepSizes[stepCount] : nil
    let count = alive ?? (stepCount == 0 ? sequences.batchSize : sequences.stepSizes[stepCount - 1])
    let first =
      stepCount == 0 ? 0 : sequences.batchSize + sequences.stepOffsets[stepCount - 1]
    let rows = (first..<first + count).map { Int32($0) }
    return layers.map { $0.map { $0.state(rows: rows) } }
  }

  /// Runs a stack over a piece of a batch; answers the piece's distinct inputs and their places.
  mutating func forward(
    _ stack: RecurrentStack, _ piece: TimePiece, _ input: Matrix<Scalar>, _ inputRows: [Int32]?,
    _ states: [[RecurrentState<Scalar>]], _ weights: [[RecurrentWeights<Scalar>]],
    keepsActivations: Bool
  ) -> (input: Matrix<Scalar>, places: [Int32]) {
    let (part, rows, places) = piece.input(input, inputRows)
    stack.forward(
      part, inputRows: rows, sequences: piece.sequences, initialStates: states, weights: weights,
      keepsActivations: keepsActivations, workspace: &self)
    return (part, places)
  }

  /// The backward pass of a piece, from gradients that are in place.
  mutating func backward(
    _ stack: RecurrentStack, _ piece: TimePiece, _ part: (input: Matrix<Scalar>, places: [Int32]),
    _ weights: [[RecurrentWeights<Scalar>]], _ gradients: inout Parameters<Scalar>,
    _ inputGradient: inout Matrix<Scalar>
  ) {
    var gradient = Matrix<Scalar>(
      rowCount: part.input.rowCount, columnCount: part.input.columnCount)
    stack.backward(
      part.input, sequences: piece.sequences, weights: weights, gradients: &gradients,
      inputGradient: &gradient, workspace: &self)
    weights[0][0].recurrent.kernels.scatterAdd(gradient, to: part.places, of: &inputGradient)
  }
}

extension RecurrentStack {
  /// Stops where the layers cannot be run piece by piece.
  fileprivate func requirePieces() {
    precondition(
      !isBidirectional && batchNormalizations.isEmpty,
      "only layers in one direction, without batch normalization, can be computed in pieces; these "
        + "are \(isBidirectional ? "bidirectional" : "in one direction"), with "
        + "\(batchNormalizations.count) normalizations")
  }
}

// MARK: Truncated

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
/// the full one, and where k2 does, those of all windows sum to it while the weights stand still. Memory
/// is that of k2 steps, however long the sequences are.
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
  ///   - stack: The layers, in one direction, without dropout and batch normalization between them.
  ///   - sequences: The lengths of the whole batch.
  ///   - initialStates: The states before the first step, such as those after another batch; zeros
  ///     where nil.
  ///   - truncation: How often, and how far back.
  public init(
    _ stack: RecurrentStack, _ sequences: PackedSequences,
    initialStates: [[RecurrentState<Scalar>]]? = nil, _ truncation: Truncation
  ) {
    stack.requirePieces()
    self.stack = stack
    self.sequences = sequences
    self.truncation = truncation
    workspace = StackWorkspace(stack)
    let states = initialStates ?? stack.zeroStates(batchSize: sequences.batchSize)
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
      stack, piece, input, inputRows, states, weights, keepsActivations: true)
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
  public mutating func backward(
    _ outputGradient: Matrix<Scalar>, weights: [[RecurrentWeights<Scalar>]],
    gradients: inout Parameters<Scalar>, inputGradient: inout Matrix<Scalar>
  ) {
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
    let ended = (alive..<piece.sequences.batchSize).map {
      Int32(piece.sequences.finalStateRow(of: $0))
    }
    for level in endStates.indices {
      for index in endStates[level].indices {
        let state = workspace.layers[level][index].state(rows: ended)
        endStates[level][index].hidden.replaceRows(from: alive, with: state.hidden)
        endStates[level][index].cell.replaceRows(from: alive, with: state.cell)
      }
    }
    (start, newStart, part) = (nextStart, end, nil)
  }

  /// Once finished: the state in which every sequence ended, in packed order, as another batch may go on
  /// from.
  public var finalStates: [[RecurrentState<Scalar>]] { endStates }
}

// MARK: Checkpointed

/// Full backpropagation through time that keeps the activations of one piece only: states are kept
/// at the pieces' starts, and each piece is computed again when its backward pass comes.
///
/// Costs one more forward pass. The gradient is the full one but for the order in which its sums
/// over time are taken. See <doc:BackpropagationThroughTime>.
///
/// - SeeAlso: Gruslys et al. 2016, <https://arxiv.org/abs/1606.03401>.
public struct CheckpointedBackpropagation<Scalar: MatrixScalar>: Sendable {
  private let stack: RecurrentStack
  private let sequences: PackedSequences
  private let pieceLength: Int
  private var workspace: StackWorkspace<Scalar>
  private var checkpoints: [[[RecurrentState<Scalar>]]] = []

  /// Makes empty memory for a batch.
  ///
  /// - Parameters:
  ///   - stack: The layers, in one direction, without dropout and batch normalization between them.
  ///   - sequences: The lengths.
  ///   - pieceLength: The number of time steps of a piece; memory is least at about the square root
  ///     of all steps, which is taken where nil.
  public init(_ stack: RecurrentStack, _ sequences: PackedSequences, pieceLength: Int? = nil) {
    stack.requirePieces()
    let steps = sequences.timeStepCount
    self.pieceLength = pieceLength ?? max(1, Int(Double(steps).squareRoot().rounded(.up)))
    precondition(self.pieceLength > 0, "pieces of \(self.pieceLength) steps")
    self.stack = stack
    self.sequences = sequences
    workspace = StackWorkspace(stack)
  }

  /// The number of numbers that workspace and checkpoints hold.
  public var elementCount: Int {
    checkpoints.joined().joined().reduce(workspace.elementCount) {
      $0 + $1.hidden.elementCount + $1.cell.elementCount
    }
  }

  private var pieces: [TimePiece] {
    stride(from: 0, to: sequences.timeStepCount, by: pieceLength).map {
      TimePiece(sequences, steps: $0..<min($0 + pieceLength, sequences.timeStepCount))
    }
  }

  /// Runs all pieces, and keeps the states between them.
  ///
  /// - Parameters:
  ///   - input: The distinct inputs, `[D, I]`.
  ///   - inputRows: For each position its row of `input`; nil: row n for position n.
  ///   - initialStates: The states before the first step; zeros where nil.
  ///   - weights: The packed weights.
  ///   - body: Takes the outputs of each piece, `[n, H]`, and their positions in the whole batch.
  public mutating func forward(
    _ input: Matrix<Scalar>, inputRows: [Int32]?,
    initialStates: [[RecurrentState<Scalar>]]? = nil, weights: [[RecurrentWeights<Scalar>]],
    _ body: (Matrix<Scalar>, Range<Int>) -> Void
  ) {
    var states = initialStates ?? stack.zeroStates(batchSize: sequences.batchSize)
    checkpoints = []
    for piece in pieces {
      states = states.map { $0.map { $0.prefix(piece.sequences.batchSize) } }
      checkpoints.append(states)
      _ = workspace.forward(
        stack, piece, input, inputRows, states, weights, keepsActivations: false)
      body(workspace.outputs(piece.sequences), piece.positions)
      states = workspace.states(after: piece.sequences.timeStepCount, piece.sequences)
    }
  }

  /// Computes piece by piece again, last one first, and propagates the gradient back.
  ///
  /// - Parameters:
  ///   - input: What `forward` was given.
  ///   - inputRows: What `forward` was given.
  ///   - weights: The packed weights, made for training.
  ///   - gradients: Receives the parameters' gradients, added.
  ///   - inputGradient: Receives the gradient of `input`, `[D, I]`, added.
  ///   - outputGradient: Answers the gradient of the outputs at positions of the whole batch.
  /// - Returns: The gradient of the initial states of the sequences that have steps.
  public mutating func backward(
    _ input: Matrix<Scalar>, inputRows: [Int32]?, weights: [[RecurrentWeights<Scalar>]],
    gradients: inout Parameters<Scalar>, inputGradient: inout Matrix<Scalar>,
    outputGradient: (Range<Int>) -> Matrix<Scalar>
  ) -> [[RecurrentState<Scalar>]] {
    precondition(checkpoints.count == pieces.count, "backward before forward")
    var carried: [[RecurrentState<Scalar>]]?
    for (piece, states) in zip(pieces, checkpoints).reversed() {
      let part = workspace.forward(
        stack, piece, input, inputRows, states, weights, keepsActivations: true)
      workspace.resetGradients()
      workspace.addOutputGradient(outputGradient(piece.positions), piece.sequences)
      if let carried { workspace.addFinalGradient(carried, piece.sequences) }
      workspace.backward(stack, piece, part, weights, &gradients, &inputGradient)
      carried = workspace.initialGradient(piece.sequences)
    }
    return carried ?? stack.zeroStates(batchSize: 0)
  }
}

extension StackWorkspace {
  /// Adds gradients of the states after the last step.
  fileprivate mutating func addFinalGradient(
    _ gradient: [[RecurrentState<Scalar>]], _ sequences: PackedSequences
  ) {
    let row = sequences.finalStateRow(of: 0)
    for level in layers.indices {
      for index in layers[level].indices {
        let state = gradient[level][index]
        let rows = 0..<state.hidden.rowCount
        Kernels.best.addRows(
          of: state.hidden, rows: rows, to: &layers[level][index].hiddenGradient, at: row)
        guard state.cell.columnCount > 0 else { continue }
        Kernels.best.addRows(
          of: state.cell, rows: rows, to: &layers[level][index].cellGradient, at: row)
      }
    }
  }

  /// The gradients of the states before the first step.
  fileprivate func initialGradient(
    _ sequences: PackedSequences
  ) -> [[RecurrentState<Scalar>]] {
    let rows = (0..<Int32(sequences.batchSize)).map { $0 }
    return layers.map {
      $0.map { layer in
        RecurrentState(
          hidden: layer.hiddenGradient.rows(rows),
          cell: layer.cell.columnCount > 0
            ? layer.cellGradient.rows(rows) : Matrix(rowCount: rows.count, columnCount: 0))
      }
    }
  }
}
