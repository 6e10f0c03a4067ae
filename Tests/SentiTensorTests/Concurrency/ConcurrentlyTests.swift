import Synchronization
import Testing

@testable import SentiTensor

@Suite("Concurrently")
struct ConcurrentlyTests {
  @Test(arguments: [(0, 1), (0, 3), (1, 3), (7, 1), (7, 3), (1_000, 2), (1_000, 64)])
  func everyPieceIsDoneOnce(count: Int, threadCount: Int) {
    let sums = (0..<count).map { _ in Tally() }
    concurrently(count, threadCount: threadCount) { sums[$0].count.add(1, ordering: .relaxed) }
    #expect(sums.allSatisfy { $0.count.load(ordering: .relaxed) == 1 })
  }

  @Test(arguments: [(0, 1), (0, 3), (1, 3), (7, 1), (7, 3), (1_000, 2), (20_000, 4)])
  func resultsComeInOrder(count: Int, threadCount: Int) {
    // Strings too long to lie within their 16 bytes, so that each has memory to be counted.
    let mapped = concurrentlyMapped(Array(0..<count), threadCount: threadCount) {
      "result number \($0)"
    }
    #expect(mapped == (0..<count).map { "result number \($0)" })
  }

  private final class Tally: Sendable {
    let count = Atomic(0)
  }
}
