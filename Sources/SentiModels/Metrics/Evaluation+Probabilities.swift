import Glibc

/// The measures that look at probabilities, not only at the class that is most probable.
extension Evaluation {
  /// Measures how far confidence and accuracy lie apart.
  ///
  /// The confidence of a prediction is the probability of the predicted class. Predictions are put
  /// into bins of equal width: bin m of M holds confidences above (m - 1) / M up to m / M. The
  /// result is the mean over the bins, each weighted by its number of predictions, of
  ///
  ///     |share of right predictions in the bin - mean confidence in the bin|
  ///
  /// - Parameters:
  ///   - examples: The predictions, and the truth.
  ///   - binCount: The number of bins; 15 as in the paper unless given.
  /// - Returns: The error, from 0 to 1; 0 where there are no examples.
  /// - Precondition: `binCount > 0`.
  /// - SeeAlso: Guo et al. 2017, "On Calibration of Modern Neural Networks", equation 3,
  ///   <https://arxiv.org/abs/1706.04599>.
  public static func expectedCalibrationError(
    of examples: ScoredExamples, binCount: Int = 15
  ) -> Double {
    precondition(binCount > 0, "\(binCount) bins")
    // For each bin, the sum over its predictions of (1 if right, else 0) - confidence.
    var gaps = Array(repeating: 0.0, count: binCount)
    for (example, prediction) in examples.predictedLabels.enumerated() {
      let confidence = examples.probability(of: prediction, inExample: example)
      let bin = Int((confidence * Double(binCount)).rounded(.up)) - 1
      let isRight = prediction == examples.trueLabels[example]
      gaps[min(max(bin, 0), binCount - 1)] += (isRight ? 1 : 0) - confidence
    }
    return gaps.reduce(0) { $0 + $1.magnitude } / Double(max(examples.count, 1))
  }

  /// Measures how far confidence and accuracy lie apart, in bins of equally many predictions.
  ///
  /// Bins of equal width leave most of a sure classifier's predictions in one of them; here each bin counts
  /// the same. Predictions of equal confidence stay in one bin.
  ///
  /// - Parameters:
  ///   - examples: The predictions, and the truth.
  ///   - binCount: The number of bins; 15 as for bins of equal width unless given.
  /// - Returns: The error, from 0 to 1; 0 where there are no examples.
  /// - Precondition: `binCount > 0`.
  /// - SeeAlso: Nixon et al. 2019, "Measuring Calibration in Deep Learning",
  ///   <https://arxiv.org/abs/1904.01685>.
  public static func adaptiveCalibrationError(
    of examples: ScoredExamples, binCount: Int = 15
  ) -> Double {
    precondition(binCount > 0, "\(binCount) bins")
    let answers = examples.predictedLabels.enumerated().map { example, prediction in
      (
        confidence: examples.probability(of: prediction, inExample: example),
        isRight: prediction == examples.trueLabels[example]
      )
    }.sorted { $0.confidence < $1.confidence }
    var (gaps, gap, isEnding) = (0.0, 0.0, false)
    for (index, answer) in answers.enumerated() {
      if isEnding && answer.confidence != answers[index - 1].confidence {
        gaps += gap.magnitude
        (gap, isEnding) = (0, false)
      }
      gap += (answer.isRight ? 1 : 0) - answer.confidence
      // The bin is full with this prediction, and with those of the same confidence.
      if (index + 1) * binCount / answers.count > index * binCount / answers.count {
        isEnding = true
      }
    }
    return (gaps + gap.magnitude) / Double(max(examples.count, 1))
  }

  static func logLoss(of examples: ScoredExamples) -> Double {
    (0..<examples.count).reduce(0) { $0 + logLoss(of: examples, at: $1) } / Double(examples.count)
  }

  /// What an example adds to the log loss, in nats.
  static func logLoss(of examples: ScoredExamples, at example: Int) -> Double {
    let probability = examples.probability(of: examples.trueLabels[example], inExample: example)
    return -log(min(max(probability, 0x1p-52), 1 - 0x1p-52))
  }

  static func brierScore(of examples: ScoredExamples) -> Double {
    let sum = (0..<examples.count).reduce(0) { $0 + brierScore(of: examples, at: $1) }
    return sum / Double(examples.count)
  }

  /// What an example adds to the Brier score.
  static func brierScore(of examples: ScoredExamples, at example: Int) -> Double {
    let truth = examples.trueLabels[example]
    return examples.labels.indices.reduce(0) { sum, label in
      let distance = (label == truth ? 1 : 0) - examples.probability(of: label, inExample: example)
      return sum + distance * distance
    }
  }

  static func rocAUC(of examples: ScoredExamples) -> Double? {
    let classCount = examples.labels.count
    guard classCount > 1 else { return nil }
    guard classCount > 2 else { return rocAUC(of: 1, in: examples) }
    var sum = 0.0
    for label in examples.labels.indices {
      guard let area = rocAUC(of: label, in: examples) else { return nil }
      sum += area
    }
    return sum / Double(classCount)
  }

  /// The probability that an example of the class is scored above one of the rest.
  ///
  /// Equal scores count a half. Goes through the examples in the order of their scores, and counts
  /// for each one of the class how many of the rest lie below it.
  ///
  /// - SeeAlso: Hanley and McNeil 1982, <https://doi.org/10.1148/radiology.143.1.7063747>.
  private static func rocAUC(of label: Int, in examples: ScoredExamples) -> Double? {
    let scored = examples.trueLabels.enumerated().map { example, truth in
      (score: examples.probability(of: label, inExample: example), isOfClass: truth == label)
    }
    var doubledWinCount = 0
    var (classCount, restCount) = (0, 0)
    var rest = scored.sorted { $0.score < $1.score }[...]
    while let score = rest.first?.score {
      let tied = rest.prefix { $0.score == score }
      let tiedClassCount = tied.count { $0.isOfClass }
      let tiedRestCount = tied.count - tiedClassCount
      doubledWinCount += tiedClassCount * (2 * restCount + tiedRestCount)
      classCount += tiedClassCount
      restCount += tiedRestCount
      rest = rest[tied.endIndex...]
    }
    guard classCount > 0, restCount > 0 else { return nil }
    return Double(doubledWinCount) / (2 * Double(classCount) * Double(restCount))
  }
}
