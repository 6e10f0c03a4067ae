extension ModelCard {
  /// Notes what a training of a net that writes was given.
  ///
  /// - Parameters:
  ///   - training: The training.
  ///   - seconds: How long it took.
  public mutating func record(_ training: GenerationTraining, seconds: Double) {
    let (options, regularization) = (training.options, training.options.regularization)
    record(options.settings, bestEpoch: training.bestEpoch, seconds: seconds)
    recipe["embedding_dropout"] = "\(regularization.embeddingDropout)"
    recipe["label_smoothing"] = "\(regularization.labelSmoothing)"
    recipe["layer_dropout"] = "\(regularization.layerDropout)"
    recipe["minimum_count"] = "\(options.codec.minimumCount)"
    recipe["output_dropout"] = "\(regularization.readoutDropout)"
    recipe["recurrent_dropout"] = "\(regularization.recurrentDropout)"
    recipe["scheduled_sampling"] = "\(regularization.scheduledSampling)"
    recipe["subword_dropout"] = "\(regularization.subwordDropout)"
    recipe["word_dropout"] = "\(regularization.wordDropout)"
  }
}
