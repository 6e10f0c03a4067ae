import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Dense layer")
struct DenseTests {
  static func layer() -> (Dense, ParameterLayout) {
    var layout = ParameterLayout()
    let dense = Dense(inputSize: 3, outputSize: 2, prefix: "output.", layout: &layout)
    return (dense, layout)
  }

  @Test func reservesWeightsAndBias() {
    let (dense, layout) = Self.layer()
    #expect(layout.slots.map(\.name) == ["output.weight", "output.bias"])
    #expect(dense.weights.shape == [2, 3])
    #expect(dense.bias.shape == [2])
    #expect(dense.inputSize == 3)
    #expect(dense.outputSize == 2)
  }

  @Test func startsByTheRuleOfGlorot() {
    let (dense, layout) = Self.layer()
    var parameters = Parameters<Double>(layout: layout)
    var generator = SeededGenerator(seed: 1)
    dense.initialize(&parameters, using: &generator)
    let bound = (6.0 / 5).squareRoot()
    #expect(parameters[dense.weights].allSatisfy { abs($0) <= bound && $0 != 0 })
    #expect(parameters[dense.bias] == [0, 0])
  }

  @Test func multipliesAndAddsTheBias() {
    let (dense, layout) = Self.layer()
    let parameters = Parameters<Float>(layout: layout, values: [1, 2, 3, 4, 5, 6, 0.5, -0.5])
    let input = Matrix<Float>(rowCount: 2, columnCount: 3, elements: [1, 0, 0, 1, 10, 100])
    let output = dense.forward(input, dense.weights(parameters))
    #expect(output.elements == [1.5, 3.5, 321.5, 653.5])
    let nothing = Matrix<Float>(rowCount: 0, columnCount: 3)
    #expect(dense.forward(nothing, dense.weights(parameters)).rowCount == 0)
  }

  @Test func gradientsAreThoseOfFiniteDifferences() {
    let (dense, layout) = Self.layer()
    var generator = SeededGenerator(seed: 2)
    let parameters: Parameters<Double> = generator.parameters(layout)
    let input: Matrix<Double> = generator.matrix(4, 3)
    let weights: Matrix<Double> = generator.matrix(4, 2)
    var gradients = Parameters<Double>(layout: layout)
    let inputGradient = dense.backward(
      weights, input: input, dense.weights(parameters), gradients: &gradients)
    func loss(_ parameters: Parameters<Double>, _ input: Matrix<Double>) -> Double {
      weightedSum(weights.elements, dense.forward(input, dense.weights(parameters)).elements)
    }
    #expect(
      GradientCheck.failure(gradients.values, at: parameters.values, named: "parameters") {
        loss(Parameters(layout: layout, values: $0), input)
      } == nil)
    #expect(
      GradientCheck.failure(inputGradient.elements, at: input.elements, named: "input") {
        loss(parameters, Matrix(rowCount: 4, columnCount: 3, elements: $0))
      } == nil)
  }

  // MARK: Tied to an embedding

  static func tied() -> (Embedding, Dense, ParameterLayout) {
    var layout = ParameterLayout()
    let embedding = Embedding(
      vocabularySize: 4, embeddingSize: 3, prefix: "embedding.", layout: &layout)
    return (
      embedding, Dense(sharing: embedding.weights, prefix: "output.", layout: &layout), layout
    )
  }

  @Test func aTiedLayerReservesItsBiasOnly() {
    let (embedding, output, layout) = Self.tied()
    #expect(layout.slots.map(\.name) == ["embedding.weight", "output.bias"])
    #expect(output.weights == embedding.weights)
    #expect((output.inputSize, output.outputSize) == (3, 4))
    #expect(output.isTied && !Self.layer().0.isTied)
    var generator = SeededGenerator(seed: 1)
    var parameters: Parameters<Double> = generator.parameters(layout)
    let vectors = parameters[embedding.weights]
    output.initialize(&parameters, using: &generator)
    #expect(parameters[embedding.weights] == vectors)
    #expect(parameters[output.bias] == [0, 0, 0, 0])
  }

  /// Word vectors are read as inputs and as weights; their gradient is the sum of both.
  @Test func bothUsesOfTiedWordVectorsAreInTheirGradient() {
    let (embedding, output, layout) = Self.tied()
    var generator = SeededGenerator(seed: 3)
    let parameters: Parameters<Double> = generator.parameters(layout)
    let scale: Matrix<Double> = generator.matrix(3, 4)
    let tokens: [Int32] = [2, 0, 2]
    func states(_ parameters: Parameters<Double>) -> Matrix<Double> {
      var rows = Matrix<Double>(rowCount: 0, columnCount: 3)
      embedding.forward(tokens, parameters, into: &rows)
      return rows
    }
    var gradients = Parameters<Double>(layout: layout)
    let stateGradient = output.backward(
      scale, input: states(parameters), output.weights(parameters), gradients: &gradients)
    embedding.backward(tokens, stateGradient, gradients: &gradients)
    #expect(
      GradientCheck.failure(gradients.values, at: parameters.values, named: "parameters") {
        let changed = Parameters(layout: layout, values: $0)
        let logits = output.forward(states(changed), output.weights(changed))
        return weightedSum(scale.elements, logits.elements)
      } == nil)
  }

  @Test func stopsAtInputsOfAnotherWidth() async {
    await #expect(processExitsWith: .failure) {
      let (dense, layout) = DenseTests.layer()
      let weights = dense.weights(Parameters<Float>(layout: layout))
      _ = dense.forward(Matrix(rowCount: 1, columnCount: 2), weights)
    }
  }
}
