import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Sentiment net")
struct SentimentNetworkTests {
  /// No two sizes equal.
  static func configuration(
    _ cell: CellConfiguration = .gru, layerCount: Int = 1, isBidirectional: Bool = false,
    pooling: [Pooling] = [.last, .max, .mean]
  ) -> SentimentConfiguration {
    var configuration = SentimentConfiguration(vocabularySize: 7)
    configuration.classCount = 3
    configuration.embeddingSize = 5
    configuration.cell = cell
    configuration.hiddenSize = 4
    configuration.layerCount = layerCount
    configuration.isBidirectional = isBidirectional
    configuration.pooling = pooling
    return configuration
  }

  @Test func defaultsAreThoseOfTheDocumentation() {
    let configuration = SentimentConfiguration(vocabularySize: 9)
    #expect(configuration.vocabularySize == 9)
    #expect(configuration.classCount == 2)
    #expect(configuration.embeddingSize == 128)
    #expect(configuration.cell == .gru)
    #expect(configuration.hiddenSize == 256)
    #expect(configuration.layerCount == 1)
    #expect(!configuration.isBidirectional)
    #expect(configuration.pooling == [.last, .max, .mean])
  }

  @Test func laysOutItsParts() {
    let network = SentimentNetwork(Self.configuration(.lstm, isBidirectional: true))
    #expect(network.layout.slot(named: "embedding.weight")?.shape == [7, 5])
    #expect(network.layout.slot(named: "encoder.weight_ih_l0")?.shape == [16, 5])
    #expect(network.layout.slot(named: "encoder.bias_hh_l0_reverse")?.shape == [16])
    #expect(network.layout.slot(named: "output.weight")?.shape == [3, 24])
    #expect(network.layout.slots.count == 1 + 8 + 2)
    #expect(network.embedding.vocabularySize == 7)
    #expect(network.encoder.outputSize == 8)
    #expect(network.output.outputSize == 3)
    #expect(network.configuration == Self.configuration(.lstm, isBidirectional: true))
  }

  @Test func theSameSeedGivesTheSameWeights() {
    let network = SentimentNetwork(Self.configuration())
    let one: Parameters<Float> = network.initialParameters(seed: 1)
    let same: Parameters<Float> = network.initialParameters(seed: 1)
    let other: Parameters<Float> = network.initialParameters(seed: 2)
    #expect(bits(one.values) == bits(same.values))
    #expect(one.values != other.values)
  }

  @Test func stopsWithoutPooling() async {
    await #expect(processExitsWith: .failure) {
      _ = SentimentNetwork(SentimentNetworkTests.configuration(pooling: []))
    }
  }
}
