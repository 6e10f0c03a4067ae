import Dispatch
import Testing

@testable import SentiText

@Suite("Idle pool")
struct IdlePoolTests {
  /// What a borrower alone may touch, so neither an atomic nor a lock guards it.
  private final class Tool {
    var isLent = false
    var useCount = 0
  }

  @Test
  func whatComesBackServesAgain() {
    let pool = IdlePool<Tool>()
    #expect(pool.take() == nil)
    let tool = Tool()
    pool.giveBack(tool)
    #expect(pool.take() === tool)
    #expect(pool.take() == nil)
  }

  /// The thread sanitizer watches this one too.
  @Test
  func aBorrowerHasItsObjectAlone() {
    let pool = IdlePool<Tool>()
    let (threadCount, useCount) = (4, 5_000)
    let faults = IdlePool<Int>()
    DispatchQueue.concurrentPerform(iterations: threadCount) { _ in
      for _ in 0..<useCount {
        let tool = pool.take() ?? Tool()
        if tool.isLent { faults.giveBack(tool.useCount) }
        tool.isLent = true
        tool.useCount += 1
        tool.isLent = false
        pool.giveBack(tool)
      }
    }
    #expect(faults.take() == nil)
    var sum = 0
    while let tool = pool.take() { sum += tool.useCount }
    // What a thread found no room for is gone, and never counted twice.
    #expect((1...threadCount * useCount).contains(sum))
  }

  @Test
  func keepsNoMoreThanBorrowersMayNeed() {
    let pool = IdlePool<Tool>()
    for _ in 0..<2 * IdlePool<Tool>.maximumCount { pool.giveBack(Tool()) }
    var kept = 0
    while pool.take() != nil { kept += 1 }
    #expect(kept == IdlePool<Tool>.maximumCount)
  }
}
