import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

/// Losses beside PyTorch, see `losses.py`, and beside finite differences.
@Suite("Losses")
struct LossesTests {
  struct File: Decodable {
    let weightedCrossEntropy, squared, absolute, huber, adaptiveSoftmax, sampledSoftmax: Case
  }

  struct Case: Decodable {
    let loss: Double
    let inputs, gradients: [String: Fixture.Tensor]
    let classes, candidates: [Int]?
    let mask: [Bool]?
    let classWeights: [Double]?
    let smoothing: Double?
    let targets, logProbabilities, probabilities: Fixture.Tensor?

    func input(_ name: String) throws -> Matrix<Double> {
      try #require(inputs[name]).matrix
    }

    /// Compares the loss and a gradient with PyTorch's.
    func expect(
      _ found: Double, _ gradient: [Double], of name: String,
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      #expect(abs(found - loss) < 1e-12 * max(1, loss), sourceLocation: sourceLocation)
      let wanted = try #require(gradients[name]).values
      #expect(
        mismatch(gradient, wanted, absolute: 1e-12) == nil, "\(name)",
        sourceLocation: sourceLocation)
    }
  }

  let file: File

  init() throws { file = try Fixture.read("losses") }

  // MARK: Cross-entropy

  @Test func classWeightsAndMasksAreThoseOfPyTorch() throws {
    let item = file.weightedCrossEntropy
    let (logits, classes) = (try item.input("logits"), try #require(item.classes))
    let (weights, mask) = (try #require(item.classWeights), try #require(item.mask))
    let loss = SoftmaxCrossEntropy(logits: logits)
    let gradient = loss.logitsGradient(
      classes, scale: 1, smoothing: 0.2, classWeights: weights, mask: mask)
    try item.expect(
      loss.lossSum(classes, smoothing: 0.2, classWeights: weights, mask: mask), gradient.elements,
      of: "logits")
    #expect(gradient.row(2) == [0, 0, 0, 0])
    let failure = GradientCheck.failure(gradient.elements, at: logits.elements, named: "logits") {
      SoftmaxCrossEntropy(logits: Matrix(rowCount: 6, columnCount: 4, elements: $0))
        .lossSum(classes, smoothing: 0.2, classWeights: weights, mask: mask)
    }
    #expect(failure == nil)
  }

  // MARK: Numbers

  @Test(arguments: ["squared", "absolute", "huber"])
  func regressionLossesAreThoseOfPyTorch(_ name: String) throws {
    let (item, loss): (Case, RegressionLoss) =
      switch name {
      case "squared": (file.squared, .squared)
      case "absolute": (file.absolute, .absolute)
      default: (file.huber, .huber(delta: 0.7))
      }
    let (predictions, targets) = (
      try item.input("predictions"), try #require(item.targets).matrix
    )
    let gradient = loss.gradient(predictions, targets, scale: 1)
    try item.expect(loss.lossSum(predictions, targets), gradient.elements, of: "predictions")
    let mask = [true, false, true, true, false, true]
    let masked = loss.gradient(predictions, targets, scale: 0.5, mask: mask)
    let failure = GradientCheck.failure(
      masked.elements, at: predictions.elements, named: name
    ) {
      let moved = Matrix(rowCount: 6, columnCount: 2, elements: $0)
      return loss.lossSum(moved, targets, mask: mask) / 2
    }
    #expect(failure == nil)
  }

  @Test func notANumberIsNotHidden() {
    let predictions = Matrix<Float>(rowCount: 1, columnCount: 1, elements: [.nan])
    let zero = Matrix<Float>(rowCount: 1, columnCount: 1)
    for loss in [RegressionLoss.squared, .absolute, .huber()] {
      #expect(loss.lossSum(predictions, zero).isNaN)
      #expect(loss.gradient(predictions, zero, scale: 1)[0, 0].isNaN)
      #expect(loss.gradient(zero, zero, scale: 1)[0, 0] == 0)
    }
  }

  // MARK: Many classes

  static func adaptive() -> (AdaptiveSoftmax, ParameterLayout) {
    var layout = ParameterLayout()
    let softmax = AdaptiveSoftmax(
      inputSize: 9, classCount: 11, cutoffs: [3, 7], divisor: 2, prefix: "", layout: &layout)
    return (softmax, layout)
  }

  @Test func adaptiveSoftmaxIsThatOfPyTorch() throws {
    let item = file.adaptiveSoftmax
    let (softmax, layout) = Self.adaptive()
    #expect(softmax.classCount == 11 && softmax.cutoffs == [3, 7, 11])
    let parameters = try Parameters<Double>(layout: layout) { slot in
      let tensor = try #require(item.inputs[slot.name])
      #expect(tensor.shape == slot.shape)
      return tensor.values
    }
    let (hidden, classes) = (try item.input("hidden"), try #require(item.classes))
    let weights = softmax.weights(parameters)
    var gradients = Parameters<Double>(layout: layout)
    let (sum, hiddenGradient) = softmax.loss(
      hidden, classes: classes, scale: 1, weights: weights, gradients: &gradients)
    try item.expect(sum, hiddenGradient.elements, of: "hidden")
    for slot in layout.slots { try item.expect(sum, gradients[slot], of: slot.name) }
    let wanted = try #require(item.logProbabilities).matrix
    let found = softmax.logProbabilities(hidden, weights: weights)
    #expect(mismatch(found, wanted, absolute: 1e-12) == nil)
  }

  @Test func adaptiveSoftmaxPassesTheGradientCheck() {
    let (softmax, layout) = Self.adaptive()
    var (generator, start) = (SeededGenerator(seed: 7), Parameters<Double>(layout: layout))
    softmax.initialize(&start, using: &generator)
    let (hidden, classes): (Matrix<Double>, [Int]) = (generator.matrix(4, 9), [1, 9, 3, 10])
    func loss(_ parameters: Parameters<Double>, _ hidden: Matrix<Double>) -> Double {
      var ignored = Parameters<Double>(layout: layout)
      return softmax.loss(
        hidden, classes: classes, scale: 0, weights: softmax.weights(parameters),
        gradients: &ignored
      ).lossSum / 4
    }
    var gradients = Parameters<Double>(layout: layout)
    let hiddenGradient = softmax.loss(
      hidden, classes: classes, scale: 0.25, weights: softmax.weights(start),
      gradients: &gradients
    ).inputGradient
    let ofParameters = GradientCheck.failure(
      gradients.values, at: start.values, named: "parameters"
    ) { loss(Parameters(layout: layout, values: $0), hidden) }
    let ofHidden = GradientCheck.failure(
      hiddenGradient.elements, at: hidden.elements, named: "hidden"
    ) { loss(start, Matrix(rowCount: 4, columnCount: 9, elements: $0)) }
    #expect(ofParameters == nil && ofHidden == nil)
  }

  /// The loss of each class, of the first of a cluster too, is that of its probability.
  @Test func adaptiveLossesAreThoseOfTheProbabilities() {
    let (softmax, layout) = Self.adaptive()
    var (generator, parameters) = (SeededGenerator(seed: 8), Parameters<Double>(layout: layout))
    softmax.initialize(&parameters, using: &generator)
    let (hidden, weights): (Matrix<Double>, _) = (
      generator.matrix(11, 9), softmax.weights(parameters)
    )
    let logarithms = softmax.logProbabilities(hidden, weights: weights)
    var ignored = Parameters<Double>(layout: layout)
    let found = softmax.loss(
      hidden, classes: Array(0..<11), scale: 1, weights: weights, gradients: &ignored)
    let expected = (0..<11).reduce(0) { $0 - logarithms[$1, $1] }
    #expect(abs(found.lossSum - expected) < 1e-9)
  }

  static func sampled(_ sampler: CandidateSampler) -> (SampledSoftmax, ParameterLayout) {
    var layout = ParameterLayout()
    _ = layout.add("before", shape: [3])
    let softmax = SampledSoftmax(inputSize: 9, sampler: sampler, prefix: "", layout: &layout)
    return (softmax, layout)
  }

  @Test func sampledSoftmaxIsItsFormulaInPyTorch() throws {
    let item = file.sampledSoftmax
    let (softmax, layout) = Self.sampled(CandidateSampler(logUniformOver: 11))
    let parameters = try Parameters<Double>(layout: layout) { slot in
      slot.name == "before" ? [1, 2, 3] : try #require(item.inputs[slot.name]).values
    }
    var gradients = Parameters<Double>(layout: layout)
    let (sum, hiddenGradient) = softmax.loss(
      try item.input("hidden"), classes: try #require(item.classes),
      candidates: try #require(item.candidates), scale: 1, parameters: parameters,
      gradients: &gradients)
    try item.expect(sum, hiddenGradient.elements, of: "hidden")
    try item.expect(sum, gradients[softmax.weights], of: "weight")
    try item.expect(sum, gradients[softmax.bias], of: "bias")
    // Classes 3, 5 and 9 are neither right nor drawn.
    let rows = gradients.touchedRows(of: softmax.weights).flatMap { $0.map { $0 - 1 } }
    #expect(rows == [0, 1, 2, 4, 6, 7, 8, 10])
  }

  @Test func sampledSoftmaxPassesTheGradientCheck() {
    let (softmax, layout) = Self.sampled(CandidateSampler(counts: [5, 4, 3, 3, 1, 0, 2]))
    var generator = SeededGenerator(seed: 8)
    let start: Parameters<Double> = generator.parameters(layout)
    let hidden: Matrix<Double> = generator.matrix(3, 9)
    let (classes, candidates) = ([6, 0, 5], [0, 4, 1, 0])
    func run(
      _ parameters: Parameters<Double>, _ hidden: Matrix<Double>
    ) -> (loss: Double, hidden: Matrix<Double>, parameters: Parameters<Double>) {
      var gradients = Parameters<Double>(layout: layout)
      let (sum, gradient) = softmax.loss(
        hidden, classes: classes, candidates: candidates, scale: 1, parameters: parameters,
        gradients: &gradients)
      return (sum, gradient, gradients)
    }
    let found = run(start, hidden)
    let ofParameters = GradientCheck.failure(
      found.parameters.values, at: start.values, named: "parameters"
    ) { run(Parameters(layout: layout, values: $0), hidden).loss }
    let ofHidden = GradientCheck.failure(
      found.hidden.elements, at: hidden.elements, named: "hidden"
    ) { run(start, Matrix(rowCount: 3, columnCount: 9, elements: $0)).loss }
    #expect(ofParameters == nil && ofHidden == nil)
  }

  /// With many candidates the estimate comes near to the softmax over all classes.
  @Test func manyCandidatesComeNearTheWholeSoftmax() {
    let (softmax, layout) = Self.sampled(CandidateSampler(logUniformOver: 7))
    var generator = SeededGenerator(seed: 9)
    let parameters: Parameters<Double> = generator.parameters(layout, deviation: 0.3)
    let (hidden, classes): (Matrix<Double>, [Int]) = (generator.matrix(3, 9), [6, 0, 3])
    let candidates = softmax.sampler.draw(20_000, using: &generator)
    var gradients = Parameters<Double>(layout: layout)
    let estimate = softmax.loss(
      hidden, classes: classes, candidates: candidates, scale: 1, parameters: parameters,
      gradients: &gradients)
    let all = softmax.logProbabilities(hidden, parameters: parameters)
    var logits = Matrix<Double>(rowCount: 3, columnCount: 7)
    let (weights, biases) = (parameters[softmax.weights], parameters[softmax.bias])
    for row in 0..<3 {
      for column in 0..<7 {
        logits[row, column] =
          biases[column]
          + weightedSum(hidden.row(row), Array(weights[9 * column..<9 * column + 9]))
      }
    }
    let exact = SoftmaxCrossEntropy(logits: logits)
    #expect(mismatch(all, exact.logProbabilities, absolute: 1e-12) == nil)
    let sum = exact.lossSum(classes)
    #expect(abs(estimate.lossSum - sum) < 0.03 * sum)
  }

  @Test func sampledSoftmaxBeginsByGlorotsRule() {
    let (softmax, layout) = Self.sampled(CandidateSampler(logUniformOver: 7))
    var (generator, parameters) = (SeededGenerator(seed: 2), Parameters<Float>(layout: layout))
    softmax.initialize(&parameters, using: &generator)
    let (weights, limit) = (parameters[softmax.weights], Float(6.0 / 16).squareRoot())
    #expect(weights.allSatisfy { abs($0) <= limit } && (weights.max() ?? 0) > limit / 2)
    #expect(parameters[softmax.bias].allSatisfy { $0 == 0 })
  }

  /// Tied to a table, it leaves the table's beginning alone and adds to its gradient.
  @Test func sampledSoftmaxMayShareItsWeights() {
    var layout = ParameterLayout()
    let table = layout.add("table", shape: [7, 9])
    let sampler = CandidateSampler(logUniformOver: 7)
    let tied = SampledSoftmax(sharing: table, sampler: sampler, prefix: "tied.", layout: &layout)
    let own = SampledSoftmax(inputSize: 9, sampler: sampler, prefix: "own.", layout: &layout)
    var generator = SeededGenerator(seed: 3)
    let start: Parameters<Double> = generator.parameters(layout)
    var parameters = start
    tied.initialize(&parameters, using: &generator)
    #expect(parameters[table] == start[table] && parameters[tied.bias].allSatisfy { $0 == 0 })
    parameters[own.weights] = parameters[table]
    parameters[own.bias] = parameters[tied.bias]
    let hidden: Matrix<Double> = generator.matrix(2, 9)
    var gradients = Parameters<Double>(layout: layout)
    for softmax in [tied, tied, own] {
      _ = softmax.loss(
        hidden, classes: [1, 6], candidates: [0, 2], scale: 1, parameters: parameters,
        gradients: &gradients)
    }
    let expected = gradients[own.weights].map { 2 * $0 }
    #expect(mismatch(gradients[table], expected, absolute: 1e-14) == nil)
    #expect(expected.contains { $0 != 0 })
  }

  /// Frequencies of 100,000 draws; 5 standard deviations of a share are below 0.008.
  @Test(arguments: [
    CandidateSampler(logUniformOver: 6), CandidateSampler(counts: [0, 16, 1, 81], power: 0.5),
  ])
  func candidatesComeAsOftenAsTheirProbabilitiesSay(_ sampler: CandidateSampler) {
    var generator = SeededGenerator(seed: 10)
    var counts = [Double](repeating: 0, count: sampler.classCount)
    for candidate in sampler.draw(100_000, using: &generator) { counts[candidate] += 1e-5 }
    let wanted: [Double] =
      sampler.classCount == 4
      ? [0, 4.0 / 14, 1.0 / 14, 9.0 / 14] : [0.3562, 0.2084, 0.1478, 0.1147, 0.0937, 0.0792]
    #expect(mismatch(counts, wanted, absolute: 0.008) == nil)
  }

  // MARK: Preconditions

  @Test func stopsAtShapesThatDoNotFit() async {
    await #expect(processExitsWith: .failure) {
      let one = Matrix<Float>(rowCount: 1, columnCount: 2)
      _ = RegressionLoss.squared.lossSum(one, Matrix(rowCount: 2, columnCount: 2))
    }
    await #expect(processExitsWith: .failure) {
      let one = Matrix<Float>(rowCount: 1, columnCount: 2)
      _ = RegressionLoss.squared.lossSum(one, one, mask: [])
    }
    await #expect(processExitsWith: .failure) {
      let logits = Matrix<Float>(rowCount: 1, columnCount: 2)
      _ = SoftmaxCrossEntropy(logits: logits).lossSum([0], classWeights: [1])
    }
    await #expect(processExitsWith: .failure) { _ = CandidateSampler(counts: [0, 0]) }
    await #expect(processExitsWith: .failure) {
      var layout = ParameterLayout()
      _ = AdaptiveSoftmax(
        inputSize: 4, classCount: 9, cutoffs: [5, 3], prefix: "", layout: &layout)
    }
  }
}

extension Fixture.Tensor {
  /// A tensor of two sizes as a matrix.
  fileprivate var matrix: Matrix<Double> {
    Matrix(rowCount: shape[0], columnCount: shape[1], elements: values)
  }
}
