import SentiModels
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Baselines")
struct BaselineTests {
  static func forecast(
    _ method: BaselineMethod, _ past: [Double?], season: Int = 1, _ horizon: Int = 3
  ) -> [Double] {
    Baseline(method, fittedTo: past, season: season).forecast(after: past, horizon: horizon)
  }

  @Test func naiveIsTheLastNumber() {
    #expect(Self.forecast(.naive, [1, 4, nil]) == [4, 4, 4])
  }

  @Test func seasonalNaiveIsTheLastNumberOfThePlace() {
    #expect(Self.forecast(.seasonalNaive, [1, 2, 3, 4, 5, nil], season: 3, 4) == [4, 5, 3, 4])
    #expect(Self.forecast(.seasonalNaive, [nil, 7], season: 2) == [7, 7, 7])
  }

  @Test func driftIsTheLineThroughTheEnds() {
    #expect(Self.forecast(.drift, [1, 3, 5, nil, 9]) == [11, 13, 15])
    // Gaps at the end are on the line too.
    #expect(Self.forecast(.drift, [1, 3, 5, nil]) == [9, 11, 13])
    #expect(Self.forecast(.drift, [6]) == [6, 6, 6])
  }

  @Test func smoothingMovesTheLevel() {
    #expect(ExponentialSmoothing(alpha: 0.5).level(of: [2, 4, nil, 6]) == 4.5)
    #expect(ExponentialSmoothing(alpha: 0.5).level(of: [nil]) == nil)
    // A line is best followed at once; a level with noise is not.
    #expect(ExponentialSmoothing(fittedTo: [1, 2, 3, 4, 5]).alpha == 1)
    #expect(ExponentialSmoothing(fittedTo: [0, 1, -1, 1, -1, 1, -1]).alpha < 0.2)
    #expect(Self.forecast(.exponentialSmoothing, [3, 3, 3]) == [3, 3, 3])
  }

  @Test func gapsAreFilledByLines() {
    #expect(Interpolation.filled([nil, 2, nil, nil, 5, nil]) == [2, 2, 3, 4, 5, 5])
    #expect(Interpolation.filled([nil, nil]) == [0, 0])
  }
}
