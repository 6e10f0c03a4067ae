import SentiModels

/// Two evaluations on the same texts.
struct EvaluationChange {
  let before: Evaluation
  let after: Evaluation

  /// The figures of both side by side, and their differences.
  ///
  /// - Parameter names: What the two are called.
  /// - Returns: Aligned columns, a line a figure.
  func table(_ names: [String]) -> String {
    func row(_ name: String, _ figure: (Evaluation) -> Double) -> [String] {
      let (old, new) = (figure(before), figure(after))
      return [name] + [old, new, new - old].map { Columns.fixed($0, digits: 4) }
    }
    return Columns.aligned([
      [""] + names + ["change"],
      row("accuracy", \.accuracy),
      row("macro F1", \.macroF1),
      row("log loss, nats", \.logLoss),
      row("expected calibration error", \.expectedCalibrationError),
    ])
  }
}
