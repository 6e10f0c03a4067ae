internal import SentiRNN
public import SentiTensor
internal import SentiText

/// A language model as a search drives it: the next token of each text, given those before.
///
/// It reads from the first token to the last, with the forward direction where there are two. A text's
/// log-probabilities have the same bits alone and beside any others.
public struct LanguageModelGenerator: TokenGenerator {
  /// The net.
  public let network: LanguageModelNetwork
  /// The special tokens.
  public let tokens = GenerationTokens()

  private let stack: RecurrentStack
  private let stackWeights: StackWeights<Float>
  private let projection: Dense.Weights<Float>
  private let softmax: Dense.Weights<Float>
  private let vectors: WordVectors<Float>

  /// Packs a net's weights.
  ///
  /// - Parameters:
  ///   - network: The net.
  ///   - parameters: Its parameters.
  /// - Complexity: O(parameters).
  public init(_ network: LanguageModelNetwork, parameters: Parameters<Float>) {
    self.network = network
    stack = network.encoder.stream(0)
    stackWeights = StackStepper.weights(stack, parameters)
    projection = network.projections[0].weights(parameters, isForTraining: false)
    softmax = network.softmax.weights(parameters)
    vectors = .parameters(network.embedding, parameters)
  }

  /// The state of a batch of texts, one row each.
  public struct State: Sendable {
    fileprivate var stepper: StackStepper<Float>
    /// For each row the row of the step before that it goes on from.
    fileprivate var beamIndices: [Int32]
  }

  /// The number of tokens that the model knows, V.
  public var vocabularySize: Int { network.configuration.vocabularySize }

  /// The token that every text is started with.
  public var startID: Int32 { tokens.start }

  /// The token that ends a text.
  public var endID: Int32 { tokens.end }

  /// The state before the first token.
  ///
  /// - Parameter rowCount: The number of texts.
  /// - Returns: Zeros, one row a text.
  public func initialState(rowCount: Int) -> State {
    State(
      stepper: StackStepper(stack, state: stack.zeroState(batchSize: rowCount)),
      beamIndices: Array(0..<Int32(rowCount)))
  }

  /// Feeds one token to each row and gives the log-probabilities of the next.
  ///
  /// - Parameters:
  ///   - tokens: One token for each row of `state`, `[R]`.
  ///   - state: The state after the tokens before; becomes the state after these.
  /// - Returns: Natural logarithms of probabilities, `[R, V]`.
  /// - Complexity: O(R · V · E).
  public func step(_ tokens: [Int32], state: inout State) -> Matrix<Float> {
    precondition(
      tokens.count == state.beamIndices.count,
      "\(tokens.count) tokens for \(state.beamIndices.count) rows")
    let outputs = state.stepper.step(
      StackInput(vectors.rows(tokens)), beamIndices: state.beamIndices, weights: stackWeights)
    state.beamIndices = Array(0..<Int32(tokens.count))
    let predicted = network.projections[0].forward(outputs, projection)
    return network.softmax.logProbabilities(predicted, softmax)
  }

  /// Keeps the named rows, in that order.
  ///
  /// - Parameters:
  ///   - rows: Rows of `state`, counted from 0; repeats are allowed.
  ///   - state: The state to take the rows of.
  public func select(_ rows: [Int32], of state: inout State) {
    state.beamIndices = rows.map { state.beamIndices[Int($0)] }
  }
}

extension LanguageModel {
  /// The texts that are searched together by one thread; bounds memory, not results.
  private static var batchSize: Int { 16 }

  /// Goes on with texts.
  ///
  /// - Parameters:
  ///   - prompts: What the texts begin with; an empty one leaves all to the model.
  ///   - options: How to search or draw. Lengths count what comes behind the prompt. A model of words
  ///     never answers with the unknown word.
  ///   - threadCount: The number of threads to use; results do not depend on it.
  ///   - firstSeed: The number of the first prompt, by which equal prompts draw different tokens.
  /// - Returns: For each prompt its texts, best first, the prompt's tokens included.
  /// - Complexity: O(tokens · V · E) for each text, the prompt's tokens included.
  public func continuations(
    of prompts: [String], options: GenerationOptions = GenerationOptions(), threadCount: Int = 1,
    firstSeed: UInt64 = 0
  ) -> [[Hypothesis]] {
    let generator = LanguageModelGenerator(network, parameters: parameters)
    var options = options
    let special = [TokenID.padding, .start, .unknown].map { Int32($0.rawValue) }
    options.bannedTokens.formUnion(special)
    let codec = codec
    let search = TokenSearch(generator, options: options) { codec.decode($0) }
    let requests = prompts.enumerated().map { index, prompt in
      let prefix = codec.encode(prompt)
      return GenerationRequest(
        prefix: prefix, minimumLength: prefix.count + options.minimumLength,
        maximumLength: prefix.count + options.maximumLength, seed: firstSeed + UInt64(index))
    }
    let batches = stride(from: 0, to: requests.count, by: Self.batchSize).map {
      Array(requests[$0..<min(requests.count, $0 + Self.batchSize)])
    }
    return concurrentlyMapped(batches, threadCount: threadCount) { batch in
      search.hypotheses(from: generator.initialState(rowCount: batch.count), for: batch)
    }.flatMap(\.self)
  }
}
