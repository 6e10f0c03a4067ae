import SentiTensor
import Testing

@testable import SentiModels

@Suite("Share strata")
struct ShareStrataTests {
  /// Rows with scores from -1 to 1, of which the classifier is in doubt near 0.
  private static let rows: [(score: Double, probability: Double)] = (0..<1_001).map { index in
    let score = Double(index - 500) / 500
    return (score, 0.5 + 0.5 * abs(score))
  }

  private static let strata = ShareStrata(of: rows, labelledCount: 100)

  @Test func areNarrowWhereTheClassifierIsInDoubt() {
    #expect(Self.strata.count == 10 && Self.strata.bounds == Self.strata.bounds.sorted())
    let counts = Self.rows.reduce(into: [Int](repeating: 0, count: 10)) {
      $0[Self.strata.stratum(of: $1.score)] += 1
    }
    #expect(counts.reduce(0, +) == 1_001)
    #expect(counts[0] > counts[4] * 3 / 2 && counts[9] > counts[5] * 3 / 2)
  }

  @Test(arguments: [(3, 1), (9, 1), (10, 2), (30, 6), (500, 10)])
  func areAsManyAsTheLabelledRowsAllow(_ labelledCount: Int, _ count: Int) {
    #expect(ShareStrata(of: Self.rows, labelledCount: labelledCount).count == count)
  }

  /// Rows of one score are in one stratum.
  @Test func tiesStayTogether() {
    let rows = Array(repeating: (score: 0.5, probability: 0.75), count: 40)
    let strata = ShareStrata(of: rows + [(0.9, 0.95)], labelledCount: 100)
    #expect(strata.bounds.allSatisfy { $0 == 0.5 } && strata.count <= 2)
    #expect(ShareStrata(of: [], labelledCount: 100).count == 1)
  }

  @Test func picksAsManyFromEach() {
    var generator = SeededGenerator(seed: 1)
    let scores = Self.rows.map(\.score)
    let picked = Self.strata.sample(100, of: scores, using: &generator)
    #expect(picked.count == 100 && picked == picked.sorted() && Set(picked).count == 100)
    let counts = picked.reduce(into: [Int](repeating: 0, count: 10)) {
      $0[Self.strata.stratum(of: scores[$1])] += 1
    }
    #expect(counts.allSatisfy { $0 == 10 })
    var same = SeededGenerator(seed: 1)
    #expect(Self.strata.sample(100, of: scores, using: &same) == picked)
  }

  @Test(arguments: [
    (100, [50, 50, 50], [34, 33, 33]), (10, [2, 50, 50], [2, 4, 4]), (9, [1, 1, 1], [1, 1, 1]),
    (2, [5, 5, 5], [1, 1, 0]), (0, [5], [0]),
  ])
  func allocationFillsWhatHasRoom(_ count: Int, _ rooms: [Int], _ sizes: [Int]) {
    #expect(ShareStrata.allocation(of: count, to: rooms) == sizes)
  }
}
