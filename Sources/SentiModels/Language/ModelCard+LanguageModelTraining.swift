extension ModelCard {
  /// Notes what a training of a language model was given.
  ///
  /// - Parameters:
  ///   - training: The training.
  ///   - seconds: How long it took.
  public mutating func record(_ training: LanguageModelTraining, seconds: Double) {
    let (options, regularization) = (training.options, training.options.regularization)
    record(options.settings, bestEpoch: training.bestEpoch, seconds: seconds)
    recipe["candidates"] = "\(options.candidateCount)"
    recipe["embedding_dropout"] = "\(regularization.embeddingDropout)"
    recipe["minimum_count"] = "\(options.codec.minimumCount)"
    recipe["output_dropout"] = "\(regularization.outputDropout)"
    recipe["recurrent_dropout"] = "\(regularization.recurrentDropout)"
    recipe["window"] = "\(options.windowSize)"
    recipe["word_dropout"] = "\(regularization.wordDropout)"
  }
}
