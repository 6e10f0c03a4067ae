import Foundation
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Log-odds")
struct LogOddsTests {
  static let logits = [0.3, -1.2, 2.5, 0.1]

  @Test(arguments: 0..<4, [0.7, 1, 2.5])
  func theyAreThoseOfTheProbability(_ label: Int, _ temperature: Double) {
    let probability = Calibration.probabilities(
      Self.logits.map { Float($0) }, temperature: temperature)[label]
    let logOdds = LogOdds(label: label, temperature: temperature)
    #expect(abs(logOdds.value(Self.logits) - log(probability / (1 - probability))) < 1e-6)
  }

  @Test(arguments: 0..<4, [0.7, 2.5])
  func gradientsMatchFiniteDifferences(_ label: Int, _ temperature: Double) {
    let logOdds = LogOdds(label: label, temperature: temperature)
    let failure = GradientCheck.failure(
      logOdds.gradient(Self.logits), at: Self.logits, named: "logits", loss: logOdds.value)
    #expect(failure == nil)
  }

  /// Also where one class takes over from another on the way.
  @Test(arguments: 0..<4, [0.7, 2.5])
  func theMeanGradientGivesTheDifference(_ label: Int, _ temperature: Double) {
    let logOdds = LogOdds(label: label, temperature: temperature)
    let last = [-4.0, 9, 0.5, -7]
    let mean = logOdds.meanGradient(from: Self.logits, to: last)
    let change = zip(mean, zip(Self.logits, last)).reduce(0) { $0 + $1.0 * ($1.1.1 - $1.1.0) }
    #expect(abs(change - logOdds.value(last) + logOdds.value(Self.logits)) < 1e-5)
    #expect(logOdds.meanGradient(from: last, to: last).count == 4)
  }

  @Test func ofTwoClassesTheyAreTheDifferenceOfLogits() {
    #expect(LogOdds(label: 1, temperature: 1).value([0.5, 3]) == 2.5)
    #expect(LogOdds(label: 0, temperature: 2).gradient([0.5, 3]) == [0.5, -0.5])
  }

  @Test func ofOneClassTheyAreItsLogit() {
    #expect(LogOdds(label: 0, temperature: 2).value([3]) == 1.5)
    #expect(LogOdds(label: 0, temperature: 2).gradient([3]) == [0.5])
  }

  /// Logits so far apart that their exponentials overflow.
  @Test func greatLogitsStayFinite() {
    let logOdds = LogOdds(label: 0, temperature: 1)
    #expect(logOdds.value([-2000, 2000, 1999]).isFinite)
    #expect(logOdds.gradient([-2000, 2000, 1999]).allSatisfy { $0.isFinite })
    #expect(logOdds.gradient([5000, -2000, -2000]) == [1, -0.5, -0.5])
  }
}
