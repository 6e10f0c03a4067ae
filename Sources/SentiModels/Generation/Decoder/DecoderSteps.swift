internal import SentiRNN
internal import SentiTensor

/// A decoder as a search runs it: one more token of each hypothesis at every step.
///
/// It computes what ``DecoderPass`` computes, but for the order of sums, with each product at the
/// place where it is done least often:
///
/// - what depends on a token alone, its part of the gates and of the readout, once for each token
///   (``SharedTable``);
/// - what depends on the state before alone, once for all hypotheses that go on from it
///   (`StackStepper`);
/// - what is made of the encoder's outputs, once for each of them and not for each mean of them that
///   a hypothesis finds: `W · Σ w v = Σ w (W · v)`; the queries' weights too (`Attention.memory`).
///
/// None of it changes a bit with the other rows of the batch.
struct DecoderSteps: Sendable {
  /// For each row the sequence of ``memory`` that it looks at.
  private(set) var sources: [Int32]
  /// What the output layer reads, `[R, E]`.
  private(set) var readout: Matrix<Float>
  private(set) var attention: Attention.Workspace<Float>?

  private let network: DecoderNetwork
  private let memory: AttentionMemory<Float>?
  /// What the entry made of the vectors, while a step is to read it.
  private var entered: Matrix<Float>?
  private var lower: StackStepper<Float>
  private var upper: StackStepper<Float>?
  /// For each row the row of the step before that it goes on from.
  private var beamIndices: [Int32]

  /// Prepares the first step.
  ///
  /// - Parameters:
  ///   - network: The net.
  ///   - vectors: The vectors to write of, `[R, C]`.
  ///   - sources: For each row the sequence that it looks at.
  ///   - outputs: The encoder's outputs with their lengths, where there is one.
  ///   - weights: The packed parameters.
  init(
    _ network: DecoderNetwork, vectors: Matrix<Float>, sources: [Int32],
    outputs: (rows: Matrix<Float>, sequences: PackedSequences)?, _ weights: Weights
  ) {
    let shape = network.configuration
    let (entered, states) = network.enter(vectors, weights.entry)
    self.network = network
    self.sources = sources
    self.entered = shape.entry == .initialState ? nil : entered
    lower = StackStepper(network.lower, state: states.lower)
    upper = network.upper.flatMap { stack in
      states.upper.map { StackStepper(stack, state: $0) }
    }
    beamIndices = Array(0..<Int32(sources.count))
    readout = Matrix(rowCount: 0, columnCount: shape.embeddingSize)
    guard let layer = network.attention, let layerWeights = weights.attention, let outputs else {
      (attention, memory) = (nil, nil)
      return
    }
    attention = Attention.Workspace(
      layer, productSize: weights.memoryProjections.reduce(0) { $0 + $1.columnCount })
    memory = layer.memory(
      outputs.rows, outputs.sequences, layerWeights, multipliedBy: weights.memoryProjections)
  }

  /// Keeps the named rows, in that order; repeats are allowed.
  mutating func select(_ rows: [Int32]) {
    sources = rows.map { sources[Int($0)] }
    beamIndices = rows.map { beamIndices[Int($0)] }
    entered = entered?.rows(rows)
  }

  /// Feeds one token to each row, up to the readout.
  mutating func read(_ tokens: [Int32], _ vectors: WordVectors<Float>, _ weights: Weights) {
    precondition(
      tokens.count == sources.count, "\(tokens.count) tokens for \(sources.count) rows")
    let terms = findTerms(tokens, vectors, weights)
    // [R, H]
    var top = stepLower(tokens, terms, vectors, weights: weights)
    // [R, G·H + E], or without the gates
    let found = look(top, weights)
    if let weights = weights.upper {
      let input = StackInput(top, adding: found)
      top = upper?.step(input, beamIndices: beamIndices, weights: weights) ?? top
    }
    readOut(top, found, terms, weights: weights)
    beamIndices = Array(0..<Int32(tokens.count))
  }

  /// The terms of a step's tokens, and the row of each.
  private struct StepTerms {
    let terms: TokenTerms
    let rows: [Int32]
  }

  /// The terms of tokens; nil where none are fed back.
  private mutating func findTerms(
    _ tokens: [Int32], _ vectors: WordVectors<Float>, _ weights: Weights
  ) -> StepTerms? {
    guard let shared = weights.terms else { return nil }
    let vocabularySize = network.configuration.vocabularySize
    let all = shared.table(reading: tokens.count) {
      makeTerms(Array(0..<Int32(vocabularySize)), vectors, weights)
    }
    if let all { return StepTerms(terms: all, rows: tokens) }
    let unique = UniqueTokens(tokens, vocabularySize: vocabularySize)
    return StepTerms(terms: makeTerms(unique.values, vectors, weights), rows: unique.inverse)
  }

  private mutating func makeTerms(
    _ tokens: [Int32], _ vectors: WordVectors<Float>, _ weights: Weights
  ) -> TokenTerms {
    let rows = vectors.rows(tokens)
    let none = Matrix<Float>(rowCount: 0, columnCount: 0)
    return TokenTerms(
      gates: network.configuration.entry.readsTokensAlone
        ? lower.project(rows, weights: weights.lower) : none,
      readout: weights.readoutOfTokens.map { product(rows, $0) } ?? none)
  }

  private func product(_ rows: Matrix<Float>, _ weights: PackedMatrix<Float>) -> Matrix<Float> {
    var product = Matrix<Float>(rowCount: rows.rowCount, columnCount: weights.columnCount)
    weights.kernels.multiply(MatrixBlock(rows), by: weights, into: &product)
    return product
  }

  /// A step of the layers below the attention; the highest one's states, `[R, H]`.
  private mutating func stepLower(
    _ tokens: [Int32], _ terms: StepTerms?, _ vectors: WordVectors<Float>, weights: Weights
  ) -> Matrix<Float> {
    let rowCount = tokens.count
    if let terms, network.configuration.entry.readsTokensAlone {
      if let vectors = entered.take() {
        _ = lower.step(StackInput(vectors), beamIndices: beamIndices, weights: weights.lower)
        beamIndices = Array(0..<Int32(rowCount))
      }
      return lower.step(
        StackInput(projected: terms.terms.gates, indices: terms.rows), beamIndices: beamIndices,
        weights: weights.lower)
    }
    let input: Matrix<Float>
    if network.feedsTokens {
      input = Matrix(concatenating: [vectors.rows(tokens), entered].compactMap(\.self))
    } else {
      let zeros = Matrix<Float>(
        rowCount: rowCount, columnCount: network.configuration.embeddingSize)
      input = entered.take() ?? zeros
    }
    return lower.step(StackInput(input), beamIndices: beamIndices, weights: weights.lower)
  }

  /// What queries find in the memory, multiplied by all that is made of it.
  private mutating func look(_ queries: Matrix<Float>, _ weights: Weights) -> Matrix<Float>? {
    guard let layer = network.attention, let memory, let layerWeights = weights.attention,
      var workspace = attention.take()
    else { return nil }
    layer.forward(queries, sources: sources, memory: memory, layerWeights, &workspace)
    defer { attention = workspace }
    return workspace.context
  }

  /// `tanh(W · (states, found, token) + b)`, whose second and third product are there.
  private mutating func readOut(
    _ states: Matrix<Float>, _ found: Matrix<Float>?, _ terms: StepTerms?, weights: Weights
  ) {
    let (kernels, rows) = (Kernels<Float>.best, 0..<states.rowCount)
    network.readout.forward(states, rows: rows, weights.readout, into: &readout)
    if let found {
      kernels.addColumns(
        of: found, column: found.columnCount - readout.columnCount, rows: nil, to: &readout,
        rows: rows)
    }
    if let terms {
      kernels.addColumns(
        of: terms.terms.readout, column: 0, rows: terms.rows, to: &readout, rows: rows)
    }
    kernels.activate(&readout, .tanh)
  }
}

extension DecoderSteps {
  /// A decoder's parameters in the kernels' order, cut where ``DecoderSteps`` cuts its products.
  struct Weights: Sendable {
    let entry: Dense.Weights<Float>
    let lower: StackWeights<Float>
    let attention: Attention.Weights<Float>?
    /// The upper layers', of which the lowest reads the lower layers' states alone.
    let upper: StackWeights<Float>?
    /// The readout's of states, and its bias.
    let readout: Dense.Weights<Float>
    /// The readout's of tokens, where they are fed back.
    let readoutOfTokens: PackedMatrix<Float>?
    /// What is made of tokens with these weights, where they are fed back.
    let terms: SharedTable<TokenTerms>?
    /// What is multiplied with the encoder's outputs: of the upper layers' gates, and of the readout.
    let memoryProjections: [PackedMatrix<Float>]

    /// Packs the parameters.
    init(_ network: DecoderNetwork, _ parameters: Parameters<Float>, precision: WeightPrecision) {
      let states = 0..<network.configuration.hiddenSize
      let found = states.upperBound..<states.upperBound + (network.attention?.valueSize ?? 0)
      func block(_ slot: ParameterSlot, _ columns: Range<Int>) -> PackedMatrix<Float> {
        PackedMatrix(parameters, slot, columns: columns, precision: precision)
      }
      entry = network.entry.weights(parameters, isForTraining: false)
      lower = StackStepper.weights(network.lower, parameters, precision: precision)
      attention = network.attention?.weights(
        parameters, isForTraining: false, precision: precision, foldsProjections: true)
      upper = network.upper.map {
        StackStepper.weights($0, parameters, precision: precision, inputColumns: states)
      }
      readout = network.readout.weights(
        parameters, isForTraining: false, precision: precision, columns: states)
      let slot = network.readout.weights
      readoutOfTokens =
        network.feedsTokens ? block(slot, found.upperBound..<slot.columnCount) : nil
      let gates = network.lower.layers[0][0].cell.parameters.inputWeights.rowCount
      let vocabularySize = network.configuration.vocabularySize
      let elementCount = vocabularySize * (gates + slot.rowCount)
      let isSmall = elementCount <= CachedProjection<Float>.mostElements
      terms = network.feedsTokens ? SharedTable(rowCount: isSmall ? vocabularySize : nil) : nil
      let reading = [network.upper?.layers[0][0].cell.parameters.inputWeights, slot]
      memoryProjections =
        network.attention == nil ? [] : reading.compactMap(\.self).map { block($0, found) }
    }
  }
}

extension VectorEntry {
  /// Whether a step of the lowest layer reads a token and nothing else.
  fileprivate var readsTokensAlone: Bool { self == .initialState || self == .firstInput }
}
