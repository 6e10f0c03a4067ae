public import SentiRNN
public import SentiTensor

/// The shape of the net that reads what is to be translated.
public struct EncoderConfiguration: Hashable, Codable, Sendable {
  /// The number of token ids, V.
  public var vocabularySize: Int
  /// The width of a token's vector, E.
  public var embeddingSize = 256
  /// The recurrent cell.
  public var cell = CellConfiguration.gru
  /// The number of hidden units of each direction, H.
  public var hiddenSize = 256
  /// The number of recurrent layers, L.
  public var layerCount = 1
  /// Whether every layer also reads backwards.
  public var isBidirectional = true
  /// Whether the decoder's tokens have the same vectors, which needs one vocabulary for both.
  public var sharesEmbedding = false

  /// Creates the default shape for a vocabulary.
  ///
  /// - Parameter vocabularySize: The number of token ids, V.
  public init(vocabularySize: Int) { self.vocabularySize = vocabularySize }
}

/// The shape of a net that writes: of a vector that it is given, or of a text that it reads.
public struct GenerationConfiguration: Hashable, Codable, Sendable {
  /// The reading half; nil: the decoder is given vectors.
  public var encoder: EncoderConfiguration?
  /// The writing half.
  public var decoder: DecoderConfiguration

  /// Describes a net.
  ///
  /// - Parameters:
  ///   - encoder: The reading half; nil: the decoder is given vectors.
  ///   - decoder: The writing half.
  public init(encoder: EncoderConfiguration? = nil, decoder: DecoderConfiguration) {
    self.encoder = encoder
    self.decoder = decoder
  }
}

/// What a net writes of.
public enum GenerationSource: Hashable, Sendable {
  /// A vector of the decoder's width, such as an image's features.
  case vector([Float])
  /// The token ids of a text.
  case tokens([Int32])

  /// The number of real tokens.
  var tokenCount: Int {
    if case .tokens(let tokens) = self { tokens.count } else { 0 }
  }
}

/// A net that writes: a ``DecoderNetwork``, and for translations an encoder before it.
///
/// The encoder is the sentiment net's: word vectors and recurrent layers. Its final states, both
/// directions side by side, are the vector that the decoder speaks of; where there is attention, the
/// decoder also looks at the encoder's outputs.
public struct GenerationNetwork: Sendable {
  static let sourceEmbeddingPrefix = "source_embedding."
  static let encoderPrefix = EncoderPrefix.layers

  /// The net's shape.
  public let configuration: GenerationConfiguration

  /// Where the parameters are.
  public let layout: ParameterLayout

  /// The vectors of the encoder's tokens, and its layers; nil where there is no encoder.
  public let encoder: Encoder?

  /// The writing half.
  public let decoder: DecoderNetwork

  /// The reading half of a net.
  public struct Encoder: Sendable {
    /// The tokens' vectors.
    public let embedding: Embedding
    /// The recurrent layers.
    public let stack: RecurrentStack
  }

  /// Lays out a net.
  ///
  /// - Parameter configuration: The net's shape.
  /// - Precondition: The decoder's vector is as wide as the encoder's final states, and halves that
  ///   share vectors have one vocabulary and width.
  public init(_ configuration: GenerationConfiguration) {
    var layout = ParameterLayout()
    encoder = configuration.encoder.map { shape in
      let embedding = Embedding(
        vocabularySize: shape.vocabularySize, embeddingSize: shape.embeddingSize,
        prefix: shape.sharesEmbedding ? DecoderNetwork.embeddingPrefix : Self.sourceEmbeddingPrefix,
        layout: &layout)
      return Encoder(
        embedding: embedding,
        stack: RecurrentStack(
          StackConfiguration(
            shape.cell, inputSize: shape.embeddingSize, hiddenSize: shape.hiddenSize,
            layerCount: shape.layerCount, isBidirectional: shape.isBidirectional),
          prefix: Self.encoderPrefix, layout: &layout))
    }
    let decoder = configuration.decoder
    let shared = configuration.encoder?.sharesEmbedding == true ? encoder?.embedding : nil
    precondition(
      shared.map {
        $0.vocabularySize == decoder.vocabularySize && $0.embeddingSize == decoder.embeddingSize
      } ?? true,
      "shared vectors for \(decoder.vocabularySize) tokens of width \(decoder.embeddingSize)")
    precondition(
      encoder.map { $0.stack.outputSize == decoder.vectorSize } ?? (decoder.attention == nil),
      "a decoder of vectors of \(decoder.vectorSize) for an encoder of "
        + "\(encoder?.stack.outputSize ?? 0), attention: \(decoder.attention != nil)")
    self.decoder = DecoderNetwork(
      decoder, memorySize: encoder?.stack.outputSize ?? 0, embedding: shared, layout: &layout)
    self.configuration = configuration
    self.layout = layout
  }

  /// Fresh parameters.
  ///
  /// - Parameter seed: The seed of the initial weights.
  /// - Returns: Parameters that follow from the seed alone.
  public func initialParameters<Scalar: MatrixScalar>(seed: UInt64) -> Parameters<Scalar> {
    var parameters = Parameters<Scalar>(layout: layout)
    var generator = SeededGenerator(seed: seed)
    encoder?.embedding.initialize(&parameters, using: &generator)
    encoder?.stack.initialize(&parameters, using: &generator)
    decoder.initialize(&parameters, using: &generator)
    return parameters
  }

  /// The parameters in the kernels' order.
  public struct Weights<Scalar: MatrixScalar>: Sendable {
    var encoder: StackWeights<Scalar>?
    var decoder: DecoderNetwork.Weights<Scalar>
  }

  /// Packs the parameters.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - isForTraining: Whether gradients will be asked for.
  ///   - precision: How matrices are rounded, but for the entry's; full for training.
  /// - Returns: The packed parameters.
  public func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, isForTraining: Bool, precision: WeightPrecision = .full
  ) -> Weights<Scalar> {
    weights(parameters, isForTraining: isForTraining, precision: precision) {
      $0.weights(parameters, isForTraining: isForTraining, precision: precision)
    }
  }

  /// Packs the parameters for training, with some recurrent weights dropped.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - dropout: What is dropped of each recurrent matrix.
  ///   - generator: The source of randomness.
  /// - Returns: The packed parameters, made anew for each batch.
  public func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, weightDropout dropout: Dropout,
    using generator: inout SeededGenerator
  ) -> Weights<Scalar> {
    weights(parameters, isForTraining: true, precision: .full) {
      $0.weights(parameters, weightDropout: dropout, using: &generator)
    }
  }

  private func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, isForTraining: Bool, precision: WeightPrecision,
    recurrent: (RecurrentStack) -> StackWeights<Scalar>
  ) -> Weights<Scalar> {
    Weights(
      encoder: encoder.map { recurrent($0.stack) },
      decoder: decoder.weights(
        parameters, isForTraining: isForTraining, precision: precision, recurrent: recurrent))
  }
}

/// Forward and backward from what is written of to the vectors and rows that a decoder looks at.
struct SourcePass<Scalar: MatrixScalar>: Sendable {
  /// The vectors that the decoder speaks of, in the order of ``sequences``, `[B, C]`.
  private(set) var vectors: Matrix<Scalar>
  /// The lengths of the texts that were read; of length zero where vectors are given.
  private(set) var sequences = PackedSequences(lengths: [])

  private let network: GenerationNetwork
  private var stack: StackWorkspace<Scalar>?
  private var words = UniqueTokens([], vocabularySize: 0)
  private var rows: Matrix<Scalar>
  private var rowMask: Matrix<Scalar>?
  private var outputMask: Matrix<Scalar>?

  init(_ network: GenerationNetwork) {
    self.network = network
    stack = network.encoder.map { StackWorkspace($0.stack) }
    rows = Matrix(rowCount: 0, columnCount: network.encoder?.embedding.embeddingSize ?? 0)
    vectors = Matrix(rowCount: 0, columnCount: network.configuration.decoder.vectorSize)
  }

  /// The encoder's outputs for an attention, `[N, S]`, masked where something is dropped.
  func outputs() -> Matrix<Scalar>? {
    guard network.decoder.attention != nil, var outputs = stack?.outputs(sequences) else {
      return nil
    }
    Dropout.apply(outputMask, to: &outputs, rows: sequences.sequenceRows)
    return outputs
  }

  /// How sources are read.
  struct Mode {
    /// Whether ``backward`` will follow.
    var pass: PassMode
    /// What is dropped; nil: nothing.
    var dropout: DecoderDropout?
    /// The rate of word dropout, and the token that dropped words are read as; nil: none are.
    var wordDropout: (rate: Double, unknown: Int32)?

    /// The tokens that tokens are read as.
    func dropWords(_ ids: [Int32], using generator: inout SeededGenerator) -> [Int32] {
      guard let wordDropout else { return ids }
      return Dropout.wordDropout(
        ids, rate: wordDropout.rate, unknown: wordDropout.unknown, using: &generator)
    }
  }

  /// Takes vectors in, or reads texts.
  ///
  /// - Parameters:
  ///   - sources: Vectors or texts, as the net wants them.
  ///   - wordVectors: Where the vectors of the encoder's tokens are.
  ///   - weights: The encoder's packed parameters.
  ///   - mode: How the sources are read.
  ///   - generator: The source of randomness.
  mutating func forward(
    _ sources: [GenerationSource], _ wordVectors: WordVectors<Scalar>?,
    weights: StackWeights<Scalar>?, mode: Mode, using generator: inout SeededGenerator
  ) {
    guard let encoder = network.encoder, let wordVectors, let weights,
      var workspace = stack.take()
    else { return readVectors(sources) }
    let texts = sources.map { source in
      guard case .tokens(let tokens) = source else { preconditionFailure("a vector to translate") }
      return tokens
    }
    let batch = PackedBatch(texts)
    sequences = batch.sequences
    words = UniqueTokens(
      mode.dropWords(batch.ids, using: &generator),
      vocabularySize: encoder.embedding.vocabularySize)
    wordVectors.gather(words.values, into: &rows)
    (rowMask, outputMask, workspace.masks) = (nil, nil, [])
    if let dropout = mode.dropout {
      rowMask = dropout.embedding.drop(&rows, using: &generator)
      workspace.drawMasks(dropout.layers, batchSize: sources.count, using: &generator)
      outputMask = dropout.layers.lockedMask(
        batchSize: sources.count, width: encoder.stack.outputSize, using: &generator)
    }
    encoder.stack.forward(
      StackInput(rows, indices: words.inverse), over: sequences, weights: weights,
      mode: mode.pass, workspace: &workspace)
    let top = workspace.layers[workspace.layers.count - 1]
    vectors = Matrix(concatenating: top.map { $0.finalState(sequences).hidden })
    Dropout.apply(outputMask, to: &vectors)
    stack = workspace
  }

  private mutating func readVectors(_ sources: [GenerationSource]) {
    sequences = PackedSequences(lengths: sources.map(\.tokenCount))
    vectors.resize(rowCount: sources.count)
    for (row, source) in sources.enumerated() {
      guard case .vector(let values) = source else { preconditionFailure("a text to describe") }
      vectors.replaceRow(row, with: values.map { Scalar($0) })
    }
  }

  /// Propagates the gradients of vectors and outputs to the encoder's parameters.
  ///
  /// - Parameters:
  ///   - vectorGradient: The gradient of ``vectors``, `[B, C]`.
  ///   - outputGradient: The gradient of the outputs, `[N, S]`, where there is attention.
  ///   - weights: The encoder's packed parameters.
  ///   - gradients: Receives the parameters' gradients, added.
  mutating func backward(
    _ vectorGradient: Matrix<Scalar>, _ outputGradient: Matrix<Scalar>?,
    weights: StackWeights<Scalar>?, gradients: inout Parameters<Scalar>
  ) {
    guard let encoder = network.encoder, let weights, var workspace = stack.take() else { return }
    let kernels = Kernels<Scalar>.best
    var vectorGradient = vectorGradient
    Dropout.apply(outputMask, to: &vectorGradient)
    workspace.resetGradients()
    if var outputGradient {
      Dropout.apply(outputMask, to: &outputGradient, rows: sequences.sequenceRows)
      workspace.addOutputGradient(outputGradient, sequences)
    }
    let (top, size) = (workspace.layers.count - 1, encoder.stack.hiddenSize)
    let finals = (0..<sequences.batchSize).map { Int32(sequences.finalStateRow(of: $0)) }
    for direction in workspace.layers[top].indices {
      kernels.scatterAdd(
        vectorGradient.columns(direction * size..<(direction + 1) * size), to: finals,
        of: &workspace.layers[top][direction].hiddenGradient)
    }
    encoder.stack.backward(
      StackInput(rows, indices: words.inverse), over: sequences, weights: weights,
      gradients: &gradients, workspace: &workspace)
    var rowGradient = workspace.inputGradient
    Dropout.apply(rowMask, to: &rowGradient)
    encoder.embedding.backward(words.values, rowGradient, gradients: &gradients)
    stack = workspace
  }
}
