internal import SentiRNN
public import SentiTensor

/// A net that writes as a search drives it: one token more for each hypothesis at every step.
///
/// A hypothesis's log-probabilities have the same bits alone and beside any others.
public struct NetworkGenerator: TokenGenerator {
  /// The net.
  public let network: GenerationNetwork

  /// How matrices are rounded.
  public let precision: WeightPrecision

  /// The special tokens.
  public let tokens: GenerationTokens

  private let weights: GenerationNetwork.Weights<Float>
  private let sourceVectors: WordVectors<Float>?
  private let targetVectors: WordVectors<Float>
  private let screen: SoftmaxScreen?

  /// The fewest tokens whose softmax is worth a screen.
  static let screenedVocabularySize = 1_000

  /// Puts a generator together.
  ///
  /// - Parameters:
  ///   - network: The net.
  ///   - parameters: The net's parameters.
  ///   - precision: How matrices are rounded.
  ///   - tokens: The special tokens.
  public init(
    _ network: GenerationNetwork, parameters: Parameters<Float>, precision: WeightPrecision = .full,
    tokens: GenerationTokens = GenerationTokens()
  ) {
    let isLarge = network.configuration.decoder.vocabularySize >= Self.screenedVocabularySize
    self.init(
      network, parameters: parameters, precision: precision, tokens: tokens, isScreened: isLarge)
  }

  /// Puts a generator together whose likeliest tokens come from a screen, or from the whole softmax.
  package init(
    _ network: GenerationNetwork, parameters: Parameters<Float>, precision: WeightPrecision = .full,
    tokens: GenerationTokens = GenerationTokens(), isScreened: Bool
  ) {
    self.network = network
    self.tokens = tokens
    self.precision = precision
    weights = network.weights(parameters, isForTraining: false, precision: precision)
    sourceVectors = network.wordVectors(parameters)
    targetVectors = .parameters(network.decoder.embedding, parameters)
    let output = network.decoder.output
    screen =
      isScreened
      ? SoftmaxScreen(parameters, weights: output.weights, bias: output.bias) : nil
  }

  /// The state of a batch of hypotheses, one row each.
  public struct State: Sendable {
    var batch: DecoderBatch<Float>
    var pass: DecoderPass<Float>

    /// How much the last step looked at each token of a row's source, `[R, T]`; no columns where
    /// there is no attention.
    public var attentionWeights: Matrix<Float> {
      pass.attention?.weights ?? Matrix(rowCount: batch.sources.count, columnCount: 0)
    }
  }

  /// The number of tokens that are written of.
  public var vocabularySize: Int { network.configuration.decoder.vocabularySize }

  /// The token that every text is started with.
  public var startID: Int32 { tokens.start }

  /// The token that ends a text.
  public var endID: Int32 { tokens.end }

  /// Reads what is to be written of.
  ///
  /// - Parameter sources: Vectors or texts, as the net wants them.
  /// - Returns: The state before the first token, one row a source.
  public func initialState(_ sources: [GenerationSource]) -> State {
    var (generator, source) = (SeededGenerator(seed: 0), SourcePass<Float>(network))
    source.forward(sources, sourceVectors, weights, keepsActivations: false, using: &generator)
    let places = source.sequences.places
    var batch = DecoderBatch<Float>(
      tokens: PackedSequences(lengths: []), ids: [], states: DecoderStates(lower: [], upper: []),
      sources: places)
    _ = network.decoder.enter(source.vectors.rows(places), weights.decoder, &batch)
    if let outputs = source.outputs() {
      batch.memory = network.decoder.memory(outputs, source.sequences, weights.decoder)
    }
    return State(batch: batch, pass: DecoderPass(network.decoder))
  }

  /// Feeds one token to each row and gives the log-probabilities of the next.
  ///
  /// - Parameters:
  ///   - tokens: One token for each row of `state`, `[R]`.
  ///   - state: The state after the tokens before; becomes the state after these.
  /// - Returns: Natural logarithms of probabilities, `[R, V]`.
  public func step(_ tokens: [Int32], state: inout State) -> Matrix<Float> {
    read(tokens, state: &state)
    var logits = network.decoder.output.forward(state.pass.readout, weights.decoder.output)
    Kernels.best.logSoftmax(&logits)
    return logits
  }

  /// Feeds one token to each row and gives the likeliest of the next.
  ///
  /// Of a large vocabulary they are found by a ``SoftmaxScreen``.
  public func likeliest(
    _ count: Int, after tokens: [Int32], wanted: [Int32], state: inout State
  ) -> LikeliestColumns {
    guard let screen else {
      return LikeliestColumns(count, of: step(tokens, state: &state), wanted: wanted)
    }
    read(tokens, state: &state)
    return screen.likeliest(count, of: state.pass.readout, wanted: wanted)
  }

  /// Feeds one token to each row, up to the readout.
  private func read(_ tokens: [Int32], state: inout State) {
    precondition(
      tokens.count == state.batch.sources.count,
      "\(tokens.count) tokens for \(state.batch.sources.count) rows")
    state.batch.tokens = PackedSequences(lengths: tokens.map { _ in 1 })
    state.batch.ids = tokens
    var generator = SeededGenerator(seed: 0)
    state.pass.forward(
      state.batch, targetVectors, weights.decoder, keepsActivations: false, using: &generator)
    state.batch.states = state.pass.finalStates(state.batch)
    if network.configuration.decoder.entry != .everyStep { state.batch.entered = nil }
  }

  /// Keeps the named rows, in that order.
  ///
  /// - Parameters:
  ///   - rows: Rows of `state`, counted from 0; repeats are allowed.
  ///   - state: The state to take the rows of.
  public func select(_ rows: [Int32], of state: inout State) {
    state.batch.sources = rows.map { state.batch.sources[Int($0)] }
    state.batch.states = state.batch.states.rows(rows)
    state.batch.entered = state.batch.entered?.rows(rows)
  }
}
