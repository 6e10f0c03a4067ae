public import SentiTensor

/// The pinball loss of predicted quantiles, for several numbers a row.
///
/// A row predicts T numbers by Q quantiles each, number by number. The loss of a number is the mean over
/// its quantiles of `τ·(y - q)` where y is greater than q, and of `(1 - τ)·(q - y)` else; it is least at
/// the quantiles of y's distribution.
///
/// - SeeAlso: Koenker and Bassett 1978, <https://doi.org/10.2307/1913643>.
public struct QuantileLoss: Hashable, Sendable {
  /// The levels τ of the quantiles, between 0 and 1.
  public let levels: [Double]

  /// Makes the loss of some levels.
  ///
  /// - Parameter levels: The levels τ of the quantiles, between 0 and 1.
  public init(levels: [Double]) {
    precondition(
      !levels.isEmpty && levels.allSatisfy { $0 > 0 && $0 < 1 }, "levels \(levels)")
    self.levels = levels
  }

  /// The sum of the losses.
  ///
  /// - Parameters:
  ///   - predictions: The quantiles, number by number, `[N, T·Q]`.
  ///   - targets: The right numbers, `[N, T]`.
  ///   - weights: What each number counts, `[N, T]`; 0 where it is not known.
  /// - Returns: The sum.
  /// - Complexity: O(N·T·Q).
  public func lossSum<Scalar: MatrixScalar>(
    _ predictions: Matrix<Scalar>, _ targets: Matrix<Scalar>, weights: Matrix<Scalar>
  ) -> Double {
    var sum = 0.0
    forEach(predictions, targets, weights: weights) { _, level, difference, weight in
      sum += weight * (difference >= 0 ? level * difference : (level - 1) * difference)
    }
    return sum / Double(levels.count)
  }

  /// The gradient of ``lossSum(_:_:weights:)`` with respect to the predictions, `[N, T·Q]`.
  ///
  /// - Parameters:
  ///   - predictions: The quantiles, number by number, `[N, T·Q]`.
  ///   - targets: The right numbers, `[N, T]`.
  ///   - weights: What each number counts, `[N, T]`; 0 where it is not known.
  ///   - scale: What the loss is multiplied by.
  /// - Returns: The gradient; where a quantile is met exactly that from above.
  public func gradient<Scalar: MatrixScalar>(
    _ predictions: Matrix<Scalar>, _ targets: Matrix<Scalar>, weights: Matrix<Scalar>,
    scale: Double
  ) -> Matrix<Scalar> {
    var gradient = [Scalar](repeating: 0, count: predictions.elementCount)
    let scale = scale / Double(levels.count)
    forEach(predictions, targets, weights: weights) { index, level, difference, weight in
      gradient[index] = Scalar(scale * weight * (difference >= 0 ? -level : 1 - level))
    }
    return Matrix(
      rowCount: predictions.rowCount, columnCount: predictions.columnCount, elements: gradient)
  }

  /// Visits all quantiles of the numbers that count.
  private func forEach<Scalar: MatrixScalar>(
    _ predictions: Matrix<Scalar>, _ targets: Matrix<Scalar>, weights: Matrix<Scalar>,
    _ body: (_ index: Int, _ level: Double, _ difference: Double, _ weight: Double) -> Void
  ) {
    precondition(
      predictions.rowCount == targets.rowCount && weights.rowCount == targets.rowCount
        && predictions.columnCount == targets.columnCount * levels.count
        && weights.columnCount == targets.columnCount,
      "predictions [\(predictions.rowCount), \(predictions.columnCount)] and weights "
        + "[\(weights.rowCount), \(weights.columnCount)] for \(levels.count) quantiles of "
        + "[\(targets.rowCount), \(targets.columnCount)]")
    let predicted = predictions.elements
    for (number, (target, weight)) in zip(targets.elements, weights.elements).enumerated()
    where weight != 0 {
      for (offset, level) in levels.enumerated() {
        let index = number * levels.count + offset
        body(index, level, Double(target) - Double(predicted[index]), Double(weight))
      }
    }
  }
}
