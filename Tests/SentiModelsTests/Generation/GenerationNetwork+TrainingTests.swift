import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@testable import SentiModels

@Suite("Nets that write: training")
struct GenerationNetworkTrainingTests {
  /// A net in double precision at a point, with fixed draws for everything that is random.
  struct Problem {
    let network: GenerationNetwork
    var examples: [GenerationExample]
    var parameters: Parameters<Double>
    var regularization = GenerationRegularization.none

    init(_ fixture: GenerationFixture, cell: CellConfiguration? = nil) {
      var configuration = fixture.network.configuration
      if let cell {
        configuration.encoder?.cell = cell
        configuration.decoder.cell = cell
      }
      network = GenerationNetwork(configuration)
      examples = fixture.examples
      var generator = SeededGenerator(seed: 3)
      parameters = generator.parameters(network.layout, deviation: 0.4)
    }

    var task: GenerationTask { GenerationTask(network, regularization: regularization) }

    /// The tally, and the gradient of the mean loss of a token.
    func run() -> (EpochMetrics, Parameters<Double>) {
      var gradients = Parameters<Double>(layout: network.layout)
      var generator = SeededGenerator(seed: 4)
      var memory = GenerationGradients<Double>(task)
      let terms = examples.reduce(0) { $0 + $1.target.count + 1 }
      let tally = memory.add(
        examples, scale: 1 / Double(terms), parameters: parameters,
        weights: network.weights(
          parameters, weightDropout: Dropout(rate: regularization.recurrentDropout),
          using: &generator),
        gradients: &gradients, generator: &generator)
      return (tally, gradients)
    }

    /// The tally without the way back.
    var tally: EpochMetrics {
      var generator = SeededGenerator(seed: 4)
      var memory = GenerationGradients<Double>(task)
      let weights = network.weights(
        parameters, weightDropout: Dropout(rate: regularization.recurrentDropout),
        using: &generator)
      return memory.metrics(
        of: examples, parameters: parameters, weights: weights, generator: &generator)
    }

    /// What is wrong with the gradient, by differences of every n-th parameter.
    func failure(every stride: Int = 1) -> String? {
      let (tally, gradients) = run()
      guard tally == self.tally else { return "\(tally) and \(self.tally) of the same point" }
      return GradientCheck.failure(
        gradients.values, at: parameters.values, named: "parameters", every: stride
      ) {
        var changed = self
        changed.parameters = Parameters(layout: network.layout, values: $0)
        return changed.tally.meanLoss
      }
    }
  }

  // MARK: Gradients

  /// PyTorch's fixtures hold every parameter of these nets, so some of each do here.
  @Test(arguments: GenerationFixture.names)
  func gradientsAreThoseOfFiniteDifferences(_ name: String) throws {
    #expect(Problem(try GenerationFixture.read(name)).failure(every: 5) == nil)
  }

  @Test(arguments: GenerationFixture.names)
  func regularizedGradientsAreThoseOfFiniteDifferences(_ name: String) throws {
    var problem = Problem(try GenerationFixture.read(name))
    problem.regularization = GenerationRegularization()
    problem.regularization.wordDropout = 0.3
    problem.regularization.layerDropout = 0.4
    problem.regularization.recurrentDropout = 0.3
    problem.regularization.labelSmoothing = 0.2
    #expect(problem.failure() == nil)
  }

  /// Each cell's own gradients are proven where the cells are.
  @Test(arguments: CellConfiguration.allCases)
  func everyCellWrites(_ cell: CellConfiguration) throws {
    let fixture = try GenerationFixture.read("translator-dot-one-direction")
    #expect(Problem(fixture, cell: cell).failure(every: 5) == nil)
  }

  @Test(arguments: GenerationFixture.names)
  func lossAndGradientsAreThoseOfPyTorch(_ name: String) throws {
    let fixture = try GenerationFixture.read(name)
    var problem = Problem(fixture)
    problem.parameters = try fixture.arena(fixture.parameters, problem.network)
    problem.regularization.labelSmoothing = fixture.smoothing
    let (tally, gradients) = problem.run()
    #expect(abs(tally.meanLoss - fixture.loss) < 1e-7)
    let expected: Parameters<Double> = try fixture.arena(fixture.gradients, problem.network)
    // Vectors are given in single precision.
    #expect(mismatch(gradients.values, expected.values, absolute: 1e-7) == nil)
  }

  @Test func gradientsAreAdded() throws {
    let problem = Problem(try GenerationFixture.read("translator-additive"))
    let once = problem.run().1
    var twice = once
    var generator = SeededGenerator(seed: 4)
    var memory = GenerationGradients<Double>(problem.task)
    _ = memory.add(
      problem.examples, scale: 1.0 / 15, parameters: problem.parameters,
      weights: problem.network.weights(problem.parameters, isForTraining: true),
      gradients: &twice, generator: &generator)
    #expect(mismatch(twice.values, once.values.map { 2 * $0 }, absolute: 1e-12) == nil)
  }

  // MARK: Reading and feeding back

  /// With all words dropped, only the unknown token's vector is read; the others are outputs.
  @Test func droppedWordsAreReadAsUnknown() throws {
    var problem = Problem(try GenerationFixture.read("captioner-first-input"))
    problem.regularization.wordDropout = 1
    let (_, gradients) = problem.run()
    let table = Matrix(
      rowCount: 11, columnCount: 5, elements: gradients[problem.network.decoder.embedding.weights])
    for token in 0..<11 { #expect(table.row(token).contains { $0 != 0 } == (token == 1)) }
  }

  /// Where everything is fed back, no gold token but the start is read.
  @Test func scheduledSamplingReadsWhatTheNetWrites() throws {
    var problem = Problem(try GenerationFixture.read("captioner-first-input"))
    problem.regularization.scheduledSampling = 1
    // A bias so great that token 8 is always written.
    var bias = problem.parameters[problem.network.decoder.output.bias]
    bias[8] = 100
    problem.parameters[problem.network.decoder.output.bias] = bias
    let (_, gradients) = problem.run()
    let table = Matrix(
      rowCount: 11, columnCount: 5, elements: gradients[problem.network.decoder.embedding.weights])
    for token in 0..<11 {
      #expect(table.row(token).contains { $0 != 0 } == (token == 2 || token == 8))
    }
  }

  /// What is read at a step is what was written at the step before.
  @Test func scheduledSamplingFeedsEachTokenBackAtTheNextStep() throws {
    let fixture = try GenerationFixture.read("captioner-first-input")
    var problem = Problem(fixture)
    let (source, target) = (fixture.examples[0].source, [4, 9, 5, 7] as [Int32])
    let tokens: Range<Int32> = 0..<11
    func correctCount(_ target: [Int32]) -> Int {
      problem.examples = [GenerationExample(source: source, target: target)]
      return problem.tally.correctCount
    }
    // Weights by chance, until it shows at which step a token is read.
    var (seed, read, shifted) = (0 as UInt64, Set<Int32>(), Set<Int32>())
    repeat {
      seed += 1
      var generator = SeededGenerator(seed: seed)
      problem.parameters = generator.parameters(problem.network.layout, deviation: 1.5)
      // Never the end, so that another token behind a text tells whether it would have been written.
      problem.parameters[problem.network.decoder.output.bias] = tokens.map { $0 == 3 ? -1_000 : 0 }
      let written = (0...target.count).compactMap { step in
        let start = Array(target.prefix(step))
        return tokens.max { correctCount(start + [$0]) < correctCount(start + [$1]) }
      }
      (read, shifted) = (Set([2] + written.dropLast()), Set([2] + written.dropFirst()))
    } while read == shifted && seed < 40
    try #require(read != shifted)
    problem.examples = [GenerationExample(source: source, target: target)]
    problem.regularization.scheduledSampling = 1
    let table = Matrix(
      rowCount: 11, columnCount: 5,
      elements: problem.run().1[problem.network.decoder.embedding.weights])
    let touched = tokens.filter { token in table.row(Int(token)).contains { $0 != 0 } }
    #expect(Set(touched) == read)
  }

  @Test func judgingDropsNothing() throws {
    let fixture = try GenerationFixture.read("translator-dot")
    var problem = Problem(fixture)
    let expected = problem.run().0
    problem.regularization = GenerationRegularization()
    var memory = GenerationGradients<Double>(problem.task)
    let tally = memory.metrics(
      of: problem.examples, parameters: problem.parameters,
      weights: problem.network.weights(problem.parameters, isForTraining: false))
    #expect(tally == expected)
    #expect(problem.run().0.lossSum != expected.lossSum)
  }

  /// Each kind of dropout alone, and two rates of each, so that none stands in for another.
  @Test(
    arguments: [
      \GenerationRegularization.wordDropout, \.embeddingDropout, \.layerDropout, \.recurrentDropout,
      \.readoutDropout,
    ] as [any WritableKeyPath<GenerationRegularization, Double> & Sendable])
  func everyDropoutDrops(
    _ kind: any WritableKeyPath<GenerationRegularization, Double> & Sendable
  ) throws {
    var problem = Problem(try GenerationFixture.read("translator-dot"))
    var losses = [problem.run().0.lossSum]
    for rate in [0.3, 0.7] {
      problem.regularization[keyPath: kind] = rate
      losses.append(problem.run().0.lossSum)
    }
    #expect(Set(losses).count == 3, "\(losses)")
  }

  /// The trainer drops recurrent weights by the task's own regularization.
  @Test func theTaskDropsRecurrentWeights() throws {
    let network = Problem(try GenerationFixture.read("translator-dot")).network
    var generator = SeededGenerator(seed: 3)
    let parameters: Parameters<Float> = generator.parameters(network.layout, deviation: 0.4)
    func loss(_ rate: Double) throws -> Double {
      var regularization = GenerationRegularization.none
      regularization.recurrentDropout = rate
      var settings = TrainingSettings()
      settings.epochCount = 1
      let state = TrainingState(parameters: parameters, settings: settings)
      var trainer = Trainer(
        GenerationTask(network, regularization: regularization), settings: settings, state: state)
      let examples = Problem(try GenerationFixture.read("translator-dot")).examples
      return try #require(try trainer.runEpoch(examples) { _ in true }).lossSum
    }
    #expect(try loss(0) != loss(0.5))
    #expect(try loss(0.5) == loss(0.5))
  }

  /// The trainer learns the mean loss of a token, not of a text.
  @Test func aBatchesGradientIsThatOfTheMeanOfItsTokens() throws {
    let problem = Problem(try GenerationFixture.read("translator-dot"))
    let expected = problem.run().1.norm
    var settings = TrainingSettings()
    (settings.epochCount, settings.threadCount) = (1, 1)
    let parameters = Parameters(
      layout: problem.network.layout, values: problem.parameters.values.map(Float.init))
    var trainer = Trainer(
      GenerationTask(problem.network, regularization: .none), settings: settings,
      state: TrainingState(parameters: parameters, settings: settings))
    var norms: [Double] = []
    _ = try trainer.runEpoch(problem.examples) {
      norms.append($0.gradientNorm)
      return true
    }
    #expect(mismatch(norms, [expected], absolute: 0, relative: 1e-4) == nil)
  }

  @Test func countsWhatIsReadAndWritten() throws {
    let problem = Problem(try GenerationFixture.read("translator-dot"))
    let task = GenerationTask(problem.network, regularization: .none)
    #expect(problem.examples.map(task.tokenCount) == [8, 7, 2, 9])
    #expect(problem.examples.map(task.lossTermCount) == [5, 2, 1, 7])
    let tally = problem.run().0
    #expect(tally.exampleCount == 15)
    #expect(tally.tokenCount == 26)
    #expect(tally.correctCount <= 15)
  }
}
