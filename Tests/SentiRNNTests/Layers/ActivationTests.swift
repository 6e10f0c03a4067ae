import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Activations as layers")
struct ActivationTests {
  /// Two seeded rows, none of whose points is at a corner.
  @Test(arguments: Activation.allCases)
  func gradientsAreThoseOfFiniteDifferences(_ activation: Activation) {
    var generator = SeededGenerator(seed: 6)
    let input: Matrix<Double> = generator.matrix(2, 19, deviation: 2)
    let weights: Matrix<Double> = generator.matrix(2, 19)
    func outputs(_ elements: [Double]) -> Matrix<Double> {
      var matrix = Matrix(rowCount: 2, columnCount: 19, elements: elements)
      activation.apply(to: &matrix)
      return matrix
    }
    var gradient = weights
    activation.backward(&gradient, outputs: outputs(input.elements))
    #expect(
      GradientCheck.failure(gradient.elements, at: input.elements, named: "input") {
        weightedSum(weights.elements, outputs($0).elements)
      } == nil)
  }

  @Test func theirPointsAreThoseOfTheirDefinitions() {
    let expected: [(Activation, [Double])] = [
      (.relu, [0, 0, 2]), (.leakyReLU, [-0.04, 0, 2]), (.hardSigmoid, [0, 0.5, 5.0 / 6]),
      (.softsign, [-0.8, 0, 2.0 / 3]), (.tanh, [-0.999329299739067, 0, 0.964027580075817]),
      (.sigmoid, [0.0179862099620916, 0.5, 0.880797077977882]),
      (.elu, [-0.981684361111266, 0, 2]),
    ]
    #expect(expected.count == Activation.allCases.count)
    for (activation, values) in expected {
      var matrix = Matrix<Double>(rowCount: 1, columnCount: 3, elements: [-4, 0, 2])
      activation.apply(to: &matrix)
      #expect(mismatch(matrix.elements, values, absolute: 1e-14) == nil, "\(activation)")
    }
  }

  @Test func stopsAtAGradientOfAnotherShape() async {
    await #expect(processExitsWith: .failure) {
      var gradient = Matrix<Float>(rowCount: 2, columnCount: 2)
      Activation.tanh.backward(&gradient, outputs: Matrix(rowCount: 1, columnCount: 2))
    }
  }
}
