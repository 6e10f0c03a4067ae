import Testing

@testable import SentiModels

@Suite("Label probabilities")
struct LabelProbabilitiesTests {
  let probabilities = LabelProbabilities(
    labels: ["negative", "neutral", "positive"], values: [0.5, 0.125, 0.375])

  @Test func areAskedByLabel() {
    #expect(probabilities["negative"] == 0.5)
    #expect(probabilities["positive"] == 0.375)
    #expect(probabilities["Positive"] == nil)
    #expect(probabilities[""] == nil)
  }

  @Test func areACollectionInTheModelsOrder() {
    #expect(probabilities[1] == 0.125)
    #expect(probabilities.count == 3)
    #expect(Array(probabilities) == probabilities.values)
    #expect(probabilities.labels == ["negative", "neutral", "positive"])
    #expect(probabilities.max() == 0.5)
  }

  @Test func stopAtAnotherNumberOfLabels() async {
    await #expect(processExitsWith: .failure) {
      _ = LabelProbabilities(labels: ["one"], values: [0.5, 0.5])
    }
  }
}
