import SentiModels
import Testing

@Suite("Scored examples")
struct ScoredExamplesTests {
  @Test func keepWhatWasAppended() {
    var examples = ScoredExamples(labels: ["a", "b", "c"])
    examples.append(trueLabel: 2, probabilities: [0.25, 0.5, 0.25])
    examples.append(trueLabel: 0, probabilities: [0.125, 0.25, 0.625] as [Float])
    #expect(examples.labels == ["a", "b", "c"])
    #expect(examples.count == 2)
    #expect(examples.trueLabels == [2, 0])
    #expect(examples.predictedLabels == [1, 2])
    #expect(examples.probability(of: 1, inExample: 0) == 0.5)
    #expect(examples.probability(of: 0, inExample: 1) == 0.125)
  }

  @Test func theFirstOfEqualProbabilitiesIsPredicted() {
    var examples = ScoredExamples(labels: ["a", "b", "c"])
    examples.append(trueLabel: 0, probabilities: [0.2, 0.4, 0.4])
    examples.append(trueLabel: 0, probabilities: [0.0, 0.0, 0.0])
    #expect(examples.predictedLabels == [1, 0])
  }

  @Test func stopAtNoLabels() async {
    await #expect(processExitsWith: .failure) { _ = ScoredExamples(labels: []) }
  }

  @Test func stopAtALabelThatIsNotThere() async {
    await #expect(processExitsWith: .failure) {
      var examples = ScoredExamples(labels: ["a", "b"])
      examples.append(trueLabel: 2, probabilities: [0.5, 0.5])
    }
  }

  @Test func stopAtAWrongNumberOfProbabilities() async {
    await #expect(processExitsWith: .failure) {
      var examples = ScoredExamples(labels: ["a", "b"])
      examples.append(trueLabel: 0, probabilities: [1.0])
    }
  }

  @Test func stopAtWhatIsNoProbability() async {
    await #expect(processExitsWith: .failure) {
      var examples = ScoredExamples(labels: ["a", "b"])
      examples.append(trueLabel: 0, probabilities: [Double.nan, 0.5])
    }
    await #expect(processExitsWith: .failure) {
      var examples = ScoredExamples(labels: ["a", "b"])
      examples.append(trueLabel: 0, probabilities: [1.5, -0.5])
    }
  }

  @Test func stopAtAnIndexThatIsNotThere() async {
    await #expect(processExitsWith: .failure) {
      var examples = ScoredExamples(labels: ["a", "b"])
      examples.append(trueLabel: 0, probabilities: [0.5, 0.5])
      _ = examples.probability(of: 2, inExample: 0)
    }
    await #expect(processExitsWith: .failure) {
      _ = ScoredExamples(labels: ["a", "b"]).probability(of: 0, inExample: 0)
    }
  }
}
