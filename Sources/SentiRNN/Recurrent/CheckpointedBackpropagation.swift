public import SentiTensor

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
  private let masks: [Matrix<Scalar>]
  private var checkpoints: [[[RecurrentState<Scalar>]]] = []

  /// After `forward`: the state in which every sequence ended, in packed order.
  public private(set) var finalStates: [[RecurrentState<Scalar>]]

  /// Makes empty memory for a batch.
  ///
  /// - Parameters:
  ///   - stack: The layers, in one direction, without batch normalization between them.
  ///   - sequences: The lengths.
  ///   - masks: What is dropped between layers at all steps, as ``StackWorkspace/masks``.
  ///   - pieceLength: The number of time steps of a piece; memory is least at about the square root
  ///     of all steps, which is taken where nil.
  public init(
    _ stack: RecurrentStack, _ sequences: PackedSequences, masks: [Matrix<Scalar>] = [],
    pieceLength: Int? = nil
  ) {
    stack.requirePieces()
    stack.check(masks, sequences)
    self.masks = masks
    finalStates = stack.zeroStates(batchSize: sequences.batchSize)
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
    finalStates = stack.states(initialStates, sequences)
    checkpoints = []
    for piece in pieces {
      let states = finalStates.map { $0.map { $0.prefix(piece.sequences.batchSize) } }
      checkpoints.append(states)
      _ = workspace.forward(
        stack, piece, input, inputRows, states, weights, masks: masks, keepsActivations: false)
      body(workspace.outputs(piece.sequences), piece.positions)
      workspace.noteEnds(of: piece.sequences, in: &finalStates)
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
  ///   - finalGradient: The gradient of ``finalStates``; zeros where nil.
  ///   - outputGradient: Answers the gradient of the outputs at positions of the whole batch.
  /// - Returns: The gradient of the initial states, in packed order.
  public mutating func backward(
    _ input: Matrix<Scalar>, inputRows: [Int32]?, weights: [[RecurrentWeights<Scalar>]],
    gradients: inout Parameters<Scalar>, inputGradient: inout Matrix<Scalar>,
    finalGradient: [[RecurrentState<Scalar>]]? = nil,
    outputGradient: (Range<Int>) -> Matrix<Scalar>
  ) -> [[RecurrentState<Scalar>]] {
    precondition(checkpoints.count == pieces.count, "backward before forward")
    // Of the state in which each sequence leaves a piece: at its end, or on the way to the next one.
    var endGradient = stack.states(finalGradient, sequences)
    for (piece, states) in zip(pieces, checkpoints).reversed() {
      let part = workspace.forward(
        stack, piece, input, inputRows, states, weights, masks: masks, keepsActivations: true)
      workspace.resetGradients()
      workspace.addOutputGradient(outputGradient(piece.positions), piece.sequences)
      workspace.addEndGradient(endGradient, piece.sequences)
      workspace.backward(stack, piece, part, weights, &gradients, &inputGradient)
      endGradient.replaceRows(from: 0, with: workspace.initialGradient(piece.sequences))
    }
    return endGradient
  }
}
