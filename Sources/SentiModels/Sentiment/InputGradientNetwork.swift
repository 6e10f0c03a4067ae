internal import SentiRNN
internal import SentiTensor

/// A sentiment net in full precision whose logits have gradients with respect to its inputs, and whose
/// parameters are frozen.
///
/// Of rounded weights and word vectors it takes what they stand for; states are not rounded.
struct InputGradientNetwork<Scalar: MatrixScalar>: Sendable {
  let network: SentimentNetwork
  let wordVectors: WordVectors<Scalar>
  /// The layers, laid out without the word vectors, so that no gradient has room for these.
  let encoder: RecurrentStack
  let output: Dense
  let weights: SentimentNetwork.Weights<Scalar>
  /// Gradients of parameters, none of which is ever written.
  let frozenGradients: Parameters<Scalar>
  private let frequentWords: FrequentWords<Scalar>

  /// Packs the layers' parameters.
  ///
  /// - Parameters:
  ///   - network: The net.
  ///   - wordVectors: Where its words' vectors are.
  ///   - loadParameters: Loads the parameters of a layout by their names.
  init(
    _ network: SentimentNetwork, wordVectors: WordVectors<Scalar>,
    loadParameters: (ParameterLayout) -> Parameters<Scalar>
  ) {
    var layout = ParameterLayout()
    (encoder, output) = SentimentNetwork.layers(network.configuration, layout: &layout)
    let parameters = loadParameters(layout)
    self.network = network
    self.wordVectors = wordVectors
    weights = SentimentNetwork.Weights(
      encoder: encoder.weights(parameters, isForTraining: true),
      output: output.weights(parameters))
    var gradients = Parameters<Scalar>(layout: layout)
    gradients.setToZero(freezing: layout.slots.map { _ in true })
    frozenGradients = gradients
    frequentWords = FrequentWords(network)
  }

  /// What frequent words are projected to, once as many tokens were read as there are of them.
  ///
  /// - Parameter tokenCount: How many tokens are read now.
  /// - Returns: A cache for each direction; nil: they are not there yet.
  func cachedProjections(reading tokenCount: Int) -> [CachedProjection<Scalar>]? {
    frequentWords.caches(reading: tokenCount, network, wordVectors, weights)
  }
}

/// Forward and backward for texts of one length, in the memory of one chunk of them.
///
/// An encoder whose layers need both directions of the layer below reads texts at once; its memory grows
/// with them, as in scoring.
struct InputGradientPass<Scalar: MatrixScalar>: Sendable {
  private let net: InputGradientNetwork<Scalar>
  private var readers: [Reader]
  private var poolings: [TemporalPooling<Scalar>]
  private var gradients: Parameters<Scalar>

  /// One direction of the encoder, or all of one that cannot be streamed.
  private struct Reader {
    /// The directions of the encoder that it reads in.
    let directions: Range<Int>
    let weights: StackWeights<Scalar>
    var pass: CheckpointedBackpropagation<Scalar>
    var lastInput: StackInput<Scalar>?

    /// The places of a chunk's tokens in the text, as they are read.
    func positions(_ chunk: TimeChunk, tokenCount: Int) -> [Int] {
      directions == 1..<2 ? chunk.steps.map { tokenCount - 1 - $0 } : Array(chunk.steps)
    }
  }

  /// Makes empty memory.
  init(_ net: InputGradientNetwork<Scalar>) {
    self.net = net
    let (encoder, configuration) = (net.encoder, net.network.configuration)
    let directions = encoder.layers[0].indices
    if encoder.canStream {
      readers = directions.map { direction in
        Reader(
          directions: direction..<direction + 1,
          weights: net.weights.encoder.direction(direction),
          pass: CheckpointedBackpropagation(
            encoder.stream(direction), chunkLength: SentimentNetwork.chunkLength))
      }
    } else {
      let whole = CheckpointedBackpropagation<Scalar>(encoder, chunkLength: .max)
      readers = [Reader(directions: directions, weights: net.weights.encoder, pass: whole)]
    }
    poolings = directions.map { _ in
      TemporalPooling(hiddenSize: configuration.hiddenSize, kinds: configuration.pooling)
    }
    gradients = net.frozenGradients
  }

  /// Runs texts, and propagates the gradient of their logits to their inputs.
  ///
  /// - Parameters:
  ///   - batchSize: The number of texts, B.
  ///   - tokenCount: The number of tokens of each text.
  ///   - inputs: Gives the inputs at places of the texts: for each place a row for each text, `[n·B, E]`.
  ///   - logitsGradient: Takes the logits, `[B, C]`, and gives their gradient.
  ///   - inputGradient: Takes the gradient at places of the texts, laid out as the inputs, once for each
  ///     reader of them.
  mutating func run(
    batchSize: Int, tokenCount: Int, inputs: ([Int]) -> Matrix<Scalar>,
    logitsGradient: (Matrix<Scalar>) -> Matrix<Scalar>,
    inputGradient: ([Int], Matrix<Scalar>) -> Void
  ) {
    let sequences = PackedSequences(lengths: [Int](repeating: tokenCount, count: batchSize))
    for index in poolings.indices { poolings[index].start(batchSize: batchSize) }
    for index in readers.indices {
      readers[index].pass.start(sequences)
      for chunk in readers[index].pass.chunks.indices {
        forward(index, chunk: chunk, tokenCount: tokenCount, inputs: inputs)
      }
    }
    let features = net.network.features(poolings)
    let featureGradient = net.output.backward(
      logitsGradient(net.output.forward(features, net.weights.output)), input: features,
      net.weights.output, gradients: &gradients)
    for index in readers.indices {
      for chunk in readers[index].pass.chunks.indices.reversed() {
        let positions = backward(
          index, chunk: chunk, tokenCount: tokenCount, featureGradient, inputs: inputs)
        inputGradient(positions, readers[index].pass.workspace.inputGradient)
      }
    }
  }

  /// Computes a chunk, and pools its states.
  private mutating func forward(
    _ index: Int, chunk chunkIndex: Int, tokenCount: Int, inputs: ([Int]) -> Matrix<Scalar>
  ) {
    let (chunk, weights) = (readers[index].pass.chunks[chunkIndex], readers[index].weights)
    let input = StackInput(inputs(readers[index].positions(chunk, tokenCount: tokenCount)))
    readers[index].lastInput = input
    readers[index].pass.forward(input, over: chunkIndex, weights: weights)
    let top = net.encoder.layers.count - 1
    for (local, direction) in readers[index].directions.enumerated() {
      poolings[direction].add(
        readers[index].pass.workspace.layers[top][local].hidden, chunk.sequences)
    }
  }

  /// The backward pass of a chunk; gives the places of its tokens.
  private mutating func backward(
    _ index: Int, chunk chunkIndex: Int, tokenCount: Int, _ featureGradient: Matrix<Scalar>,
    inputs: ([Int]) -> Matrix<Scalar>
  ) -> [Int] {
    let (chunk, weights) = (readers[index].pass.chunks[chunkIndex], readers[index].weights)
    let positions = readers[index].positions(chunk, tokenCount: tokenCount)
    // The last chunk comes first, and its input is still there.
    let input = readers[index].lastInput ?? StackInput(inputs(positions))
    readers[index].lastInput = nil
    readers[index].pass.recompute(input, over: chunkIndex, weights: weights)
    let top = net.encoder.layers.count - 1
    for (local, direction) in readers[index].directions.enumerated() {
      net.network.poolBackward(
        featureGradient, direction: direction, poolings[direction], over: chunk.sequences,
        piece: chunkIndex,
        to: &readers[index].pass.workspace.layers[top][local].hiddenGradient)
    }
    readers[index].pass.backward(
      input, over: chunkIndex, weights: weights, gradients: &gradients)
    return positions
  }
}
