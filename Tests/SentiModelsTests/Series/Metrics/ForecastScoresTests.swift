import SentiModels
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Scores of forecasts")
struct ForecastScoresTests {
  /// Errors 1 and 2 of (2, 1) and (4, 6).
  @Test func areThoseOfTheDefinitions() throws {
    var scores = ForecastScores()
    scores.add(2, actual: 1, scale: 2)
    scores.add(4, actual: 6, scale: 2)
    #expect(scores.count == 2 && scores.mae == 1.5)
    #expect(scores.rmse == Double(2.5).squareRoot())
    #expect(mismatch([scores.smape], [100 * (2.0 / 3 + 4.0 / 10) / 2], absolute: 1e-12) == nil)
    #expect(scores.mase == 0.75 && scores.crps == nil)
  }

  @Test func aScaleOfZeroDoesNotCount() {
    var scores = ForecastScores()
    scores.add(1, actual: 1, scale: 0)
    #expect(scores.mase == nil && scores.mae == 0)
    scores.add(0, actual: 0, scale: 4)
    #expect(scores.mase == 0 && scores.smape == 0)
  }

  @Test func theScaleIsTheSeasonalNaiveError() {
    #expect(ForecastScores.scale(of: [1, 2, 4, 7], season: 1) == 2)
    #expect(ForecastScores.scale(of: [1, 2, 4, 7], season: 2) == 4)
    #expect(ForecastScores.scale(of: [1, nil, 4, 7], season: 1) == 3)
    #expect(ForecastScores.scale(of: [1, 2], season: 2) == 0)
  }

  @Test func pinballWeighsBothSidesByTheLevel() {
    #expect(
      mismatch([QuantileLevels.pinball(2, level: 0.1, actual: 5)], [0.3], absolute: 1e-12) == nil)
    #expect(
      mismatch([QuantileLevels.pinball(2, level: 0.1, actual: 1)], [0.9], absolute: 1e-12) == nil)
  }

  /// Of the levels a quarter, a half and three quarters these stand for 0.375, 0.25 and 0.375.
  @Test func theProbabilityScoreIsTheIntegral() throws {
    let levels = QuantileLevels([0.25, 0.5, 0.75])
    #expect(levels.score([1, 2, 3], actual: 2) == 0.375)
    // Without spread it is the absolute error.
    #expect(levels.score([0, 0, 0], actual: 2) == 2)
    var scores = ForecastScores()
    scores.add([1, 2, 3], levels: levels, actual: 2)
    #expect(scores.crps == 0.375)
  }

  @Test func levelsKnowTheirIntervals() {
    #expect(QuantileLevels.usual.intervals == [0.95, 0.9, 0.8, 0.6, 0.4, 0.2])
    #expect(QuantileLevels.usual.medianIndex == 6)
    let ends = QuantileLevels.usual.ends(of: 0.8)
    #expect(ends?.lower == 2 && ends?.upper == 10)
    #expect(QuantileLevels.usual.ends(of: 0.7) == nil)
    #expect(!QuantileLevels.areLevels([0.1, 0.5]) && !QuantileLevels.areLevels([0.5, 0.4, 0.6]))
    #expect(!QuantileLevels.areLevels([0.1, 0.5, 0.8]) && !QuantileLevels.areLevels([]))
  }
}
