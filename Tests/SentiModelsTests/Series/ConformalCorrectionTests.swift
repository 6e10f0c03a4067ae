import SentiModels
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@testable import SentiModels

@Suite("Conformal correction")
struct ConformalCorrectionTests {
  static let levels = QuantileLevels([0.1, 0.5, 0.9])

  static func windows(_ count: Int, _ distances: [Double]) -> [WindowQuantiles] {
    (0..<count).map { _ in
      WindowQuantiles(scale: 1, steps: [.init(base: 0, distances: distances)])
    }
  }

  /// Of 1 to 99 beside an interval from 40 to 60, the 80 nearest lie at most 30 outside of it.
  @Test func movesBothEndsByTheQuantileOfTheScores() {
    let actual = (0..<99).map { [Optional(Double($0) + 1)] }
    let correction = ConformalCorrection(
      Self.windows(99, [40, 50, 60]), actual: actual, levels: Self.levels, horizon: 1)
    #expect(correction.widths == [[30]])
    #expect(correction.corrected([40, 50, 60], step: 0) == [10, 50, 90])
  }

  /// Intervals that are too wide become narrower, but never cross the median.
  @Test func narrowsWhatIsTooWide() {
    let actual = (0..<99).map { _ in [Optional(0.0)] }
    let correction = ConformalCorrection(
      Self.windows(99, [-7, 0, 5]), actual: actual, levels: Self.levels, horizon: 1)
    #expect(correction.widths == [[-5]])
    #expect(correction.corrected([-7, 0, 5], step: 0) == [-2, 0, 0])
    #expect(correction.corrected([-1, 0, 1], step: 0) == [0, 0, 0])
  }

  @Test func nothingHeldOutCorrectsNothing() {
    let correction = ConformalCorrection([], actual: [], levels: Self.levels, horizon: 2)
    #expect(correction == ConformalCorrection(horizon: 2, levels: Self.levels))
    #expect(correction.corrected([1, 2, 3], step: 1) == [1, 2, 3])
  }

  /// Few scores of a step are taken together with those of the others.
  @Test func stepsWithFewScoresArePooled() {
    let windows = (0..<9).map { _ in
      WindowQuantiles(
        scale: 1,
        steps: [.init(base: 0, distances: [0, 0, 0]), .init(base: 0, distances: [0, 0, 0])])
    }
    let correction = ConformalCorrection(
      windows, actual: (0..<9).map { [Optional(Double($0)), nil] }, levels: Self.levels, horizon: 2)
    #expect(correction.widths == [[7], [7]])
  }

  /// With ten scores a new one is among the nine least in nine of eleven cases, among eight in fewer than 0.8.
  @Test func aNewScoreCountsAmongThem() {
    let actual = (0..<10).map { [Optional(Double($0))] }
    let correction = ConformalCorrection(
      Self.windows(10, [0, 0, 0]), actual: actual, levels: Self.levels, horizon: 1)
    #expect(correction.widths == [[8]])
  }

  /// New times of the same kind lie within the interval as often as it says.
  @Test func coversAsOftenAsItSays() throws {
    let series = SeriesProblem.monthly(900)
    var options = SeriesProblem.options(epochs: 1)
    options.validationFraction = 0.4
    let forecaster = try SeriesProblem.trained([series.dropLast(300)], options).forecaster()
    let evaluation = try ForecastEvaluation(
      of: forecaster, on: [series], by: RollingOrigin(horizon: 3, testCount: 300))
    #expect(evaluation.intervals == [0.8])
    #expect((0.74...0.86).contains(evaluation.coverage[0]))
  }
}
