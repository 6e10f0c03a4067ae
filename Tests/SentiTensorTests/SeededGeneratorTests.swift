import SentiTensor
import Testing

@Suite("Seeded generator")
struct SeededGeneratorTests {
  /// The first numbers of the authors' C program for this state.
  @Test func matchesThePublishedSequence() throws {
    var generator = try #require(SeededGenerator(state: [1, 2, 3, 4]))
    let expected: [UInt64] = [
      11_520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
      607_988_272_756_665_600,
    ]
    #expect(expected.map { _ in generator.next() } == expected)
  }

  /// The numbers that Vigna's SplitMix64 in C gives for this seed.
  @Test func seedsWithThePublishedSplitMix64() {
    var seeder = SplitMix64(state: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
    ]
    #expect(expected.map { _ in seeder.next() } == expected)
    #expect(Array(SeededGenerator(seed: 1_234_567).state.prefix(3)) == expected)
  }

  @Test func seedDecidesTheNumbers() {
    var generator = SeededGenerator(seed: 42)
    #expect(generator.next() == 1_546_998_764_402_558_742)
    #expect(SeededGenerator(seed: 42) == SeededGenerator(seed: 42))
    #expect(SeededGenerator(seed: 42) != SeededGenerator(seed: 43))
  }

  @Test func stateRestoresTheSameFuture() throws {
    var generator = SeededGenerator(seed: 5)
    _ = (generator.next(), generator.normal())
    var restored = try #require(SeededGenerator(state: generator.state))
    #expect((0..<20).allSatisfy { _ in generator.next() == restored.next() })
    #expect(generator.normal() == restored.normal())
  }

  @Test(arguments: [[], [1, 2, 3], [1, 2, 3, 4, 5], [0, 0, 0, 0]] as [[UInt64]])
  func refusesAnImpossibleState(state: [UInt64]) {
    #expect(SeededGenerator(state: state) == nil)
  }

  @Test func uniformTakesTheUpperBits() {
    var generator = SeededGenerator(seed: 42)
    let expected = [0.08386297105988216, 0.3789802506626686, 0.6800434110281394]
    #expect(expected.map { _ in generator.uniform() } == expected)
  }

  @Test func uniformFillsTheUnitIntervalEvenly() {
    var generator = SeededGenerator(seed: 1)
    var counts = Array(repeating: 0, count: 10)
    for _ in 0..<100_000 { counts[Int(generator.uniform() * 10)] += 1 }
    // 10,000 in each, with a standard deviation of 95.
    #expect(counts.allSatisfy { abs($0 - 10_000) < 400 })
  }

  /// Computed by the same formula in Python.
  @Test func normalMatchesTheReference() {
    var generator = SeededGenerator(seed: 42)
    for expected in [-0.7262191382447857, 0.2216227015035933, 0.46417731016247366] {
      #expect(abs(generator.normal() - expected) < 1e-15)
    }
  }

  @Test func normalHasTheMomentsOfItsDistribution() {
    var generator = SeededGenerator(seed: 2)
    let values = (0..<100_000).map { _ in generator.normal() }
    let moment = { (power: Int) in
      values.reduce(0) { sum, value in sum + (0..<power).reduce(1) { x, _ in x * value } } / 1e5
    }
    #expect(abs(moment(1)) < 0.02)
    #expect(abs(moment(2) - 1) < 0.02)
    #expect(abs(moment(4) - 3) < 0.15)
  }

  @Test func shufflesTheSameWayForTheSameSeed() {
    var first = SeededGenerator(seed: 9)
    var second = SeededGenerator(seed: 9)
    let order = Array(0..<100).shuffled(using: &first)
    #expect(order == Array(0..<100).shuffled(using: &second))
    #expect(order != Array(0..<100))
    #expect(order.sorted() == Array(0..<100))
  }
}
