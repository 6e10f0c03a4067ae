public import SentiTensor

/// The distance between predicted and right numbers.
public enum RegressionLoss: Hashable, Codable, Sendable {
  /// The squared difference.
  case squared
  /// The absolute difference.
  case absolute
  /// Half the squared difference up to `delta`, a straight line behind it: Huber 1964,
  /// <https://doi.org/10.1214/aoms/1177703732>.
  case huber(delta: Double = 1)

  /// The sum of the distances.
  ///
  /// - Parameters:
  ///   - predictions: The predicted numbers, `[N, O]`.
  ///   - targets: The right numbers, `[N, O]`.
  ///   - mask: For each row whether it counts; nil: all do.
  /// - Returns: The sum.
  /// - Complexity: O(N·O).
  public func lossSum<Scalar: MatrixScalar>(
    _ predictions: Matrix<Scalar>, _ targets: Matrix<Scalar>, mask: [Bool]? = nil
  ) -> Double {
    var sum = 0.0
    forEach(predictions, targets, mask: mask) { sum += distance($2) }
    return sum
  }

  /// The gradient of ``lossSum(_:_:mask:)`` with respect to the predictions, `[N, O]`.
  ///
  /// - Parameters:
  ///   - predictions: The predicted numbers, `[N, O]`.
  ///   - targets: The right numbers, `[N, O]`.
  ///   - scale: What the loss is multiplied by, such as 1 / (N·O) for the mean.
  ///   - mask: For each row whether it counts; nil: all do.
  /// - Returns: The gradient; zero in rows that do not count, and where an absolute difference is.
  public func gradient<Scalar: MatrixScalar>(
    _ predictions: Matrix<Scalar>, _ targets: Matrix<Scalar>, scale: Double, mask: [Bool]? = nil
  ) -> Matrix<Scalar> {
    var gradient = Matrix<Scalar>(
      rowCount: predictions.rowCount, columnCount: predictions.columnCount)
    forEach(predictions, targets, mask: mask) { row, column, difference in
      gradient[row, column] = Scalar(scale * slope(difference))
    }
    return gradient
  }

  private func distance(_ difference: Double) -> Double {
    switch self {
    case .squared: return difference * difference
    case .absolute: return abs(difference)
    case .huber(let delta):
      let size = abs(difference)
      return size <= delta ? size * size / 2 : delta * (size - delta / 2)
    }
  }

  private func slope(_ difference: Double) -> Double {
    switch self {
    case .squared: return 2 * difference
    case .absolute: return difference > 0 ? 1 : difference < 0 ? -1 : difference
    // Not min and max, which would hide a difference that is not a number.
    case .huber(let delta):
      return difference > delta ? delta : difference < -delta ? -delta : difference
    }
  }

  private func forEach<Scalar: MatrixScalar>(
    _ predictions: Matrix<Scalar>, _ targets: Matrix<Scalar>, mask: [Bool]?,
    _ body: (_ row: Int, _ column: Int, _ difference: Double) -> Void
  ) {
    precondition(
      predictions.rowCount == targets.rowCount && predictions.columnCount == targets.columnCount
        && mask.map { $0.count == targets.rowCount } ?? true,
      "predictions [\(predictions.rowCount), \(predictions.columnCount)] and mask of "
        + "\(mask?.count ?? targets.rowCount) for [\(targets.rowCount), \(targets.columnCount)]")
    for row in 0..<targets.rowCount where mask?[row] ?? true {
      for column in 0..<targets.columnCount {
        body(row, column, Double(predictions[row, column]) - Double(targets[row, column]))
      }
    }
  }
}
