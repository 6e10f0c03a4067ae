public import SentiRNN
public import SentiTensor

/// How the vector that a decoder speaks of gets into it.
public enum VectorEntry: String, CaseIterable, Codable, Sendable {
  /// As the state before the first step, in every layer.
  case initialState = "initial-state"
  /// As the input of a step before the first token.
  case firstInput = "first-input"
  /// Beside the token, at every step.
  case everyStep = "every-step"
  /// As the input of the first step, and zeros afterwards: the textbook's way, in which no token is
  /// fed back.
  case thenZeros = "then-zeros"
}

/// The shape of a net that writes tokens.
public struct DecoderConfiguration: Hashable, Codable, Sendable {
  /// The number of token ids, V.
  public var vocabularySize: Int
  /// The width of the vector that the decoder speaks of, C.
  public var vectorSize: Int
  /// How the vector gets in.
  public var entry = VectorEntry.initialState
  /// The width of a token's vector, E.
  public var embeddingSize = 256
  /// The recurrent cell.
  public var cell = CellConfiguration.gru
  /// The number of hidden units, H.
  public var hiddenSize = 320
  /// The number of recurrent layers, L; with attention the first one asks, the others read what was
  /// found.
  public var layerCount = 1
  /// How the decoder looks at an encoder's outputs; nil: it does not.
  public var attention: AttentionKind?
  /// Whether the output layer's weights are the tokens' vectors; always so where no token is fed back.
  public var isTied = true

  /// Creates the default shape.
  ///
  /// - Parameters:
  ///   - vocabularySize: The number of token ids, V.
  ///   - vectorSize: The width of the vector, C.
  public init(vocabularySize: Int, vectorSize: Int) {
    self.vocabularySize = vocabularySize
    self.vectorSize = vectorSize
  }
}

/// A vector-to-sequence net: recurrent layers that are told of a vector and of the tokens so far, and
/// say how probable each next token is.
///
///     h = lower layers(token, vector)          [N, H]
///     c = attention(h, encoder's outputs)      [N, S], where there is attention
///     u = upper layers(h, c)                   [N, H], where there is attention and more layers
///     r = tanh(W · (u, c, token) + b)          [N, E]
///     logits = O · r + o                       [N, V], O tied to the tokens' vectors or not
///
/// Every layer is computed for all steps of a batch before the next one, attention too: no layer
/// below the attention reads what it found.
///
/// - SeeAlso: Vinyals et al. 2015, <https://arxiv.org/abs/1411.4555>; the order of layers: Wu et al.
///   2016, <https://arxiv.org/abs/1609.08144>; the readout: Pascanu et al. 2014,
///   <https://arxiv.org/abs/1312.6026>.
public struct DecoderNetwork: Sendable {
  static let embeddingPrefix = EncoderPrefix.embedding
  static let entryPrefix = "entry."
  static let lowerPrefix = "decoder."
  static let attentionPrefix = "attention."
  static let upperPrefix = "upper."
  static let readoutPrefix = "readout."
  static let outputPrefix = "output."

  /// The net's shape.
  public let configuration: DecoderConfiguration

  /// The tokens' vectors.
  public let embedding: Embedding

  /// From the vector to states or inputs.
  public let entry: Dense

  /// The layers below the attention; all layers where there is none.
  public let lower: RecurrentStack

  /// The attention, where there is one.
  public let attention: Attention?

  /// The layers above the attention.
  public let upper: RecurrentStack?

  /// From states, contexts and tokens to the width of a token's vector.
  public let readout: Dense

  /// From there to logits.
  public let output: Dense

  /// Lays out a net.
  ///
  /// - Parameters:
  ///   - configuration: The net's shape.
  ///   - memorySize: The width of the encoder's outputs, S; 0 where there is no attention.
  ///   - embedding: Vectors that the tokens share with the encoder's; nil: vectors of their own.
  ///   - layout: The model's layout.
  public init(
    _ configuration: DecoderConfiguration, memorySize: Int = 0, embedding: Embedding? = nil,
    layout: inout ParameterLayout
  ) {
    let (size, hidden) = (configuration.embeddingSize, configuration.hiddenSize)
    self.configuration = configuration
    self.embedding =
      embedding
      ?? Embedding(
        vocabularySize: configuration.vocabularySize, embeddingSize: size,
        prefix: Self.embeddingPrefix, layout: &layout)
    entry = Dense(
      inputSize: configuration.vectorSize, outputSize: configuration.enteredSize,
      prefix: Self.entryPrefix, layout: &layout)
    lower = RecurrentStack(
      configuration.lowerStack, prefix: Self.lowerPrefix, layout: &layout)
    attention = configuration.attention.map {
      Attention(
        $0, querySize: hidden, valueSize: memorySize, size: hidden, prefix: Self.attentionPrefix,
        layout: &layout)
    }
    upper = configuration.upperStack(memorySize: memorySize).map {
      RecurrentStack($0, prefix: Self.upperPrefix, layout: &layout)
    }
    readout = Dense(
      inputSize: configuration.readoutInputSize(memorySize: memorySize), outputSize: size,
      prefix: Self.readoutPrefix, layout: &layout)
    output =
      configuration.isTied || !configuration.feedsTokens
      ? Dense(sharing: self.embedding.weights, prefix: Self.outputPrefix, layout: &layout)
      : Dense(
        inputSize: size, outputSize: configuration.vocabularySize, prefix: Self.outputPrefix,
        layout: &layout)
  }

  /// Whether tokens are fed back.
  var feedsTokens: Bool { configuration.feedsTokens }

  /// Fills the parameters before training.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - generator: The source of randomness.
  public func initialize<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator
  ) {
    embedding.initialize(&parameters, using: &generator)
    entry.initialize(&parameters, using: &generator)
    lower.initialize(&parameters, using: &generator)
    attention?.initialize(&parameters, using: &generator)
    upper?.initialize(&parameters, using: &generator)
    readout.initialize(&parameters, using: &generator)
    output.initialize(&parameters, using: &generator)
  }

  /// The parameters in the kernels' order.
  public struct Weights<Scalar: MatrixScalar>: Sendable {
    var entry: Dense.Weights<Scalar>
    var lower: StackWeights<Scalar>
    var attention: Attention.Weights<Scalar>?
    var upper: StackWeights<Scalar>?
    var readout: Dense.Weights<Scalar>
    var output: Dense.Weights<Scalar>
  }

  /// Packs the parameters.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - isForTraining: Whether gradients will be asked for.
  ///   - precision: How the matrices that every step multiplies by are rounded.
  ///   - recurrent: Packs the weights of recurrent layers.
  /// - Returns: The packed parameters.
  func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, isForTraining: Bool, precision: WeightPrecision,
    recurrent: (RecurrentStack) -> StackWeights<Scalar>
  ) -> Weights<Scalar> {
    func dense(_ layer: Dense) -> Dense.Weights<Scalar> {
      layer.weights(parameters, isForTraining: isForTraining, precision: precision)
    }
    return Weights(
      entry: entry.weights(parameters, isForTraining: isForTraining),
      lower: recurrent(lower),
      attention: attention?.weights(
        parameters, isForTraining: isForTraining, precision: precision),
      upper: upper.map(recurrent),
      readout: dense(readout),
      output: dense(output))
  }
}

/// The states of all layers of a decoder for every sequence of a batch.
public struct DecoderStates<Scalar: MatrixScalar>: Sendable {
  /// The states of the layers below the attention.
  var lower: StackState<Scalar>
  /// The states of the layers above it, where there are any.
  var upper: StackState<Scalar>?
}

extension DecoderNetwork {
  /// States of nothing read yet.
  func zeroStates<Scalar: MatrixScalar>(batchSize: Int) -> DecoderStates<Scalar> {
    DecoderStates(
      lower: lower.zeroState(batchSize: batchSize),
      upper: upper?.zeroState(batchSize: batchSize))
  }

  /// Cuts the entry's output, `[B, L·H]` or with cell states `[B, L·2H]`, into states.
  func states<Scalar: MatrixScalar>(_ entered: Matrix<Scalar>) -> DecoderStates<Scalar> {
    var column = 0
    func next() -> Matrix<Scalar> {
      column += configuration.hiddenSize
      return entered.columns(column - configuration.hiddenSize..<column)
    }
    var states: DecoderStates<Scalar> = zeroStates(batchSize: entered.rowCount)
    func fill(_ state: inout StackState<Scalar>) {
      for level in state.layers.indices {
        state[level][0].hidden = next()
        if configuration.cell.hasCellState { state[level][0].cell = next() }
      }
    }
    fill(&states.lower)
    if var upper = states.upper {
      fill(&upper)
      states.upper = upper
    }
    return states
  }
}

extension DecoderConfiguration {
  /// Whether tokens are fed back.
  fileprivate var feedsTokens: Bool { entry != .thenZeros }

  /// The number of layers above the attention.
  private var upperLayerCount: Int { attention == nil ? 0 : layerCount - 1 }

  /// The layers below the attention, which read tokens and perhaps the vector beside each.
  fileprivate var lowerStack: StackConfiguration {
    StackConfiguration(
      cell, inputSize: entry == .everyStep ? 2 * embeddingSize : embeddingSize,
      hiddenSize: hiddenSize, layerCount: layerCount - upperLayerCount)
  }

  /// The layers above the attention, which read states and contexts; nil where there are none.
  fileprivate func upperStack(memorySize: Int) -> StackConfiguration? {
    guard upperLayerCount > 0 else { return nil }
    return StackConfiguration(
      cell, inputSize: hiddenSize + memorySize, hiddenSize: hiddenSize,
      layerCount: upperLayerCount)
  }

  /// The width of what the entry makes of the vector: all layers' states, or an input.
  fileprivate var enteredSize: Int {
    guard entry == .initialState else { return embeddingSize }
    return layerCount * (cell.hasCellState ? 2 : 1) * hiddenSize
  }

  /// The width of what the readout reads: states, contexts of the attention, and tokens.
  fileprivate func readoutInputSize(memorySize: Int) -> Int {
    hiddenSize + (attention == nil ? 0 : memorySize) + (feedsTokens ? embeddingSize : 0)
  }
}
