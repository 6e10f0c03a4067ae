import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Attribution by chords")
struct ChordAttributionTests {
  typealias Tests = IntegratedGradientsTests

  static let configurations = [
    SentimentNetworkTests.configuration(.gru),
    SentimentNetworkTests.configuration(.gru, isBidirectional: true),
    SentimentNetworkTests.configuration(.gru, layerCount: 2, pooling: [.max]),
    SentimentNetworkTests.configuration(.lstm, pooling: [.mean, .last]),
    SentimentNetworkTests.configuration(.lstm(hasPeepholes: true)),
  ]

  static func chords(_ configuration: SentimentConfiguration) -> ChordAttribution<Double> {
    let problem = InputGradientNetworkTests.Problem(configuration, batchSize: 1, tokenCount: 1)
    return ChordAttribution(problem.net, unknownToken: 1)
  }

  static func attributions(
    _ configuration: SentimentConfiguration, _ texts: [[Int32]]
  ) -> [Attribution] {
    chords(configuration).attributions(of: texts.map { _ in Tests.logOdds }, to: texts)
  }

  /// The last text is longer than what is kept at once.
  @Test(arguments: configurations)
  func contributionsSumToTheDifferenceExactly(_ configuration: SentimentConfiguration) {
    let long = (0..<2600).map { Int32($0 * 5 % 7) }
    let texts: [[Int32]] = [[3, 6, 2, 4, 4, 5, 0, 1, 2], [], [1, 1], [5], long]
    #expect(ChordAttribution<Double>.chunkLength < long.count)
    for (tokens, found) in zip(texts, Self.attributions(configuration, texts)) {
      #expect(found.difference == Tests.value(configuration, tokens))
      let baseline = Tests.value(configuration, tokens.map { _ in 1 })
      #expect(abs(found.baseline - baseline) < 1e-12)
      #expect(abs(found.gap) < 1e-7 && found.contributions.count == tokens.count)
      for (token, value) in zip(tokens, found.contributions) where token == 1 {
        #expect(value == 0)
      }
      #expect(found.stepCount == 1)
    }
  }

  /// Alone and among others, also where it is longer than what is kept at once.
  @Test(arguments: configurations)
  func aTextHasTheSameBitsInAnyBatch(_ configuration: SentimentConfiguration) {
    let texts = (0..<20).map { seed in
      (0..<(seed == 9 ? 1100 : 3 * seed)).map { Int32(($0 * 5 + seed) % 7) }
    }
    let together = Self.attributions(configuration, texts)
    for (text, found) in zip(texts, together) {
      #expect(Self.attributions(configuration, [text]) == [found])
    }
  }

  /// Where the words are near the unknown word, chords are tangents.
  @Test(arguments: configurations)
  func ofSmallChangesItIsTheGradient(_ configuration: SentimentConfiguration) {
    let problem = InputGradientNetworkTests.Problem(configuration, batchSize: 1, tokenCount: 1)
    let embedding = problem.network.embedding.weights
    var near = problem.parameters
    let width = configuration.embeddingSize
    let unknown = Array(near[embedding][width..<2 * width])
    near[embedding] = near[embedding].enumerated().map { index, value in
      unknown[index % width] + 1e-3 * (value - unknown[index % width])
    }
    let parameters = near
    let net = InputGradientNetwork<Double>(
      problem.network, wordVectors: .parameters(problem.network.embedding, parameters)
    ) { layout in
      Parameters(layout: layout) { slot in
        parameters.layout.slot(named: slot.name).map { parameters[$0] } ?? []
      }
    }
    let tokens: [Int32] = [3, 6, 2, 4, 4, 5, 0, 1, 2]
    let chords = ChordAttribution(net, unknownToken: 1)
      .attributions(of: [Tests.logOdds], to: [tokens])[0]
    let integral = IntegratedGradients(net, unknownToken: 1)
      .attribution(of: Tests.logOdds, to: tokens)
    let largest = integral.contributions.map(\.magnitude).max() ?? 0
    for (chord, other) in zip(chords.contributions, integral.contributions) {
      #expect(abs(chord - other) < 0.02 * largest)
    }
  }

  @Test func netsWithoutChordsAreLeftToTheIntegral() {
    for configuration in Self.configurations {
      #expect(ChordAttribution<Float>.explains(SentimentNetwork(configuration)))
    }
    let others = [
      SentimentNetworkTests.configuration(.rnn),
      SentimentNetworkTests.configuration(.gru(isNormalized: true)),
      SentimentNetworkTests.configuration(.gru(resetPlacement: .beforeProduct)),
      SentimentNetworkTests.configuration(.lstm, layerCount: 2, isBidirectional: true),
    ]
    for configuration in others {
      #expect(!ChordAttribution<Float>.explains(SentimentNetwork(configuration)))
    }
    #expect(ChordAttribution<Float>.batchSize == 15)
  }
}
