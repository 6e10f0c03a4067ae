internal import Glibc

/// The likeness of a caption to its references, in which rare runs of words weigh more: CIDEr-D.
///
/// Weights follow from all references, so the score is known when all segments are there. As in the
/// COCO captioning tools: runs of up to four words, clipped counts, a penalty for lengths that
/// differ, times ten.
///
/// - SeeAlso: Vedantam, Zitnick and Parikh 2015, <https://arxiv.org/abs/1411.5726>.
public struct CIDEr: Sendable {
  private var numbers = WordNumbers()
  private var segments: [(hypothesis: NGramCounts, references: [NGramCounts])] = []
  /// In the references of how many segments a run occurs.
  private var segmentCounts: [UInt128: Int] = [:]

  private static let maximumOrder = 4
  /// The width of the bell curve of differences in length.
  private static let deviation = 6.0

  /// Makes a metric without segments.
  public init() {}

  /// Adds a segment.
  ///
  /// - Parameters:
  ///   - hypothesis: The words to judge.
  ///   - references: What people wrote, in words.
  /// - Precondition: There is a reference.
  public mutating func add(_ hypothesis: [String], references: [[String]]) {
    precondition(!references.isEmpty, "0 references")
    func runs(_ words: [String]) -> NGramCounts {
      NGramCounts(numbers.numbers(of: words), maximumLength: Self.maximumOrder)
    }
    let (found, expected) = (runs(hypothesis), references.map(runs))
    for run in Set(expected.flatMap { $0.runs.joined() }) { segmentCounts[run, default: 0] += 1 }
    segments.append((found, expected))
  }

  /// The mean score of all segments; 0 where there are none.
  public var score: Double {
    guard !segments.isEmpty else { return 0 }
    let sum = segments.reduce(0) { sum, segment in
      let found = Weighted(segment.hypothesis, weight)
      let likeness = segment.references.reduce(0) { $0 + found.likeness(to: Weighted($1, weight)) }
      return sum + likeness / Double(segment.references.count)
    }
    return 10 * sum / Double(segments.count)
  }

  /// The logarithm of the inverse share of segments that have a run.
  private func weight(of run: UInt128) -> Double {
    log(Double(segments.count)) - log(Double(max(1, segmentCounts[run] ?? 0)))
  }

  /// A text as a vector of weighted counts for each length of runs.
  private struct Weighted {
    let counts: NGramCounts
    let weight: (UInt128) -> Double
    let norms: [Double]

    init(_ counts: NGramCounts, _ weight: @escaping (UInt128) -> Double) {
      self.counts = counts
      self.weight = weight
      norms = counts.runs.map { runs in
        runs.reduce(0) { sum, run in
          let value = Double(counts[run]) * weight(run)
          return sum + value * value
        }.squareRoot()
      }
    }

    /// The mean over lengths of the cosines, of which no run counts more than in the reference.
    func likeness(to reference: Weighted) -> Double {
      // The COCO tools take the number of pairs for the length.
      let difference = Double(counts.total(ofLength: 2) - reference.counts.total(ofLength: 2))
      let penalty = exp(-difference * difference / (2 * deviation * deviation))
      let sum = counts.runs.indices.reduce(0) { sum, index in
        let norm = norms[index] * reference.norms[index]
        guard norm != 0 else { return sum }
        return sum
          + counts.runs[index].reduce(0) { product, run in
            let (mine, theirs) = (Double(counts[run]), Double(reference.counts[run]))
            let weight = weight(run)
            return product + min(mine, theirs) * weight * theirs * weight
          } / norm
      }
      return penalty * sum / Double(counts.runs.count)
    }
  }
}
