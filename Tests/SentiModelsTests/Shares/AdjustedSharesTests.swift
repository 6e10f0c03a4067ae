import Testing

@testable import SentiModels

@Suite("Adjusted shares")
struct AdjustedSharesTests {
  private static let labels = ["negative", "positive"]

  /// A classifier that finds 9 of 10 negative rows and 8 of 10 positive ones.
  private func shares(negativeCount: Int, positiveCount: Int) -> AdjustedShares {
    var shares = AdjustedShares(labels: Self.labels)
    func row(_ label: Int) -> ScoredShareRow {
      ScoredShareRow(label: Self.labels[label], probability: 0.8, score: 0)
    }
    for index in 0..<50 {
      shares.add(row(index % 10 < 9 ? 0 : 1), truth: 0)
      shares.add(row(index % 10 < 8 ? 1 : 0), truth: 1)
    }
    for _ in 0..<negativeCount { shares.add(row(0)) }
    for _ in 0..<positiveCount { shares.add(row(1)) }
    return shares
  }

  /// Of 1,000 rows with 700 negative ones, it counts 690; with none, 200, and fewer are none, too.
  @Test(arguments: [
    (690, 310, 0.7), (200, 800, 0.0), (900, 100, 1.0), (550, 450, 0.5), (100, 900, 0.0),
    (950, 50, 1.0),
  ])
  func countsAreSolvedForTheirConfusions(_ negative: Int, _ positive: Int, _ share: Double) throws {
    let estimates = try #require(
      shares(negativeCount: negative, positiveCount: positive).estimates())
    #expect(abs(estimates[0].share - share) < 1e-9)
    #expect(abs(estimates[0].counted - Double(negative) / 1000) < 1e-12)
    #expect(estimates[0].interval.contains(estimates[0].share))
    #expect(estimates[0].width > 0.02 || share == 0 || share == 1)
    #expect(abs(estimates[0].share + estimates[1].share - 1) < 1e-9)
  }

  @Test func aLabelWithoutLabelledRowsIsNamed() {
    var shares = AdjustedShares(labels: Self.labels)
    let row = ScoredShareRow(label: "negative", probability: 1, score: -1)
    for _ in 0..<30 {
      shares.add(row)
      shares.add(row, truth: 0)
    }
    #expect(shares.missingLabels == ["positive"] && shares.estimates() == nil)
  }

  @Test func aClassifierThatTellsNothingApartGivesNone() {
    var shares = AdjustedShares(labels: Self.labels)
    let row = ScoredShareRow(label: "negative", probability: 1, score: -1)
    for index in 0..<40 {
      shares.add(row)
      shares.add(row, truth: index % 2)
    }
    #expect(shares.missingLabels.isEmpty && shares.estimates() == nil)
  }

  @Test func theSameRowsGiveTheSameIntervals() {
    let shares = shares(negativeCount: 400, positiveCount: 600)
    #expect(shares.estimates() == shares.estimates())
    #expect(shares.estimates(seed: 2) != shares.estimates(seed: 3))
  }
}
