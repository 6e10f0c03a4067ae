import SentiTensor

@testable import SentiModels

/// Rows with true labels, scored by a classifier that is surer than it may be, and leans to one side.
struct SyntheticPile {
  let rows: [ScoredShareRow]
  let truths: [Int]

  /// Makes a pile.
  ///
  /// - Parameters:
  ///   - count: The number of rows.
  ///   - favourable: The fraction of positive rows.
  ///   - seed: The seed.
  init(_ count: Int, favourable: Double, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var (rows, truths) = ([ScoredShareRow](), [Int]())
    for _ in 0..<count {
      let truth = Double.random(in: 0..<1, using: &generator) < favourable ? 1 : 0
      // What a classifier of 87 % accuracy sees; it takes 2.2 for the slope where it is 1.1.
      let signal = (truth == 1 ? 1.2 : -1.2) + 1.1 * generator.normal()
      let positive = LogOddsScale.logistic(2.2 * signal + 0.4)
      rows.append(
        ScoredShareRow(
          label: positive >= 0.5 ? "positive" : "negative",
          probability: max(positive, 1 - positive), score: 2 * positive - 1))
      truths.append(truth)
    }
    (self.rows, self.truths) = (rows, truths)
  }

  /// The fraction of positive rows.
  var share: Double { Double(truths.reduce(0, +)) / Double(truths.count) }

  /// The rows as strata take them.
  var scores: [(score: Double, probability: Double)] {
    rows.map { ($0.score, $0.probability) }
  }
}
