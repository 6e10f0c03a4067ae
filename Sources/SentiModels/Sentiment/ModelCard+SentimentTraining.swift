extension ModelCard {
  /// Notes what a training was given.
  ///
  /// - Parameters:
  ///   - training: The training.
  ///   - seconds: How long it took.
  public mutating func record(_ training: SentimentTraining, seconds: Double) {
    let (options, regularization) = (training.options, training.options.regularization)
    record(options.settings, bestEpoch: training.bestEpoch, seconds: seconds)
    recipe["adversarial_share"] = "\(regularization.adversarialShare)"
    recipe["embedding_dropout"] = "\(regularization.embeddingDropout)"
    recipe["label_smoothing"] = "\(regularization.labelSmoothing)"
    recipe["label_weights"] = options.labelWeights.map { "\($0)" }
    recipe["layer_dropout"] = "\(regularization.layerDropout)"
    recipe["longest_memory"] = options.longestMemory.map { "\($0)" }
    recipe["minimum_count"] = "\(options.minimumCount)"
    recipe["output_dropout"] = "\(regularization.outputDropout)"
    recipe["recurrent_dropout"] = "\(regularization.recurrentDropout)"
    recipe["distillation_temperature"] = "\(options.distillation.temperature)"
    recipe["distillation_hard_fraction"] = "\(options.distillation.hardFraction)"
    recipe["word_dropout"] = "\(regularization.wordDropout)"
  }
}
