import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@testable import SentiModels

@Suite("Language model: gradients")
struct LanguageModelTaskTests {
  static let examples = [
    LanguageModelExample(tokens: [4, 5, 6, 5, 4, 7]), LanguageModelExample(tokens: [7, 5]),
    LanguageModelExample(tokens: []), LanguageModelExample(tokens: [6, 6, 4]),
  ]
  static let counts = [0, 2, 4, 4, 3, 3, 3, 2]

  static func network(_ cell: CellConfiguration, isBidirectional: Bool) -> LanguageModelNetwork {
    var configuration = LanguageModelConfiguration(vocabularySize: counts.count)
    configuration.embeddingSize = 3
    configuration.hiddenSize = 4
    configuration.cell = cell
    configuration.isBidirectional = isBidirectional
    return LanguageModelNetwork(configuration, counts: counts)
  }

  /// The loss and the gradient of all examples in double precision, with fixed draws.
  static func run(
    _ task: LanguageModelTask, _ parameters: Parameters<Double>, drops: Bool
  ) -> (EpochMetrics, Parameters<Double>) {
    var (generator, gradients) = (SeededGenerator(seed: 5), Parameters<Double>(layout: task.layout))
    let weights = task.network.weights(
      parameters, weightDropout: Dropout(rate: task.regularization.recurrentDropout),
      using: &generator)
    var tally = EpochMetrics()
    for direction in task.network.projections.indices {
      var pass = LanguageModelPass(task, examples, direction: direction, parameters: parameters)
      if drops { pass.drop(using: &generator) }
      tally.add(
        pass.addGradients(
          scale: 1, weights: weights, gradients: &gradients, generator: &generator))
    }
    return (tally, gradients)
  }

  @Test(arguments: [
    (CellConfiguration.gru, false, false), (.lstm, true, false), (.lstm, false, true),
    (.gru, true, true),
  ])
  func gradientsMatchFiniteDifferences(
    _ cell: CellConfiguration, _ isBidirectional: Bool, _ drops: Bool
  ) {
    let network = Self.network(cell, isBidirectional: isBidirectional)
    var regularization = LanguageModelRegularization()
    regularization.wordDropout = 0.2
    regularization.recurrentDropout = 0.3
    let task = LanguageModelTask(
      network, regularization: drops ? regularization : .none, candidateCount: 3,
      truncation: Truncation(updateInterval: 10))
    var generator = SeededGenerator(seed: 3)
    let parameters: Parameters<Double> = generator.parameters(network.layout, deviation: 0.5)
    let (_, gradients) = Self.run(task, parameters, drops: drops)
    let failure = GradientCheck.failure(
      gradients.values, at: parameters.values, named: "parameters"
    ) { values in
      Self.run(task, Parameters(layout: network.layout, values: values), drops: drops).0.lossSum
    }
    #expect(failure == nil)
  }

  @Test func everyWordAndEveryEndIsPredictedOnce() {
    let network = Self.network(.gru, isBidirectional: true)
    let task = LanguageModelTask(
      network, regularization: .none, candidateCount: 2, truncation: Truncation(updateInterval: 2))
    var generator = SeededGenerator(seed: 3)
    let (tally, _) = Self.run(
      task, generator.parameters(network.layout, deviation: 0.5), drops: false)
    #expect(tally.exampleCount == 2 * (7 + 3 + 1 + 4))
    #expect(tally.tokenCount == 7 + 3 + 1 + 4)
    #expect(Self.examples.map(task.lossTermCount).reduce(0, +) == tally.exampleCount)
    #expect(Self.examples.map(task.tokenCount).reduce(0, +) == tally.tokenCount)
  }

  /// The state is carried from window to window, so that only gradients are cut.
  @Test func windowsDoNotChangeTheLoss() {
    let network = Self.network(.lstm, isBidirectional: false)
    var generator = SeededGenerator(seed: 3)
    let parameters: Parameters<Double> = generator.parameters(network.layout, deviation: 0.5)
    let weights = network.weights(parameters, weightDropout: Dropout(rate: 0), using: &generator)
    let losses = [1, 3, 100].map { window in
      let task = LanguageModelTask(
        network, regularization: .none, candidateCount: 1,
        truncation: Truncation(updateInterval: window))
      var pass = LanguageModelPass(task, Self.examples, direction: 0, parameters: parameters)
      return pass.tally(weights: weights).lossSum
    }
    #expect(abs(losses[0] - losses[2]) < 1e-12)
    #expect(abs(losses[1] - losses[2]) < 1e-12)
  }

  @Test func aBidirectionalStackOfTwoLayersIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var configuration = LanguageModelConfiguration(vocabularySize: 5)
      configuration.layerCount = 2
      configuration.isBidirectional = true
      _ = LanguageModelNetwork(configuration, counts: [0, 1, 1, 1, 1])
    }
    await #expect(processExitsWith: .failure) {
      _ = LanguageModelNetwork(LanguageModelConfiguration(vocabularySize: 5), counts: [1])
    }
    await #expect(processExitsWith: .failure) {
      let network = LanguageModelTaskTests.network(.gru, isBidirectional: false)
      _ = LanguageModelTask(
        network, candidateCount: 0, truncation: Truncation(updateInterval: 1))
    }
  }
}
