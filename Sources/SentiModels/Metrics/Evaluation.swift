/// How well the predictions of a classifier fit the truth.
///
/// Where a share would have nothing to divide by, as the precision of a class that was never
/// predicted, it is 0. Encoded to JSON, its keys are in snake case.
public struct Evaluation: Codable, Equatable, Sendable {
  /// How well one class is found.
  public struct ClassScores: Codable, Equatable, Sendable {
    /// The name of the class.
    public let label: String
    /// The share of the examples predicted to be of the class that are.
    public let precision: Double
    /// The share of the examples of the class that were predicted to be.
    public let recall: Double
    /// The harmonic mean of precision and recall.
    public let f1: Double
    /// The number of examples of the class.
    public let support: Int
  }

  /// The number of examples.
  public let exampleCount: Int
  /// The share of examples of which the most probable class is the true one.
  public let accuracy: Double
  /// The mean F1 score of all classes, each with the same weight.
  public let macroF1: Double
  /// The mean of -log(probability of the true class), in nats.
  ///
  /// Probabilities are first moved into [2^-52, 1 - 2^-52], as scikit-learn does, so that one
  /// prediction that is wrong and certain does not make the mean infinite.
  public let logLoss: Double
  /// The mean squared distance between the probabilities and the truth, summed over the classes, from 0 to
  /// 2.
  ///
  /// - SeeAlso: Brier 1950, <https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2>.
  public let brierScore: Double
  /// The mean gap between confidence and accuracy; see `expectedCalibrationError(of:)`.
  public let expectedCalibrationError: Double
  /// The same over bins of equally many examples; see `adaptiveCalibrationError(of:)`.
  public let adaptiveCalibrationError: Double
  /// The area under the ROC curve; `nil` unless there are two classes or more, each with examples.
  ///
  /// Of two classes, the area for the second against the first; of more, the mean over all classes
  /// of the area for one against the rest.
  public let rocAUC: Double?
  /// The scores of each class.
  public let classes: [ClassScores]
  /// The number of examples of each true class, by row, and predicted class, by column.
  public let confusionMatrix: [[Int]]

  private enum CodingKeys: String, CodingKey {
    case exampleCount = "example_count"
    case accuracy
    case macroF1 = "macro_f1"
    case logLoss = "log_loss"
    case brierScore = "brier_score"
    case expectedCalibrationError = "expected_calibration_error"
    case adaptiveCalibrationError = "adaptive_calibration_error"
    case rocAUC = "roc_auc"
    case classes
    case confusionMatrix = "confusion_matrix"
  }

  /// Evaluates predictions; `nil` where there are none.
  ///
  /// - Parameter examples: The predictions, and the truth.
  /// - Complexity: O(n log n) for n examples, times the number of classes.
  public init?(of examples: ScoredExamples) {
    guard examples.count > 0 else { return nil }
    let matrix = Self.confusionMatrix(of: examples)
    let scores = examples.labels.enumerated().map { index, label in
      ClassScores(label: label, index: index, confusionMatrix: matrix)
    }
    let rightCount = matrix.indices.reduce(0) { $0 + matrix[$1][$1] }
    exampleCount = examples.count
    accuracy = share(rightCount, of: examples.count)
    macroF1 = scores.reduce(0) { $0 + $1.f1 } / Double(scores.count)
    logLoss = Self.logLoss(of: examples)
    brierScore = Self.brierScore(of: examples)
    expectedCalibrationError = Self.expectedCalibrationError(of: examples)
    adaptiveCalibrationError = Self.adaptiveCalibrationError(of: examples)
    rocAUC = Self.rocAUC(of: examples)
    classes = scores
    confusionMatrix = matrix
  }

  private static func confusionMatrix(of examples: ScoredExamples) -> [[Int]] {
    let row = Array(repeating: 0, count: examples.labels.count)
    var matrix = Array(repeating: row, count: examples.labels.count)
    for (truth, prediction) in zip(examples.trueLabels, examples.predictedLabels) {
      matrix[truth][prediction] += 1
    }
    return matrix
  }
}

extension Evaluation.ClassScores {
  fileprivate init(label: String, index: Int, confusionMatrix matrix: [[Int]]) {
    let rightCount = matrix[index][index]
    let predictedCount = matrix.reduce(0) { $0 + $1[index] }
    self.label = label
    support = matrix[index].reduce(0, +)
    precision = share(rightCount, of: predictedCount)
    recall = share(rightCount, of: support)
    f1 = share(2 * rightCount, of: predictedCount + support)
  }
}

/// `part` divided by `whole`, or 0 where there is no whole.
private func share(_ part: Int, of whole: Int) -> Double {
  whole == 0 ? 0 : Double(part) / Double(whole)
}
