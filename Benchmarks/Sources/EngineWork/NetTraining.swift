internal import SentiModels
internal import SentiRNN
package import SentiTensor
internal import SentiText
internal import SentiTraining

/// A classifier trained by the package's own trainer, batch by batch as they are given.
///
/// Word vectors, one recurrent layer, the last state, a linear layer with two outputs,
/// cross-entropy, Adam. Labels are made up, 0 and 1 in turn, for the time does not depend on them.
package struct NetTraining: Sendable {
  private let batches: [[SentimentExample]]
  private var trainer: Trainer<SentimentTask>

  /// Makes a classifier with weights drawn from a seed.
  package init(
    _ cell: CellConfiguration, _ shape: NetShape, _ batches: [[[Int32]]], threadCount: Int
  ) {
    self.batches = batches.map { batch in
      batch.enumerated().map { SentimentExample(tokens: $0.element, label: $0.offset % 2) }
    }
    var configuration = SentimentConfiguration(vocabularySize: shape.vocabularySize)
    configuration.embeddingSize = shape.hiddenSize
    configuration.hiddenSize = shape.hiddenSize
    configuration.cell = cell
    configuration.pooling = [.last]
    let network = SentimentNetwork(configuration)
    let task = SentimentTask(
      network, regularization: .none, unknownToken: Int32(TokenID.unknown.rawValue))
    let settings = Self.settings(threadCount: threadCount)
    let parameters: Parameters<Float> = network.initialParameters(seed: settings.seed)
    trainer = Trainer(
      task, settings: settings, state: TrainingState(parameters: parameters, settings: settings))
  }

  /// The number of real tokens of all batches.
  package var tokenCount: Int { batches.joined().reduce(0) { $0 + $1.tokens.count } }

  /// One step on each batch: an epoch of one batch, which no budget divides.
  package mutating func run() throws {
    for batch in batches { _ = try trainer.runEpoch(batch) { _ in true } }
  }

  private static func settings(threadCount: Int) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.epochCount = 1 << 30
    settings.tokenBudget = 1 << 40
    settings.schedule = .constant
    settings.clippingNorm = nil
    settings.isLazy = true
    settings.threadCount = threadCount
    return settings
  }
}
