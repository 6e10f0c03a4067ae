internal import Glibc
internal import SentiRNN
internal import SentiTensor

/// How a student learns from a teacher's probabilities.
///
/// The loss of a text with a soft label is (1 - α)·T²·CE(q, p) + α·CE(y, softmax(z)), where z are the
/// student's logits, p = softmax(z / T), q the teacher's probabilities at the temperature T, and y the
/// text's own label.
///
/// - SeeAlso: Hinton et al. 2015, <https://arxiv.org/abs/1503.02531>.
public struct DistillationOptions: Hashable, Codable, Sendable {
  /// The temperature T of both distributions; 1 leaves the teacher's probabilities as they are.
  public var temperature = 1.0
  /// The weight α of a text's own label beside its soft label, from 0 to 1.
  public var hardFraction = 0.0

  /// Creates the defaults: the teacher's probabilities alone.
  public init() {}
}

/// The loss of a sentiment net: cross-entropy with labels, soft labels, or both.
public struct SentimentLoss: Hashable, Sendable {
  /// The factor of the loss of each class's texts; nil: 1.
  public var classWeights: [Double]?
  /// How soft labels count.
  public var distillation = DistillationOptions()

  /// Creates a loss.
  ///
  /// - Parameters:
  ///   - classWeights: The factor of the loss of each class's texts; nil: 1.
  ///   - distillation: How soft labels count.
  public init(
    classWeights: [Double]? = nil, distillation: DistillationOptions = DistillationOptions()
  ) {
    self.classWeights = classWeights
    self.distillation = distillation
  }

  /// The sum of a loss over a batch, and its gradient.
  struct Cost<Scalar: MatrixScalar> {
    /// The sum over the examples, in nats.
    var sum: Double
    /// The gradient with respect to the logits, `[B, C]`.
    var logitsGradient: Matrix<Scalar>
  }

  /// Computes the loss of a batch.
  ///
  /// - Parameters:
  ///   - examples: The examples, one a row of the logits.
  ///   - logits: The net's answers, `[B, C]`.
  ///   - scale: The factor of the gradient.
  ///   - smoothing: The fraction of a label's probability spread over all classes; soft labels stay
  ///     as they are.
  /// - Returns: The sum and the gradient.
  func cost<Scalar: MatrixScalar>(
    of examples: [SentimentExample], logits: Matrix<Scalar>, scale: Double, smoothing: Double
  ) -> Cost<Scalar> {
    let hard = ClassTargets(
      classes: examples.map(\.label), classCount: logits.columnCount, smoothing: smoothing,
      classWeights: classWeights, weights: examples.map(hardWeight))
    let loss = SoftmaxCrossEntropy(logits: logits)
    var cost = Cost(
      sum: loss.lossSum(hard), logitsGradient: loss.logitsGradient(hard, scale: scale))
    guard examples.contains(where: { $0.softLabel != nil }) else { return cost }
    let temperature = distillation.temperature
    let soft = ClassTargets(
      distributions: examples.map { softened($0, classCount: logits.columnCount) },
      weights: examples.map { $0.weight * (1 - distillation.hardFraction) })
    let softLoss = SoftmaxCrossEntropy(logits: logits.dividing(by: temperature))
    cost.sum += temperature * temperature * softLoss.lossSum(soft)
    // The factor T² of the loss, divided by the T of the logits.
    let gradient = softLoss.logitsGradient(soft, scale: scale * temperature)
    for row in 0..<gradient.rowCount {
      for column in 0..<gradient.columnCount {
        cost.logitsGradient[row, column] += gradient[row, column]
      }
    }
    return cost
  }

  /// The weight of an example's own label.
  private func hardWeight(_ example: SentimentExample) -> Double {
    example.softLabel == nil ? example.weight : example.weight * distillation.hardFraction
  }

  /// The teacher's probabilities at the temperature; zeros where there are none.
  private func softened(_ example: SentimentExample, classCount: Int) -> [Double] {
    guard let softLabel = example.softLabel else {
      return [Double](repeating: 0, count: classCount)
    }
    guard distillation.temperature != 1 else { return softLabel }
    let powers = softLabel.map { pow($0, 1 / distillation.temperature) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }
}

extension Matrix {
  /// The matrix with every element divided.
  fileprivate func dividing(by divisor: Double) -> Matrix {
    guard divisor != 1 else { return self }
    return Matrix(
      rowCount: rowCount, columnCount: columnCount, elements: elements.map { $0 / Scalar(divisor) })
  }
}
