import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

/// Beside PyTorch; see `optimizers.py`.
@Suite("Optimizer")
struct OptimizerTests {
  struct File: Decodable {
    let initial: [String: Fixture.Tensor]
    let gradientsOfStep: [[String: Fixture.Tensor]]
    let cases: [Case]

    struct Case: Decodable {
      let name: String
      let parametersAfterStep: [[String: Fixture.Tensor]]
    }
  }

  static let layout: ParameterLayout = {
    var layout = ParameterLayout()
    _ = layout.add("weight", shape: [2, 3])
    _ = layout.add("bias", shape: [4])
    return layout
  }()

  static let rules: [(String, OptimizerRule, Double)] = [
    ("sgd", .sgd(), 0.1),
    ("momentum", .sgd(momentum: 0.9), 0.1),
    ("nesterov", .sgd(momentum: 0.9, isNesterov: true), 0.1),
    ("adam", .adam(), 0.01),
    ("adam-other-betas", .adam(firstDecay: 0.7, secondDecay: 0.99, epsilon: 1e-3), 0.02),
    ("adamw", .adamW(weightDecay: 0.1), 0.01),
  ]

  static func arena<Scalar: MatrixScalar>(
    _ tensors: [String: Fixture.Tensor]
  ) throws -> Parameters<Scalar> {
    try Parameters(layout: layout) { slot in
      try #require(tensors[slot.name]).values.map { Scalar($0) }
    }
  }

  static func expectParity<Scalar: MatrixScalar>(
    _ type: Scalar.Type, _ name: String, _ rule: OptimizerRule, _ learningRate: Double,
    absolute: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file: File = try Fixture.read("optimizers")
    let item = try #require(file.cases.first { $0.name == name })
    var parameters: Parameters<Scalar> = try arena(file.initial)
    var optimizer = Optimizer<Scalar>(rule, layout: layout)
    for (step, expected) in item.parametersAfterStep.enumerated() {
      try optimizer.update(
        &parameters, arena(file.gradientsOfStep[step]), learningRate: learningRate)
      let wanted: Parameters<Double> = try arena(expected)
      #expect(
        mismatch(parameters.values, wanted.values, absolute: absolute) == nil, "step \(step)",
        sourceLocation: sourceLocation)
    }
    #expect(optimizer.stepCount == item.parametersAfterStep.count, sourceLocation: sourceLocation)
  }

  @Test(arguments: rules)
  func doublesAreThoseOfPyTorch(
    _ name: String, _ rule: OptimizerRule, _ learningRate: Double
  ) throws {
    try Self.expectParity(Double.self, name, rule, learningRate, absolute: 1e-13)
  }

  @Test(arguments: rules)
  func floatsAreNear(_ name: String, _ rule: OptimizerRule, _ learningRate: Double) throws {
    try Self.expectParity(Float.self, name, rule, learningRate, absolute: 2e-6)
  }

  @Test(arguments: rules)
  func scalingTheGradientIsScalingTheUpdate(
    _ name: String, _ rule: OptimizerRule, _ learningRate: Double
  ) throws {
    let file: File = try Fixture.read("optimizers")
    let gradients: Parameters<Double> = try Self.arena(file.gradientsOfStep[0])
    let halved = Parameters<Double>(
      layout: Self.layout, values: gradients.values.map { $0 * 0.5 })
    var (left, right) = (Parameters<Double>(layout: Self.layout), gradients)
    right = left
    var (one, other) = (
      Optimizer<Double>(rule, layout: Self.layout), Optimizer<Double>(rule, layout: Self.layout)
    )
    one.update(&left, gradients, learningRate: learningRate, gradientScale: 0.5)
    other.update(&right, halved, learningRate: learningRate)
    #expect(left.values == right.values)
  }

  @Test func keepsItsMomentsLaidOutLikeTheParameters() throws {
    var adam = Optimizer<Double>(.adam(), layout: Self.layout)
    #expect(adam.rule == .adam())
    #expect(adam.stepCount == 0)
    var parameters = Parameters<Double>(layout: Self.layout)
    let gradients = Parameters<Double>(
      layout: Self.layout, values: [Double](repeating: 2, count: 10))
    adam.update(&parameters, gradients, learningRate: 1)
    #expect(
      mismatch(adam.firstMoments.values, gradients.values.map { $0 / 10 }, absolute: 1e-15) == nil)
    #expect(
      mismatch(adam.secondMoments.values, gradients.values.map { $0 / 500 }, absolute: 1e-15) == nil
    )
    let descent = Optimizer<Double>(.sgd(), layout: Self.layout)
    #expect(descent.secondMoments.values.isEmpty)
  }

  @Test(arguments: rules)
  func goesOnWhereItStood(_ name: String, _ rule: OptimizerRule, _ learningRate: Double) {
    var generator = SeededGenerator(seed: 1)
    let gradients: [Parameters<Double>] = (0..<4).map { _ in generator.parameters(Self.layout) }
    var whole = Parameters<Double>(layout: Self.layout)
    var optimizer = Optimizer<Double>(rule, layout: Self.layout)
    for gradient in gradients.prefix(2) {
      optimizer.update(&whole, gradient, learningRate: learningRate)
    }
    var (resumed, restored) = (
      whole,
      Optimizer(
        rule, stepCount: optimizer.stepCount, firstMoments: optimizer.firstMoments,
        secondMoments: optimizer.secondMoments)
    )
    for gradient in gradients.suffix(2) {
      optimizer.update(&whole, gradient, learningRate: learningRate)
      restored.update(&resumed, gradient, learningRate: learningRate)
    }
    #expect(resumed.values == whole.values)
  }

  @Test func stopsAtGradientsOfAnotherModel() async {
    await #expect(processExitsWith: .failure) {
      var optimizer = Optimizer<Float>(.sgd(), layout: OptimizerTests.layout)
      var parameters = Parameters<Float>(layout: OptimizerTests.layout)
      optimizer.update(
        &parameters, Parameters(layout: ParameterLayout()), learningRate: 1)
    }
  }
}
