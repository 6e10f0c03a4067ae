internal import SentiRNN
public import SentiTensor

extension SentimentNetwork {
  /// The number of time steps that are computed at once when a text is read.
  ///
  /// Memory for states is bounded by this, whatever a text's length; the result does not depend on
  /// it.
  static let chunkLength = 256

  /// The scratch memory of scoring, one for each thread.
  public struct ScoringWorkspace<Scalar: MatrixScalar>: Sendable {
    var streams: [StackWorkspace<Scalar>]
    var poolings: [TemporalPooling<Scalar>]
    var rows: Matrix<Scalar>

    /// Creates empty scratch memory.
    ///
    /// - Parameter network: The net that it is for.
    public init(_ network: SentimentNetwork) {
      let (encoder, configuration) = (network.encoder, network.configuration)
      let directions = encoder.layers[0].indices
      streams =
        encoder.canStream
        ? directions.map { StackWorkspace(encoder.stream($0)) } : [StackWorkspace(encoder)]
      poolings = directions.map { _ in
        TemporalPooling(hiddenSize: configuration.hiddenSize, kinds: configuration.pooling)
      }
      rows = Matrix(rowCount: 0, columnCount: configuration.embeddingSize)
    }
  }

  /// The logits of each class for a batch of texts; a text's are the same bits in any batch.
  ///
  /// - Parameters:
  ///   - texts: The token ids of each text; a text of no tokens is scored from zero states.
  ///   - wordVectors: Where the words' vectors are.
  ///   - weights: The packed parameters.
  ///   - frequentWords: What all threads make of frequent words together, with these word vectors and
  ///     weights; nil: every batch for itself.
  ///   - workspace: Scratch.
  /// - Returns: Logits in the order of the texts, `[B, C]`.
  /// - Complexity: O(tokens); memory O(B · ``chunkLength``) where the encoder can stream.
  public func logits<Scalar: MatrixScalar>(
    _ texts: [[Int32]], wordVectors: WordVectors<Scalar>, weights: Weights<Scalar>,
    frequentWords: FrequentWords<Scalar>? = nil, workspace: inout ScoringWorkspace<Scalar>
  ) -> Matrix<Scalar> {
    let sequences = PackedSequences(lengths: texts.map(\.count))
    let packed = sequences.order.map { texts[$0] }
    let caches = frequentWords?.caches(reading: sequences.tokenCount, self, wordVectors, weights)
    for index in workspace.poolings.indices {
      workspace.poolings[index].start(batchSize: packed.count)
    }
    if encoder.canStream {
      for direction in workspace.streams.indices {
        let stream = stream(
          direction, wordVectors, weights: weights, cache: caches?[direction])
        read(packed, by: stream, &workspace)
      }
    } else {
      let whole = SentimentStream(
        encoder, direction: 0, wordVectors: wordVectors, weights: weights.encoder,
        cache: caches?[0])
      readWhole(packed, by: whole, &workspace)
    }
    let logits = output.forward(features(workspace.poolings), weights.output)
    return logits.unpacked(sequences)
  }

  /// The logits of each class for a batch of texts, from parameters in memory.
  ///
  /// - Parameters:
  ///   - texts: The token ids of each text.
  ///   - parameters: The parameters.
  ///   - weights: The packed parameters.
  ///   - workspace: Scratch.
  /// - Returns: Logits in the order of the texts, `[B, C]`.
  public func logits<Scalar: MatrixScalar>(
    _ texts: [[Int32]], parameters: Parameters<Scalar>, weights: Weights<Scalar>,
    workspace: inout ScoringWorkspace<Scalar>
  ) -> Matrix<Scalar> {
    logits(
      texts, wordVectors: .parameters(embedding, parameters), weights: weights,
      workspace: &workspace)
  }

  /// One direction of the encoder as scoring runs it.
  func stream<Scalar: MatrixScalar>(
    _ direction: Int, _ wordVectors: WordVectors<Scalar>, weights: Weights<Scalar>,
    cache: CachedProjection<Scalar>? = nil
  ) -> SentimentStream<Scalar> {
    SentimentStream(
      encoder.stream(direction), direction: direction, wordVectors: wordVectors,
      weights: weights.encoder.direction(direction), cache: cache)
  }

  /// Reads texts in one direction, chunk by chunk, with carried states.
  private func read<Scalar: MatrixScalar>(
    _ texts: [[Int32]], by stream: SentimentStream<Scalar>,
    _ workspace: inout ScoringWorkspace<Scalar>
  ) {
    var state = stream.zeroState(batchSize: texts.count)
    for start in stride(from: 0, to: texts.first?.count ?? 0, by: Self.chunkLength) {
      let chunks = texts.prefix { $0.count > start }.map {
        $0.chunk(from: start, count: Self.chunkLength, isReversed: stream.direction == 1)
      }
      stream.advance(&state, by: chunks, &workspace)
    }
  }

  /// Reads texts at once, for stacks whose layers need both directions of the layer below.
  private func readWhole<Scalar: MatrixScalar>(
    _ texts: [[Int32]], by whole: SentimentStream<Scalar>,
    _ workspace: inout ScoringWorkspace<Scalar>
  ) {
    let batch = PackedBatch(texts)
    whole.forward(batch, from: nil, rows: &workspace.rows, &workspace.streams[0])
    let top = workspace.streams[0].layers.count - 1
    for direction in workspace.poolings.indices {
      workspace.poolings[direction].add(
        workspace.streams[0].layers[top][direction].hidden, batch.sequences)
    }
  }
}

/// One direction of an encoder as scoring runs it, or the whole of one that cannot be streamed.
struct SentimentStream<Scalar: MatrixScalar>: Sendable {
  /// The direction, 0 or 1.
  let direction: Int

  private let stack: RecurrentStack
  private let wordVectors: WordVectors<Scalar>
  private let weights: StackWeights<Scalar>
  /// What was made of frequent words before.
  private let cache: CachedProjection<Scalar>?

  init(
    _ stack: RecurrentStack, direction: Int, wordVectors: WordVectors<Scalar>,
    weights: StackWeights<Scalar>, cache: CachedProjection<Scalar>?
  ) {
    self.stack = stack
    self.direction = direction
    self.wordVectors = wordVectors
    self.weights = weights
    self.cache = cache
  }

  /// The state before the first word.
  func zeroState(batchSize: Int) -> StackState<Scalar> { stack.zeroState(batchSize: batchSize) }

  /// Reads one chunk of each text that is not at its end; these are the first ones.
  func advance(
    _ state: inout StackState<Scalar>, by chunks: [[Int32]],
    _ workspace: inout SentimentNetwork.ScoringWorkspace<Scalar>
  ) {
    let batch = PackedBatch(chunks)
    forward(
      batch, from: state.prefix(chunks.count), rows: &workspace.rows,
      &workspace.streams[direction])
    state = workspace.streams[direction].finalState(batch.sequences)
    let top = workspace.streams[direction].layers.count - 1
    workspace.poolings[direction].add(
      workspace.streams[direction].layers[top][0].hidden, batch.sequences)
  }

  /// Looks up words, those of the cache there, and runs the layers over them.
  func forward(
    _ batch: PackedBatch, from state: StackState<Scalar>?, rows: inout Matrix<Scalar>,
    _ workspace: inout StackWorkspace<Scalar>
  ) {
    let words = batch.unique(
      vocabularySize: wordVectors.vocabularySize, cachedCount: cache?.count ?? 0)
    wordVectors.gather(words.values, into: &rows)
    let input =
      cache.map { StackInput(rows, indices: words.inverse, behind: $0) }
      ?? StackInput(rows, indices: words.inverse)
    stack.forward(
      input, over: batch.sequences, from: state, weights: weights, mode: .inference,
      workspace: &workspace)
  }
}

extension [Int32] {
  /// A piece of a sequence, counted and read from its end where it is reversed.
  fileprivate func chunk(from start: Int, count: Int, isReversed: Bool) -> [Int32] {
    let end = Swift.min(self.count, start + count)
    guard isReversed else { return Array(self[start..<end]) }
    return Array(self[self.count - end..<self.count - start].reversed())
  }
}
