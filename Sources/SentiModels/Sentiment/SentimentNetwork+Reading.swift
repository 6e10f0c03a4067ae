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
    private let wordVectors: WordVectors<Float>
    private let weights: Weights<Float>
    private var workspace: ScoringWorkspace<Float>
    private var states: [[RecurrentState<Float>]]

    /// Starts before the first token.
    ///
    /// - Precondition: The net reads in one direction.
    init(
      _ network: SentimentNetwork, wordVectors: WordVectors<Float>, weights: Weights<Float>
    ) {
      precondition(network.readsForward, "a bidirectional net cannot read a text in pieces")
      self.network = network
      self.wordVectors = wordVectors
      self.weights = weights
      workspace = ScoringWorkspace(network)
      workspace.poolings[0].start(batchSize: 1)
      states = network.encoder.stream(0).zeroStates(batchSize: 1)
    }

    /// Reads the next tokens.
    mutating func read(_ tokens: ArraySlice<Int32>) {
      var rest = tokens
      while !rest.isEmpty {
        let chunk = Array(rest.prefix(SentimentNetwork.chunkLength))
        network.advance([chunk], 0, &states, wordVectors, weights, nil, &workspace)
        rest = rest.dropFirst(chunk.count)
      }
    }

    /// The logits of what has been read.
    func logits() -> [Float] {
      network.output.forward(network.features(workspace.poolings), weights.output).row(0)
    }
  }
}
