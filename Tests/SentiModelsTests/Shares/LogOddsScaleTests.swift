import Testing

@testable import SentiModels

@Suite("Log-odds scale")
struct LogOddsScaleTests {
  @Test(arguments: [0.001, 0.25, 0.5, 0.9])
  func logisticUndoesLogit(_ fraction: Double) {
    #expect(abs(LogOddsScale.logistic(LogOddsScale.logit(fraction)) - fraction) < 1e-12)
  }

  @Test func knownValues() {
    #expect(LogOddsScale.logit(0.5) == 0)
    #expect(abs(LogOddsScale.logit(0.75) - 1.0986123) < 1e-6)
    #expect(LogOddsScale.logistic(-800) == 0 && LogOddsScale.logistic(800) == 1)
  }
}
