import Foundation
import SentiModels
import SentiTestSupport
import Testing

@Suite("Evaluation")
struct EvaluationTests {
  /// Numbers of scikit-learn, written by `ReferenceImplementations/metrics.py`.
  struct Reference: Decodable {
    struct Case: Decodable {
      let name: String
      let labels: [Int]
      let probabilities: [[Double]]
      let accuracy: Double
      let precision: [Double]
      let recall: [Double]
      let f1: [Double]
      let support: [Int]
      let macroF1: Double
      let confusionMatrix: [[Int]]
      let rocAUC: Double?
      let logLoss: Double
      let expectedCalibrationError: Double
    }

    let cases: [Case]

    static func load() throws -> Reference {
      try Fixture.read("metrics", of: "SentiModelsTests")
    }
  }

  func examples(_ labels: [Int], _ probabilities: [[Double]]) -> ScoredExamples {
    let names = probabilities[0].indices.map { "class \($0)" }
    var examples = ScoredExamples(labels: names)
    for (label, row) in zip(labels, probabilities) {
      examples.append(trueLabel: label, probabilities: row)
    }
    return examples
  }

  func isClose(_ first: Double?, _ second: Double?) -> Bool {
    guard let first, let second else { return first == nil && second == nil }
    return abs(first - second) <= 1e-12
  }

  @Test(arguments: 0..<3)
  func matchesTheReference(index: Int) throws {
    let expected = try Reference.load().cases[index]
    let scored = examples(expected.labels, expected.probabilities)
    let evaluation = try #require(Evaluation(of: scored))
    #expect(evaluation.exampleCount == expected.labels.count)
    #expect(isClose(evaluation.accuracy, expected.accuracy))
    #expect(isClose(evaluation.macroF1, expected.macroF1))
    #expect(isClose(evaluation.logLoss, expected.logLoss))
    #expect(isClose(evaluation.expectedCalibrationError, expected.expectedCalibrationError))
    #expect(isClose(evaluation.rocAUC, expected.rocAUC))
    #expect(evaluation.confusionMatrix == expected.confusionMatrix)
    for (label, scores) in evaluation.classes.enumerated() {
      #expect(scores.label == scored.labels[label])
      #expect(isClose(scores.precision, expected.precision[label]))
      #expect(isClose(scores.recall, expected.recall[label]))
      #expect(isClose(scores.f1, expected.f1[label]))
      #expect(scores.support == expected.support[label])
    }
  }

  @Test func thereIsNoneWithoutExamples() {
    #expect(Evaluation(of: ScoredExamples(labels: ["a", "b"])) == nil)
    #expect(Evaluation.expectedCalibrationError(of: ScoredExamples(labels: ["a", "b"])) == 0)
  }

  @Test func oneTrueClassHasNoAreaUnderTheCurve() throws {
    let evaluation = try #require(Evaluation(of: examples([1, 1], [[0.4, 0.6], [0.7, 0.3]])))
    #expect(evaluation.rocAUC == nil)
    #expect(evaluation.accuracy == 0.5)
    #expect(evaluation.classes[0].recall == 0)
    #expect(evaluation.classes[0].f1 == 0)
  }

  @Test func oneLabelHasNoAreaUnderTheCurve() throws {
    let evaluation = try #require(Evaluation(of: examples([0], [[1]])))
    #expect(evaluation.rocAUC == nil)
    #expect(evaluation.accuracy == 1)
    #expect(evaluation.macroF1 == 1)
  }

  @Test(
    arguments: [
      ([0.1, 0.2, 0.8, 0.9], 1), ([0.9, 0.8, 0.2, 0.1], 0), ([0.5, 0.5, 0.5, 0.5], 0.5),
      ([0.1, 0.5, 0.5, 0.9], 0.875),
    ] as [([Double], Double)])
  func tiesCountAHalf(scores: [Double], area: Double) throws {
    let scored = examples([0, 0, 1, 1], scores.map { [1 - $0, $0] })
    #expect(try #require(Evaluation(of: scored)).rocAUC == area)
  }

  @Test func certainMistakesCostAFiniteLoss() throws {
    let evaluation = try #require(Evaluation(of: examples([0], [[0, 1]])))
    #expect(isClose(evaluation.logLoss, -log(0x1p-52)))
  }

  /// Two of three right at confidence 0.9, in one bin; one right at 0.6, in another.
  @Test func calibrationErrorIsTheMeanGapOfTheBins() {
    let rows = [[0.1, 0.9], [0.1, 0.9], [0.1, 0.9], [0.6, 0.4]]
    let found = Evaluation.expectedCalibrationError(of: examples([1, 1, 0, 0], rows), binCount: 10)
    let gap = (3 * abs(2.0 / 3 - 0.9) + abs(1 - 0.6)) / 4
    #expect(isClose(found, gap))
  }

  @Test func calibrationErrorStopsAtNoBins() async {
    await #expect(processExitsWith: .failure) {
      _ = Evaluation.expectedCalibrationError(of: ScoredExamples(labels: ["a"]), binCount: 0)
    }
  }

  /// Three of six are right at 0.6, and all at 0.65: one bin of equal width, and two of equal mass.
  @Test func adaptiveBinsHoldAsManyExamplesEach() {
    let rows = Array(repeating: [0.4, 0.6], count: 6) + Array(repeating: [0.35, 0.65], count: 6)
    let examples = examples([1, 1, 1, 0, 0, 0] + Array(repeating: 1, count: 6), rows)
    let found = Evaluation.adaptiveCalibrationError(of: examples, binCount: 2)
    #expect(isClose(found, (6 * abs(0.5 - 0.6) + 6 * abs(1 - 0.65)) / 12))
    // Bins of a half have all in the second: 9 of 12 right, at 0.625.
    let wide = Evaluation.expectedCalibrationError(of: examples, binCount: 2)
    #expect(isClose(wide, 9.0 / 12 - 0.625))
  }

  /// Examples of one confidence are not divided among bins.
  @Test func adaptiveBinsKeepTiesTogether() {
    let rows = Array(repeating: [0.25, 0.75], count: 8)
    let examples = examples([1, 1, 1, 1, 1, 1, 0, 0], rows)
    #expect(isClose(Evaluation.adaptiveCalibrationError(of: examples, binCount: 4), 0))
    #expect(Evaluation.adaptiveCalibrationError(of: ScoredExamples(labels: ["a"])) == 0)
  }

  @Test func brierScoreIsTheSquaredDistance() throws {
    let rows = [[0.2, 0.3, 0.5], [1, 0, 0]]
    let evaluation = try #require(Evaluation(of: examples([2, 1], rows)))
    #expect(isClose(evaluation.brierScore, (0.04 + 0.09 + 0.25 + 2) / 2))
  }

  @Test func jsonHasStableKeys() throws {
    let evaluation = try #require(
      Evaluation(of: examples([1, 0], [[0.25, 0.75], [0.25, 0.75]])))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(evaluation)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let keys = [
      "accuracy", "adaptive_calibration_error", "brier_score", "classes", "confusion_matrix",
      "example_count", "expected_calibration_error", "log_loss", "macro_f1", "roc_auc",
    ]
    #expect(object.keys.sorted() == keys)
    let scores = try #require((object["classes"] as? [[String: Any]])?.first)
    #expect(scores.keys.sorted() == ["f1", "label", "precision", "recall", "support"])
    #expect(try JSONDecoder().decode(Evaluation.self, from: data) == evaluation)
  }

  @Test func jsonLeavesOutAMissingArea() throws {
    let evaluation = try #require(Evaluation(of: examples([0], [[0.5, 0.5]])))
    let text = String(decoding: try JSONEncoder().encode(evaluation), as: UTF8.self)
    #expect(!text.contains("roc_auc"))
  }

  @Test func tableIsLaidOutInColumns() throws {
    var examples = ScoredExamples(labels: ["negative", "positive"])
    for (label, probability) in [(0, 0.25), (0, 0.75), (1, 0.75), (1, 1)] {
      examples.append(trueLabel: label, probabilities: [1 - probability, probability])
    }
    let expected = """
      examples                         4
      accuracy                    0.7500
      macro F1                    0.7333
      ROC AUC                     0.8750
      log loss, nats              0.4904
      Brier score                 0.3438
      expected calibration error  0.0625
      adaptive calibration error  0.0625

      class     precision  recall      F1  support
      negative     1.0000  0.5000  0.6667        2
      positive     0.6667  1.0000  0.8000        2

      true, predicted:  negative  positive
      negative                 1         1
      positive                 0         2

      """
    #expect(try #require(Evaluation(of: examples)).table() == expected)
  }

  @Test func tableMarksAMissingArea() throws {
    let evaluation = try #require(Evaluation(of: examples([0], [[0.5, 0.5]])))
    #expect(evaluation.table().contains("ROC AUC                          -\n"))
  }
}
