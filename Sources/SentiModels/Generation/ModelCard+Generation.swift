internal import SentiTraining

extension ModelCard {
  /// Notes what a training of a net that writes was given.
  ///
  /// - Parameters:
  ///   - training: The training.
  ///   - seconds: How long it took.
  public mutating func record(_ training: GenerationTraining, seconds: Double) {
    let (options, settings) = (training.options, training.options.settings)
    let regularization = options.regularization
    trainingSeconds = seconds
    recipe = [
      "averaging_decay": settings.averagingDecay.map { "\($0)" } ?? "none",
      "batch_tokens": "\(settings.tokenBudget)",
      "clipping_norm": settings.clippingNorm.map { "\($0)" } ?? "none",
      "embedding_dropout": "\(regularization.embeddingDropout)",
      "epochs": "\(settings.epochCount)",
      "label_smoothing": "\(regularization.labelSmoothing)",
      "layer_dropout": "\(regularization.layerDropout)",
      "learning_rate": "\(settings.learningRate)",
      "minimum_count": "\(options.codec.minimumCount)",
      "optimizer": "\(settings.optimizer)",
      "output_dropout": "\(regularization.readoutDropout)",
      "recurrent_dropout": "\(regularization.recurrentDropout)",
      "schedule": "\(settings.schedule)",
      "scheduled_sampling": "\(regularization.scheduledSampling)",
      "seed": "\(settings.seed)",
      "subword_dropout": "\(regularization.subwordDropout)",
      "threads": "\(settings.threadCount)",
      "word_dropout": "\(regularization.wordDropout)",
    ]
    if let best = training.bestEpoch { recipe["best_epoch"] = "\(best)" }
  }
}
