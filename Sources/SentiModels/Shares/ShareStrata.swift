/// Scored rows cut by their scores into strata between which a classifier's doubt is divided evenly.
///
/// A stratum ends where the standard deviations `√(p(1 - p))` of the rows so far, in the order of their
/// scores, have summed to its part of all; a row counts with 0.15 at least, since no classifier is as sure
/// as it says. With as many labelled rows from each stratum, most of them come from where the classifier
/// is in doubt: Neyman's allocation.
///
/// - SeeAlso: Neyman 1934, <https://doi.org/10.2307/2342192>; Dalenius and Hodges 1959,
///   <https://doi.org/10.1080/01621459.1959.10501501>.
public struct ShareStrata: Hashable, Sendable {
  /// The highest score of each stratum but the last.
  public let bounds: [Double]

  /// The number of strata.
  public var count: Int { bounds.count + 1 }

  /// The most strata, and the fewest labelled rows for which there is another one.
  static let (maximumCount, rowsPerStratum) = (10, 5)
  /// The least standard deviation of a row.
  static let minimumDeviation = 0.15

  /// Cuts rows into strata.
  ///
  /// - Parameters:
  ///   - rows: The score of each row, and the probability of its label.
  ///   - labelledCount: The number of rows that are labelled: five or more for a stratum, and at most ten
  ///     strata.
  /// - Complexity: O(n log n).
  public init(of rows: [(score: Double, probability: Double)], labelledCount: Int) {
    let count = max(1, min(Self.maximumCount, labelledCount / Self.rowsPerStratum))
    let sorted = rows.sorted { $0.score < $1.score }
    let total = sorted.reduce(0) { $0 + Self.deviation($1.probability) }
    var (sum, bounds) = (0.0, [Double]())
    for (index, row) in sorted.enumerated() {
      sum += Self.deviation(row.probability)
      guard bounds.count < count - 1, sum >= total * Double(bounds.count + 1) / Double(count),
        index + 1 < sorted.count, sorted[index + 1].score > row.score
      else { continue }
      bounds.append(row.score)
    }
    self.bounds = bounds
  }

  private static func deviation(_ probability: Double) -> Double {
    max(minimumDeviation, (probability * (1 - probability)).squareRoot())
  }

  /// The stratum of a score, from 0.
  ///
  /// - Complexity: O(strata).
  public func stratum(of score: Double) -> Int {
    bounds.firstIndex { score <= $0 } ?? bounds.count
  }

  /// Picks rows to label, as many from each stratum as far as it has them.
  ///
  /// - Parameters:
  ///   - count: The number of rows.
  ///   - scores: The score of each row.
  ///   - generator: What picks.
  /// - Returns: The indices of the rows, in order; all rows where there are no more than asked for.
  public func sample(
    _ count: Int, of scores: [Double], using generator: inout some RandomNumberGenerator
  ) -> [Int] {
    var rows = Array(repeating: [Int](), count: self.count)
    for (index, score) in scores.enumerated() { rows[stratum(of: score)].append(index) }
    let sizes = Self.allocation(of: count, to: rows.map(\.count))
    return zip(rows, sizes).flatMap { rows, size -> ArraySlice<Int> in
      rows.shuffled(using: &generator).prefix(size)
    }.sorted()
  }

  /// Divides a number evenly among strata that have room for so many.
  static func allocation(of count: Int, to rooms: [Int]) -> [Int] {
    var sizes = Array(repeating: 0, count: rooms.count)
    var rest = min(count, rooms.reduce(0, +))
    while rest > 0 {
      // Those with the fewest rows first, each with its part of what is left.
      let open = rooms.indices.filter { sizes[$0] < rooms[$0] }
      let part = max(1, rest / open.count)
      for stratum in open where rest > 0 {
        let added = min(part, rooms[stratum] - sizes[stratum], rest)
        sizes[stratum] += added
        rest -= added
      }
    }
    return sizes
  }
}
