import SentiTensor
import Testing

@testable import SentiTraining

@Suite("Batch division")
struct ShardBalancerTests {
  /// Lengths as reviews have them: most around 150, some of many hundreds.
  private static func lengths(_ count: Int, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let spread = (0..<4).reduce(0.0) { sum, _ in
        sum + Double.random(in: -1...1, using: &generator)
      }
      return (100 << Int(spread.rounded())) + Int.random(in: 0..<100, using: &generator)
    }
  }

  /// What a share takes by the rule that the division goes by.
  private static func cost(_ share: [Int], _ lengths: [Int]) -> Double {
    let own = share.map { lengths[$0] }
    return Double(own.reduce(0, +)) + ShardBalancer.stepCost * Double(own.max() ?? 0)
  }

  @Test("every example is in one share, and no share is empty", arguments: 1...9)
  func dividesAll(_ count: Int) {
    for size in 1...40 {
      let lengths = Self.lengths(size, seed: UInt64(size))
      let shares = ShardBalancer.shards(lengths: lengths, count: count)
      #expect(shares.count == min(count, size))
      #expect(shares.allSatisfy { !$0.isEmpty })
      #expect(shares.joined().sorted() == Array(0..<size))
    }
  }

  @Test("shares of a batch of reviews cost alike", arguments: [(2, 1.01), (3, 1.03), (4, 1.03)])
  func costsAlike(_ count: Int, _ bound: Double) throws {
    for seed in 1...20 {
      let lengths = Self.lengths(64, seed: UInt64(seed))
      let shares = ShardBalancer.shards(lengths: lengths, count: count)
      let costs = shares.map { Self.cost($0, lengths) }
      let (least, most) = (try #require(costs.min()), try #require(costs.max()))
      #expect(most <= bound * least, "\(costs)")
    }
  }

  @Test("the long examples are together, but for one that fills the rest of the room")
  func keepsLongTogether() {
    let lengths = [10, 400, 20, 390, 30, 380, 40, 410, 50, 60, 300, 310, 320, 70, 330, 340]
    let shares = ShardBalancer.shards(lengths: lengths, count: 2)
    // Half of 3,460 tokens and of the steps' cost, 0.8 (410 + 330), without the share's own 0.8 · 410:
    // 1,698 tokens, of which the four longest leave 118.
    #expect(shares[0] == [7, 1, 3, 5, 13])
    #expect(shares[1] == [15, 14, 12, 11, 10, 9, 8, 6, 4, 2, 0])
  }

  @Test("one example longer than all others has a share of its own")
  func leavesALongOneAlone() {
    let shares = ShardBalancer.shards(lengths: [5, 3000, 7, 6, 5], count: 2)
    #expect(shares == [[1], [2, 3, 0, 4]])
  }

  @Test("empty examples are divided too")
  func dividesEmptyOnes() {
    #expect(ShardBalancer.shards(lengths: [0, 0, 0], count: 2) == [[0, 1], [2]])
    #expect(ShardBalancer.shards(lengths: [], count: 2) == [])
  }
}
