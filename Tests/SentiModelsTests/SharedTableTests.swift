import SentiModels
import SentiTensor
import Synchronization
import Testing

@Suite("Shared table")
struct SharedTableTests {
  @Test func isMadeOnceWhenAsManyTokensWereReadAsItHasRows() {
    let shared = SharedTable<Int>(rowCount: 9)
    var makeCount = 0
    let found = [4, 4, 1, 4].map { count in
      shared.table(reading: count) {
        makeCount += 1
        return 12
      }
    }
    #expect(found == [nil, nil, 12, 12])
    #expect(makeCount == 1)
  }

  @Test func isNeverMadeWithoutRows() {
    let shared = SharedTable<Int>(rowCount: nil)
    #expect(shared.table(reading: 1 << 30) { 12 } == nil)
    #expect(shared.table(reading: 1) { 12 } == nil)
  }

  /// Those that come while it is made go on without; the thread sanitizer watches.
  @Test func manyThreadsMakeOne() {
    let shared = SharedTable<[Int]>(rowCount: 500)
    let makeCount = Atomic(0)
    let found = concurrentlyMapped(Array(0..<1_000), threadCount: 4) { index in
      shared.table(reading: 1) {
        makeCount.add(1, ordering: .relaxed)
        return [index, 1, 2]
      }
    }
    #expect(makeCount.load(ordering: .relaxed) == 1)
    let tables = Set(found.compactMap(\.self))
    #expect(tables.count == 1)
    // The first 499 were too early, whichever they were.
    #expect(found.count { $0 == nil } >= 499)
    #expect(shared.table(reading: 1) { [] } == tables.first)
  }
}
