import Foundation
import SentiModels
import SentiTestSupport
import Testing

@Suite("McNemar's test")
struct McNemarTestTests {
  /// Numbers of SciPy, written by `ReferenceImplementations/mcnemar.py`.
  private struct Case: Decodable {
    let first: Int
    let second: Int
    let exact: Double
    let chiSquared: Double
    let chiSquaredProbability: Double
  }

  private func isClose(_ first: Double, _ second: Double) -> Bool {
    abs(first - second) <= 1e-9 * max(abs(second), 1e-6)
  }

  @Test func matchesSciPy() throws {
    let cases: [Case] = try Fixture.read("mcnemar", of: "SentiModelsTests")
    #expect(cases.count == 11)
    for expected in cases {
      let test = McNemarTest(firstCount: expected.first, secondCount: expected.second)
      let name = "\(expected.first), \(expected.second)"
      #expect(isClose(test.exactProbability, expected.exact), "\(name)")
      #expect(isClose(test.chiSquared, expected.chiSquared), "\(name)")
      #expect(isClose(test.chiSquaredProbability, expected.chiSquaredProbability), "\(name)")
    }
  }

  /// Twice the ways to see at most 2 of 12 coins: 2 (1 + 12 + 66) / 4096.
  @Test func tenAgainstTwoByHand() {
    let test = McNemarTest(firstCount: 10, secondCount: 2)
    #expect(isClose(test.exactProbability, 158 / 4096))
    #expect(isClose(test.chiSquared, 49 / 12))
  }

  @Test(arguments: [0, 1, 40])
  func equalCountsSayNothing(_ count: Int) {
    let test = McNemarTest(firstCount: count, secondCount: count)
    #expect(test.exactProbability == 1 && test.chiSquared == 0 && test.chiSquaredProbability == 1)
  }

  @Test func sidesMayBeSwapped() {
    let (one, other) = (
      McNemarTest(firstCount: 30, secondCount: 55), McNemarTest(firstCount: 55, secondCount: 30)
    )
    #expect(one.exactProbability == other.exactProbability)
    #expect(one.chiSquared == other.chiSquared)
    #expect(one.firstCount == other.secondCount)
  }

  @Test func aNegativeCountIsTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      _ = McNemarTest(firstCount: -1, secondCount: 2)
    }
  }
}
