internal import SentiTraining

extension ModelCard {
  /// Notes what all trainings are given.
  mutating func record(_ settings: TrainingSettings, bestEpoch: Int?, seconds: Double) {
    trainingSeconds = seconds
    recipe = [
      "averaging_decay": settings.averagingDecay.map { "\($0)" } ?? "none",
      "batch_tokens": "\(settings.tokenBudget)",
      "batch_texts": settings.batchExampleLimit.map { "\($0)" } ?? "no limit",
      "clipping_value": settings.clippingValue.map { "\($0)" } ?? "none",
      "clipping_norm": settings.clippingNorm.map { "\($0)" } ?? "none",
      "epochs": "\(settings.epochCount)",
      "lazy_rows": "\(settings.isLazy)",
      "learning_rate": "\(settings.learningRate)",
      "optimizer": "\(settings.optimizer)",
      "schedule": "\(settings.schedule)",
      "seed": "\(settings.seed)",
      "threads": "\(settings.threadCount)",
    ]
    if !settings.groups.isEmpty {
      recipe["groups"] = settings.groups.map(\.description).joined(separator: ", ")
    }
    recipe["best_epoch"] = bestEpoch.map { "\($0)" }
  }
}
