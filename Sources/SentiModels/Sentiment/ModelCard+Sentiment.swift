internal import SentiTraining

extension ModelCard {
  /// Notes what a training was given.
  ///
  /// - Parameters:
  ///   - training: The training.
  ///   - seconds: How long it took.
  public mutating func record(_ training: SentimentTraining, seconds: Double) {
    let (options, settings) = (training.options, training.options.settings)
    trainingSeconds = seconds
    recipe = [
      "adversarial_share": "\(options.regularization.adversarialShare)",
      "averaging_decay": settings.averagingDecay.map { "\($0)" } ?? "none",
      "batch_tokens": "\(settings.tokenBudget)",
      "clipping_value": settings.clippingValue.map { "\($0)" } ?? "none",
      "clipping_norm": settings.clippingNorm.map { "\($0)" } ?? "none",
      "embedding_dropout": "\(options.regularization.embeddingDropout)",
      "epochs": "\(settings.epochCount)",
      "label_smoothing": "\(options.regularization.labelSmoothing)",
      "lazy_rows": "\(settings.isLazy)",
      "learning_rate": "\(settings.learningRate)",
      "minimum_count": "\(options.minimumCount)",
      "optimizer": "\(settings.optimizer)",
      "output_dropout": "\(options.regularization.outputDropout)",
      "schedule": "\(settings.schedule)",
      "seed": "\(settings.seed)",
      "threads": "\(settings.threadCount)",
      "word_dropout": "\(options.regularization.wordDropout)",
    ]
    if !settings.groups.isEmpty {
      recipe["groups"] = settings.groups.map(\.description).joined(separator: ", ")
    }
    if let best = training.bestEpoch { recipe["best_epoch"] = "\(best)" }
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
