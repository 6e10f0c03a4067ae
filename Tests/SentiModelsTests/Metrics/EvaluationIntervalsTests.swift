import SentiTensor
import Testing

@testable import SentiModels

@Suite("Evaluation intervals")
struct EvaluationIntervalsTests {
  private func examples(_ count: Int, accuracy: Double, seed: UInt64) -> ScoredExamples {
    var generator = SeededGenerator(seed: seed)
    var examples = ScoredExamples(labels: ["negative", "positive"])
    for index in 0..<count {
      let isRight = Double.random(in: 0..<1, using: &generator) < accuracy
      let truth = index % 2
      let label = isRight ? truth : 1 - truth
      examples.append(trueLabel: truth, probabilities: label == 1 ? [0.25, 0.75] : [0.75, 0.25])
    }
    return examples
  }

  @Test func holdTheFiguresThemselves() throws {
    let examples = examples(300, accuracy: 0.8, seed: 3)
    let evaluation = try #require(Evaluation(of: examples))
    let intervals = try #require(EvaluationIntervals(of: examples))
    #expect(intervals.accuracy.contains(evaluation.accuracy))
    #expect(intervals.macroF1.contains(evaluation.macroF1))
    #expect(intervals.logLoss.contains(evaluation.logLoss))
    #expect(intervals.brierScore.contains(evaluation.brierScore))
    // The normal approximation has 3.92 √(p(1 - p)/n).
    let width = intervals.accuracy.upperBound - intervals.accuracy.lowerBound
    let p = evaluation.accuracy
    #expect(abs(width - 3.92 * (p * (1 - p) / 300).squareRoot()) < 0.015)
  }

  /// Of 100 samples of texts, about 95 have an interval that holds the accuracy of all texts.
  @Test func coverTheTruth() throws {
    let covered = try (0..<100).count { seed in
      let examples = examples(200, accuracy: 0.8, seed: UInt64(100 + seed))
      let intervals = try #require(EvaluationIntervals(of: examples, resampleCount: 200))
      return intervals.accuracy.contains(0.8)
    }
    #expect((90...99).contains(covered), "\(covered)")
  }

  @Test func areTheSameEachTime() {
    let examples = examples(50, accuracy: 0.6, seed: 4)
    #expect(EvaluationIntervals(of: examples) == EvaluationIntervals(of: examples))
    #expect(EvaluationIntervals(of: examples, seed: 2) != EvaluationIntervals(of: examples))
  }

  @Test func withoutExamplesThereAreNone() {
    #expect(EvaluationIntervals(of: ScoredExamples(labels: ["a", "b"])) == nil)
  }

  @Test func allRightIsCertain() throws {
    let intervals = try #require(
      EvaluationIntervals(of: examples(20, accuracy: 1.1, seed: 1), resampleCount: 40))
    #expect(intervals.accuracy == 1...1 && intervals.macroF1 == 1...1)
  }
}
