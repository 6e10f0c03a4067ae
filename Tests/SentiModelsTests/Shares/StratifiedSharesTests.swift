import SentiTensor
import Testing

@testable import SentiModels

@Suite("Stratified shares")
struct StratifiedSharesTests {
  private static let labels = ["negative", "positive"]

  /// How often intervals of many samples hold the true share, and how wide they are beside those that
  /// the labels of as many random rows give alone.
  private func coverage(
    of pile: SyntheticPile, count: Int, sampleCount: Int
  ) throws -> (covered: Int, widthRatio: Double) {
    let strata = ShareStrata(of: pile.scores, labelledCount: count)
    var empty = StratifiedShares(labels: Self.labels, strata: strata)
    for row in pile.rows { empty.add(row) }
    var generator = SeededGenerator(seed: 7)
    var (covered, width) = (0, 0.0)
    for _ in 0..<sampleCount {
      var shares = empty
      for row in strata.sample(count, of: pile.rows.map(\.score), using: &generator) {
        shares.add(pile.rows[row], truth: pile.truths[row])
      }
      let estimate = try #require(shares.estimates)[1]
      covered += estimate.interval.contains(pile.share) ? 1 : 0
      width += estimate.width / Double(sampleCount)
    }
    let alone = Proportion(Int(pile.share * Double(count)), of: count).interval
    return (covered, width / (alone.upperBound - alone.lowerBound))
  }

  /// Of 200 samples, 190 are to cover; with 95 % it is 183 to 197 in 98 of 100 tests.
  @Test(arguments: [(0.5, 100), (0.15, 100), (0.85, 50)])
  func intervalsCoverTheTrueShare(_ favourable: Double, _ count: Int) throws {
    let pile = SyntheticPile(1_000, favourable: favourable, seed: 11)
    let (covered, widthRatio) = try coverage(of: pile, count: count, sampleCount: 200)
    #expect((183...199).contains(covered), "\(covered) of 200")
    #expect(widthRatio < 0.75, "\(widthRatio)")
  }

  /// A mean over samples is the true share, whatever the classifier's errors are.
  @Test func estimatesAreUnbiased() throws {
    let pile = SyntheticPile(600, favourable: 0.3, seed: 5)
    let strata = ShareStrata(of: pile.scores, labelledCount: 60)
    var empty = StratifiedShares(labels: Self.labels, strata: strata)
    for row in pile.rows { empty.add(row) }
    var generator = SeededGenerator(seed: 3)
    var sum = 0.0
    for _ in 0..<150 {
      var shares = empty
      for row in strata.sample(60, of: pile.rows.map(\.score), using: &generator) {
        shares.add(pile.rows[row], truth: pile.truths[row])
      }
      sum += try #require(shares.estimates)[1].share
    }
    #expect(abs(sum / 150 - pile.share) < 0.01)
    let counted = try #require(empty.adding(pile, rows: 0..<40).estimates)[1].counted
    #expect(abs(counted - pile.share) > 0.02)
  }

  /// With all rows labelled nothing is left to estimate.
  @Test func allRowsLabelledGiveTheShareItself() throws {
    let pile = SyntheticPile(200, favourable: 0.4, seed: 2)
    let strata = ShareStrata(of: pile.scores, labelledCount: 200)
    let shares = StratifiedShares(labels: Self.labels, strata: strata).adding(pile, rows: 0..<200)
    let estimates = try #require(shares.estimates)
    #expect(abs(estimates[1].share - pile.share) < 1e-12)
    #expect(estimates[1].width < 1e-9)
    #expect(abs(estimates[0].share + estimates[1].share - 1) < 1e-12)
  }

  /// Strata of which no row was labelled are joined to others.
  @Test func strataWithoutLabelsAreJoined() throws {
    let pile = SyntheticPile(400, favourable: 0.5, seed: 4)
    let strata = ShareStrata(of: pile.scores, labelledCount: 100)
    let high = pile.rows.indices.filter { strata.stratum(of: pile.rows[$0].score) > 6 }.prefix(25)
    var shares = StratifiedShares(labels: Self.labels, strata: strata).adding(pile, rows: 0..<0)
    for row in high { shares.add(pile.rows[row], truth: pile.truths[row]) }
    let estimate = try #require(shares.estimates)[1]
    #expect(estimate.share.isFinite && estimate.interval.contains(estimate.share))
  }

  @Test func withoutLabelledRowsThereIsNone() {
    let pile = SyntheticPile(50, favourable: 0.5, seed: 1)
    let strata = ShareStrata(of: pile.scores, labelledCount: 20)
    let shares = StratifiedShares(labels: Self.labels, strata: strata)
    #expect(shares.adding(pile, rows: 0..<1).estimates == nil)
    #expect(shares.estimates == nil)
  }

  /// A label that is none of the labels, such as uncertain, says nothing, and is no error.
  @Test func otherLabelsSayNothing() throws {
    let strata = ShareStrata(of: [(0, 0.5)], labelledCount: 20)
    var shares = StratifiedShares(labels: Self.labels, strata: strata)
    let row = ScoredShareRow(label: "uncertain", probability: 0.5, score: 0)
    for index in 0..<40 {
      shares.add(row)
      if index < 20 { shares.add(row, truth: index % 4 == 0 ? 1 : 0) }
    }
    let estimate = try #require(shares.estimates)[1]
    #expect(estimate.counted == 0 && abs(estimate.share - 0.25) < 1e-12)
    #expect(estimate.interval.contains(0.25) && estimate.width < 0.5)
  }

  @Test func aLabelThatIsNoneTraps() async {
    await #expect(processExitsWith: .failure) {
      var shares = StratifiedShares(
        labels: ["a"], strata: ShareStrata(of: [(0, 1)], labelledCount: 1))
      shares.add(ScoredShareRow(label: "a", probability: 1, score: 0), truth: 1)
    }
  }
}

extension StratifiedShares {
  /// The shares with all rows of a pile, and the labels of some.
  fileprivate func adding(_ pile: SyntheticPile, rows: Range<Int>) -> StratifiedShares {
    var shares = self
    for row in pile.rows { shares.add(row) }
    for row in rows { shares.add(pile.rows[row], truth: pile.truths[row]) }
    return shares
  }
}
