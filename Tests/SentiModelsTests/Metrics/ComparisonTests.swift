import Foundation
import SentiModels
import Testing

@Suite("Comparison")
struct ComparisonTests {
  /// Compares answers that are written as `first second`, or `first second truth`.
  private func comparison(_ texts: [String]) -> Comparison {
    var comparison = Comparison()
    for text in texts {
      let labels = text.split(separator: " ").map(String.init)
      comparison.append(
        .init(label: labels[0]), .init(label: labels[1]),
        trueLabel: labels.count > 2 ? labels[2] : nil)
    }
    return comparison
  }

  @Test func countsHowTextsChangedSide() {
    let result = comparison(["neg pos", "pos pos", "neg neu", "pos neg", "neg pos", "neu neu"])
    #expect(result.count == 6 && result.agreementCount == 2)
    #expect(result.agreement == 2.0 / 6)
    #expect(result.labels == ["negative", "neutral", "positive"])
    let changes = result.changes.map { "\($0.first) \($0.second) \($0.count)" }
    #expect(changes == ["negative neutral 1", "negative positive 2", "positive negative 1"])
  }

  @Test func labelsAreComparedByWhatTheyMean() {
    #expect(comparison(["pos positive", "neg negative", "five five"]).agreement == 1)
    #expect(comparison(["1 positive", "0 neg"]).agreement == 1)
    #expect(comparison(["1 positive", "0 neg", "2 neu"]).agreement == 0)
  }

  @Test func labelsGetOtherNames() {
    let result = comparison(["pos neg 5", "pos pos 5", "neg neg 1", "neg neg 3"])
    #expect(
      result.firstLabels == ["positive", "negative"] && result.trueLabels == ["1", "3", "5"])
    #expect(result.secondLabels == result.firstLabels && result.firstAccuracy == 0)
    let truth = ["1": "negative", "3": "", "5": "positive"]
    let renamed = result.renamed(second: ["negative": "bad"], truth: truth)
    #expect(renamed.firstAccuracy == 1 && renamed.secondAccuracy == 1.0 / 3)
    #expect(renamed.count == 4 && renamed.labels == ["negative", "positive", "bad"])
  }

  @Test func withoutTheTruthItTestsWhetherOneLeansToASide() {
    let texts = Array(repeating: "neg pos", count: 2) + Array(repeating: "pos neg", count: 10)
    let result = comparison(texts + ["pos pos", "neg neg"])
    #expect(result.mcNemar == McNemarTest(firstCount: 10, secondCount: 2))
    #expect(result.firstAccuracy == nil && result.secondAccuracy == nil)
  }

  @Test func withTheTruthItTestsWhichIsRightMoreOften() {
    let result = comparison([
      "pos neg pos", "pos neg pos", "neg pos neg",  // the first alone is right
      "neg pos positive",  // the second alone
      "pos pos pos", "neg neg pos",  // both, and none
    ])
    #expect(result.mcNemar == McNemarTest(firstCount: 3, secondCount: 1))
    #expect(result.firstAccuracy == 4.0 / 6 && result.secondAccuracy == 2.0 / 6)
  }

  @Test func threeLabelsWithoutTheTruthHaveNoTest() {
    #expect(comparison(["neg pos", "neu neu"]).mcNemar == nil)
    #expect(comparison(["pos pos"]).mcNemar == McNemarTest(firstCount: 0, secondCount: 0))
  }

  @Test func theMeanDifferenceIsOfTextsThatBothHaveScored() {
    var result = Comparison()
    #expect(result.meanScoreDifference == nil && result.agreement == 1)
    result.append(.init(label: "pos", score: 0.5), .init(label: "pos", score: 0.25))
    result.append(.init(label: "pos", score: -0.5), .init(label: "pos", score: 0.25))
    result.append(.init(label: "pos"), .init(label: "pos", score: 1))
    #expect(result.meanScoreDifference == 0.5)
  }

  @Test func isWrittenInSnakeCaseWithoutWhatIsNotKnown() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let text = String(decoding: try encoder.encode(comparison(["neg pos"])), as: UTF8.self)
    let expected =
      #"{"agreement":0,"changes":[{"count":1,"first":"negative","second":"positive"}],"count":1,"#
      + #""mcnemar":{"chi_squared":0,"chi_squared_p":1,"exact_p":1,"first_count":0,"#
      + #""second_count":1}}"#
    #expect(text == expected)
  }
}
