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
    figures["validation_roc_auc"] = evaluation.rocAUC
  }
}
