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
      let averagesAfterStep: [[String: Fixture.Tensor]]
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
    ("rmsprop", .rmsProp(), 0.01),
    ("rmsprop-momentum", .rmsProp(decay: 0.9, epsilon: 1e-3, momentum: 0.8), 0.02),
    ("averaged-sgd", .averagedSGD(decay: 0.05, power: 0.75, start: 1), 0.1),
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
      var gradients: Parameters<Scalar> = try arena(file.gradientsOfStep[step])
      if name.hasSuffix("-freed") && step < 3 {
        gradients.setToZero(freezing: [true, false])
        gradients[layout.slots[1]] = try arena(file.gradientsOfStep[step])[layout.slots[1]]
      }
      optimizer.update(&parameters, gradients, learningRate: learningRate)
      let wanted: Parameters<Double> = try arena(expected)
      #expect(
        mismatch(parameters.values, wanted.values, absolute: absolute) == nil, "step \(step)",
        sourceLocation: sourceLocation)
      guard !item.averagesAfterStep.isEmpty else { continue }
      let mean: Parameters<Double> = try arena(item.averagesAfterStep[step])
      let average = try #require(optimizer.average(of: parameters))
      #expect(
        mismatch(average.values, mean.values, absolute: absolute) == nil, "average, step \(step)",
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

  /// A parameter's moments are young when it is freed, however many steps there were.
  @Test(arguments: rules)
  func aParameterFreedLateStartsLikeANewOne(
    _ name: String, _ rule: OptimizerRule, _ learningRate: Double
  ) throws {
    try Self.expectParity(Double.self, name + "-freed", rule, learningRate, absolute: 1e-13)
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
    one.update(&left, gradients, learningRate: learningRate) { $0.gradientScale = 0.5 }
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
      mismatch(adam.firstMoments, gradients.values.map { $0 / 10 }, absolute: 1e-15) == nil)
    #expect(
      mismatch(adam.secondMoments, gradients.values.map { $0 / 500 }, absolute: 1e-15) == nil)
    let descent = Optimizer<Double>(.sgd(), layout: Self.layout)
    #expect(descent.firstMoments.isEmpty && descent.secondMoments.isEmpty)
    let momentum = Optimizer<Double>(.sgd(momentum: 0.9), layout: Self.layout)
    #expect(momentum.firstMoments.count == 10 && momentum.secondMoments.isEmpty)
    #expect(adam.average(of: parameters) == nil)
  }

  // MARK: Lazy rows

  struct SparseFile: Decodable {
    let initial: Fixture.Tensor
    let rowsOfStep: [[Int32]]
    let gradientsOfStep: [Fixture.Tensor]
    let tableAfterStep: [Fixture.Tensor]
  }

  static let table: (ParameterLayout, ParameterSlot) = {
    var layout = ParameterLayout()
    let slot = layout.add("table", shape: [5, 3])
    return (layout, slot)
  }()

  /// A gradient for some rows of the table alone.
  static func gradient<Scalar: MatrixScalar>(
    _ rows: [Int32], _ elements: [Scalar]
  ) -> Parameters<Scalar> {
    var gradients = Parameters<Scalar>(layout: table.0)
    let matrix = Matrix(rowCount: rows.count, columnCount: 3, elements: elements)
    Kernels.best.scatterAdd(matrix, to: rows, of: &gradients, table.1)
    return gradients
  }

  /// PyTorch's `SparseAdam` leaves rows without a gradient alone too.
  ///
  /// It adds epsilon before it corrects the second moment, so that epsilon is next to nothing here.
  @Test func lazyRowsAreThoseOfSparseAdam() throws {
    let file: SparseFile = try Fixture.read("sparse-adam")
    let (layout, _) = Self.table
    var parameters = Parameters<Double>(layout: layout, values: file.initial.values)
    var optimizer = Optimizer<Double>(.adam(secondDecay: 0.99, epsilon: 1e-16), layout: layout)
    for (step, rows) in file.rowsOfStep.enumerated() {
      optimizer.update(
        &parameters, Self.gradient(rows, file.gradientsOfStep[step].values), learningRate: 0.05
      ) { $0.isLazy = true }
      let wanted = file.tableAfterStep[step].values
      #expect(mismatch(parameters.values, wanted, absolute: 1e-13) == nil, "step \(step)")
    }
  }

  /// Where every row has a gradient, and for descent, lazy and dense are the same to the bit.
  @Test(arguments: rules)
  func lazyIsDenseWhereEveryRowHasAGradient(
    _ name: String, _ rule: OptimizerRule, _ learningRate: Double
  ) {
    let (layout, _) = Self.table
    var generator = SeededGenerator(seed: 5)
    var lazy: Parameters<Float> = generator.parameters(layout)
    var dense = lazy
    var (one, other) = (
      Optimizer<Float>(rule, layout: layout, averagingDecay: 0.9),
      Optimizer<Float>(rule, layout: layout, averagingDecay: 0.9)
    )
    for _ in 0..<4 {
      let gradients: [Float] = generator.normals(15)
      one.update(
        &lazy, Self.gradient([3, 1, 0, 2, 4], gradients), learningRate: learningRate
      ) { $0.isLazy = true }
      let order = [2, 1, 3, 0, 4].flatMap { gradients[3 * $0..<3 * $0 + 3] }
      other.update(
        &dense, Parameters(layout: layout, values: order), learningRate: learningRate)
    }
    #expect(bits(lazy.values) == bits(dense.values))
    #expect(one.average(of: lazy)?.values == other.average(of: dense)?.values)
  }

  /// Else rows without a gradient are updated by a gradient of zero.
  @Test(arguments: rules)
  func denseIsAGradientOfZero(_ name: String, _ rule: OptimizerRule, _ learningRate: Double) {
    let (layout, _) = Self.table
    var generator = SeededGenerator(seed: 11)
    var sparse: Parameters<Float> = generator.parameters(layout)
    var whole = sparse
    var (one, other) = (
      Optimizer<Float>(rule, layout: layout, averagingDecay: 0.9),
      Optimizer<Float>(rule, layout: layout, averagingDecay: 0.9)
    )
    for rows in [[0, 1], [1], [4], [], [0]] as [[Int32]] {
      let gradients = Self.gradient(rows, generator.normals(3 * rows.count) as [Float])
      one.update(&sparse, gradients, learningRate: learningRate)
      other.update(
        &whole, Parameters(layout: layout, values: gradients.values), learningRate: learningRate)
    }
    #expect(bits(sparse.values) == bits(whole.values))
    #expect(one.average(of: sparse)?.values == other.average(of: whole)?.values)
  }

  /// The average of a row that stands still, computed step by step, is what making up gives.
  @Test(arguments: [OptimizerRule.sgd(), .averagedSGD(decay: 0, power: 0, start: 2)])
  func theAverageMakesUpForRowsThatWereLeftAlone(_ rule: OptimizerRule) throws {
    let (layout, _) = Self.table
    var generator = SeededGenerator(seed: 6)
    var parameters: Parameters<Double> = generator.parameters(layout)
    let initial = parameters
    var optimizer = Optimizer<Double>(rule, layout: layout, averagingDecay: 0.8)
    var expected = parameters.values
    for (step, rows) in ([[0, 1], [1], [1, 2], [], [2], [0], [1], [0, 2]] as [[Int32]]).enumerated()
    {
      let gradients: [Double] = generator.normals(3 * rows.count)
      optimizer.update(&parameters, Self.gradient(rows, gradients), learningRate: 0.3) {
        $0.isLazy = true
      }
      let kept =
        rule == .sgd()
        ? min(0.8, Double(step + 1) / Double(step + 10)) : 1 - 1 / Double(max(1, step - 2))
      for index in expected.indices {
        expected[index] = kept * expected[index] + (1 - kept) * parameters.values[index]
      }
      let average = try #require(optimizer.average(of: parameters))
      #expect(mismatch(average.values, expected, absolute: 1e-14) == nil, "step \(step)")
      #expect(Array(average.values.suffix(6)) == Array(initial.values.suffix(6)))
    }
  }

  // MARK: Groups and clipping

  @Test(arguments: rules)
  func aFactorIsAnotherRateForItsParameter(
    _ name: String, _ rule: OptimizerRule, _ learningRate: Double
  ) throws {
    let file: File = try Fixture.read("optimizers")
    let gradients: Parameters<Double> = try Self.arena(file.gradientsOfStep[0])
    func moved(_ rate: Double, _ factors: [Double]?) throws -> Parameters<Double> {
      var parameters: Parameters<Double> = try Self.arena(file.initial)
      var optimizer = Optimizer<Double>(rule, layout: Self.layout)
      optimizer.update(&parameters, gradients, learningRate: rate) { $0.rateFactors = factors }
      return parameters
    }
    let slots = Self.layout.slots
    let (both, plain) = (try moved(learningRate, [1, 0.25]), try moved(learningRate, nil))
    #expect(both[slots[0]] == plain[slots[0]])
    #expect(both[slots[1]] == (try moved(learningRate / 4, nil))[slots[1]])
    #expect(both[slots[1]] != plain[slots[1]])
  }

  @Test func cutsElementsBehindTheScale() {
    var parameters = Parameters<Double>(layout: Self.table.0)
    var optimizer = Optimizer<Double>(.sgd(), layout: Self.table.0)
    optimizer.update(
      &parameters, Self.gradient([2], [0.5, -8, 3]), learningRate: 1
    ) {
      $0.gradientScale = 0.5
      $0.gradientLimit = 1
    }
    #expect(Array(parameters.values[6..<9]) == [-0.25, 1, -1])
  }

  @Test func stopsAtGradientsOfAnotherModel() async {
    await #expect(processExitsWith: .failure) {
      var optimizer = Optimizer<Float>(.sgd(), layout: OptimizerTests.layout)
      var parameters = Parameters<Float>(layout: OptimizerTests.layout)
      optimizer.update(
        &parameters, Parameters(layout: ParameterLayout()), learningRate: 1)
    }
    await #expect(processExitsWith: .failure) {
      var optimizer = Optimizer<Float>(.sgd(), layout: OptimizerTests.layout)
      var parameters = Parameters<Float>(layout: OptimizerTests.layout)
      optimizer.update(&parameters, parameters, learningRate: 1) { $0.rateFactors = [1] }
    }
  }

  /// With counts where a parameter was frozen, and without them where none was.
  @Test(arguments: [false, true])
  func goesOnAsIfItHadNotStopped(_ isFrozen: Bool) {
    var layout = ParameterLayout()
    let slots = [layout.add("a", shape: [3]), layout.add("b", shape: [2])]
    let gradients = Parameters<Double>(layout: layout, values: [1, -2, 0.5, 4, -1])
    var first = gradients
    if isFrozen {
      first.setToZero(freezing: [true, false])
      first[slots[1]] = gradients[slots[1]]
    }
    var whole = Optimizer<Double>(.adam(), layout: layout)
    var parameters = Parameters<Double>(layout: layout, values: [1, 2, 3, 4, 5])
    whole.update(&parameters, first, learningRate: 0.1)
    #expect(whole.updateCounts == [isFrozen ? 0 : 1, 1])
    var resumed = Optimizer<Double>(.adam(), layout: layout)
    resumed.restore(
      stepCount: whole.stepCount, updateCounts: isFrozen ? whole.updateCounts : nil,
      firstMoments: whole.firstMoments, secondMoments: whole.secondMoments)
    var others = parameters
    whole.update(&parameters, gradients, learningRate: 0.1)
    resumed.update(&others, gradients, learningRate: 0.1)
    #expect(parameters.values == others.values && resumed.stepCount == 2)
  }
}

extension Optimizer {
  /// One step with gradients scaled and cut, rates that differ, or rows left alone.
  fileprivate mutating func update(
    _ parameters: inout Parameters<Scalar>, _ gradients: Parameters<Scalar>, learningRate: Double,
    _ change: (inout OptimizerStep) -> Void
  ) {
    var step = OptimizerStep(learningRate: learningRate)
    change(&step)
    update(&parameters, by: gradients, step)
  }
}
