/// A check of derivatives by central differences, in double precision.
///
/// Step and tolerances are those of PyTorch's `gradcheck`, which was designed for doubles.
public enum GradientCheck {
  /// Half the distance between the two points of a difference.
  public static let step = 1e-6
  /// The difference that is allowed at a derivative of zero.
  public static let absoluteTolerance = 1e-5
  /// The share of a derivative that is allowed on top.
  public static let relativeTolerance = 1e-3

  /// Compares a gradient with the central differences of a loss.
  ///
  /// - Parameters:
  ///   - gradient: The gradient to check, one element for each of `values`.
  ///   - values: The point at which it was taken.
  ///   - name: What the values are, for messages.
  ///   - stride: How far apart the values are that are moved; 1: all of them are.
  ///   - loss: The loss at a point.
  /// - Returns: What is wrong in words, or nil: an element that is not finite first of all, then
  ///   the first one that differs from the differences.
  public static func failure(
    _ gradient: [Double], at values: [Double], named name: String, every stride: Int = 1,
    loss: ([Double]) -> Double
  ) -> String? {
    guard gradient.count == values.count else {
      return "\(name): \(gradient.count) derivatives of \(values.count) values"
    }
    if let index = gradient.firstIndex(where: { !$0.isFinite }) {
      return "\(name): derivative \(index) is \(gradient[index])"
    }
    for index in Swift.stride(from: 0, to: values.count, by: stride) {
      let numeric = difference(values, index, loss)
      let limit = absoluteTolerance + relativeTolerance * numeric.magnitude
      if !numeric.isFinite || (gradient[index] - numeric).magnitude > limit {
        return "\(name): derivative \(index) is \(gradient[index]), expected \(numeric)"
      }
    }
    return nil
  }

  private static func difference(
    _ values: [Double], _ index: Int, _ loss: ([Double]) -> Double
  ) -> Double {
    var (above, below) = (values, values)
    above[index] += step
    below[index] -= step
    return (loss(above) - loss(below)) / (2 * step)
  }
}
