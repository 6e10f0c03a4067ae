import Testing

@testable import SentiModels

@Suite("Check report")
struct CheckReportTests {
  private let classifier: SentimentClassifier
  private let suite = CheckSuite.test

  init() throws { classifier = try TestModels.opinionated() }

  @Test func ratesAreByCapabilityAndOverAllThatCount() {
    let report = suite.report(on: classifier)
    #expect(report.capabilities.map(\.capability) == ["words", "irony", "names"])
    #expect(report.capabilities.map(\.isCounted) == [true, false, true])
    #expect(
      report.capabilities.map(\.passRate) == [
        Proportion(2, of: 3), Proportion(0, of: 1), Proportion(0, of: 1),
      ])
    #expect(report.passRate == Proportion(2, of: 4))
    #expect(report.failed.map(\.check.text) == ["awful", "great", "awful"])
    #expect(report.isFinite)
  }

  @Test func casesForOtherLabelsAreLeftOut() {
    let report = suite.report(on: classifier)
    #expect(report.leftOutCount == 1 && report.outcomes[5] == nil)
    let direction = CheckCase.Expectation.direction(
      CheckDirection(.notMore, "neutral", tolerance: 0))
    let other = CheckSuite([
      .test("x", variants: ["great"], direction), .test("x", .label(["neutral", "negative"])),
    ])
    #expect(other.report(on: classifier).outcomes.map { $0 == nil } == [true, false])
  }

  @Test func labelsGoByManyNames() throws {
    let named = SentimentClassifier(
      labels: ["neg", "pos"], pipeline: classifier.pipeline, network: classifier.network,
      parameters: classifier.parameters)
    let report = suite.report(on: named)
    #expect(report.passRate == Proportion(2, of: 4) && report.leftOutCount == 1)
  }

  @Test func threadsChangeNothing() {
    let (one, two) = (
      suite.report(on: classifier), suite.report(on: classifier, threadCount: 2)
    )
    #expect(one.outcomes.map { $0?.predictions } == two.outcomes.map { $0?.predictions })
    #expect(one.outcomes.map { $0?.failures } == two.outcomes.map { $0?.failures })
  }
}
