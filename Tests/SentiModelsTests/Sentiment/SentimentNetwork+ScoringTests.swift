import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

/// Law 1 for nets; and that reading in pieces is reading the whole.
@Suite("Sentiment net: scoring")
struct SentimentNetworkScoringTests {
  /// Around the length of a piece, 256.
  static let lengths = [0, 1, 255, 256, 257, 1000]

  /// A streamed net, one of both directions, and one that must read texts as a whole.
  static let shapes: [(CellConfiguration, Int, Bool)] = [
    (.gru, 1, false), (.lstm, 2, false), (.gru, 1, true), (.gru, 2, true),
  ]

  struct Scorer {
    let network: SentimentNetwork
    let parameters: Parameters<Float>
    let weights: SentimentNetwork.Weights<Float>
    let texts: [[Int32]]

    init(
      _ shape: (cell: CellConfiguration, layerCount: Int, isBidirectional: Bool),
      precision: WeightPrecision = .full
    ) {
      var configuration = SentimentConfiguration(vocabularySize: 50)
      configuration.classCount = 3
      configuration.embeddingSize = 5
      configuration.cell = shape.cell
      configuration.hiddenSize = 9
      configuration.layerCount = shape.layerCount
      configuration.isBidirectional = shape.isBidirectional
      network = SentimentNetwork(configuration)
      var generator = SeededGenerator(seed: 5)
      parameters = generator.parameters(network.layout, deviation: 0.4)
      weights = network.weights(parameters, isForTraining: false, precision: precision)
      texts = SentimentNetworkScoringTests.lengths.map { length in
        (0..<length).map { _ in Int32.random(in: 0..<50, using: &generator) }
      }
    }

    /// The bits of each text's logits, computed in one batch.
    func logits(_ chosen: [Int], _ frequentWords: FrequentWords<Float>? = nil) -> [[UInt32]] {
      var workspace = SentimentNetwork.ScoringWorkspace<Float>(network)
      let logits = network.logits(
        chosen.map { texts[$0] }, wordVectors: .parameters(network.embedding, parameters),
        weights: weights, frequentWords: frequentWords, workspace: &workspace)
      return chosen.indices.map { bits(logits.row($0)) }
    }
  }

  @Test(arguments: shapes, WeightPrecision.allCases)
  func aTextHasTheSameBitsInAnyBatch(
    _ shape: (cell: CellConfiguration, layerCount: Int, isBidirectional: Bool),
    _ precision: WeightPrecision
  ) {
    let scorer = Scorer(shape, precision: precision)
    let all = Array(0..<6)
    let expected = scorer.logits(all)
    #expect(Set(expected).count == 6)
    for text in all { #expect(scorer.logits([text]) == [expected[text]]) }
    #expect(scorer.logits(all.reversed()) == expected.reversed())
    #expect(scorer.logits([4, 1, 4, 0]) == [4, 1, 4, 0].map { expected[$0] })
    let many = (0..<13).map { [1, 2, 0, 3][$0 % 4] }
    #expect(scorer.logits(many) == many.map { expected[$0] })
  }

  /// Some words in the table, and all: before it is made, in the batch that makes it, and afterwards.
  @Test(arguments: shapes, WeightPrecision.allCases)
  func frequentWordsChangeNoBit(
    _ shape: (cell: CellConfiguration, layerCount: Int, isBidirectional: Bool),
    _ precision: WeightPrecision
  ) {
    let scorer = Scorer(shape, precision: precision)
    let all = Array(0..<6)
    let expected = scorer.logits(all)
    let width = (shape.cell == .gru ? 27 : 36) * (shape.isBidirectional ? 2 : 1)
    for count in [1, 20, 50] {
      let words = FrequentWords<Float>(scorer.network, mostElements: count * width + width - 1)
      #expect(words.count == count)
      for batch in [[0], [1], all, [3], all.reversed()] {
        #expect(scorer.logits(batch, words) == batch.map { expected[$0] })
      }
    }
    let none = FrequentWords<Float>(scorer.network, mostElements: width - 1)
    #expect(none.count == 0)
    #expect(scorer.logits(all, none) == expected)
    #expect(FrequentWords<Float>(scorer.network).count == 50)
  }

  /// The table is read: words that are elsewhere later have the answers of before.
  @Test func frequentWordsAreProjectedOnce() {
    let scorer = Scorer((.gru, 1, false))
    let words = FrequentWords<Float>(scorer.network)
    let expected = scorer.logits([5], words)
    var workspace = SentimentNetwork.ScoringWorkspace<Float>(scorer.network)
    let others = Parameters<Float>(layout: scorer.network.layout)
    let logits = scorer.network.logits(
      [scorer.texts[5]], wordVectors: .parameters(scorer.network.embedding, others),
      weights: scorer.weights, frequentWords: words, workspace: &workspace)
    #expect([bits(logits.row(0))] == expected)
  }

  @Test(arguments: shapes)
  func aUsedWorkspaceGivesTheSameBits(
    _ cell: CellConfiguration, _ layerCount: Int, _ isBidirectional: Bool
  ) {
    let scorer = Scorer((cell, layerCount, isBidirectional))
    var workspace = SentimentNetwork.ScoringWorkspace<Float>(scorer.network)
    for text in [5, 0, 4, 1] {
      let logits = scorer.network.logits(
        [scorer.texts[text]], parameters: scorer.parameters, weights: scorer.weights,
        workspace: &workspace)
      #expect([bits(logits.row(0))] == scorer.logits([text]))
    }
  }

  /// The encoder and the pooling on whole texts at once, without pieces.
  @Test(arguments: shapes)
  func piecesAreTheWhole(_ cell: CellConfiguration, _ layerCount: Int, _ isBidirectional: Bool) {
    let scorer = Scorer((cell, layerCount, isBidirectional))
    let (network, parameters) = (scorer.network, scorer.parameters)
    let sequences = PackedSequences(lengths: Self.lengths)
    let tokens = UniqueTokens(sequences.packed(scorer.texts), vocabularySize: 50)
    var rows = Matrix<Float>(rowCount: 0, columnCount: 5)
    network.embedding.forward(tokens.values, parameters, into: &rows)
    var workspace = StackWorkspace<Float>(network.encoder)
    network.encoder.forward(
      StackInput(rows, indices: tokens.inverse), over: sequences,
      weights: network.encoder.weights(parameters, isForTraining: false), mode: .inference,
      workspace: &workspace)
    let poolings = (workspace.layers.last ?? []).map { direction in
      var pooling = TemporalPooling<Float>(hiddenSize: 9)
      pooling.start(batchSize: 6)
      pooling.add(direction.hidden, sequences)
      return pooling
    }
    let features = Matrix(
      concatenating: Pooling.allCases.flatMap { kind in poolings.map { $0.features(kind) } })
    let logits = network.output.forward(features, network.output.weights(parameters))
      .unpacked(sequences)
    #expect((0..<6).map { bits(logits.row($0)) } == scorer.logits(Array(0..<6)))
  }

  @Test(arguments: shapes)
  func wordVectorsInAFileAreThoseInMemory(
    _ cell: CellConfiguration, _ layerCount: Int, _ isBidirectional: Bool
  ) throws {
    let scorer = Scorer((cell, layerCount, isBidirectional))
    let (folder, slot) = (try TemporaryFolder(), scorer.network.embedding.weights)
    var writer = SafetensorsWriter(formatVersion: 1)
    writer.append(scorer.parameters[slot], named: slot.name, shape: slot.shape)
    try writer.write(to: folder.path("vectors"))
    let archive = try SafetensorsArchive(contentsOf: folder.path("vectors"))
    var workspace = SentimentNetwork.ScoringWorkspace<Float>(scorer.network)
    func logits(_ vectors: WordVectors<Float>) -> [UInt32] {
      let logits = scorer.network.logits(
        scorer.texts, wordVectors: vectors, weights: scorer.weights, workspace: &workspace)
      return bits(logits)
    }
    let inMemory = logits(.parameters(scorer.network.embedding, scorer.parameters))
    #expect(logits(.archived(try archive.matrix(named: slot.name, shape: slot.shape))) == inMemory)
    #expect(inMemory == Array(scorer.logits(Array(0..<6)).joined()))
  }

  @Test func noTextsHaveNoLogits() {
    let scorer = Scorer((.gru, 1, false))
    #expect(scorer.logits([]).isEmpty)
  }

  @Test func stopsAtTokensOutsideOfTheVocabulary() async {
    await #expect(processExitsWith: .failure) {
      let scorer = Scorer((.gru, 1, false))
      var workspace = SentimentNetwork.ScoringWorkspace<Float>(scorer.network)
      _ = scorer.network.logits(
        [[50]], parameters: scorer.parameters, weights: scorer.weights, workspace: &workspace)
    }
  }
}
