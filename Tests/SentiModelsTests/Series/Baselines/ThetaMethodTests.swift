import SentiModels
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Theta method")
struct ThetaMethodTests {
  /// The level of a line is its end, and half its slope is the drift.
  @Test func followsHalfTheSlope() {
    #expect(BaselineTests.forecast(.theta, [0, 1, 2, 3, 4]) == [4.5, 5, 5.5])
    #expect(ThetaMethod.slope(of: [1, 3, 2, 6]) == 1.4)
  }

  /// Smoothing by a half of [4, 0, 4, 0]: levels 4, 2, 3, 1.5; the slope is -0.8.
  @Test func addsWhatSmoothingLacks() {
    let method = ThetaMethod(smoothing: ExponentialSmoothing(alpha: 0.5), season: 1)
    let settled = (1 - 0.5 * 0.5 * 0.5 * 0.5) / 0.5
    let expected = [0.0, 1, 2].map { 1.5 - 0.4 * ($0 + settled) }
    #expect(
      mismatch(method.forecast(after: [4, 0, 4, 0], horizon: 3), expected, absolute: 1e-12) == nil)
  }

  @Test func patternsAreFactorsOrTerms() {
    let ratios = SeasonalIndices(of: (0..<24).map { $0 % 2 == 0 ? 1 : 3 }, season: 2)
    #expect(ratios.isMultiplicative && ratios.indices == [0.5, 1.5])
    #expect(ratios.restored(to: [2, 2], from: 5) == [3, 1])
    let terms = SeasonalIndices(of: (0..<24).map { $0 % 2 == 0 ? -1 : 1 }, season: 2)
    #expect(!terms.isMultiplicative && terms.indices == [-1, 1])
    let odd = SeasonalIndices(of: (0..<30).map { [3.0, 6, 9][$0 % 3] }, season: 3)
    #expect(odd.indices == [0.5, 1, 1.5])
  }

  @Test func whatDoesNotRepeatHasNoPattern() {
    #expect(SeasonalIndices(of: [1, 2, 1, 2], season: 2).indices.isEmpty)
    #expect(SeasonalIndices(of: [Double](repeating: 1, count: 40), season: 4).indices.isEmpty)
  }

  @Test func theSeasonComesBack() {
    let past = (0..<36).map { [1.0, 2, 3, 2][$0 % 4] }
    let forecast = BaselineTests.forecast(.theta, past, season: 4, 5)
    #expect(mismatch(forecast, [1, 2, 3, 2, 1], absolute: 0.05) == nil)
  }
}
