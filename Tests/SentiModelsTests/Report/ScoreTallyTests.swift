import Testing

@testable import SentiModels

@Suite("Score tally")
struct ScoreTallyTests {
  private func tally(_ scores: [Double]) -> ScoreTally {
    scores.reduce(into: ScoreTally()) { $0.add(label: $1 < 0 ? 0 : 1, score: $1) }
  }

  @Test func countsAndMeans() throws {
    let tally = tally([-0.5, 0.5, 1, 1])
    #expect(tally.count == 4 && tally.mean == 0.5 && tally.labelCounts == [1, 3])
    #expect(tally.share(of: 1).fraction == 0.75 && tally.share(of: 7).fraction == 0)
    // The sample variance is 0.5.
    #expect(abs(try #require(tally.meanVariance) - 0.125) < 1e-12)
    #expect(try #require(tally.interval).contains(0.5))
  }

  @Test func whatIsMergedCanBeRemoved() {
    let (one, two) = (tally([-0.5, 0.25]), tally([0.75, -1, -0.25]))
    var both = one
    both.merge(two)
    #expect(both.count == 5 && both.removing(two).labelCounts == one.labelCounts)
    #expect(abs(both.removing(two).mean - one.mean) < 1e-12)
  }

  @Test func differencesAreTested() throws {
    let low = tally((0..<50).map { -0.3 + 0.01 * Double($0 % 10) })
    let high = tally((0..<50).map { 0.2 + 0.01 * Double($0 % 10) })
    #expect(try #require(low.differenceProbability(from: high)) < 1e-6)
    #expect(try #require(low.differenceProbability(from: low)) == 1)
    #expect(low.differenceProbability(from: tally([1, 1])) == nil)
  }

  @Test func ofNoRowsThereIsNothing() {
    let none = ScoreTally()
    #expect(none.mean == 0 && none.interval == nil && none.share(of: 0).fraction == nil)
  }
}
