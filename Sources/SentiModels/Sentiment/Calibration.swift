import Glibc

/// Temperature scaling: one number, fitted on held-out texts, that makes probabilities honest.
///
/// - SeeAlso: Guo et al. 2017, <https://arxiv.org/abs/1706.04599>.
public enum Calibration {
  /// The probabilities of classes.
  ///
  /// - Parameters:
  ///   - logits: The logits.
  ///   - temperature: What they are divided by, above 0.
  /// - Returns: One probability a class; they sum to 1. No number, where one of the logits is none or is
  ///   infinite.
  public static func probabilities(_ logits: [Float], temperature: Double) -> [Double] {
    guard logits.allSatisfy(\.isFinite) else { return logits.map { _ in .nan } }
    let scaled = logits.map { Double($0) / temperature }
    let greatest = scaled.max() ?? 0
    let exponentials = scaled.map { exp($0 - greatest) }
    let total = exponentials.reduce(0, +)
    return exponentials.map { $0 / total }
  }

  /// The temperature in [0.1, 10] under which the right classes are most probable.
  ///
  /// The loss is convex in the inverse temperature, so that a golden-section search finds it.
  ///
  /// - Parameters:
  ///   - logits: The logits of each text.
  ///   - classes: The right class of each text.
  /// - Returns: The temperature; 1 where there are no texts.
  /// - Complexity: O(texts · classes).
  public static func temperature(logits: [[Float]], classes: [Int]) -> Double {
    precondition(logits.count == classes.count, "\(logits.count) texts, \(classes.count) classes")
    guard !logits.isEmpty else { return 1 }
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (log(0.1), log(10.0))
    while high - low > 1e-6 {
      let (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
      if loss(logits, classes, exp(left)) < loss(logits, classes, exp(right)) {
        high = right
      } else {
        low = left
      }
    }
    return exp((low + high) / 2)
  }

  /// The mean cross-entropy in nats.
  private static func loss(
    _ logits: [[Float]], _ classes: [Int], _ temperature: Double
  ) -> Double {
    zip(logits, classes).reduce(0) { sum, text in
      sum - log(max(1e-300, probabilities(text.0, temperature: temperature)[text.1]))
    } / Double(classes.count)
  }
}
