import Testing

@testable import SentiModels

@Suite("Share estimate")
struct ShareEstimateTests {
  @Test func anIntervalIsNormalOnTheScaleOfLogOdds() {
    let estimate = ShareEstimate(
      label: "a", counted: 0.4, share: 0.5, variance: 0.0025, labelledCount: 100)
    #expect(abs(estimate.interval.lowerBound - 0.4031) < 1e-3)
    #expect(abs(estimate.interval.upperBound - 0.5969) < 1e-3)
    #expect(abs(estimate.width - 0.1938) < 1e-3)
  }

  /// What is estimated below 0 or above 1 is 0 or 1, and the interval holds it.
  @Test(arguments: [-0.1, 0, 0.001, 0.999, 1, 1.2])
  func sharesStayWithinTheirRange(_ share: Double) {
    let estimate = ShareEstimate(
      label: "a", counted: 0, share: share, variance: 0.001, labelledCount: 50)
    #expect((0...1).contains(estimate.share) && estimate.interval.contains(estimate.share))
    #expect(estimate.interval.lowerBound >= 0 && estimate.interval.upperBound <= 1)
    #expect(estimate.width > 0 && estimate.width < 0.15)
  }
}
