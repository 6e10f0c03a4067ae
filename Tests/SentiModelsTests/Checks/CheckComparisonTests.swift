import Testing

@testable import SentiModels

@Suite("Check comparison")
struct CheckComparisonTests {
  @Test func namesWhatChanged() throws {
    let (suite, classifier) = (CheckSuite.test, try TestModels.opinionated())
    let inverted = SentimentClassifier(
      labels: ["positive", "negative"], pipeline: classifier.pipeline,
      network: classifier.network, parameters: classifier.parameters)
    let comparison = CheckComparison(
      suite.report(on: classifier), suite.report(on: inverted))
    #expect(comparison.changes.map(\.second.check.text) == ["great", "awful", "great"])
    #expect(comparison.changes.map(\.isFixed) == [false, true, true])
    let test = comparison.mcNemar
    #expect(test.firstCount == 1 && test.secondCount == 1 && test.exactProbability == 1)
  }

  @Test func suitesOfOtherSizesAreTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      _ = CheckComparison(
        CheckReport([nil], capabilities: []), CheckReport([], capabilities: []))
    }
  }
}
