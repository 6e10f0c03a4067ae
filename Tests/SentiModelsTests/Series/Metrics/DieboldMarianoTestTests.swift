import SentiModels
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Diebold-Mariano test")
struct DieboldMarianoTestTests {
  /// Without overlap it is the t test of differences: of 1, 2, 3, 4 by √15; values of SciPy.
  @Test func withoutOverlapIsTheTTest() {
    let test = DieboldMarianoTest([2, 4, 6, 8], [1, 2, 3, 4], overlap: 1)
    #expect(mismatch([test.statistic], [Double(15).squareRoot()], absolute: 1e-12) == nil)
    #expect(mismatch([test.probability], [0.030466291662170977], absolute: 1e-12) == nil)
    #expect(test.meanDifference == 2.5 && test.isSignificant)
  }

  /// The covariance of neighbours counts twice, and the correction for four of them is 0.375.
  @Test func overlapWidensTheVariance() {
    let test = DieboldMarianoTest([1, 2, 3, 4], [2, 4, 6, 8], overlap: 2)
    #expect(mismatch([test.statistic], [-Double(5).squareRoot()], absolute: 1e-12) == nil)
    #expect(mismatch([test.probability], [0.11136715471408383], absolute: 1e-12) == nil)
    #expect(!test.isSignificant)
  }

  @Test(
    arguments: [([], []), ([1], [2]), ([1, 2], [1, 2]), ([1, 2], [2, 3])] as [([Double], [Double])])
  func whatSaysNothingIsChance(_ first: [Double], _ second: [Double]) {
    #expect(DieboldMarianoTest(first, second, overlap: 1).probability == 1)
  }

  /// Values of SciPy.
  @Test(arguments: [
    (2.0, 2.0, 0.18350341907227397), (1.0, 1.0, 0.5), (0.3, 120.0, 0.7646962111751864),
    (8.0, 1000.0, 3.4266614823914978e-15), (0.0, 5.0, 1.0),
  ])
  func studentsTailsAreThoseOfTables(_ value: Double, _ degrees: Double, _ expected: Double) {
    let found = StudentDistribution.probability(beyond: value, degreesOfFreedom: degrees)
    #expect(mismatch([found], [expected], absolute: 0, relative: 1e-9) == nil)
  }
}
