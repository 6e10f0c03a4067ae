import Foundation
import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Softmax and cross-entropy")
struct SoftmaxCrossEntropyTests {
  /// exp(0) : exp(log 3) = 1 : 3, and three equal classes against one of weight 2.
  let logits = Matrix<Double>(
    rowCount: 2, columnCount: 3, elements: [0, log(3), -.greatestFiniteMagnitude / 4, 5, 5, 5])

  @Test func probabilitiesSumToOne() {
    let (third, logThree) = (1 / 3.0, log(3.0))
    let loss = SoftmaxCrossEntropy(logits: logits)
    #expect(mismatch(loss.probabilities.row(0), [0.25, 0.75, 0], absolute: 1e-15) == nil)
    #expect(mismatch(loss.probabilities.row(1), [third, third, third], absolute: 1e-15) == nil)
    #expect(
      mismatch(loss.logProbabilities.row(1), [-logThree, -logThree, -logThree], absolute: 1e-15)
        == nil)
  }

  @Test func lossIsTheSumOfLogarithms() {
    let loss = SoftmaxCrossEntropy(logits: logits)
    #expect(abs(loss.lossSum([1, 2]) - (log(4.0 / 3) + log(3))) < 1e-14)
    #expect(abs(loss.lossSum([0, 0]) - (log(4) + log(3))) < 1e-14)
  }

  /// A gap that `Float` cannot hold gives one class an infinite logarithm.
  @Test func classOutOfReachDoesNotSpoilTheLoss() {
    let far = Matrix<Float>(
      rowCount: 1, columnCount: 2,
      elements: [.greatestFiniteMagnitude, -.greatestFiniteMagnitude])
    let loss = SoftmaxCrossEntropy(logits: far)
    #expect(loss.lossSum([0]) == 0)
    #expect(loss.lossSum([1]) == .infinity)
  }

  @Test func gradientIsProbabilityMinusTarget() {
    let loss = SoftmaxCrossEntropy(logits: logits)
    let gradient = loss.logitsGradient([1, 2], scale: 2)
    #expect(mismatch(gradient.row(0), [0.5, -0.5, 0], absolute: 1e-15) == nil)
    #expect(mismatch(gradient.row(1), [2 / 3.0, 2 / 3.0, -4 / 3.0], absolute: 1e-15) == nil)
  }

  /// Smoothing by 0.3 spreads 0.1 to each of three classes.
  @Test func smoothingSpreadsTheTarget() {
    let equal = Matrix<Double>(rowCount: 1, columnCount: 3, elements: [0, 0, log(2)])
    let loss = SoftmaxCrossEntropy(logits: equal)
    #expect(mismatch(loss.probabilities.row(0), [0.25, 0.25, 0.5], absolute: 1e-15) == nil)
    let gradient = loss.logitsGradient([2], scale: 1, smoothing: 0.3)
    #expect(mismatch(gradient.row(0), [0.15, 0.15, -0.3], absolute: 1e-15) == nil)
    let expected = 0.8 * log(2) + 0.1 * log(4) * 2
    #expect(abs(loss.lossSum([2], smoothing: 0.3) - expected) < 1e-14)
  }

  // MARK: Target distributions

  @Test func aDistributionOfOneClassIsThatClass() {
    let loss = SoftmaxCrossEntropy(logits: logits)
    let targets = ClassTargets(distributions: [[0, 1, 0], [0, 0, 1]], weights: [1, 1])
    #expect(loss.lossSum(targets) == loss.lossSum([1, 2]))
    #expect(loss.logitsGradient(targets, scale: 2) == loss.logitsGradient([1, 2], scale: 2))
  }

  @Test func aWeightIsThatOfSoManyRows() {
    let loss = SoftmaxCrossEntropy(logits: logits)
    let weighted = ClassTargets(classes: [1, 2], classCount: 3, smoothing: 0.3, weights: [3, 0])
    let plain = ClassTargets(classes: [1, 2], classCount: 3, smoothing: 0.3)
    let (found, single) = (
      loss.logitsGradient(weighted, scale: 1), loss.logitsGradient(plain, scale: 1)
    )
    #expect(mismatch(found.row(0), single.row(0).map { 3 * $0 }, absolute: 1e-15) == nil)
    #expect(found.row(1) == [0, 0, 0])
  }

  @Test func gradientOfDistributionsMatchesFiniteDifferences() {
    var generator = SeededGenerator(seed: 10)
    let logits: Matrix<Double> = generator.matrix(3, 3)
    let targets = ClassTargets(
      distributions: [[0.2, 0.5, 0.3], [1, 0, 0], [0.1, 0.1, 0.8]], weights: [1, 0.5, 2])
    let gradient = SoftmaxCrossEntropy(logits: logits).logitsGradient(targets, scale: 0.25)
    let failure = GradientCheck.failure(gradient.elements, at: logits.elements, named: "logits") {
      let logits = Matrix(rowCount: 3, columnCount: 3, elements: $0)
      return SoftmaxCrossEntropy(logits: logits).lossSum(targets) / 4
    }
    #expect(failure == nil)
  }

  @Test(arguments: [0, 0.2])
  func gradientIsThatOfFiniteDifferences(_ smoothing: Double) {
    var generator = SeededGenerator(seed: 9)
    let logits: Matrix<Double> = generator.matrix(4, 3)
    let classes = [2, 0, 1, 1]
    let gradient = SoftmaxCrossEntropy(logits: logits).logitsGradient(
      classes, scale: 0.25, smoothing: smoothing)
    let failure = GradientCheck.failure(gradient.elements, at: logits.elements, named: "logits") {
      let logits = Matrix(rowCount: 4, columnCount: 3, elements: $0)
      return SoftmaxCrossEntropy(logits: logits).lossSum(classes, smoothing: smoothing) / 4
    }
    #expect(failure == nil)
  }

  @Test func largeLogitsStayFinite() {
    let large = Matrix<Float>(rowCount: 1, columnCount: 3, elements: [10_000, -10_000, 9_999])
    let loss = SoftmaxCrossEntropy(logits: large)
    #expect(loss.probabilities.elements.allSatisfy { $0.isFinite })
    #expect(abs(loss.lossSum([1]) - 20_000.3133) < 0.01)
    #expect(loss.logitsGradient([1], scale: 1).elements.allSatisfy { $0.isFinite })
  }

  @Test func notANumberIsNotHidden() {
    let logits = Matrix<Float>(rowCount: 1, columnCount: 2, elements: [.nan, 1])
    #expect(!SoftmaxCrossEntropy(logits: logits).lossSum([1]).isFinite)
  }

  @Test func nothingCostsNothing() {
    let none = SoftmaxCrossEntropy(logits: Matrix<Float>(rowCount: 0, columnCount: 3))
    #expect(none.lossSum([]) == 0)
    #expect(none.logitsGradient([], scale: 1).rowCount == 0)
  }

  @Test func stopsAtClassesThatDoNotFit() async {
    await #expect(processExitsWith: .failure) {
      _ = SoftmaxCrossEntropy(logits: Matrix<Float>(rowCount: 1, columnCount: 2)).lossSum([2])
    }
    await #expect(processExitsWith: .failure) {
      _ = SoftmaxCrossEntropy(logits: Matrix<Float>(rowCount: 1, columnCount: 2)).lossSum([0, 0])
    }
    await #expect(processExitsWith: .failure) {
      _ = ClassTargets(distributions: [[0, 1]], weights: [1, 1])
    }
    await #expect(processExitsWith: .failure) {
      _ = SoftmaxCrossEntropy(logits: Matrix<Float>(rowCount: 1, columnCount: 2))
        .logitsGradient([-1], scale: 1)
    }
  }
}
