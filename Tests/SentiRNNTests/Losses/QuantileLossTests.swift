import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Quantile loss")
struct QuantileLossTests {
  static let loss = QuantileLoss(levels: [0.1, 0.5])

  /// A row of two numbers with two quantiles each; the second number is not known.
  @Test func isTheMeanPinball() {
    let predictions = Matrix<Double>(rowCount: 1, columnCount: 4, elements: [1, 4, 9, 9])
    let targets = Matrix<Double>(rowCount: 1, columnCount: 2, elements: [3, 0])
    let weights = Matrix<Double>(rowCount: 1, columnCount: 2, elements: [1, 0])
    let expected = (0.1 * 2 + 0.5 * 1) / 2
    #expect(
      mismatch(
        [Self.loss.lossSum(predictions, targets, weights: weights)], [expected], absolute: 1e-12)
        == nil)
    let gradient = Self.loss.gradient(predictions, targets, weights: weights, scale: 4)
    #expect(mismatch(gradient.elements, [-0.2, 1, 0, 0], absolute: 1e-12) == nil)
  }

  @Test func gradientsMatchFiniteDifferences() {
    var generator = SeededGenerator(seed: 2)
    let targets: Matrix<Double> = generator.matrix(3, 2)
    let weights = Matrix<Double>(rowCount: 3, columnCount: 2, elements: [1, 0, 1, 1, 2, 1])
    let predictions: Matrix<Double> = generator.matrix(3, 4)
    let gradient = Self.loss.gradient(predictions, targets, weights: weights, scale: 1)
    let failure = GradientCheck.failure(
      gradient.elements, at: predictions.elements, named: "predictions"
    ) { values in
      Self.loss.lossSum(
        Matrix(rowCount: 3, columnCount: 4, elements: values), targets, weights: weights)
    }
    #expect(failure == nil)
  }

  /// The sample's quantile has no greater loss than any other number.
  @Test func isLeastAtTheQuantile() {
    let sample = (1...9).map(Double.init)
    func loss(_ value: Double) -> Double {
      QuantileLoss(levels: [0.25]).lossSum(
        Matrix(rowCount: 9, columnCount: 1, elements: [Double](repeating: value, count: 9)),
        Matrix(rowCount: 9, columnCount: 1, elements: sample),
        weights: Matrix(rowCount: 9, columnCount: 1, elements: [Double](repeating: 1, count: 9)))
    }
    #expect([1, 2, 2.5, 3.5, 4, 5, 9].allSatisfy { loss($0) > loss(3) })
  }

  @Test func otherShapesAndLevelsAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = QuantileLoss(levels: [0.5, 1]) }
    await #expect(processExitsWith: .failure) {
      let matrix = Matrix<Double>(rowCount: 1, columnCount: 2)
      _ = QuantileLoss(levels: [0.5]).lossSum(
        matrix, Matrix(rowCount: 1, columnCount: 1), weights: Matrix(rowCount: 1, columnCount: 1))
    }
  }
}
