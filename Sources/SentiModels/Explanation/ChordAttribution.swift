internal import SentiRNN
internal import SentiTensor

/// Contributions that sum to the change of the log-odds exactly: integrated gradients in one step, in which
/// every operation of the net is integrated along a path of its own.
///
/// The texts of a batch are compared with one reference, as many unknown words as the longest has; forward,
/// all are rows of one batch, and backward it is the rule of chords, ``RecurrentStack/chordProducts(_:over:weights:workspace:)``.
/// No gradient of a weight is computed, and none goes back to the word vectors: what a word contributes is
/// the product of its gates' gradients and the change of their projection, which frequent words have ready.
///
/// - SeeAlso: <doc:Explanations>.
struct ChordAttribution<Scalar: MatrixScalar>: Sendable {
  /// The most texts of a batch: with the reference a whole number of the kernels' tiles.
  static var batchSize: Int { 15 }
  /// The number of time steps whose activations are kept at once: the same in all batches, for what comes back
  /// from one chunk to the one before is added in another order than within a chunk.
  static var chunkLength: Int { 512 }

  private let net: InputGradientNetwork<Scalar>
  private let unknownToken: Int32

  /// Prepares to explain.
  ///
  /// - Parameters:
  ///   - net: The net; ``explains(_:)`` it.
  ///   - unknownToken: The token of which the reference is made.
  init(_ net: InputGradientNetwork<Scalar>, unknownToken: Int32) {
    self.net = net
    self.unknownToken = unknownToken
  }

  /// Whether a net has chords: its layers are gated cells that do not normalize, and they can be streamed.
  static func explains(_ network: SentimentNetwork) -> Bool {
    network.encoder.canStream && network.encoder.stream(0).hasChords
  }

  /// Attributes the log-odds of classes to the tokens of texts.
  ///
  /// - Parameters:
  ///   - logOdds: The class of each text.
  ///   - texts: The texts; at best of about one length.
  /// - Returns: The contributions; those of unknown words are 0.
  /// - Complexity: Two forward passes and a backward pass; memory is that of some thousand tokens.
  func attributions(of logOdds: [LogOdds], to texts: [[Int32]]) -> [Attribution] {
    let reference = [Int32](repeating: unknownToken, count: texts.map(\.count).max() ?? 0)
    let sequences = PackedSequences(lengths: [reference.count] + texts.map(\.count))
    let packed = sequences.order.map { $0 == 0 ? reference : texts[$0 - 1] }
    var readers = net.encoder.layers[0].indices.map { direction in
      ChordReader(net, direction: direction, sequences)
    }
    for index in readers.indices { readers[index].forward(packed) }
    let pooled = net.network.configuration.pooling.flatMap { kind in
      readers.map { $0.pooling.features(kind) }
    }
    let own = logits(Matrix(concatenating: pooled.map(\.own)))
    let baseline = logits(Matrix(concatenating: pooled.map(\.reference)))
    // In packed order, the reference first, which is not asked for.
    let asked = sequences.order.map { $0 == 0 ? nil : logOdds[$0 - 1] }
    let gradient = featureGradient(asked, from: baseline, to: own)
    var contributions = packed.map { [Double](repeating: 0, count: $0.count) }
    for index in readers.indices {
      readers[index].backward(packed, gradient, to: &contributions)
    }
    return texts.indices.map { index in
      let row = Int(sequences.places[index + 1])
      return Attribution(
        contributions: contributions[row],
        difference: logOdds[index].value(own.row(row).map { Double($0) }),
        baseline: logOdds[index].value(baseline.row(row).map { Double($0) }), stepCount: 1)
    }
  }

  private func logits(_ features: Matrix<Scalar>) -> Matrix<Scalar> {
    net.output.forward(features, net.weights.output)
  }

  /// The mean gradient of the log-odds, between two rows of logits each, with respect to the features.
  private func featureGradient(
    _ logOdds: [LogOdds?], from baseline: Matrix<Scalar>, to own: Matrix<Scalar>
  ) -> Matrix<Scalar> {
    var elements: [Scalar] = []
    for (row, logOdds) in logOdds.enumerated() {
      let (first, last) = (baseline.row(row), own.row(row))
      let mean = logOdds?.meanGradient(from: first.map { Double($0) }, to: last.map { Double($0) })
      elements += mean?.map { Scalar($0) } ?? [Scalar](repeating: 0, count: own.columnCount)
    }
    var frozen = net.frozenGradients
    let features = Matrix<Scalar>(rowCount: own.rowCount, columnCount: net.output.inputSize)
    return net.output.backward(
      Matrix(rowCount: own.rowCount, columnCount: own.columnCount, elements: elements),
      input: features, net.weights.output, gradients: &frozen)
  }
}

/// One direction of the encoder over a batch.
private struct ChordReader<Scalar: MatrixScalar> {
  let direction: Int
  private let net: InputGradientNetwork<Scalar>
  private let weights: StackWeights<Scalar>
  private let cache: CachedProjection<Scalar>?
  private var pass: CheckpointedBackpropagation<Scalar>
  private(set) var pooling: ChordPooling<Scalar>
  private var lastInput: StackInput<Scalar>?

  init(_ net: InputGradientNetwork<Scalar>, direction: Int, _ sequences: PackedSequences) {
    self.net = net
    self.direction = direction
    let configuration = net.network.configuration
    weights = net.weights.encoder.direction(direction)
    cache = net.cachedProjections(reading: sequences.tokenCount)?[direction]
    pass = CheckpointedBackpropagation(
      net.encoder.stream(direction), chunkLength: ChordAttribution<Scalar>.chunkLength,
      mode: .chords)
    pooling = ChordPooling(hiddenSize: configuration.hiddenSize, kinds: configuration.pooling)
    pooling.start(sequences)
    pass.start(sequences)
  }

  /// The places of a chunk's positions: the sequence and the token of each.
  private func places(_ chunk: TimeChunk, _ lengths: [Int]) -> [(sequence: Int, token: Int)] {
    zip(chunk.steps, chunk.sequences.stepSizes).flatMap { step, size in
      (0..<size).map { ($0, direction == 1 ? lengths[$0] - 1 - step : step) }
    }
  }

  private func input(_ texts: [[Int32]], _ chunk: TimeChunk) -> StackInput<Scalar> {
    let ids = places(chunk, texts.map(\.count)).map { texts[$0.sequence][$0.token] }
    let words = UniqueTokens(
      ids, vocabularySize: net.wordVectors.vocabularySize, cachedCount: cache?.count ?? 0)
    let rows = net.wordVectors.rows(words.values)
    guard let cache else { return StackInput(rows, indices: words.inverse) }
    return StackInput(rows, indices: words.inverse, behind: cache)
  }

  private var hidden: Matrix<Scalar> {
    pass.workspace.layers[net.encoder.layers.count - 1][0].hidden
  }

  mutating func forward(_ texts: [[Int32]]) {
    for (index, chunk) in pass.chunks.enumerated() {
      let input = input(texts, chunk)
      lastInput = input
      pass.forward(input, over: index, weights: weights)
      pooling.add(hidden, chunk)
    }
  }

  /// Adds what each token gives to the change of the features times their gradient, `[B, P·H·directions]`.
  mutating func backward(
    _ texts: [[Int32]], _ gradient: Matrix<Scalar>, to contributions: inout [[Double]]
  ) {
    for index in pass.chunks.indices where pass.chunks.count > 1 {
      pass.recompute(input(texts, pass.chunks[index]), over: index, weights: weights)
      pooling.addOthers(hidden, pass.chunks[index])
    }
    for (index, chunk) in pass.chunks.enumerated().reversed() {
      let input = lastInput ?? input(texts, chunk)
      lastInput = nil
      pass.recompute(input, over: index, weights: weights)
      if pass.chunks.count == 1 { pooling.addOthers(hidden, chunk) }
      addGradients(gradient, chunk)
      let products = pass.chordProducts(input, over: index, weights: weights)
      for (product, place) in zip(products, places(chunk, texts.map(\.count))) {
        contributions[place.sequence][place.token] += Double(product)
      }
    }
  }

  private mutating func addGradients(_ gradient: Matrix<Scalar>, _ chunk: TimeChunk) {
    let configuration = net.network.configuration
    let (width, directions) = (configuration.hiddenSize, net.encoder.layers[0].count)
    let top = net.encoder.layers.count - 1
    for (index, kind) in configuration.pooling.enumerated() {
      let column = (index * directions + direction) * width
      pooling.backward(
        kind, gradient.columns(column..<column + width), chunk,
        to: &pass.workspace.layers[top][0].hiddenGradient)
    }
  }
}
