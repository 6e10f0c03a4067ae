internal import SentiRNN
internal import SentiTensor

extension SentimentNetwork {
  /// Whether a text can be read token by token, and be judged at any place of it.
  ///
  /// A net that also reads backwards must know a text's end first.
  var readsForward: Bool { !encoder.isBidirectional }

  /// A text that is being read, in pieces of any sizes, in memory that does not grow with it.
  ///
  /// After the last piece the logits are those of the whole text, to the bit.
  struct Reading: Sendable {
    private let network: SentimentNetwork
    private let weights: Weights<Float>
    private let stream: SentimentStream<Float>
    private var workspace: ScoringWorkspace<Float>
    private var state: StackState<Float>

    /// Starts before the first token.
    ///
    /// - Precondition: The net reads in one direction.
    init(
      _ network: SentimentNetwork, wordVectors: WordVectors<Float>, weights: Weights<Float>
    ) {
      precondition(network.readsForward, "a bidirectional net cannot read a text in pieces")
      self.network = network
      self.weights = weights
      stream = network.stream(0, wordVectors, weights: weights)
      workspace = ScoringWorkspace(network)
      workspace.poolings[0].start(batchSize: 1)
      state = stream.zeroState(batchSize: 1)
    }

    /// Reads the next tokens.
    mutating func read(_ tokens: ArraySlice<Int32>) {
      var rest = tokens
      while !rest.isEmpty {
        let chunk = Array(rest.prefix(SentimentNetwork.chunkLength))
        stream.advance(&state, by: [chunk], &workspace)
        rest = rest.dropFirst(chunk.count)
      }
    }

    /// The logits of what has been read.
    func logits() -> [Float] {
      network.output.forward(network.features(workspace.poolings), weights.output).row(0)
    }
  }
}
