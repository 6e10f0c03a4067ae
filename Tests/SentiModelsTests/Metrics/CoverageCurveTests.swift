import Testing

@testable import SentiModels

@Suite("Coverage curve")
struct CoverageCurveTests {
  /// Ten answers: those of 0.95 and 0.9 are right, of the others each second.
  private static let examples: ScoredExamples = {
    var examples = ScoredExamples(labels: ["negative", "positive"])
    let confidences = [0.95, 0.55, 0.9, 0.6, 0.85, 0.65, 0.8, 0.7, 0.75, 0.75]
    for (index, confidence) in confidences.enumerated() {
      let isRight = confidence >= 0.9 || index.isMultiple(of: 2)
      examples.append(
        trueLabel: isRight ? 1 : 0, probabilities: [1 - confidence, confidence])
    }
    return examples
  }()

  @Test func theSurestAnswersAreMoreOftenRight() throws {
    let curve = CoverageCurve(of: Self.examples)
    let all = try #require(curve.point(at: 1))
    #expect(all == .init(coverage: 1, threshold: 0.55, accuracy: 0.5))
    let some = try #require(curve.point(at: 0.2))
    #expect(some == .init(coverage: 0.2, threshold: 0.9, accuracy: 1))
  }

  /// What is as probable as the last answer is an answer too.
  @Test func tiesStayTogether() throws {
    let point = try #require(CoverageCurve(of: Self.examples).point(at: 0.5))
    #expect(point.coverage == 0.6 && point.threshold == 0.75)
    #expect(abs(point.accuracy - 5.0 / 6) < 1e-12)
  }

  /// The quantiles lead an abstention to the points of the curve.
  @Test func quantilesGiveTheCoverage() throws {
    let curve = CoverageCurve(of: Self.examples)
    let quantiles = try #require(curve.confidenceQuantiles)
    #expect(quantiles.count == 101 && quantiles == quantiles.sorted())
    #expect((0.549998..<0.55).contains(quantiles[0]) && (0.949998..<0.95).contains(quantiles[100]))
  }

  @Test func withoutExamplesThereIsNothing() {
    let curve = CoverageCurve(of: ScoredExamples(labels: ["a"]))
    #expect(curve.point(at: 1) == nil && curve.points.isEmpty && curve.confidenceQuantiles == nil)
  }

  @Test func equalPointsStandOnce() {
    var examples = ScoredExamples(labels: ["a", "b"])
    for _ in 0..<5 { examples.append(trueLabel: 0, probabilities: [0.7, 0.3]) }
    #expect(
      CoverageCurve(of: examples).points == [.init(coverage: 1, threshold: 0.7, accuracy: 1)])
  }
}
