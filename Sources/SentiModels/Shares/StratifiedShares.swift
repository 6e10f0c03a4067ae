/// Estimates which fraction of a pile has each label: the classifier's probabilities of all rows, corrected
/// by what people say of a few.
///
///     var shares = StratifiedShares(labels: ["negative", "positive"], strata: strata)
///     for row in pile { shares.add(row) }
///     for (row, truth) in labelled { shares.add(row, truth: truth) }
///     print(shares.estimates)
///
/// With `f` the classifier's probability of a label, `y` 1 for the rows that have it, `W` the fraction of
/// the pile that is in a stratum of scores, and means over all rows and over the labelled ones:
///
///     share = Σ W (mean f + mean (y - f))
///
/// This is prediction-powered inference, stratified: whatever the classifier's errors are, the labelled rows
/// of a stratum measure them. They have to be as good as random within their stratum; how many there are in
/// each does not matter. So rows that `senti sample` picked will do, rows picked at random, and rows of
/// another pile in which texts of the same score are right as often.
///
/// The variance of `y - f` in a stratum, which some five rows measure badly, is drawn to `f (1 - f)`, which
/// it is for a calibrated classifier, as one more labelled row would.
///
/// - SeeAlso: Angelopoulos et al. 2023, "Prediction-Powered Inference", <https://arxiv.org/abs/2301.09633>;
///   Fisch et al. 2024, "Stratified Prediction-Powered Inference", <https://arxiv.org/abs/2406.04291>.
public struct StratifiedShares: Sendable {
  /// The labels.
  public let labels: [String]
  /// How rows are cut by their scores.
  public let strata: ShareStrata
  /// The number of rows of the pile.
  public private(set) var rowCount = 0
  /// The number of labelled rows.
  public private(set) var labelledCount = 0
  private var sums: [Stratum]
  private var counts: [Int]

  /// What is summed over a stratum.
  private struct Stratum {
    var rowCount = 0
    var labelledCount = 0
    /// For each label: f, f (1 - f), y - f and its square.
    var predictions: [Double]
    var spreads: [Double]
    var errors: [Double]
    var squaredErrors: [Double]

    init(_ labelCount: Int) {
      predictions = Array(repeating: 0, count: labelCount)
      (spreads, errors, squaredErrors) = (predictions, predictions, predictions)
    }

    mutating func merge(_ other: Stratum) {
      rowCount += other.rowCount
      labelledCount += other.labelledCount
      for label in predictions.indices {
        predictions[label] += other.predictions[label]
        spreads[label] += other.spreads[label]
        errors[label] += other.errors[label]
        squaredErrors[label] += other.squaredErrors[label]
      }
    }
  }

  /// The least variance of the error in a stratum.
  private static let minimumVariance = 0.02

  /// Starts with no rows.
  ///
  /// - Parameters:
  ///   - labels: The labels.
  ///   - strata: How rows are cut by their scores.
  public init(labels: [String], strata: ShareStrata) {
    self.labels = labels
    self.strata = strata
    sums = Array(repeating: Stratum(labels.count), count: strata.count)
    counts = labels.map { _ in 0 }
  }

  /// Adds a row of the pile, also one that was labelled.
  public mutating func add(_ row: ScoredShareRow) {
    rowCount += 1
    if let label = labels.firstIndex(of: row.label) { counts[label] += 1 }
    let stratum = strata.stratum(of: row.score)
    sums[stratum].rowCount += 1
    for (label, f) in predictions(row).enumerated() {
      sums[stratum].predictions[label] += f
      sums[stratum].spreads[label] += f * (1 - f)
    }
  }

  /// Adds a labelled row.
  ///
  /// - Parameters:
  ///   - row: What the classifier says of it.
  ///   - truth: The index of its true label.
  /// - Precondition: `truth` is an index of ``labels``.
  public mutating func add(_ row: ScoredShareRow, truth: Int) {
    precondition(labels.indices.contains(truth), "label \(truth) of \(labels.count) labels")
    labelledCount += 1
    let stratum = strata.stratum(of: row.score)
    sums[stratum].labelledCount += 1
    for (label, f) in predictions(row).enumerated() {
      let error = (label == truth ? 1 : 0) - f
      sums[stratum].errors[label] += error
      sums[stratum].squaredErrors[label] += error * error
    }
  }

  /// The estimate for each label; nil where there are no rows, or fewer than two labelled ones.
  public var estimates: [ShareEstimate]? {
    guard rowCount > 0, labelledCount > 1 else { return nil }
    let strata = mergedStrata
    return labels.indices.map { label in
      let parts = strata.map { part(of: $0, label) }
      return ShareEstimate(
        label: labels[label], counted: Double(counts[label]) / Double(rowCount),
        share: parts.reduce(0) { $0 + $1.share },
        variance: parts.reduce(0) { $0 + $1.variance }, labelledCount: labelledCount)
    }
  }

  /// The classifier's probability of each label; what is not the answer's is divided among the others.
  private func predictions(_ row: ScoredShareRow) -> [Double] {
    guard let answer = labels.firstIndex(of: row.label), labels.count > 1 else {
      return labels.map { _ in 1 / Double(labels.count) }
    }
    let rest = (1 - row.probability) / Double(labels.count - 1)
    return labels.indices.map { $0 == answer ? row.probability : rest }
  }

  /// The strata, those with fewer than two labelled rows joined to the next.
  private var mergedStrata: [Stratum] {
    var merged: [Stratum] = []
    for stratum in sums {
      if let last = merged.last, last.labelledCount < 2 {
        merged[merged.count - 1].merge(stratum)
      } else {
        merged.append(stratum)
      }
    }
    if let last = merged.last, last.labelledCount < 2, merged.count > 1 {
      merged.removeLast()
      merged[merged.count - 1].merge(last)
    }
    return merged
  }

  /// What a stratum adds to a label's share, and to its variance.
  private func part(of stratum: Stratum, _ label: Int) -> (share: Double, variance: Double) {
    guard stratum.rowCount > 0 else { return (0, 0) }
    let (size, count) = (Double(stratum.rowCount), Double(stratum.labelledCount))
    let weight = size / Double(rowCount)
    let meanError = stratum.errors[label] / count
    let squares = max(0, stratum.squaredErrors[label] - count * meanError * meanError)
    let prior = max(stratum.spreads[label] / size, Self.minimumVariance)
    let variance = (squares + prior) / count
    let unseen = max(0, 1 - count / size)
    return (
      weight * (stratum.predictions[label] / size + meanError),
      weight * weight * variance / count * unseen
    )
  }
}
