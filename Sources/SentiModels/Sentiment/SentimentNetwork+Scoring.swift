public import SentiRNN
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
    let tables = frequentWords?.tables(reading: sequences.tokenCount, self, wordVectors, weights)
    for index in workspace.poolings.indices {
      workspace.poolings[index].start(batchSize: packed.count)
    }
    if encoder.canStream {
      for direction in workspace.streams.indices {
        read(packed, direction, wordVectors, weights, tables?[direction], &workspace)
      }
    } else {
      readWhole(packed, wordVectors, weights, tables?[0], &workspace)
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

  /// Reads texts in one direction, chunk by chunk, with carried states.
  private func read<Scalar: MatrixScalar>(
    _ texts: [[Int32]], _ direction: Int, _ wordVectors: WordVectors<Scalar>,
    _ weights: Weights<Scalar>, _ table: TabulatedInputs<Scalar>?,
    _ workspace: inout ScoringWorkspace<Scalar>
  ) {
    var states: [[RecurrentState<Scalar>]] =
      encoder.stream(direction).zeroStates(batchSize: texts.count)
    for start in stride(from: 0, to: texts.first?.count ?? 0, by: Self.chunkLength) {
      let chunks = texts.prefix { $0.count > start }.map {
        $0.chunk(from: start, count: Self.chunkLength, isReversed: direction == 1)
      }
      advance(chunks, direction, &states, wordVectors, weights, table, &workspace)
    }
  }

  /// Reads one chunk of each text that is not at its end; these are the first ones.
  func advance<Scalar: MatrixScalar>(
    _ chunks: [[Int32]], _ direction: Int, _ states: inout [[RecurrentState<Scalar>]],
    _ wordVectors: WordVectors<Scalar>, _ weights: Weights<Scalar>,
    _ table: TabulatedInputs<Scalar>?, _ workspace: inout ScoringWorkspace<Scalar>
  ) {
    let sequences = PackedSequences(lengths: chunks.map(\.count))
    run(
      encoder.stream(direction), sequences.packed(chunks), sequences,
      states.map { $0.map { $0.prefix(chunks.count) } }, wordVectors,
      weights.encoder.map { [$0[direction]] }, table, &workspace.rows,
      &workspace.streams[direction])
    let layers = workspace.streams[direction].layers
    states = layers.map { $0.map { $0.finalState(sequences) } }
    workspace.poolings[direction].add(layers[layers.count - 1][0].hidden, sequences)
  }

  /// Reads texts at once, for stacks whose layers need both directions of the layer below.
  private func readWhole<Scalar: MatrixScalar>(
    _ texts: [[Int32]], _ wordVectors: WordVectors<Scalar>, _ weights: Weights<Scalar>,
    _ table: TabulatedInputs<Scalar>?, _ workspace: inout ScoringWorkspace<Scalar>
  ) {
    let lengths = PackedSequences(lengths: texts.map(\.count))
    run(
      encoder, lengths.packed(texts), lengths, nil, wordVectors, weights.encoder, table,
      &workspace.rows, &workspace.streams[0])
    let top = workspace.streams[0].layers.count - 1
    for direction in workspace.poolings.indices {
      workspace.poolings[direction].add(
        workspace.streams[0].layers[top][direction].hidden, lengths)
    }
  }

  /// Looks up words, those of a table there, and runs layers over them.
  private func run<Scalar: MatrixScalar>(
    _ stack: RecurrentStack, _ ids: [Int32], _ sequences: PackedSequences,
    _ states: [[RecurrentState<Scalar>]]?, _ wordVectors: WordVectors<Scalar>,
    _ weights: [[RecurrentWeights<Scalar>]], _ table: TabulatedInputs<Scalar>?,
    _ rows: inout Matrix<Scalar>, _ workspace: inout StackWorkspace<Scalar>
  ) {
    let distinct = DistinctTokens(
      ids, vocabularySize: configuration.vocabularySize, tabulatedCount: table?.count ?? 0)
    wordVectors.gather(distinct.tokens, into: &rows)
    if let table {
      stack.forward(
        table, rows, inputRows: distinct.rows, sequences: sequences, initialStates: states,
        weights: weights, workspace: &workspace)
    } else {
      stack.forward(
        rows, inputRows: distinct.rows, sequences: sequences, initialStates: states,
        weights: weights, keepsActivations: false, workspace: &workspace)
    }
  }
}

/// Where the vectors of words are.
public enum WordVectors<Scalar: MatrixScalar>: Sendable {
  /// In a model's arena.
  case parameters(Embedding, Parameters<Scalar>)
  /// In a file, of which only the rows that are needed are read.
  case archived(ArchivedMatrix)

  /// Looks up words.
  ///
  /// - Parameters:
  ///   - tokens: Token ids.
  ///   - rows: Receives one vector a token, `[D, E]`.
  func gather(_ tokens: [Int32], into rows: inout Matrix<Scalar>) {
    switch self {
    case .parameters(let embedding, let parameters):
      embedding.forward(tokens, parameters, into: &rows)
    case .archived(let matrix): matrix.gather(tokens, into: &rows)
    }
  }

  /// The vectors of tokens, `[D, E]`.
  func rows(_ tokens: [Int32]) -> Matrix<Scalar> {
    var rows = Matrix<Scalar>(rowCount: 0, columnCount: width)
    gather(tokens, into: &rows)
    return rows
  }

  /// The width of a vector, E.
  private var width: Int {
    switch self {
    case .parameters(let embedding, _): embedding.embeddingSize
    case .archived(let matrix): matrix.columnCount
    }
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
