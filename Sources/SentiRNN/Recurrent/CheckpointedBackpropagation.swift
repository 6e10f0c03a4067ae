public import SentiTensor

/// Full backpropagation through time that keeps the activations of one chunk only: states are kept
/// at the chunks' starts, and each chunk is computed again when its backward pass comes.
///
/// Costs one more forward pass. The gradient is the full one but for the order in which its sums
/// over time are taken. See <doc:BackpropagationThroughTime>.
///
/// - SeeAlso: Gruslys et al. 2016, <https://arxiv.org/abs/1606.03401>.
public struct CheckpointedBackpropagation<Scalar: MatrixScalar>: Sendable {
  private let sequences: PackedSequences
  private let chunkLength: Int
  private var pass: ChunkedPass<Scalar>
  private var checkpoints: [StackState<Scalar>] = []

  /// After `forward`: the state in which every sequence ended, in packed order.
  public private(set) var finalState: StackState<Scalar>

  /// Makes empty memory for a batch.
  ///
  /// - Parameters:
  ///   - stack: The layers, in one direction, without batch normalization between them.
  ///   - sequences: The lengths.
  ///   - masks: What is dropped between layers at all steps, as ``StackWorkspace/masks``.
  ///   - chunkLength: The number of time steps of a chunk; memory is least at about the square root
  ///     of all steps, which is taken where nil.
  public init(
    _ stack: RecurrentStack, _ sequences: PackedSequences, masks: [Matrix<Scalar>] = [],
    chunkLength: Int? = nil
  ) {
    pass = ChunkedPass(stack, sequences, masks: masks)
    finalState = stack.zeroState(batchSize: sequences.batchSize)
    let steps = sequences.timeStepCount
    self.chunkLength = chunkLength ?? max(1, Int(Double(steps).squareRoot().rounded(.up)))
    precondition(self.chunkLength > 0, "chunks of \(self.chunkLength) steps")
    self.sequences = sequences
  }

  /// The number of numbers that workspace and checkpoints hold.
  public var elementCount: Int {
    checkpoints.flatMap(\.layers).joined().reduce(pass.workspace.elementCount) {
      $0 + $1.hidden.elementCount + $1.cell.elementCount
    }
  }

  private var chunks: [TimeChunk] {
    stride(from: 0, to: sequences.timeStepCount, by: chunkLength).map {
      TimeChunk(sequences, steps: $0..<min($0 + chunkLength, sequences.timeStepCount))
    }
  }

  /// Runs all chunks, and keeps the states between them.
  ///
  /// - Parameters:
  ///   - input: The inputs of the whole batch.
  ///   - initialState: The state before the first step; zeros where nil.
  ///   - weights: The packed weights.
  ///   - body: Takes the outputs of each chunk, `[n, H]`, and their positions in the whole batch.
  public mutating func forward(
    _ input: StackInput<Scalar>, from initialState: StackState<Scalar>? = nil,
    weights: StackWeights<Scalar>, _ body: (Matrix<Scalar>, Range<Int>) -> Void
  ) {
    finalState = pass.stack.state(initialState, sequences)
    checkpoints = []
    for chunk in chunks {
      let state = finalState.prefix(chunk.sequences.batchSize)
      checkpoints.append(state)
      _ = pass.forward(input, over: chunk, from: state, weights: weights, mode: .inference)
      body(pass.outputs(of: chunk, last: chunk.positions.count), chunk.positions)
      pass.workspace.recordFinalStates(of: chunk.sequences, in: &finalState)
    }
  }

  /// Computes chunk by chunk again, last one first, and propagates the gradient back.
  ///
  /// - Parameters:
  ///   - input: What `forward` was given.
  ///   - weights: The packed weights, made for training.
  ///   - gradients: Receives the parameters' gradients, added.
  ///   - inputGradient: Receives the gradient of the inputs, `[D, I]`, added.
  ///   - finalGradient: The gradient of ``finalState``; zeros where nil.
  ///   - outputGradient: Gives the gradient of the outputs at positions of the whole batch.
  /// - Returns: The gradient of the initial state, in packed order.
  public mutating func backward(
    _ input: StackInput<Scalar>, weights: StackWeights<Scalar>,
    gradients: inout Parameters<Scalar>, inputGradient: inout Matrix<Scalar>,
    finalGradient: StackState<Scalar>? = nil, outputGradient: (Range<Int>) -> Matrix<Scalar>
  ) -> StackState<Scalar> {
    precondition(checkpoints.count == chunks.count, "backward before forward")
    // Of the state in which each sequence leaves a chunk: at its end, or on the way to the next one.
    var gradient = pass.stack.state(finalGradient, sequences)
    for (chunk, state) in zip(chunks, checkpoints).reversed() {
      let part = pass.forward(input, over: chunk, from: state, weights: weights, mode: .training)
      let initial = pass.backward(
        outputGradient(chunk.positions), finalGradient: gradient, of: (chunk, part),
        weights: weights, gradients: &gradients, inputGradient: &inputGradient)
      gradient.replaceRows(from: 0, with: initial)
    }
    return gradient
  }
}
