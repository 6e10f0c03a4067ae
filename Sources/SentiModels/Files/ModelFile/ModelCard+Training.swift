internal import SentiTraining

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
    recipe["minimum_count"] = "\(options.minimumCount)"
    recipe["output_dropout"] = "\(regularization.outputDropout)"
    recipe["recurrent_dropout"] = "\(regularization.recurrentDropout)"
    recipe["window"] = "\(options.windowSize)"
    recipe["word_dropout"] = "\(regularization.wordDropout)"
  }

  /// Notes what a training of a forecaster was given.
  ///
  /// - Parameters:
  ///   - training: The training.
  ///   - seconds: How long it took.
  public mutating func record(_ training: ForecasterTraining, seconds: Double) {
    let (options, shape) = (training.options, training.configuration)
    record(options.settings, bestEpoch: training.bestEpoch, seconds: seconds)
    recipe["base"] = shape.base.rawValue
    recipe["outputs"] = options.outputCount.map { "\($0)" }
    recipe["scaling"] = shape.scaling.rawValue
    recipe["season"] = "\(shape.season)"
    recipe["state_dropout"] = "\(options.dropout)"
    recipe["transform"] = shape.transform.rawValue
    recipe["validation_fraction"] = "\(options.validationFraction)"
    recipe["window"] = "\(shape.windowSize)"
  }

  /// Notes what all trainings are given.
  private mutating func record(_ settings: TrainingSettings, bestEpoch: Int?, seconds: Double) {
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

  /// Notes how a model does on the texts that were held out.
  ///
  /// - Parameter evaluation: The figures.
  public mutating func record(_ evaluation: Evaluation) {
    figures["validation_examples"] = Double(evaluation.exampleCount)
    figures["validation_accuracy"] = evaluation.accuracy
    figures["validation_macro_f1"] = evaluation.macroF1
    figures["validation_log_loss"] = evaluation.logLoss
    figures["validation_expected_calibration_error"] = evaluation.expectedCalibrationError
    figures["validation_roc_auc"] = evaluation.rocAUC
  }
}
