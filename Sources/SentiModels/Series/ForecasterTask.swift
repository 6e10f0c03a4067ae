internal import SentiRNN
internal import SentiTensor
internal import SentiTraining

/// A forecaster's net as the trainer sees it.
struct ForecasterTask: TrainableModel {
  let network: ForecasterNetwork
  let series: [PreparedSeries]
  /// What is dropped of the states before the output layer, one mask for all outputs of a window.
  let dropout: Dropout

  var layout: ParameterLayout { network.layout }

  /// The number of times that are read.
  func tokenCount(of example: ForecasterExample) -> Int {
    network.configuration.windowSize + example.outputCount - 1
  }

  /// The number of numbers that are forecast.
  func lossTermCount(of example: ForecasterExample) -> Int {
    let horizon = network.configuration.horizon
    return (0..<example.outputCount).reduce(0) { count, output in
      let origin = example.origin + output
      let end = max(origin, min(origin + horizon, example.end))
      return count + series[example.series].observedCount(origin..<end)
    }
  }

  func trainingWeights(_ parameters: Parameters<Float>) -> ForecasterNetwork.Weights<Float> {
    network.weights(parameters, isForTraining: true)
  }

  func makeWorkspace() -> StackWorkspace<Float> { StackWorkspace(network.encoder) }

  func addGradients(
    of shard: BatchShard<ForecasterTask>, workspace: inout StackWorkspace<Float>,
    gradients: inout Parameters<Float>, generator: inout SeededGenerator
  ) -> EpochMetrics {
    var pass = ForecasterPass(
      network, shard.examples, of: series, parameters: shard.parameters)
    pass.drop(dropout, using: &generator)
    return pass.addGradients(
      shard.weights, scale: shard.scale, &workspace, gradients: &gradients)
  }

  /// The quantile loss of windows.
  func tally(
    of examples: [ForecasterExample], parameters: Parameters<Float>, threadCount: Int
  ) -> EpochMetrics {
    let weights = network.weights(parameters, isForTraining: false)
    let tallies = concurrentlyMapped(
      Self.batches(of: examples), threadCount: threadCount
    ) { batch in
      var workspace = makeWorkspace()
      return ForecasterPass(network, batch, of: series, parameters: parameters)
        .tally(weights, &workspace)
    }
    return tallies.reduce(into: EpochMetrics()) { $0.add($1) }
  }

  /// What the net says after each of some windows.
  func quantiles(
    of examples: [ForecasterExample], parameters: Parameters<Float>, threadCount: Int
  ) -> [WindowQuantiles] {
    let weights = network.weights(parameters, isForTraining: false)
    return concurrentlyMapped(Self.batches(of: examples), threadCount: threadCount) { batch in
      var workspace = makeWorkspace()
      return ForecasterPass(network, batch, of: series, parameters: parameters)
        .quantiles(weights, &workspace)
    }.flatMap(\.self)
  }

  /// The number of windows that a thread reads at once.
  private static var windowsAtOnce: Int { 64 }

  private static func batches(of examples: [ForecasterExample]) -> [[ForecasterExample]] {
    stride(from: 0, to: examples.count, by: windowsAtOnce).map {
      Array(examples[$0..<min($0 + windowsAtOnce, examples.count)])
    }
  }
}
