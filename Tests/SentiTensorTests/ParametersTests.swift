import SentiTensor
import Testing

@Suite("Parameters")
struct ParametersTests {
  static let layout: ParameterLayout = {
    var layout = ParameterLayout()
    _ = layout.add("output.weight", shape: [2, 3])
    _ = layout.add("output.bias", shape: [4])
    return layout
  }()

  var weight: ParameterSlot { Self.layout.slots[0] }
  var bias: ParameterSlot { Self.layout.slots[1] }

  // MARK: Layout

  @Test func layoutPlacesOneParameterBehindTheOther() {
    #expect(weight.name == "output.weight")
    #expect(weight.shape == [2, 3])
    #expect(weight.range == 0..<6)
    #expect(bias.range == 6..<10)
    #expect(Self.layout.elementCount == 10)
    #expect(ParameterLayout().elementCount == 0)
  }

  @Test func aVectorIsOneRow() {
    #expect(weight.rowCount == 2 && weight.columnCount == 3)
    #expect(bias.rowCount == 1 && bias.columnCount == 4)
  }

  @Test func layoutFindsParametersByName() {
    #expect(Self.layout.slot(named: "output.bias") == bias)
    #expect(Self.layout.slot(named: "output") == nil)
  }

  // MARK: Arena

  @Test func startsWithZeros() {
    let parameters = Parameters<Float>(layout: Self.layout)
    #expect(parameters.layout == Self.layout)
    #expect(parameters.values == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test func readsAndWritesOneParameter() {
    var parameters = Parameters<Float>(layout: Self.layout, values: (0..<10).map(Float.init))
    #expect(parameters[bias] == [6, 7, 8, 9])
    parameters[weight] = [9, 9, 9, 9, 9, 9]
    #expect(parameters.values == [9, 9, 9, 9, 9, 9, 6, 7, 8, 9])
  }

  @Test func collectsTheElementsOfEachParameter() throws {
    let parameters = Parameters<Double>(layout: Self.layout) { slot in
      [Double](repeating: Double(slot.name.count), count: slot.range.count)
    }
    #expect(parameters.values == [13, 13, 13, 13, 13, 13, 11, 11, 11, 11])
  }

  @Test func passesOnWhatElementsThrow() {
    struct Missing: Error, Equatable { let name: String }
    func fail(_ slot: ParameterSlot) throws -> [Float] { throw Missing(name: slot.name) }
    #expect(throws: Missing(name: "output.weight")) {
      _ = try Parameters<Float>(layout: Self.layout, elements: fail)
    }
  }

  @Test func isSetToZero() {
    var parameters = Parameters<Float>(
      layout: Self.layout, values: [Float](repeating: 3, count: 10))
    parameters.setToZero()
    #expect(parameters.values.allSatisfy { $0 == 0 })
  }

  @Test func normIsEuclidean() {
    var parameters = Parameters<Float>(layout: Self.layout)
    parameters[bias] = [3, 0, 0, 4]
    #expect(parameters.norm == 5)
  }

  @Test func namesTheFirstParameterThatIsNotFinite() {
    var parameters = Parameters<Float>(layout: Self.layout)
    #expect(parameters.firstNonFiniteName == nil)
    parameters[bias] = [0, .infinity, 0, 0]
    #expect(parameters.firstNonFiniteName == "output.bias")
    #expect(!parameters.norm.isFinite)
    parameters[weight] = [0, 0, 0, 0, 0, .nan]
    #expect(parameters.firstNonFiniteName == "output.weight")
  }

  @Test func combinesWithAnother() {
    var parameters = Parameters<Float>(layout: Self.layout, values: (0..<10).map(Float.init))
    let other = Parameters<Float>(layout: Self.layout, values: (0..<10).map { Float($0 * 100) })
    parameters.combine(scaledBy: 2, other, scaledBy: 0.5)
    #expect(parameters.values == (0..<10).map { Float($0 * 52) })
  }

  /// A first step of Adam moves every parameter by the rate, against its gradient's sign.
  @Test func adamPassMovesAllParameters() {
    var parameters = Parameters<Double>(layout: Self.layout)
    var (first, second) = (parameters, parameters)
    let gradients = Parameters<Double>(
      layout: Self.layout, values: [1, -2, 3, -4, 5, -6, 7, -8, 9, -10])
    let pass = AdamPass(
      learningRate: 0.5 / (1 - 0.9), firstDecay: 0.9, secondDecay: 0.999,
      secondScale: 1 / (1 - 0.999), epsilon: 0, weightShrink: 1, gradientScale: 1)
    parameters.adam(gradients, &first, &second, pass)
    for (value, gradient) in zip(parameters.values, gradients.values) {
      #expect(abs(value + (gradient > 0 ? 0.5 : -0.5)) < 1e-12)
    }
  }

  @Test func roundsToSixteenBits() {
    let values: [Float] = [0.1, 1, -2.5, 1 / 3, 0, 4, 5, 6, 7, 65504]
    let parameters = Parameters<Float>(layout: Self.layout, values: values)
    #expect(parameters.rounded(to: .float16).values == values.map { Float(Float16($0)) })
    #expect(parameters.rounded(to: .brainFloat16).values[0] == 0.10009765625)
    #expect(parameters.rounded(to: .float32).values == values)
  }

  // MARK: Preconditions

  @Test func stopsAtANameThatIsTaken() async {
    await #expect(processExitsWith: .failure) {
      var layout = ParameterLayout()
      _ = layout.add("weight", shape: [1])
      _ = layout.add("weight", shape: [2])
    }
  }

  @Test func stopsAtShapesThatAreNone() async {
    await #expect(processExitsWith: .failure) {
      var layout = ParameterLayout()
      _ = layout.add("weight", shape: [])
    }
    await #expect(processExitsWith: .failure) {
      var layout = ParameterLayout()
      _ = layout.add("weight", shape: [1, 2, 3])
    }
    await #expect(processExitsWith: .failure) {
      var layout = ParameterLayout()
      _ = layout.add("weight", shape: [2, 0])
    }
  }

  @Test func stopsAtElementsThatDoNotFit() async {
    await #expect(processExitsWith: .failure) {
      _ = Parameters<Float>(layout: ParametersTests.layout, values: [1])
    }
    await #expect(processExitsWith: .failure) {
      _ = Parameters<Float>(layout: ParametersTests.layout) { _ in [1] }
    }
    await #expect(processExitsWith: .failure) {
      var parameters = Parameters<Float>(layout: ParametersTests.layout)
      parameters[ParametersTests.layout.slots[1]] = [1]
    }
  }
}
