internal import Glibc
internal import SentiTensor

/// The log-odds of a class, `ln(p / (1 - p))`: its logit less the log-sum-exp of the others'.
///
/// Logits are divided by the temperature first, so that p is the probability that the classifier gives. Of
/// two classes it is the difference of their logits; of one it is its logit.
struct LogOdds: Hashable, Sendable {
  /// The class.
  let label: Int
  /// What logits are divided by.
  let temperature: Double

  /// The log-odds.
  ///
  /// - Parameter logits: One logit a class.
  /// - Returns: The log-odds; not finite where a logit is not.
  func value(_ logits: [Double]) -> Double {
    let others = scaledOthers(logits)
    guard let maximum = others.max() else { return logits[label] / temperature }
    let sum = others.reduce(0) { $0 + exp($1 - maximum) }
    return logits[label] / temperature - maximum - log(sum)
  }

  /// The gradient of the log-odds with respect to the logits.
  ///
  /// - Parameter logits: One logit a class.
  /// - Returns: One number a class; they sum to 0, where there is more than one.
  func gradient(_ logits: [Double]) -> [Double] {
    let maximum = scaledOthers(logits).max() ?? 0
    var exponentials = logits.map { exp($0 / temperature - maximum) }
    exponentials[label] = 0
    let sum = exponentials.reduce(0, +)
    return exponentials.enumerated().map { index, exponential in
      (index == label ? 1 : -exponential / sum) / temperature
    }
  }

  /// The mean of the gradient on the straight way between two points: its product with the difference of the
  /// points is the difference of the log-odds.
  ///
  /// Simpson's rule; of two classes the gradient is the same everywhere.
  ///
  /// - Parameters:
  ///   - first: One logit a class.
  ///   - last: One logit a class.
  /// - Returns: One number a class.
  func meanGradient(from first: [Double], to last: [Double]) -> [Double] {
    let intervals = 128
    var sum = first.map { _ in 0.0 }
    for node in 0...intervals {
      let place = Double(node) / Double(intervals)
      let weight: Double = node == 0 || node == intervals ? 1 : node % 2 == 0 ? 2 : 4
      let slope = gradient(zip(first, last).map { $0 + place * ($1 - $0) })
      for index in sum.indices { sum[index] += weight * slope[index] }
    }
    return sum.map { $0 / Double(3 * intervals) }
  }

  private func scaledOthers(_ logits: [Double]) -> [Double] {
    logits.enumerated().filter { $0.offset != label }.map { $0.element / temperature }
  }
}
