import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiModels

/// What the graphs compute, beside what the nets themselves compute: texts of unequal lengths in one
/// batch, an empty one among them, and anything behind their ends.
@Suite("ONNX numbers")
struct ONNXNumbersTests {
  /// Texts of the tokens of a vocabulary of 50.
  static let texts: [[Int32]] = [[7, 49, 3, 21, 8], [], [12], [5, 5, 30]]

  /// Token ids filled up with any, `[B, T]`, and the lengths, `[B]`.
  static func batch(_ texts: [[Int32]]) -> [String: ONNXTensor] {
    let width = texts.map(\.count).max() ?? 0
    let rows = texts.map { text in
      text.map(Double.init) + (text.count..<width).map { Double($0 + 4) }
    }
    return [
      "tokens": ONNXTensor([texts.count, width], rows.flatMap(\.self)),
      "lengths": ONNXTensor(texts.map(\.count)),
    ]
  }

  // MARK: Sentiment

  /// Every cell, in two layers and both directions, summed up by everything that there is.
  @Test(arguments: CellConfiguration.allCases)
  func aClassifiersNumbersAreItsOwn(_ cell: CellConfiguration) throws {
    var configuration = SentimentConfiguration(vocabularySize: 50)
    (configuration.embeddingSize, configuration.hiddenSize) = (5, 3)
    (configuration.layerCount, configuration.isBidirectional) = (2, true)
    (configuration.cell, configuration.pooling) = (cell, [.last, .max, .mean])
    let network = SentimentNetwork(configuration)
    var generator = SeededGenerator(seed: 8)
    let classifier = SentimentClassifier(
      labels: ["negative", "positive"], pipeline: try TestModels.pipeline(), network: network,
      parameters: generator.parameters(network.layout, deviation: 0.6), temperature: 1.25)
    let found = try ONNXEvaluator.run(ONNXFile(classifier.onnx()), Self.batch(Self.texts))
    let logits = try #require(found["logits"])
    let expected = classifier.logits(forTokens: Self.texts).flatMap(\.self)
    #expect(logits.shape == [4, 2])
    #expect(mismatch(logits.values, expected, absolute: 1e-5) == nil)
    let probabilities = try #require(found["probabilities"])
    let predictions = classifier.predictions(forTokens: Self.texts)
    #expect(
      mismatch(
        probabilities.values, predictions.flatMap { Array($0.probabilities) }, absolute: 1e-5)
        == nil)
  }

  /// Neither what lies behind a text's end nor what stands beside it changes its numbers.
  @Test(
    arguments: [CellConfiguration.gru, .lstm, .gru(isNormalized: true)],
    [Pooling.last, .max, .mean])
  func aTextHasTheSameNumbersAlone(_ cell: CellConfiguration, _ pooling: Pooling) throws {
    var configuration = SentimentConfiguration(vocabularySize: 50)
    (configuration.embeddingSize, configuration.hiddenSize) = (5, 3)
    (configuration.isBidirectional, configuration.cell) = (true, cell)
    configuration.pooling = [pooling]
    let network = SentimentNetwork(configuration)
    var generator = SeededGenerator(seed: 9)
    let classifier = SentimentClassifier(
      labels: ["negative", "positive"], pipeline: try TestModels.pipeline(), network: network,
      parameters: generator.parameters(network.layout, deviation: 0.6))
    let file = try ONNXFile(classifier.onnx())
    let together = try #require(try ONNXEvaluator.run(file, Self.batch(Self.texts))["logits"])
    for (index, text) in Self.texts.enumerated() where !text.isEmpty {
      let alone = try #require(try ONNXEvaluator.run(file, Self.batch([text]))["logits"])
      #expect(mismatch(together[index].values, alone.values, absolute: 1e-12) == nil)
    }
    let bias = classifier.parameters[network.output.bias]
    // Of no word there is nothing but the bias.
    #expect(mismatch(together[1].values, bias, absolute: 1e-12) == nil)
  }

  // MARK: Nets that write

  /// A net with weights by chance; what it writes of reads tokens up to those of its own vocabulary.
  private func model(
    _ texts: [GenerationText], _ change: (inout GenerationTrainingOptions) -> Void
  ) throws -> GenerationModel {
    var options = TestWriters.options()
    options.decoderLayerCount = 2
    change(&options)
    let untrained = try GenerationTraining(texts, validation: [], options: options)
      .model(storedAs: .float32)
    var generator = SeededGenerator(seed: 10)
    return GenerationModel(
      sourceCodec: untrained.sourceCodec, targetCodec: untrained.targetCodec,
      network: untrained.network,
      parameters: generator.parameters(untrained.network.layout, deviation: 0.5))
  }

  /// Writes the same tokens by both, and compares all that they say of each step.
  private func expectEqualNumbers(
    _ model: GenerationModel, _ sources: [GenerationSource], _ inputs: [String: ONNXTensor],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let files = try model.onnx()
    let (encoder, decoder) = (try ONNXFile(files.encoder), try ONNXFile(files.decoder))
    let encoded = try ONNXEvaluator.run(encoder, inputs)
    var states = try #require(encoded["states"])
    var reference = model.generator.initialState(sources)
    for token in [model.generator.startID, 5, 4, 7] {
      let tokens = [Int32](repeating: token, count: sources.count)
      let expected = model.generator.step(tokens, state: &reference)
      var values = ["tokens": ONNXTensor(tokens.map(Int.init)), "states": states]
      if let memory = encoded["memory"] {
        (values["memory"], values["lengths"]) = (memory, inputs["lengths"])
      }
      let found = try ONNXEvaluator.run(decoder, values)
      states = try #require(found["next_states"])
      let logarithms = try #require(found["log_probabilities"]).values
      #expect(
        mismatch(logarithms, expected.elements, absolute: 2e-5) == nil,
        sourceLocation: sourceLocation)
      guard let weights = found["attention"] else { continue }
      let looks = reference.attentionWeights
      for (row, source) in sources.enumerated() {
        let count = source.tokenCount
        #expect(
          mismatch(
            Array(weights[row].values.prefix(count)), Array(looks.row(row).prefix(count)),
            absolute: 1e-5) == nil, sourceLocation: sourceLocation)
        #expect(
          weights[row].values.dropFirst(count).allSatisfy { $0 == 0 },
          sourceLocation: sourceLocation)
      }
    }
  }

  @Test(
    arguments: [nil, AttentionKind.dot, .additive],
    [
      CellConfiguration.gru, .lstm, .rnn(isNormalized: true), .gru(isNormalized: true),
      .lstm(isNormalized: true),
    ])
  func aTranslatorsNumbersAreItsOwn(_ attention: AttentionKind?, _ cell: CellConfiguration) throws {
    let model = try model(TestWriters.numbers(20)) {
      ($0.attention, $0.cell, $0.encoderLayerCount) = (attention, cell, 2)
    }
    // The empty text is its end alone.
    let texts: [[Int32]] = [[4, 6, 5, 3], [3], [5, 3]]
    try expectEqualNumbers(model, texts.map { .tokens($0) }, Self.batch(texts))
  }

  @Test(arguments: VectorEntry.allCases, [CellConfiguration.gru, .lstm])
  func aCaptionersNumbersAreItsOwn(_ entry: VectorEntry, _ cell: CellConfiguration) throws {
    let model = try model(TestWriters.figures) { ($0.entry, $0.cell) = (entry, cell) }
    let vectors: [[Float]] = [[1, 0, -0.5, 2, 0.25], [0, 0, 0, 0, 0], [-1, 1, 1, 0.5, 3]]
    let input = ONNXTensor([3, 5], vectors.joined().map(Double.init))
    try expectEqualNumbers(model, vectors.map { .vector($0) }, ["vectors": input])
  }
}
