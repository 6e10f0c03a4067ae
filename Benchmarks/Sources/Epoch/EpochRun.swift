internal import Batches
internal import Measurement
internal import SentiModels
internal import SentiRNN
internal import SentiTensor
internal import SentiText
internal import SentiTraining

/// One epoch at one number of threads, by the package's own trainer.
struct EpochRun {
  let shape: ShapeOptions
  let threadCount: Int
  let batchLimit: Int?

  /// Trains, and answers what was measured.
  func figures(for texts: NumberedTexts) throws -> EpochFigures {
    var trainer = trainer(texts)
    var (batchCount, tally) = (0, EpochMetrics())
    let stopwatch = Stopwatch()
    _ = try trainer.runEpoch(texts.examples) { progress in
      (batchCount, tally) = (progress.batch, progress.tally)
      return progress.batch < batchLimit ?? .max
    }
    let elapsed = stopwatch.elapsed
    return EpochFigures(
      threads: threadCount, batches: batchCount, tokens: tally.tokenCount,
      seconds: elapsed.seconds, tokensPerSecond: Double(tally.tokenCount) / elapsed.seconds,
      busyCores: elapsed.busyCores, meanLoss: tally.meanLoss)
  }

  private func trainer(_ texts: NumberedTexts) -> Trainer<SentimentTask> {
    let network = SentimentNetwork(configuration(texts))
    let task = SentimentTask(
      network, regularization: .none, unknownToken: Int32(TokenID.unknown.rawValue))
    let parameters: Parameters<Float> = network.initialParameters(seed: shape.seed)
    let state = TrainingState(parameters: parameters, settings: settings)
    return Trainer(task, settings: settings, state: state)
  }

  private func configuration(_ texts: NumberedTexts) -> SentimentConfiguration {
    var configuration = SentimentConfiguration(vocabularySize: texts.vocabularySize)
    configuration.classCount = texts.classCount
    configuration.embeddingSize = shape.embeddingSize
    configuration.hiddenSize = shape.hiddenSize
    configuration.pooling = shape.pooling == .all ? [.last, .max, .mean] : [.last]
    return configuration
  }

  /// Adam at a constant rate, as in the peer; nothing else that would take time.
  ///
  /// It leaves the vectors of words alone that a batch lacks; the peer's Adam updates them all.
  private var settings: TrainingSettings {
    var settings = TrainingSettings()
    settings.epochCount = 1
    settings.tokenBudget = shape.tokenBudget
    settings.schedule = .constant
    settings.clippingNorm = nil
    settings.isLazy = true
    settings.seed = shape.seed
    settings.threadCount = threadCount
    return settings
  }
}
