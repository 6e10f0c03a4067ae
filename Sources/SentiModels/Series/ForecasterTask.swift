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

  func trainingWeights(_ parameters: Parameters<Float>) -> [ForecasterNetwork.Weights<Float>] {
    network.weights(parameters, isForTraining: true)
  }

  /// The members have the same shape, and are run one after the other.
  func makeWorkspace() -> StackWorkspace<Float> { StackWorkspace(network.members[0].encoder) }

  func addGradients(
    of shard: BatchShard<ForecasterTask>, workspace: inout StackWorkspace<Float>,
    gradients: inout Parameters<Float>, generator: inout SeededGenerator
  ) -> EpochMetrics {
    let batch = ForecasterBatch<Float>(network.configuration, shard.examples, of: series)
    var metrics = EpochMetrics()
    for (member, weights) in zip(network.members, shard.weights) {
      var pass = ForecasterPass(member, over: batch, parameters: shard.parameters)
      pass.drop(dropout, using: &generator)
      metrics.add(
        pass.addGradients(weights, scale: shard.scale, &workspace, gradients: &gradients))
    }
    return metrics
  }

  /// The quantile loss of windows.
  func tally(
    of examples: [ForecasterExample], parameters: Parameters<Float>, threadCount: Int
  ) -> EpochMetrics {
    predictions(of: examples, parameters: parameters, threadCount: threadCount) {
      $0.tally(of: $1)
    }.reduce(into: EpochMetrics()) { $0.add($1) }
  }

  /// What the nets say after each of some windows.
  func quantiles(
    of examples: [ForecasterExample], parameters: Parameters<Float>, threadCount: Int
  ) -> [WindowQuantiles] {
    predictions(of: examples, parameters: parameters, threadCount: threadCount) {
      $0.quantiles(of: $1)
    }.flatMap(\.self)
  }

  /// Reads windows, batch by batch.
  ///
  /// - Parameters:
  ///   - examples: The windows.
  ///   - parameters: The nets' parameters.
  ///   - threadCount: The number of threads.
  ///   - use: Called with each batch and the mean of all members' outputs, `[P, horizon·Q]`.
  /// - Returns: What `use` returns, in the order of the batches.
  private func predictions<Result: Sendable>(
    of examples: [ForecasterExample], parameters: Parameters<Float>, threadCount: Int,
    use: @Sendable (ForecasterBatch<Float>, Matrix<Float>) -> Result
  ) -> [Result] {
    let weights = network.weights(parameters, isForTraining: false)
    return concurrentlyMapped(Self.batches(of: examples), threadCount: threadCount) { examples in
      let batch = ForecasterBatch<Float>(network.configuration, examples, of: series)
      var workspace = makeWorkspace()
      let outputs = zip(network.members, weights).map { member, weights in
        ForecasterPass(member, over: batch, parameters: parameters)
          .forward(weights, mode: .inference, &workspace)
      }
      return use(batch, Self.mean(of: outputs))
    }
  }

  private static func mean(of outputs: [Matrix<Float>]) -> Matrix<Float> {
    guard outputs.count > 1 else { return outputs[0] }
    var sum = outputs[0].elements
    for output in outputs.dropFirst() {
      for (index, value) in output.elements.enumerated() { sum[index] += value }
    }
    return Matrix(
      rowCount: outputs[0].rowCount, columnCount: outputs[0].columnCount,
      elements: sum.map { $0 / Float(outputs.count) })
  }

  /// The number of windows that a thread reads at once.
  private static var windowsAtOnce: Int { 64 }

  private static func batches(of examples: [ForecasterExample]) -> [[ForecasterExample]] {
    stride(from: 0, to: examples.count, by: windowsAtOnce).map {
      Array(examples[$0..<min($0 + windowsAtOnce, examples.count)])
    }
  }
}
