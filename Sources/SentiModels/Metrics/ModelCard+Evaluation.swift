extension ModelCard {
  /// Notes how a model does on the texts that were held out.
  ///
  /// - Parameter evaluation: The figures.
  public mutating func record(_ evaluation: Evaluation) {
    figures["validation_examples"] = Double(evaluation.exampleCount)
    figures["validation_accuracy"] = evaluation.accuracy
    figures["validation_macro_f1"] = evaluation.macroF1
    figures["validation_log_loss"] = evaluation.logLoss
    figures["validation_expected_calibration_error"] = evaluation.expectedCalibrationError
    figures["validation_brier_score"] = evaluation.brierScore
    figures["validation_roc_auc"] = evaluation.rocAUC
  }

  /// Notes how a model does on the texts that it was calibrated on, and how sure it is of them.
  ///
  /// - Parameter examples: The model's predictions for the texts, and the truth.
  /// - Returns: The figures; nil where there are no texts, and nothing is noted.
  @discardableResult
  public mutating func record(_ examples: ScoredExamples) -> Evaluation? {
    guard let evaluation = Evaluation(of: examples) else { return nil }
    record(evaluation)
    confidenceQuantiles = CoverageCurve(of: examples).confidenceQuantiles
    return evaluation
  }
}
