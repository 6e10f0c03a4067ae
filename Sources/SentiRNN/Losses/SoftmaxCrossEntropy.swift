internal import Glibc
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
  /// - Parameter targets: The target of each row.
  /// - Returns: The sum, in nats.
  /// - Complexity: O(B·C).
  public func lossSum(_ targets: ClassTargets) -> Double {
    check(targets)
    var sum = 0.0
    for (row, target) in targets.rows.enumerated() {
      // A class that is out of reach has an infinite logarithm, which counts only if it is asked for.
      for (column, wanted) in target.enumerated() where wanted > 0 {
        sum -= wanted * Double(logProbabilities[row, column])
      }
    }
    return sum
  }

  /// The gradient of the loss with respect to the logits, `[B, C]`.
  ///
  /// - Parameters:
  ///   - targets: The target of each row.
  ///   - scale: The factor of the loss, such as 1 / B for the mean; with class weights PyTorch's mean
  ///     divides by the sum of the weights of the right classes.
  /// - Returns: The gradient, `[B, C]`; zero in rows without a target.
  /// - Complexity: O(B·C).
  public func logitsGradient(_ targets: ClassTargets, scale: Double) -> Matrix<Scalar> {
    check(targets)
    var gradient = probabilities
    for (row, target) in targets.rows.enumerated() {
      let total = targets.totals[row]
      for (column, wanted) in target.enumerated() {
        let slope = total * Double(probabilities[row, column]) - wanted
        gradient[row, column] = total == 0 ? 0 : Scalar(scale * slope)
      }
    }
    return gradient
  }

  /// The sum over the rows of the cross-entropy with one right class each, in nats.
  ///
  /// - Parameters:
  ///   - classes: The right class of each row.
  ///   - smoothing: The fraction of probability spread evenly over all classes.
  ///   - classWeights: The factor of the logarithm of each class's probability; nil: 1.
  ///   - mask: For each row whether it counts; nil: all do.
  /// - Returns: The sum, in nats.
  public func lossSum(
    _ classes: [Int], smoothing: Double = 0, classWeights: [Double]? = nil, mask: [Bool]? = nil
  ) -> Double {
    lossSum(targets(classes, smoothing: smoothing, classWeights: classWeights, mask: mask))
  }

  /// The gradient of the loss with one right class a row with respect to the logits, `[B, C]`.
  ///
  /// - Parameters:
  ///   - classes: The right class of each row.
  ///   - scale: The factor of the loss.
  ///   - smoothing: The fraction of probability spread evenly over all classes.
  ///   - classWeights: The factor of the logarithm of each class's probability; nil: 1.
  ///   - mask: For each row whether it counts; nil: all do.
  /// - Returns: The gradient, `[B, C]`; zero in rows that do not count.
  public func logitsGradient(
    _ classes: [Int], scale: Double, smoothing: Double = 0, classWeights: [Double]? = nil,
    mask: [Bool]? = nil
  ) -> Matrix<Scalar> {
    logitsGradient(
      targets(classes, smoothing: smoothing, classWeights: classWeights, mask: mask), scale: scale)
  }

  private func targets(
    _ classes: [Int], smoothing: Double, classWeights: [Double]?, mask: [Bool]?
  ) -> ClassTargets {
    ClassTargets(
      classes: classes, classCount: probabilities.columnCount, smoothing: smoothing,
      classWeights: classWeights, weights: mask.map { $0.map { $0 ? 1 : 0 } })
  }

  private func check(_ targets: ClassTargets) {
    precondition(
      targets.rows.count == probabilities.rowCount
        && targets.rows.allSatisfy { $0.count == probabilities.columnCount },
      "\(targets.rows.count) targets for logits [\(probabilities.rowCount), "
        + "\(probabilities.columnCount)]")
  }
}

/// The target distribution of each row of a cross-entropy, times the weight of the row.
public struct ClassTargets: Hashable, Sendable {
  /// The weighted probability of each class, `[B][C]`.
  public private(set) var rows: [[Double]]
  /// The sum of each row: its weight.
  public private(set) var totals: [Double]

  /// Uses given distributions.
  ///
  /// - Parameters:
  ///   - distributions: The probability of each class, for each row.
  ///   - weights: The weight of each row in the loss.
  /// - Precondition: There are as many weights as distributions.
  public init(distributions: [[Double]], weights: [Double]) {
    precondition(
      distributions.count == weights.count,
      "\(distributions.count) distributions, \(weights.count) weights")
    rows = zip(distributions, weights).map { row, weight in row.map { weight * $0 } }
    totals = rows.map { $0.reduce(0, +) }
  }

  /// Uses one right class a row.
  ///
  /// - Parameters:
  ///   - classes: The right class of each row.
  ///   - classCount: The number of classes, C.
  ///   - smoothing: The fraction of probability spread evenly over all classes.
  ///   - classWeights: The factor of the logarithm of each class's probability; nil: 1.
  ///   - weights: The weight of each row in the loss; nil: 1. A row of weight 0 does not count.
  /// - Precondition: Classes lie in `0..<classCount`; there is a weight for each class and each row.
  /// - SeeAlso: label smoothing: Szegedy et al. 2016, <https://arxiv.org/abs/1512.00567>.
  public init(
    classes: [Int], classCount: Int, smoothing: Double = 0, classWeights: [Double]? = nil,
    weights: [Double]? = nil
  ) {
    precondition(
      classes.allSatisfy((0..<classCount).contains), "classes \(classes) of \(classCount)")
    precondition(
      (classWeights?.count ?? classCount) == classCount
        && (weights?.count ?? classes.count) == classes.count,
      "\(classWeights?.count ?? 0) class weights for \(classCount) classes, "
        + "\(weights?.count ?? 0) weights for \(classes.count) rows")
    let spread = smoothing / Double(classCount)
    (rows, totals) = ([], [])
    for (row, right) in classes.enumerated() {
      let weight = weights?[row] ?? 1
      let rightWeight = (1 - smoothing) * (classWeights?[right] ?? 1)
      rows.append(
        (0..<classCount).map { column in
          weight * (spread * (classWeights?[column] ?? 1) + (column == right ? rightWeight : 0))
        })
      totals.append(
        weight * (rightWeight + (classWeights.map { spread * $0.reduce(0, +) } ?? smoothing)))
    }
  }
}

extension SoftmaxCrossEntropy {
  /// The exponential, computed in double precision.
  fileprivate static func exp(_ value: Scalar) -> Scalar { Scalar(Glibc.exp(Double(value))) }

  /// The natural logarithm, computed in double precision.
  fileprivate static func log(_ value: Scalar) -> Scalar { Scalar(Glibc.log(Double(value))) }
}
