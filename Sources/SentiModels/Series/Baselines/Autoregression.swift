/// A linear autoregression with a constant, fitted by least squares.
///
///     y_t = c + a_1·y_{t-1} + … + a_p·y_{t-p}
struct Autoregression: Sendable {
  /// The constant c.
  let constant: Double
  /// a_1 to a_p.
  let coefficients: [Double]

  /// The order that a season asks for: a season, but a week of days at least.
  static func usualOrder(season: Int) -> Int { max(season, 7) }

  /// Fits the coefficients to all numbers before which p numbers are there without a gap.
  ///
  /// Numbers are taken as distances from their mean, so that the sums are well conditioned. Where there
  /// are fewer than 2·(p + 1) of them the order is lowered.
  init(fittedTo values: [Double?], order: Int) {
    let observed = values.compactMap(\.self)
    let mean = observed.isEmpty ? 0 : observed.reduce(0, +) / Double(observed.count)
    let centered = values.map { $0.map { $0 - mean } }
    var order = min(order, max(0, observed.count / 2 - 1))
    var rows = Self.rows(centered, order)
    while order > 0 && rows.count < 2 * (order + 1) {
      order -= 1
      rows = Self.rows(centered, order)
    }
    let solution = LeastSquares.solution(rows.map(\.inputs), rows.map(\.target))
    let coefficients = Array(solution.dropFirst())
    self.coefficients = coefficients
    constant = (solution.first ?? 0) + mean * (1 - coefficients.reduce(0, +))
  }

  /// Forecasts step by step, each forecast an input of the next.
  func forecast(after past: [Double], horizon: Int) -> [Double] {
    let order = coefficients.count
    var values = Array(past.suffix(order))
    values = Array(repeating: values.first ?? 0, count: order - values.count) + values
    for _ in 0..<horizon {
      let recent = values.suffix(order).reversed()
      values.append(zip(coefficients, recent).reduce(constant) { $0 + $1.0 * $1.1 })
    }
    return Array(values.dropFirst(order))
  }

  private static func rows(
    _ values: [Double?], _ order: Int
  ) -> [(inputs: [Double], target: Double)] {
    guard values.count > order else { return [] }
    return (order..<values.count).compactMap { index in
      let recent = values[index - order..<index].reversed().compactMap(\.self)
      guard recent.count == order, let target = values[index] else { return nil }
      return ([1] + recent, target)
    }
  }
}

/// Linear regression.
enum LeastSquares {
  /// So much of the diagonal's mean is added to it, for inputs that depend on each other.
  private static var ridge: Double { 1e-10 }

  /// The weights with the least sum of squared distances, by the normal equations.
  ///
  /// - Complexity: O(rows·width² + width³).
  static func solution(_ inputs: [[Double]], _ targets: [Double]) -> [Double] {
    let width = inputs.first?.count ?? 0
    var matrix = [Double](repeating: 0, count: width * width)
    var right = [Double](repeating: 0, count: width)
    for (row, target) in zip(inputs, targets) {
      for i in 0..<width {
        right[i] += row[i] * target
        for j in 0...i { matrix[i * width + j] += row[i] * row[j] }
      }
    }
    let trace = (0..<width).reduce(0) { $0 + matrix[$1 * width + $1] }
    for i in 0..<width { matrix[i * width + i] += ridge * trace / Double(width) }
    return solve(&matrix, right)
  }

  /// Solves a symmetric positive definite system by Cholesky's decomposition, in the lower half.
  private static func solve(_ matrix: inout [Double], _ right: [Double]) -> [Double] {
    let width = right.count
    var solution = right
    for i in 0..<width {
      for j in 0...i {
        var sum = matrix[i * width + j]
        for k in 0..<j { sum -= matrix[i * width + k] * matrix[j * width + k] }
        matrix[i * width + j] =
          i == j ? max(sum, .leastNormalMagnitude).squareRoot() : sum / matrix[j * width + j]
      }
      for k in 0..<i { solution[i] -= matrix[i * width + k] * solution[k] }
      solution[i] /= matrix[i * width + i]
    }
    for i in (0..<width).reversed() {
      for k in i + 1..<width { solution[i] -= matrix[k * width + i] * solution[k] }
      solution[i] /= matrix[i * width + i]
    }
    return solution
  }
}
