import Foundation
import SentiModels
import SentiTestSupport
import Testing

@Suite("Calibration scaling")
struct CalibrationScalingTests {
  /// Examples of one row of probabilities, of which `counts[c]` are of class c.
  private func examples(
    _ probabilities: [Double], counts: [Int]
  ) -> ScoredExamples {
    var examples = ScoredExamples(labels: counts.indices.map { "class \($0)" })
    for (label, count) in counts.enumerated() {
      for _ in 0..<count { examples.append(trueLabel: label, probabilities: probabilities) }
    }
    return examples
  }

  @Test func theScalingThatChangesNothingGivesTheSameProbabilities() {
    let scaled = Calibration.Scaling(classCount: 3)([0.2, 0.3, 0.5])
    #expect(mismatch(scaled, [0.2, 0.3, 0.5] as [Double], absolute: 1e-12) == nil)
  }

  @Test func slopeAndOffsetsApplyToLogProbabilities() {
    var scaling = Calibration.Scaling(classCount: 2)
    scaling.slope = 2
    scaling.offsets = [log(3.0), 0]
    // 0.25² · 3 : 0.75² = 3 : 9
    let scaled = scaling([0.25, 0.75])
    #expect(mismatch(scaled, [0.25, 0.75] as [Double], absolute: 1e-12) == nil)
  }

  /// Of texts that all get 0.5, 0.3, 0.2, the classes are 0.2, 0.3 and 0.5: offsets alone can say so.
  @Test func offsetsCorrectHowOftenAClassIsAnswered() {
    let examples = examples([0.5, 0.3, 0.2], counts: [20, 30, 50])
    let scaling = Calibration.scaling(of: examples, .biasCorrected)
    #expect(
      mismatch(scaling([0.5, 0.3, 0.2]), [0.2, 0.3, 0.5] as [Double], absolute: 0.01) == nil)
    #expect(abs(scaling.offsets.reduce(0, +)) < 1e-9)
  }

  /// Of texts with odds of 9, three in four are right: the slope is log 3 / log 9.
  @Test func theSlopeIsTheInverseTemperature() {
    var examples = examples([0.9, 0.1], counts: [75, 25])
    for _ in 0..<75 { examples.append(trueLabel: 1, probabilities: [0.1, 0.9]) }
    for _ in 0..<25 { examples.append(trueLabel: 0, probabilities: [0.1, 0.9]) }
    let scaling = Calibration.scaling(of: examples, .temperature)
    #expect(abs(scaling.slope - 0.5) < 0.01)
    #expect(scaling.offsets == [0, 0])
  }

  /// The first class is right as often as it is said to be, the others are not: each wants a slope of its own.
  @Test func vectorScalingGivesEachClassASlope() {
    var examples = ScoredExamples(labels: ["a", "b", "c"])
    for index in 0..<900 {
      let first = 0.1 + Double(index % 9) / 11
      let second = (1 - first) * Double(1 + index % 4) / 5
      let truth = Double((index * 7919) % 900) / 900
      let label = truth < first ? 0 : truth < first + (1 - first) / 2 ? 1 : 2
      examples.append(trueLabel: label, probabilities: [first, second, 1 - first - second])
    }
    let losses = Calibration.Method.allCases.map { method in
      let scaled = Calibration.scaled(examples, by: Calibration.scaling(of: examples, method))
      return Evaluation(of: scaled)?.logLoss ?? .infinity
    }
    #expect(losses[1] <= losses[0] + 1e-9 && losses[2] < losses[1] - 0.01)
    let slopes = Calibration.scaling(of: examples, .vector).slopes
    #expect(slopes[0] > slopes[1] + 0.2 && slopes[0] > slopes[2] + 0.2)
  }

  @Test func aClassWithoutExamplesGetsAFiniteOffset() {
    let examples = examples([0.5, 0.3, 0.2], counts: [50, 50, 0])
    let scaling = Calibration.scaling(of: examples, .biasCorrected)
    #expect(scaling.offsets.allSatisfy(\.isFinite) && scaling.offsets[2] < scaling.offsets[1])
    #expect(scaling.slope.isFinite)
  }

  @Test func withoutExamplesNothingChanges() {
    let scaling = Calibration.scaling(of: ScoredExamples(labels: ["a", "b"]), .biasCorrected)
    #expect(scaling == Calibration.Scaling(classCount: 2))
  }

  /// The loss at the fit is lower than anywhere near it.
  @Test func theFitIsAMinimum() {
    var examples = ScoredExamples(labels: ["a", "b", "c"])
    for index in 0..<600 {
      let first = 0.05 + Double(index % 17) / 20
      let second = (1 - first) * Double(1 + index % 5) / 7
      let truth = first > 0.6 ? index % 7 / 6 : second > 0.2 ? 1 + index % 2 : index % 3
      examples.append(trueLabel: truth, probabilities: [first, second, 1 - first - second])
    }
    func loss(_ scaling: Calibration.Scaling) -> Double {
      let sum = (0..<examples.count).reduce(0.0) {
        $0 - log(scaling(examples.probabilities(ofExample: $1))[examples.trueLabels[$1]])
      }
      let distance = scaling.offsets.reduce(pow(scaling.slope - 1, 2)) { $0 + $1 * $1 }
      return sum / Double(examples.count) + 1e-3 / 2 * distance
    }
    let fit = Calibration.scaling(of: examples, .biasCorrected)
    #expect(loss(fit) < loss(Calibration.Scaling(classCount: 3)))
    for step in [-0.01, 0.01] {
      var other = fit
      other.slope += step
      #expect(loss(other) > loss(fit))
      other = fit
      other.offsets[0] += step
      other.offsets[1] -= step
      #expect(loss(other) > loss(fit))
    }
  }

  /// A part's own examples have no say in how they are scaled.
  @Test func crossFittingLeavesOutAnExamplesOwnPart() {
    var examples = ScoredExamples(labels: ["a", "b"])
    for index in 0..<100 {
      examples.append(trueLabel: index % 5 == 0 ? 1 : 0, probabilities: [0.5, 0.5])
    }
    let scaled = Calibration.crossFitted(examples, .biasCorrected)
    // Without part 0 all are of the first class; without another part three in four are.
    let (first, second) = (
      scaled.probability(of: 0, inExample: 0), scaled.probability(of: 0, inExample: 1)
    )
    #expect(first > 0.95 && abs(second - 0.75) < 0.01)
    #expect(scaled.trueLabels == examples.trueLabels)
  }

  @Test func aClassifierGivesTheScaledProbabilities() throws {
    let classifier = try TestModels.classifier()
    var scaling = Calibration.Scaling(classCount: classifier.labels.count)
    scaling.slope = 0.7
    scaling.offsets[0] = 0.4
    scaling.offsets[1] = -0.4
    let texts = ["a good film", "bad", ""]
    let scaled = classifier.scaled(by: scaling).predictions(for: texts)
    for (before, after) in zip(classifier.predictions(for: texts), scaled) {
      let expected = scaling(Array(before.probabilities.values))
      #expect(mismatch(Array(after.probabilities.values), expected, absolute: 1e-5) == nil)
    }
  }

  /// Slopes of their own are in the output layer, and the temperature stays.
  @Test func aClassifierGivesTheProbabilitiesOfVectorScaling() throws {
    let classifier = try TestModels.classifier()
    var scaling = Calibration.Scaling(classCount: classifier.labels.count)
    scaling.slopes[0] = 0.7
    scaling.slopes[1] = 1.9
    scaling.offsets[0] = 0.4
    scaling.offsets[1] = -0.4
    let texts = ["a good film", "bad", ""]
    let scaled = classifier.scaled(by: scaling)
    #expect(scaled.temperature == classifier.temperature && abs(scaling.slope - 1.3) < 1e-12)
    for (before, after) in zip(
      classifier.predictions(for: texts), scaled.predictions(for: texts))
    {
      let expected = scaling(Array(before.probabilities.values))
      #expect(mismatch(Array(after.probabilities.values), expected, absolute: 1e-5) == nil)
    }
  }

  @Test func anotherNumberOfClassesStops() async {
    await #expect(processExitsWith: .failure) {
      _ = Calibration.Scaling(classCount: 2)([0.2, 0.3, 0.5])
    }
    await #expect(processExitsWith: .failure) {
      _ = Calibration.crossFitted(ScoredExamples(labels: ["a"]), .biasCorrected, foldCount: 1)
    }
  }
}
