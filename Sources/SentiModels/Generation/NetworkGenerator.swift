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

  private let encoderWeights: StackWeights<Float>?
  private let weights: DecoderSteps.Weights
  private let outputWeights: Dense.Weights<Float>
  private let sourceVectors: WordVectors<Float>?
  private let targetVectors: WordVectors<Float>
  private let screen: ApproximateTopKSoftmax?

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

  /// Puts a generator together whose most probable tokens come from a screen, or from the whole softmax.
  package init(
    _ network: GenerationNetwork, parameters: Parameters<Float>, precision: WeightPrecision = .full,
    tokens: GenerationTokens = GenerationTokens(), isScreened: Bool
  ) {
    self.network = network
    self.tokens = tokens
    self.precision = precision
    encoderWeights = network.encoder?.stack.weights(
      parameters, isForTraining: false, precision: precision)
    weights = DecoderSteps.Weights(network.decoder, parameters, precision: precision)
    sourceVectors = network.wordVectors(parameters)
    targetVectors = .parameters(network.decoder.embedding, parameters)
    let output = network.decoder.output
    outputWeights = output.weights(parameters, isForTraining: false, precision: precision)
    screen =
      isScreened
      ? ApproximateTopKSoftmax(parameters, weights: output.weights, bias: output.bias) : nil
  }

  /// The state of a batch of hypotheses, one row each.
  public struct State: Sendable {
    var steps: DecoderSteps

    /// How much the last step looked at each token of a row's source, `[R, T]`; no columns where
    /// there is no attention.
    public var attentionWeights: Matrix<Float> {
      steps.attention?.weights ?? Matrix(rowCount: steps.sources.count, columnCount: 0)
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
    source.forward(
      sources, sourceVectors, weights: encoderWeights, mode: .init(pass: .inference),
      using: &generator)
    let places = source.sequences.places
    return State(
      steps: DecoderSteps(
        network.decoder, vectors: source.vectors.rows(places), sources: places,
        outputs: source.outputs().map { ($0, source.sequences) }, weights))
  }

  /// Feeds one token to each row and gives the log-probabilities of the next.
  ///
  /// - Parameters:
  ///   - tokens: One token for each row of `state`, `[R]`.
  ///   - state: The state after the tokens before; becomes the state after these.
  /// - Returns: Natural logarithms of probabilities, `[R, V]`.
  public func step(_ tokens: [Int32], state: inout State) -> Matrix<Float> {
    state.steps.read(tokens, targetVectors, weights)
    var logits = network.decoder.output.forward(state.steps.readout, outputWeights)
    Kernels.best.logSoftmax(&logits)
    return logits
  }

  /// Feeds one token to each row and gives the most probable of the next.
  ///
  /// Of a large vocabulary they are found by a ``ApproximateTopKSoftmax``.
  public func topK(
    _ count: Int, after tokens: [Int32], required: [Int32], state: inout State
  ) -> TopK {
    guard let screen else {
      return TopK(count, of: step(tokens, state: &state), required: required)
    }
    state.steps.read(tokens, targetVectors, weights)
    return screen.topK(count, of: state.steps.readout, required: required)
  }

  /// Keeps the named rows, in that order.
  ///
  /// - Parameters:
  ///   - rows: Rows of `state`, counted from 0; repeats are allowed.
  ///   - state: The state to take the rows of.
  public func select(_ rows: [Int32], of state: inout State) {
    state.steps.select(rows)
  }
}
