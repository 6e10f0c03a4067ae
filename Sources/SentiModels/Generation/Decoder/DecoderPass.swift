internal import SentiRNN
internal import SentiTensor

/// What a decoder is run on: all tokens of a training batch.
struct DecoderBatch<Scalar: MatrixScalar>: Sendable {
  /// The tokens' lengths.
  var tokens: PackedSequences
  /// The tokens that are read, in packed order, `[N]`.
  var ids: [Int32]
  /// What the entry made of the vectors, in packed order, where it is an input of these steps,
  /// `[B, E]`.
  var entered: Matrix<Scalar>?
  /// The states before the first step.
  var states: DecoderStates<Scalar>
  /// For each packed sequence the sequence of `memory` that it looks at.
  var sources: [Int32]
  /// The encoder's outputs, where there is attention.
  var memory: AttentionMemory<Scalar>?
}

/// What a decoder's pass drops.
struct DecoderDropout {
  var embedding: Dropout
  var layers: Dropout
  var readout: Dropout
}

/// Forward and backward through a decoder but for the output layer, with the memory that they share.
///
/// A search, which has one token at a time, goes by ``DecoderSteps``.
struct DecoderPass<Scalar: MatrixScalar>: Sendable {
  let network: DecoderNetwork
  private var attention: Attention.Workspace<Scalar>?
  /// What the output layer reads, `[N, E]`.
  private(set) var readout: Matrix<Scalar>

  private var lower: StackWorkspace<Scalar>
  private var upper: StackWorkspace<Scalar>?
  private var steps = PackedSequences(lengths: [])
  private var words = UniqueTokens([], vocabularySize: 0)
  private var tokenRows: Matrix<Scalar>
  private var lowerInput: Matrix<Scalar>
  /// For each of the lower layers' positions its row of ``lowerInput``; nil: its own.
  private var inputRows: [Int32]?
  private var hidden: Matrix<Scalar>
  private var upperInput: Matrix<Scalar>
  private var readoutInput: Matrix<Scalar>
  private var squashed: Matrix<Scalar>
  private var masks = Masks()

  /// What rows of a pass were multiplied by; nil: not at all.
  private struct Masks: Sendable {
    var tokens: Matrix<Scalar>?
    var lower: Matrix<Scalar>?
    var upper: Matrix<Scalar>?
    var readout: Matrix<Scalar>?
  }

  init(_ network: DecoderNetwork) {
    let empty = Matrix<Scalar>(rowCount: 0, columnCount: 0)
    self.network = network
    attention = network.attention.map { Attention.Workspace($0) }
    lower = StackWorkspace(network.lower)
    upper = network.upper.map { StackWorkspace($0) }
    tokenRows = Matrix(rowCount: 0, columnCount: network.configuration.embeddingSize)
    (lowerInput, hidden, upperInput) = (empty, empty, empty)
    (readoutInput, squashed, readout) = (empty, empty, empty)
  }

  // MARK: Forward

  /// Runs all layers up to the readout.
  ///
  /// - Parameters:
  ///   - batch: What is read.
  ///   - wordVectors: Where the tokens' vectors are.
  ///   - weights: The packed parameters.
  ///   - mode: Whether ``backward`` will follow.
  ///   - dropout: What is dropped; nil: nothing.
  ///   - generator: The source of randomness for dropout.
  mutating func forward(
    _ batch: DecoderBatch<Scalar>, _ wordVectors: WordVectors<Scalar>,
    weights: DecoderNetwork.Weights<Scalar>, mode: PassMode, dropout: DecoderDropout? = nil,
    using generator: inout SeededGenerator
  ) {
    lookUp(batch, wordVectors)
    drawMasks(batch, dropout, &generator)
    Dropout.apply(masks.tokens, to: &tokenRows)
    inputRows = prepareInput(batch)
    network.lower.forward(
      StackInput(lowerInput, indices: inputRows), over: steps, from: batch.states.lower,
      weights: weights.lower, mode: mode, workspace: &lower)

    // [N, H], without the step that reads the vector
    let sequenceRows = batch.tokens.sequenceRows
    hidden = lower.outputs(steps).dropFirst(steps.tokenCount - batch.tokens.tokenCount)
    Dropout.apply(masks.lower, to: &hidden, rows: sequenceRows)
    var parts = [hidden] + attend(batch, weights: weights)
    if let stack = network.upper, let weights = weights.upper, var workspace = upper.take() {
      upperInput = Matrix(concatenating: parts)
      stack.forward(
        StackInput(upperInput), over: batch.tokens, from: batch.states.upper, weights: weights,
        mode: mode, workspace: &workspace)
      parts[0] = workspace.outputs(batch.tokens)
      Dropout.apply(masks.upper, to: &parts[0], rows: sequenceRows)
      upper = workspace
    }
    if network.feedsTokens { parts.append(tokenRows.rows(words.inverse)) }
    readoutInput = Matrix(concatenating: parts)
    squashed = network.readout.forward(readoutInput, weights.readout)
    Kernels<Scalar>.best.activate(&squashed, .tanh)
    readout = squashed
    Dropout.apply(masks.readout, to: &readout)
  }

  /// The contexts of all positions, `[N, S]`, where the decoder attends to something.
  private mutating func attend(
    _ batch: DecoderBatch<Scalar>, weights: DecoderNetwork.Weights<Scalar>
  ) -> [Matrix<Scalar>] {
    guard let layer = network.attention, let memory = batch.memory,
      let layerWeights = weights.attention, var workspace = attention.take()
    else { return [] }
    layer.forward(
      hidden, sources: batch.tokens.sequenceRows.map { batch.sources[Int($0)] }, memory: memory,
      layerWeights, &workspace)
    let context = workspace.context
    attention = workspace
    return [context]
  }

  private mutating func lookUp(
    _ batch: DecoderBatch<Scalar>, _ wordVectors: WordVectors<Scalar>
  ) {
    words = UniqueTokens(
      network.feedsTokens ? batch.ids : [],
      vocabularySize: network.configuration.vocabularySize)
    wordVectors.gather(words.values, into: &tokenRows)
  }

  private mutating func drawMasks(
    _ batch: DecoderBatch<Scalar>, _ dropout: DecoderDropout?, _ generator: inout SeededGenerator
  ) {
    masks = Masks()
    lower.masks = []
    upper?.masks = []
    guard let dropout else { return }
    let (rows, size) = (batch.tokens.batchSize, network.configuration.hiddenSize)
    masks.tokens = dropout.embedding.lockedMask(
      batchSize: tokenRows.rowCount, width: tokenRows.columnCount, using: &generator)
    lower.drawMasks(dropout.layers, batchSize: rows, using: &generator)
    masks.lower = dropout.layers.lockedMask(batchSize: rows, width: size, using: &generator)
    if upper != nil {
      upper?.drawMasks(dropout.layers, batchSize: rows, using: &generator)
      masks.upper = dropout.layers.lockedMask(batchSize: rows, width: size, using: &generator)
    }
    masks.readout = dropout.readout.lockedMask(
      batchSize: batch.tokens.tokenCount, width: network.configuration.embeddingSize,
      using: &generator)
  }

  /// Lays out the lowest layer's steps and inputs; answers the row of each position.
  private mutating func prepareInput(_ batch: DecoderBatch<Scalar>) -> [Int32]? {
    let (rows, entered) = (batch.tokens.batchSize, batch.entered)
    steps = batch.tokens
    switch network.configuration.entry {
    case .firstInput where entered != nil:
      steps = PackedSequences(lengths: batch.tokens.lengths.map { $0 + 1 })
      let first = Int32(tokenRows.rowCount)
      lowerInput = Matrix(stacking: [tokenRows, entered].compactMap(\.self))
      return (0..<Int32(rows)).map { first + $0 } + words.inverse
    case .initialState, .firstInput:
      lowerInput = tokenRows
      return words.inverse
    case .everyStep:
      let vectors = entered?.rows(batch.tokens.sequenceRows)
      lowerInput = Matrix(
        concatenating: [tokenRows.rows(words.inverse), vectors].compactMap(\.self))
      return nil
    case .thenZeros:
      let zero = Matrix<Scalar>(rowCount: 1, columnCount: tokenRows.columnCount)
      lowerInput = Matrix(stacking: [entered, zero].compactMap(\.self))
      let first = entered?.rowCount ?? 0
      return (0..<Int32(batch.tokens.tokenCount)).map { min($0, Int32(first)) }
    }
  }

  // MARK: Backward

  /// Propagates the gradient of the readout.
  ///
  /// - Parameters:
  ///   - readoutGradient: The gradient of ``readout``, `[N, E]`.
  ///   - batch: What ``forward`` was given.
  ///   - weights: The packed parameters.
  ///   - gradients: Receives the parameters' gradients, added.
  /// - Returns: The gradient of what the entry made, `[B, X]`, and that of the encoder's outputs,
  ///   `[N', S]`.
  mutating func backward(
    _ readoutGradient: Matrix<Scalar>, _ batch: DecoderBatch<Scalar>,
    weights: DecoderNetwork.Weights<Scalar>, gradients: inout Parameters<Scalar>
  ) -> (entered: Matrix<Scalar>, memory: Matrix<Scalar>?) {
    let (size, sequenceRows) = (network.configuration.hiddenSize, batch.tokens.sequenceRows)
    var readoutGradient = readoutGradient
    Dropout.apply(masks.readout, to: &readoutGradient)
    Activation.tanh.backward(&readoutGradient, outputs: squashed)
    let inputGradient = network.readout.backward(
      readoutGradient, input: readoutInput, weights.readout, gradients: &gradients)

    let contextEnd = size + (network.attention?.valueSize ?? 0)
    var hiddenGradient = inputGradient.columns(0..<size)
    var contextGradient = inputGradient.columns(size..<contextEnd)
    if let stack = network.upper, let weights = weights.upper {
      Dropout.apply(masks.upper, to: &hiddenGradient, rows: sequenceRows)
      let below = backward(
        stack, hiddenGradient, over: batch.tokens, weights: weights, gradients: &gradients)
      hiddenGradient = below.columns(0..<size)
      add(below.columns(size..<contextEnd), to: &contextGradient)
    }
    var memoryGradient: Matrix<Scalar>?
    if let layer = network.attention, let layerWeights = weights.attention,
      var workspace = attention.take()
    {
      let (queries, values) = layer.backward(
        contextGradient, queries: hidden, layerWeights, gradients: &gradients, &workspace)
      add(queries, to: &hiddenGradient)
      memoryGradient = values
      attention = workspace
    }
    Dropout.apply(masks.lower, to: &hiddenGradient, rows: sequenceRows)
    let lowerGradient = backwardLower(
      hiddenGradient, weights: weights.lower, gradients: &gradients)
    backwardTokens(
      lowerGradient,
      network.feedsTokens
        ? inputGradient.columns(contextEnd..<inputGradient.columnCount) : nil, &gradients)
    return (enteredGradient(lowerGradient, batch), memoryGradient)
  }

  /// Propagates the gradient of the upper layers' outputs to what they read.
  private mutating func backward(
    _ stack: RecurrentStack, _ outputGradient: Matrix<Scalar>, over sequences: PackedSequences,
    weights: StackWeights<Scalar>, gradients: inout Parameters<Scalar>
  ) -> Matrix<Scalar> {
    guard var workspace = upper.take() else { preconditionFailure("backward before forward") }
    workspace.resetGradients()
    workspace.addOutputGradient(outputGradient, sequences)
    stack.backward(
      StackInput(upperInput), over: sequences, weights: weights, gradients: &gradients,
      workspace: &workspace)
    upper = workspace
    return workspace.inputGradient
  }

  /// Propagates the gradient of the lower layers' outputs to their inputs.
  private mutating func backwardLower(
    _ hiddenGradient: Matrix<Scalar>, weights: StackWeights<Scalar>,
    gradients: inout Parameters<Scalar>
  ) -> Matrix<Scalar> {
    let first = Matrix<Scalar>(
      rowCount: steps.tokenCount - hiddenGradient.rowCount, columnCount: hiddenGradient.columnCount)
    lower.resetGradients()
    lower.addOutputGradient(Matrix(stacking: [first, hiddenGradient]), steps)
    network.lower.backward(
      StackInput(lowerInput, indices: inputRows), over: steps, weights: weights,
      gradients: &gradients, workspace: &lower)
    return lower.inputGradient
  }

  /// Adds what reaches the tokens' vectors as inputs of the lowest layer and of the readout.
  private func backwardTokens(
    _ lowerGradient: Matrix<Scalar>, _ readoutGradient: Matrix<Scalar>?,
    _ gradients: inout Parameters<Scalar>
  ) {
    guard let readoutGradient else { return }
    let kernels = Kernels<Scalar>.best
    var rowGradient = Matrix<Scalar>(
      rowCount: tokenRows.rowCount, columnCount: tokenRows.columnCount)
    kernels.scatterAdd(readoutGradient, to: words.inverse, of: &rowGradient)
    if network.configuration.entry == .everyStep {
      kernels.scatterAdd(
        lowerGradient.columns(0..<tokenRows.columnCount), to: words.inverse, of: &rowGradient)
    } else {
      kernels.addRows(of: lowerGradient, rows: 0..<tokenRows.rowCount, to: &rowGradient)
    }
    Dropout.apply(masks.tokens, to: &rowGradient)
    network.embedding.backward(words.values, rowGradient, gradients: &gradients)
  }

  /// The gradient of what the entry made of the vectors.
  private func enteredGradient(
    _ lowerGradient: Matrix<Scalar>, _ batch: DecoderBatch<Scalar>
  ) -> Matrix<Scalar> {
    let rows = batch.tokens.batchSize
    switch network.configuration.entry {
    case .initialState:
      let layers = lower.layers + (upper?.layers ?? [])
      let parts = layers.flatMap { [$0[0].hiddenGradient, $0[0].cellGradient] }
      return Matrix(
        concatenating: parts.filter { $0.columnCount > 0 }.map { $0.rows(Array(0..<Int32(rows))) })
    case .firstInput:
      return lowerGradient.dropFirst(tokenRows.rowCount)
    case .everyStep:
      var gradient = Matrix<Scalar>(rowCount: rows, columnCount: tokenRows.columnCount)
      Kernels<Scalar>.best.scatterAdd(
        lowerGradient.columns(tokenRows.columnCount..<lowerGradient.columnCount),
        to: batch.tokens.sequenceRows, of: &gradient)
      return gradient
    case .thenZeros:
      return lowerGradient.rows(Array(0..<Int32(rows)))
    }
  }

  private func add(_ source: Matrix<Scalar>, to target: inout Matrix<Scalar>) {
    Kernels<Scalar>.best.addRows(of: source, rows: 0..<source.rowCount, to: &target)
  }
}
