internal import SentiTensor

/// Estimates which fraction of a pile has each label from how often the classifier confuses them.
///
/// The classifier's counts of the pile are what it makes of the true ones: `q = C π`, where `C` says how
/// often it gives each label to rows of each true one. Labelled rows measure `C`; solved for `π`, that gives
/// the pile's own fractions, however many rows of each label were picked. It is right where only the
/// labels' fractions differ between labelled rows and pile, and needs more of them than
/// ``StratifiedShares``.
///
/// - SeeAlso: Forman 2008, "Quantifying Counts and Costs via Classification",
///   <https://doi.org/10.1007/s10618-008-0097-y>.
public struct AdjustedShares: Sendable {
  /// The labels.
  public let labels: [String]
  /// The number of rows of the pile.
  public private(set) var rowCount = 0
  private var counts: [Int]
  /// The answers to the labelled rows of each true label.
  private var answers: [[Int]]

  /// The number of draws of labelled rows.
  private static let drawCount = 1000
  /// The least pivot with which the confusions are solved.
  private static let minimumPivot = 0.02

  /// Starts with no rows.
  ///
  /// - Parameter labels: The labels.
  public init(labels: [String]) {
    self.labels = labels
    counts = labels.map { _ in 0 }
    answers = labels.map { _ in [] }
  }

  /// The labels of which no row was labelled; with one, there are no estimates.
  public var missingLabels: [String] {
    zip(labels, answers).filter { $1.isEmpty }.map(\.0)
  }

  /// Adds a row of the pile; one with another label is left out.
  public mutating func add(_ row: ScoredShareRow) {
    guard let label = labels.firstIndex(of: row.label) else { return }
    rowCount += 1
    counts[label] += 1
  }

  /// Adds a labelled row; one with another answer is left out.
  ///
  /// - Parameters:
  ///   - row: What the classifier says of it.
  ///   - truth: The index of its true label.
  /// - Precondition: `truth` is an index of ``labels``.
  public mutating func add(_ row: ScoredShareRow, truth: Int) {
    precondition(labels.indices.contains(truth), "label \(truth) of \(labels.count) labels")
    guard let answer = labels.firstIndex(of: row.label) else { return }
    answers[truth].append(answer)
  }

  /// The estimate for each label, with a percentile interval of the bootstrap; nil where a label has no
  /// labelled row, or where the classifier does not tell the labels apart.
  ///
  /// - Parameter seed: The seed of the draws.
  /// - Returns: One estimate a label.
  /// - Complexity: O(1,000 · labelled rows).
  public func estimates(seed: UInt64 = 1) -> [ShareEstimate]? {
    guard rowCount > 0, missingLabels.isEmpty, let shares = shares(answers) else { return nil }
    var generator = SeededGenerator(seed: seed)
    let draws = (0..<Self.drawCount).compactMap { _ in
      self.shares(
        answers.map { answers in
          answers.indices.map { _ in
            answers[Int(generator.next(upperBound: UInt(answers.count)))]
          }
        })
    }
    // Draws that tell no labels apart would make the interval too narrow.
    guard draws.count > Self.drawCount * 9 / 10 else { return nil }
    return labels.indices.map { label in
      let sorted = draws.map { $0[label] }.sorted()
      let tail = Int((0.025 * Double(sorted.count)).rounded(.down))
      let (low, high) = (sorted[tail], sorted[sorted.count - 1 - tail])
      return ShareEstimate(
        label: labels[label], counted: Double(counts[label]) / Double(rowCount),
        share: shares[label], interval: min(low, shares[label])...max(high, shares[label]))
    }
  }

  /// Solves the confusions for the pile's fractions, none below 0; nil where they cannot be told.
  private func shares(_ answers: [[Int]]) -> [Double]? {
    var rows = labels.indices.map { answer in
      answers.map { row in
        Double(row.count { $0 == answer }) / Double(max(row.count, 1))
      } + [Double(counts[answer]) / Double(rowCount)]
    }
    for pivot in rows.indices {
      let best = rows.indices[pivot...].max {
        rows[$0][pivot].magnitude < rows[$1][pivot].magnitude
      }
      if let best { rows.swapAt(pivot, best) }
      guard rows[pivot][pivot].magnitude > Self.minimumPivot else { return nil }
      for row in rows.indices where row != pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in pivot...rows.count { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    let solved = rows.indices.map { max(0, rows[$0][rows.count] / rows[$0][$0]) }
    let total = solved.reduce(0, +)
    return total > 0 ? solved.map { $0 / total } : nil
  }
}
