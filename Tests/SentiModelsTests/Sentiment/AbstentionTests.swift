import Testing

@testable import SentiModels

@Suite("Abstention")
struct AbstentionTests {
  private func prediction(_ probability: Double) -> SentimentPrediction {
    SentimentPrediction(
      labels: ["negative", "positive"], probabilities: [1 - probability, probability],
      tokenCount: 3, unknownCount: 0)
  }

  @Test(arguments: [(0.8, "positive"), (0.79, "uncertain"), (0.15, "negative")])
  func whatIsLessProbableHasNoLabel(_ probability: Double, _ label: String) {
    #expect(Abstention(below: 0.8).label(of: prediction(probability)) == label)
  }

  @Test func aThresholdOf0LabelsAll() {
    #expect(Abstention(below: 0).accepts(prediction(0.5)))
  }

  /// Of the texts whose quantiles these are, the asked fraction has an answer.
  @Test(arguments: [(1.0, 0.5), (0.9, 0.55), (0.75, 0.625), (0.5, 0.75)])
  func aCoverageHasTheThresholdOfItsQuantile(_ coverage: Double, _ threshold: Double) throws {
    let quantiles = (0...100).map { 0.5 + 0.005 * Double($0) }
    let abstention = try #require(Abstention(coverage: coverage, quantiles: quantiles))
    #expect(abs(abstention.threshold - threshold) < 1e-12)
  }

  @Test func withoutQuantilesThereIsNoCoverage() {
    #expect(Abstention(coverage: 0.9, quantiles: nil) == nil)
    #expect(Abstention(coverage: 0.9, quantiles: []) == nil)
  }

  @Test func aThresholdThatIsNoProbabilityTraps() async {
    await #expect(processExitsWith: .failure) { _ = Abstention(below: 1.5) }
  }
}
