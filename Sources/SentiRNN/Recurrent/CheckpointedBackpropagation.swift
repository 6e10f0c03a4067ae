public import SentiTensor

/// Full backpropagation through time that keeps the activations of one chunk only: states are kept
/// at the chunks' starts, and each chunk but the last is computed again when its backward pass comes.
///
///     var pass = CheckpointedBackpropagation<Float>(stack)
///     pass.start(sequences)
///     for index in pass.chunks.indices {
///       pass.forward(input(pass.chunks[index]), over: index, weights: weights)
///       …                     // take pass.workspace.outputs(pass.chunks[index].sequences)
///     }
///     for index in pass.chunks.indices.reversed() {
///       let input = input(pass.chunks[index])
///       pass.recompute(input, over: index, weights: weights)
///       pass.workspace.addOutputGradient(…, pass.chunks[index].sequences)
///       pass.backward(input, over: index, weights: weights, gradients: &gradients)
///       …                     // take pass.workspace.inputGradient
///     }
///
/// Inputs are asked for chunk by chunk, so that nothing of their size has to be in memory. Costs up to one
/// more forward pass, and none where there is one chunk. The gradient is the full one but for the order
/// in which its sums over time are taken. See <doc:BackpropagationThroughTime>.
///
/// It keeps its memory from batch to batch.
///
/// - SeeAlso: Gruslys et al. 2016, <https://arxiv.org/abs/1606.03401>.
public struct CheckpointedBackpropagation<Scalar: MatrixScalar>: Sendable {
  private let chunkLength: Int?
  private let mode: PassMode
  private var pass: ChunkedPass<Scalar>
  private var checkpoints: [StackState<Scalar>] = []
  /// The chunk whose activations the workspace holds.
  private var activeChunk: Int?

  /// The chunks of the batch, first one first; none before ``start(_:from:masks:)``.
  public private(set) var chunks: [TimeChunk] = []

  /// After `forward`: the state in which every sequence ended, in packed order.
  public private(set) var finalState: StackState<Scalar>

  /// The gradient of ``finalState``, zeros unless it is set after `forward`; after `backward` that of the
  /// initial state, in packed order.
  public var stateGradient: StackState<Scalar>

  /// Makes empty memory.
  ///
  /// - Parameters:
  ///   - stack: The layers.
  ///   - chunkLength: The number of time steps of a chunk; memory is least at about the square root
  ///     of all steps, which is taken where nil.
  ///   - mode: What backward pass will follow.
  public init(_ stack: RecurrentStack, chunkLength: Int? = nil, mode: PassMode = .training) {
    precondition(chunkLength ?? 1 > 0, "chunks of \(chunkLength ?? 0) steps")
    self.mode = mode
    self.chunkLength = chunkLength
    pass = ChunkedPass(stack)
    finalState = stack.zeroState(batchSize: 0)
    stateGradient = finalState
  }

  /// Prepares for a batch.
  ///
  /// - Parameters:
  ///   - sequences: The lengths.
  ///   - initialState: The state before the first step; zeros where nil.
  ///   - masks: What is dropped between layers at all steps, as ``StackWorkspace/masks``.
  /// - Precondition: Where there is more than one chunk, the stack reads in one direction and has no
  ///   batch normalization.
  public mutating func start(
    _ sequences: PackedSequences, from initialState: StackState<Scalar>? = nil,
    masks: [Matrix<Scalar>] = []
  ) {
    let steps = sequences.timeStepCount
    let length = chunkLength ?? max(1, Int(Double(steps).squareRoot().rounded(.up)))
    pass.masks = masks
    pass.stack.check(masks, sequences)
    if steps > length { pass.requireChunks() }
    chunks = stride(from: 0, to: steps, by: length).map {
      TimeChunk(sequences, steps: $0..<min($0 + length, steps))
    }
    finalState = pass.stack.state(initialState, sequences)
    stateGradient = pass.stack.zeroState(batchSize: sequences.batchSize)
    (checkpoints, activeChunk) = ([], nil)
  }

  /// The memory of the chunk that was computed last: its states, and their gradients.
  public var workspace: StackWorkspace<Scalar> {
    get { pass.workspace }
    _modify { yield &pass.workspace }
  }

  /// The number of numbers that workspace and checkpoints hold.
  public var elementCount: Int {
    checkpoints.flatMap(\.layers).joined().reduce(pass.workspace.elementCount) {
      $0 + $1.hidden.elementCount + $1.cell.elementCount
    }
  }

  /// Computes the next chunk, and keeps the state before it.
  ///
  /// - Parameters:
  ///   - input: The chunk's inputs.
  ///   - index: The chunk.
  ///   - weights: The packed weights, made for training.
  public mutating func forward(
    _ input: StackInput<Scalar>, over index: Int, weights: StackWeights<Scalar>
  ) {
    precondition(
      index == checkpoints.count && index < chunks.count,
      "chunk \(index) after \(checkpoints.count) of \(chunks.count)")
    let chunk = chunks[index]
    checkpoints.append(finalState.prefix(chunk.sequences.batchSize))
    run(input, index, weights, keepsActivations: index == chunks.count - 1)
    pass.workspace.recordFinalStates(of: chunk.sequences, in: &finalState)
  }

  private mutating func run(
    _ input: StackInput<Scalar>, _ index: Int, _ weights: StackWeights<Scalar>,
    keepsActivations: Bool
  ) {
    pass.forward(
      input, over: chunks[index], from: checkpoints[index], weights: weights,
      mode: keepsActivations ? mode : .inference)
    activeChunk = keepsActivations ? index : nil
  }

  /// Computes a chunk again, unless its activations are still there, and sets the gradients of its states
  /// to what later chunks gave; the cost's own are to be added to the ``workspace``.
  ///
  /// - Parameters:
  ///   - input: The chunk's inputs, as `forward` was given them.
  ///   - index: The chunk.
  ///   - weights: The packed weights, made for training.
  public mutating func recompute(
    _ input: StackInput<Scalar>, over index: Int, weights: StackWeights<Scalar>
  ) {
    precondition(
      checkpoints.count == chunks.count, "backward after \(checkpoints.count) of \(chunks.count)")
    if activeChunk != index { run(input, index, weights, keepsActivations: true) }
    pass.workspace.resetGradients()
    pass.workspace.addFinalGradient(stateGradient, chunks[index].sequences)
  }

  /// Propagates the gradient of a chunk's states back; that of its inputs is then the workspace's
  /// ``StackWorkspace/inputGradient``.
  ///
  /// - Parameters:
  ///   - input: The chunk's inputs, as `forward` was given them.
  ///   - index: The chunk; the last one first.
  ///   - weights: The packed weights, made for training.
  ///   - gradients: Receives the parameters' gradients, added.
  public mutating func backward(
    _ input: StackInput<Scalar>, over index: Int, weights: StackWeights<Scalar>,
    gradients: inout Parameters<Scalar>
  ) {
    precondition(activeChunk == index, "backward of chunk \(index) before its recomputation")
    let initial = pass.backward(
      input, over: chunks[index].sequences, weights: weights, gradients: &gradients)
    stateGradient.replaceRows(from: 0, with: initial)
    activeChunk = nil
  }

  /// The same by chords: for each position of a chunk what its input gives to the weighted change of the
  /// states from the first sequence to its own, where the weights are the states' gradients.
  ///
  /// They sum to that change but for rounding: see ``RecurrentStack/chordProducts(_:over:weights:workspace:)``.
  ///
  /// - Parameters:
  ///   - input: The chunk's inputs, as `forward` was given them.
  ///   - index: The chunk; the last one first.
  ///   - weights: The packed weights, made for training.
  /// - Returns: One product a position of the chunk, those of the first sequence 0.
  /// - Precondition: The mode is ``PassMode/chords``.
  public mutating func chordProducts(
    _ input: StackInput<Scalar>, over index: Int, weights: StackWeights<Scalar>
  ) -> [Scalar] {
    precondition(activeChunk == index, "backward of chunk \(index) before its recomputation")
    precondition(mode == .chords, "chords of a pass for \(mode)")
    let sequences = chunks[index].sequences
    let products = pass.stack.chordProducts(
      input, over: sequences, weights: weights, workspace: &pass.workspace)
    stateGradient.replaceRows(from: 0, with: pass.workspace.initialGradient(sequences))
    activeChunk = nil
    return products
  }
}
