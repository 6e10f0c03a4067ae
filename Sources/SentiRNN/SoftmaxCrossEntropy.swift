public import SentiTensor

/// The softmax of logits and its cross-entropy with the right classes, in nats.
public struct SoftmaxCrossEntropy<Scalar: MatrixScalar>: Sendable {
  /// The probability of each class, `[B, C]`; each row sums to 1.
  public let probabilities: Matrix<Scalar>

  /// The logarithm of each probability, `[B, C]`.
  public let logProbabilities: Matrix<Scalar>

  /// Computes the softmax of each row, with the row's maximum taken out.
  ///
  /// - Parameter logits: Logits, `[B, C]`.
  /// - Complexity: O(B·C).
  public init(logits: Matrix<Scalar>) {
    var (probabilities, logProbabilities) = (logits, logits)
    for row in 0..<logits.rowCount {
      let values = logits.row(row)
      let greatest = values.max() ?? 0
      var total: Scalar = 0
      for value in values { total += Self.exp(value - greatest) }
      let logTotal = Self.log(total)
      for column in values.indices {
        let logarithm = values[column] - greatest - logTotal
        logProbabilities[row, column] = logarithm
        probabilities[row, column] = Self.exp(logarithm)
      }
    }
    self.probabilities = probabilities
    self.logProbabilities = logProbabilities
  }

  /// The sum over the rows of the cross-entropy, in nats.
  ///
  /// - Parameters:
  ///   - classes: The right class of each row.
  ///   - smoothing: The share of probability spread evenly over all classes.
  ///   - classWeights: What the logarithm of each class's probability is multiplied by; nil: 1.
  ///   - mask: For each row whether it counts; nil: all do.
  /// - Returns: The sum, in nats.
  /// - SeeAlso: label smoothing: Szegedy et al. 2016, <https://arxiv.org/abs/1512.00567>.
  public func lossSum(
    _ classes: [Int], smoothing: Double = 0, classWeights: [Double]? = nil, mask: [Bool]? = nil
  ) -> Double {
    check(classes, classWeights, mask)
    var sum = 0.0
    for (row, right) in classes.enumerated() where mask?[row] ?? true {
      let all = logProbabilities.row(row)
      sum -= (1 - smoothing) * (classWeights?[right] ?? 1) * Double(all[right])
      // A class that is out of reach has an infinite logarithm, which only smoothing asks for.
      if smoothing > 0 {
        let total = all.indices.reduce(0.0) { $0 + (classWeights?[$1] ?? 1) * Double(all[$1]) }
        sum -= smoothing * total / Double(all.count)
      }
    }
    return sum
  }

  /// The gradient of the loss with respect to the logits, `[B, C]`.
  ///
  /// - Parameters:
  ///   - classes: The right class of each row.
  ///   - scale: What the loss is multiplied by, such as 1 / B for the mean; with class weights
  ///     PyTorch's mean divides by the sum of the weights of the right classes.
  ///   - smoothing: As in ``lossSum(_:smoothing:classWeights:mask:)``, and so are the others.
  ///   - classWeights: What the logarithm of each class's probability is multiplied by; nil: 1.
  ///   - mask: For each row whether it counts; nil: all do.
  /// - Returns: The gradient, `[B, C]`; zero in rows that do not count.
  public func logitsGradient(
    _ classes: [Int], scale: Double, smoothing: Double = 0, classWeights: [Double]? = nil,
    mask: [Bool]? = nil
  ) -> Matrix<Scalar> {
    check(classes, classWeights, mask)
    var gradient = probabilities
    let spread = smoothing / Double(probabilities.columnCount)
    for (row, right) in classes.enumerated() {
      let counts = mask?[row] ?? true
      let rightWeight = (1 - smoothing) * (classWeights?[right] ?? 1)
      let total = rightWeight + (classWeights.map { spread * $0.reduce(0, +) } ?? smoothing)
      for column in 0..<probabilities.columnCount {
        let target =
          spread * (classWeights?[column] ?? 1) + (column == right ? rightWeight : 0)
        let slope = total * Double(probabilities[row, column]) - target
        gradient[row, column] = counts ? Scalar(scale * slope) : 0
      }
    }
    return gradient
  }

  private func check(_ classes: [Int], _ classWeights: [Double]?, _ mask: [Bool]?) {
    precondition(
      classes.count == probabilities.rowCount
        && classes.allSatisfy { $0 >= 0 && $0 < probabilities.columnCount },
      "classes \(classes) for logits [\(probabilities.rowCount), \(probabilities.columnCount)]")
    precondition(
      (classWeights?.count ?? probabilities.columnCount) == probabilities.columnCount
        && (mask?.count ?? classes.count) == classes.count,
      "\(classWeights?.count ?? 0) class weights for \(probabilities.columnCount) classes, mask of "
        + "\(mask?.count ?? 0) for \(classes.count) rows")
  }
}
