import SentiTensor
import SentiTraining
import Testing

@Suite("Batch plan")
struct BatchPlanTests {
  static let lengths: [Int] = {
    var generator = SeededGenerator(seed: 1)
    return (0..<5000).map { _ in Int.random(in: 0...60, using: &generator) } + [500, 101, 0]
  }()

  func plan(_ lengths: [Int] = lengths, seed: UInt64 = 1, epoch: Int = 0) -> BatchPlan {
    BatchPlan(lengths: lengths, tokenBudget: 100, seed: seed, epoch: epoch)
  }

  @Test func holdsEveryExampleOnce() {
    #expect(plan().batches.joined().sorted() == Array(Self.lengths.indices))
    #expect(plan().batches.allSatisfy { !$0.isEmpty })
    #expect(plan([]).batches.isEmpty)
  }

  @Test func keepsItsBudgetButForALongerExample() {
    for batch in plan().batches {
      let tokens = batch.reduce(0) { $0 + Self.lengths[$1] }
      #expect(tokens <= 100 || batch.count == 1)
    }
  }

  @Test func keepsItsLimitOfExamples() {
    let plan = BatchPlan(
      lengths: Self.lengths, tokenBudget: 100, exampleLimit: 4, seed: 1, epoch: 0)
    #expect(plan.batches.joined().sorted() == Array(Self.lengths.indices))
    #expect(plan.batches.allSatisfy { $0.count <= 4 })
    #expect(plan.batches.contains { $0.count == 4 })
  }

  @Test func putsLikeLengthsTogether() {
    let spreads = plan().batches.map { batch in
      let lengths = batch.map { Self.lengths[$0] }
      return (lengths.max() ?? 0) - (lengths.min() ?? 0)
    }
    #expect(spreads.reduce(0, +) < 3 * spreads.count)
  }

  @Test func followsFromItsArgumentsAlone() {
    #expect(plan() == plan())
    #expect(plan().batches != plan(seed: 2).batches)
    #expect(plan().batches != plan(epoch: 1).batches)
  }

  @Test func doesNotTrainByLength() {
    let first = plan().batches.prefix(50).joined().map { Self.lengths[$0] }
    #expect(Set(first).count > 20)
  }

  @Test func streamsAreGeneratorsOfTheirOwn() {
    func number(_ seed: UInt64, _ key: [Int]) -> UInt64 {
      var generator = SeededGenerator(seed: seed, key: key)
      return generator.next()
    }
    let streams = [[], [0], [1], [0, 0], [0, 1], [1, 0], [-1], [1, 2, 3], [3, 2, 1]]
    #expect(Set(streams.map { number(1, $0) }).count == streams.count)
    #expect(number(1, [2, 3]) == number(1, [2, 3]))
    #expect(number(1, [2, 3]) != number(2, [2, 3]))
  }

  @Test func aBudgetBeyondAllNumbersMakesOneBatch() {
    let plan = BatchPlan(lengths: [3, 1, 2], tokenBudget: Int.max, seed: 1, epoch: 0)
    #expect(plan.batches.map { $0.sorted() } == [[0, 1, 2]])
  }

  @Test func stopsWithoutABudget() async {
    await #expect(processExitsWith: .failure) {
      _ = BatchPlan(lengths: [1], tokenBudget: 0, seed: 1, epoch: 0)
    }
    await #expect(processExitsWith: .failure) {
      _ = BatchPlan(lengths: [1], tokenBudget: 1, exampleLimit: 0, seed: 1, epoch: 0)
    }
  }
}
