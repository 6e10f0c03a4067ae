import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@Suite("Sentiment net: training")
struct SentimentNetworkTrainingTests {
  static let examples = [
    SentimentExample(tokens: [3, 3, 5], label: 2),
    SentimentExample(tokens: [6, 3, 2, 2, 4], label: 0),
    SentimentExample(tokens: [], label: 1),
    SentimentExample(tokens: [4], label: 2),
  ]

  static let configurations = [
    SentimentNetworkTests.configuration(),
    SentimentNetworkTests.configuration(.lstm, isBidirectional: true),
    SentimentNetworkTests.configuration(.rnn, pooling: [.mean]),
    SentimentNetworkTests.configuration(
      .lstm, layerCount: 2, isBidirectional: true, pooling: [.max, .last]),
    SentimentNetworkTests.configuration(.gru, layerCount: 2),
  ]

  /// A net in double precision at a point, with fixed draws for everything that is dropped.
  struct Problem {
    let network: SentimentNetwork
    var parameters: Parameters<Double>
    var regularization = SentimentRegularization.none
    var examples = SentimentNetworkTrainingTests.examples
    var loss = SentimentLoss()

    init(_ configuration: SentimentConfiguration) {
      network = SentimentNetwork(configuration)
      var generator = SeededGenerator(seed: 3)
      parameters = generator.parameters(network.layout, deviation: 0.5)
    }

    /// The tally, and the gradient of the mean loss.
    func run() -> (EpochMetrics, Parameters<Double>) {
      var gradients = Parameters<Double>(layout: network.layout)
      return (add([examples], to: &gradients), gradients)
    }

    /// Adds the gradient of examples that are divided among threads.
    func add(
      _ shares: [[SentimentExample]], scale: Double? = nil,
      to gradients: inout Parameters<Double>
    ) -> EpochMetrics {
      var weightGenerator = SeededGenerator(seed: 5)
      let weights = network.weights(
        parameters, weightDropout: Dropout(rate: regularization.recurrentDropout),
        using: &weightGenerator)
      let scale = scale ?? 1 / Double(shares.joined().count)
      var generator = SeededGenerator(seed: 4)
      let task = SentimentTask(
        network, regularization: regularization, unknownToken: 1, loss: loss)
      var threads = shares.map { _ in SentimentGradients<Double>(task) }
      var batch = SentimentBatch<Double>(task)
      batch.prepare(
        shares, parameters: parameters, weights: weights, generator: &generator,
        threadCount: shares.count)
      var tallies: [EpochMetrics] = []
      for pass in 0..<task.passesPerBatch {
        if pass > 0 { batch.perturb(weights: weights, threadCount: shares.count) }
        for index in shares.indices {
          tallies.append(
            threads[index].add(
              index, of: batch, scale: scale, weights: weights, gradients: &gradients,
              generator: &generator))
        }
        batch.addGradients(
          from: threads, weights: weights, gradients: &gradients, threadCount: shares.count)
      }
      return tallies.prefix(shares.count).reduce(into: EpochMetrics()) { $0.add($1) }
    }

    var failure: String? {
      GradientCheck.failure(
        run().1.values, at: parameters.values, named: "parameters"
      ) { values in
        var changed = self
        changed.parameters = Parameters(layout: network.layout, values: values)
        return changed.run().0.meanLoss
      }
    }
  }

  // MARK: Gradients

  @Test(arguments: configurations)
  func gradientsAreThoseOfFiniteDifferences(_ configuration: SentimentConfiguration) {
    #expect(Problem(configuration).failure == nil)
  }

  @Test(arguments: [configurations[0], configurations[1], configurations[3], configurations[4]])
  func regularizedGradientsAreThoseOfFiniteDifferences(_ configuration: SentimentConfiguration) {
    var problem = Problem(configuration)
    problem.regularization = SentimentRegularization()
    problem.regularization.wordDropout = 0.3
    problem.regularization.layerDropout = 0.4
    problem.regularization.recurrentDropout = 0.3
    problem.regularization.labelSmoothing = 0.2
    problem.loss.classWeights = [0.5, 1, 3]
    #expect(problem.failure == nil)
  }

  /// Three kinds of texts: with a soft label, with a weight, and with a label alone.
  static let taughtExamples = [
    SentimentExample(tokens: [3, 3, 5], label: 2, softLabel: [0.1, 0.2, 0.7], weight: 1.5),
    SentimentExample(tokens: [6, 3, 2, 2, 4], label: 0, softLabel: [0.6, 0.4, 0]),
    SentimentExample(tokens: [], label: 1, weight: 0.25),
    SentimentExample(tokens: [4], label: 2),
  ]

  @Test(arguments: [(1, 0), (1, 0.3), (2.5, 0), (2.5, 0.3), (0.5, 1)])
  func distilledGradientsMatchFiniteDifferences(_ temperature: Double, _ hardFraction: Double) {
    var problem = Problem(Self.configurations[0])
    problem.examples = Self.taughtExamples
    problem.loss.distillation.temperature = temperature
    problem.loss.distillation.hardFraction = hardFraction
    problem.regularization.labelSmoothing = 0.1
    #expect(problem.failure == nil)
  }

  /// A teacher that is as sure as a label teaches the same as the label.
  @Test func aCertainTeacherIsALabel() {
    var labelled = Problem(Self.configurations[0])
    var taught = labelled
    labelled.examples = Self.examples
    taught.examples = Self.examples.map { example in
      let softLabel = (0..<3).map { $0 == example.label ? 1.0 : 0 }
      return SentimentExample(tokens: example.tokens, label: example.label, softLabel: softLabel)
    }
    let ((tally, gradients), (same, sameGradients)) = (taught.run(), labelled.run())
    #expect(tally == same)
    #expect(gradients.values == sameGradients.values)
  }

  /// Without smoothing a weight of 3 is what three texts of the class are, but for the mean.
  @Test func aClassesWeightIsThatOfSoManyTexts() {
    var weighted = Problem(Self.configurations[4])
    var repeated = weighted
    weighted.loss.classWeights = [1, 1, 3]
    repeated.examples += repeated.examples.filter { $0.label == 2 }.flatMap { [$0, $0] }
    let ratio = Double(repeated.examples.count) / Double(weighted.examples.count)
    let ((tally, gradients), (manyTally, many)) = (weighted.run(), repeated.run())
    #expect(abs(tally.lossSum - manyTally.lossSum) < 1e-12)
    #expect(mismatch(gradients.values, many.values.map { ratio * $0 }, absolute: 1e-12) == nil)
  }

  /// A move of nothing is learning the same batch twice, by half each time.
  @Test func learningAgainstTheNetIsTheMeanOfTwoPasses() {
    var problem = Problem(Self.configurations[0])
    let (plainTally, plain) = problem.run()
    problem.regularization.adversarialShare = 1e-12
    let (tally, still) = problem.run()
    #expect(tally == plainTally)
    #expect(mismatch(still.values, plain.values, absolute: 1e-9) == nil)
    problem.regularization.adversarialShare = 0.2
    let (movedTally, moved) = problem.run()
    #expect(movedTally == plainTally)
    #expect(mismatch(moved.values, plain.values, absolute: 1e-4) != nil)
  }

  @Test func gradientsAreAddedAndScaled() {
    let problem = Problem(Self.configurations[0])
    let once = problem.run().1
    var gradients = once
    _ = problem.add([problem.examples], scale: 0.75, to: &gradients)
    #expect(mismatch(gradients.values, once.values.map { 4 * $0 }, absolute: 1e-12) == nil)
  }

  /// Words that several threads read are learned as if one had read them all, also where they are
  /// moved and learned again.
  @Test(arguments: configurations, [0, 0.2])
  func sharesOfABatchAreTheBatch(
    _ configuration: SentimentConfiguration, _ adversarialShare: Double
  ) {
    var problem = Problem(configuration)
    problem.regularization.adversarialShare = adversarialShare
    let (tally, whole) = problem.run()
    let examples = problem.examples
    let halves = [[examples[0], examples[2]], [examples[1], examples[3]]]
    for shares in [halves, examples.map { [$0] }] {
      var gradients = Parameters<Double>(layout: problem.network.layout)
      let sum = problem.add(shares, to: &gradients)
      #expect(mismatch(gradients.values, whole.values, absolute: 1e-12) == nil)
      #expect(abs(sum.lossSum - tally.lossSum) < 1e-12)
      #expect(sum.correctCount == tally.correctCount && sum.tokenCount == tally.tokenCount)
    }
  }

  // MARK: PyTorch

  struct Classifier: Decodable {
    let lengths: [Int]
    let tokens: [[Int32]]
    let labels: [Int]
    let parameters: [String: Fixture.Tensor]
    let logits: Fixture.Tensor
    let loss: Double
    let gradients: [String: Fixture.Tensor]

    var texts: [[Int32]] { zip(tokens, lengths).map { Array($0.prefix($1)) } }

    func arena(
      _ tensors: [String: Fixture.Tensor], _ layout: ParameterLayout
    ) throws -> Parameters<Double> {
      try Parameters(layout: layout) { slot in
        let name = slot.name.replacing("encoder.", with: "gru.").replacing(
          "output.", with: "linear.")
        let tensor = try #require(tensors[name])
        try #require(tensor.shape == slot.shape)
        return tensor.values
      }
    }
  }

  @Test func lossAndGradientsAreThoseOfPyTorch() throws {
    let fixture: Classifier = try Fixture.read("classifier")
    var configuration = SentimentConfiguration(vocabularySize: 11)
    (configuration.embeddingSize, configuration.hiddenSize) = (5, 4)
    var problem = Problem(configuration)
    problem.parameters = try fixture.arena(fixture.parameters, problem.network.layout)
    problem.examples = zip(fixture.texts, fixture.labels).map {
      SentimentExample(tokens: $0, label: $1)
    }
    let (tally, gradients) = problem.run()
    #expect(abs(tally.meanLoss - fixture.loss) < 1e-12)
    let expected = try fixture.arena(fixture.gradients, problem.network.layout)
    #expect(mismatch(gradients.values, expected.values, absolute: 1e-12) == nil)
  }

  @Test func logitsAreThoseOfPyTorch() throws {
    let fixture: Classifier = try Fixture.read("classifier")
    var configuration = SentimentConfiguration(vocabularySize: 11)
    (configuration.embeddingSize, configuration.hiddenSize) = (5, 4)
    let network = SentimentNetwork(configuration)
    let parameters = try fixture.arena(fixture.parameters, network.layout)
    var workspace = SentimentNetwork.ScoringWorkspace<Double>(network)
    let logits = network.logits(
      fixture.texts, parameters: parameters,
      weights: network.weights(parameters, isForTraining: false), workspace: &workspace)
    #expect(mismatch(logits.elements, fixture.logits.values, absolute: 1e-12) == nil)
  }

  // MARK: Regularization

  @Test func noneDropsNothing() {
    let none = SentimentRegularization.none
    #expect(none.wordDropout == 0 && none.embeddingDropout == 0 && none.outputDropout == 0)
    #expect(none.layerDropout == 0 && none.recurrentDropout == 0)
    #expect(none.labelSmoothing == 0 && none.adversarialShare == 0)
    let standard = SentimentRegularization()
    #expect(standard.wordDropout == 0.1)
    #expect(standard.embeddingDropout == 0.3)
    #expect(standard.layerDropout == 0 && standard.recurrentDropout == 0)
    #expect(standard.outputDropout == 0.5)
    #expect(standard.labelSmoothing == 0)
    #expect(standard.adversarialShare == 0)
  }

  /// With all words dropped, only the unknown token's vector has a gradient.
  @Test func droppedWordsAreReadAsUnknown() {
    var problem = Problem(Self.configurations[0])
    problem.regularization.wordDropout = 1
    let (_, gradients) = problem.run()
    let table = Matrix(
      rowCount: 7, columnCount: 5, elements: gradients[problem.network.embedding.weights])
    for token in 0..<7 {
      #expect(table.row(token).contains { $0 != 0 } == (token == 1))
    }
  }

  /// Each kind of dropout alone, and two rates of each, so that none stands in for another.
  @Test(
    arguments: [
      \SentimentRegularization.wordDropout, \.embeddingDropout, \.layerDropout,
      \.recurrentDropout, \.outputDropout,
    ] as [any WritableKeyPath<SentimentRegularization, Double> & Sendable])
  func everyDropoutDrops(
    _ kind: any WritableKeyPath<SentimentRegularization, Double> & Sendable
  ) {
    var problem = Problem(Self.configurations[4])
    var losses = [problem.run().0.lossSum]
    for rate in [0.3, 0.7] {
      problem.regularization[keyPath: kind] = rate
      losses.append(problem.run().0.lossSum)
    }
    #expect(Set(losses).count == 3, "\(losses)")
  }

  // MARK: Task

  /// Through the trainer, which goes over a batch twice where words are moved.
  @Test func threadsLearnWhatOneThreadLearns() throws {
    let network = SentimentNetwork(Self.configurations[3])
    func learned(_ threadCount: Int, adversarialShare: Double) throws -> [Float] {
      var (regularization, settings) = (SentimentRegularization.none, TrainingSettings())
      regularization.adversarialShare = adversarialShare
      (settings.threadCount, settings.clippingNorm) = (threadCount, nil)
      (settings.optimizer, settings.learningRate) = (.sgd(), 0.5)
      let parameters: Parameters<Float> = network.initialParameters(seed: 1)
      var trainer = Trainer(
        SentimentTask(network, regularization: regularization, unknownToken: 1),
        settings: settings, state: TrainingState(parameters: parameters, settings: settings))
      for _ in 0..<2 { _ = try trainer.runEpoch(Self.examples) { _ in true } }
      return trainer.state.parameters.values
    }
    let (plain, moved) = (
      try learned(1, adversarialShare: 0), try learned(1, adversarialShare: 0.5)
    )
    #expect(mismatch(moved, plain.map { Double($0) }, absolute: 1e-4) != nil)
    for threadCount in [2, 3] {
      for (share, one) in [(0, plain), (0.5, moved)] {
        let several = try learned(threadCount, adversarialShare: share)
        #expect(mismatch(several, one.map { Double($0) }, absolute: 1e-6) == nil)
      }
    }
  }

  /// What the task packs for a step, and how it weighs, is what the trainer learns by.
  @Test func theTaskDropsRecurrentWeightsAndWeighsClasses() throws {
    let network = SentimentNetwork(Self.configurations[4])
    func learned(_ recurrentDropout: Double, _ classWeights: [Double]?) throws -> [Float] {
      var (regularization, settings) = (SentimentRegularization.none, TrainingSettings())
      regularization.recurrentDropout = recurrentDropout
      settings.threadCount = 1
      let parameters: Parameters<Float> = network.initialParameters(seed: 1)
      var trainer = Trainer(
        SentimentTask(
          network, regularization: regularization, unknownToken: 1,
          loss: SentimentLoss(classWeights: classWeights)),
        settings: settings, state: TrainingState(parameters: parameters, settings: settings))
      _ = try trainer.runEpoch(Self.examples) { _ in true }
      return trainer.state.parameters.values
    }
    let plain = try learned(0, nil)
    #expect(try learned(0, [1, 1, 1]) == plain)
    #expect(try learned(0, [1, 1, 3]) != plain)
    #expect(try learned(0.5, nil) != plain)
  }

  /// Of a training on one text, nothing follows from the seed but what is dropped.
  @Test func theSeedDecidesWhichRecurrentWeightsAreDropped() throws {
    let network = SentimentNetwork(Self.configurations[4])
    func learned(_ recurrentDropout: Double, seed: UInt64) throws -> [Float] {
      var (regularization, settings) = (SentimentRegularization.none, TrainingSettings())
      regularization.recurrentDropout = recurrentDropout
      (settings.threadCount, settings.seed) = (1, seed)
      let parameters: Parameters<Float> = network.initialParameters(seed: 1)
      var trainer = Trainer(
        SentimentTask(network, regularization: regularization, unknownToken: 1),
        settings: settings, state: TrainingState(parameters: parameters, settings: settings))
      _ = try trainer.runEpoch([Self.examples[1]]) { _ in true }
      return trainer.state.parameters.values
    }
    #expect(try learned(0, seed: 1) == learned(0, seed: 2))
    #expect(try learned(0.5, seed: 1) != learned(0.5, seed: 2))
    #expect(try learned(0.5, seed: 1) == learned(0.5, seed: 1))
  }

  @Test func aTaskIsTheNetAsTheTrainerSeesIt() {
    let network = SentimentNetwork(Self.configurations[0])
    let task = SentimentTask(network, regularization: .none, unknownToken: 1)
    #expect(task.layout == network.layout)
    #expect(task.network.configuration == network.configuration)
    #expect(task.regularization == .none)
    #expect(task.unknownToken == 1)
    #expect(Self.examples.map(task.tokenCount) == [3, 5, 0, 1])
    #expect(Self.examples.map(\.label) == [2, 0, 1, 2])
    let parameters: Parameters<Float> = network.initialParameters(seed: 1)
    var gradients = Parameters<Float>(layout: task.layout)
    var workspace = task.makeWorkspace()
    var generator = SeededGenerator(seed: 1)
    let weights = task.trainingWeights(parameters)
    var batch = task.makeBatch()
    task.prepare(
      &batch, shards: [Self.examples], parameters: parameters, weights: weights,
      generator: &generator, threadCount: 1)
    let tally = task.addGradients(
      of: BatchShard(
        Self.examples, index: 0, of: batch, scale: 0.25, parameters: parameters,
        weights: weights),
      workspace: &workspace, gradients: &gradients, generator: &generator)
    #expect(gradients[network.embedding.weights].allSatisfy { $0 == 0 })
    task.addSharedGradients(
      of: &batch, workspaces: [workspace], weights: weights, gradients: &gradients,
      threadCount: 1)
    #expect(task.passesPerBatch == 1)
    #expect(gradients[network.embedding.weights].contains { $0 != 0 })
    #expect(tally.exampleCount == 4)
    #expect(tally.tokenCount == 9)
    #expect(tally.meanLoss > 0.5 && tally.meanLoss < 2)
    #expect(gradients.norm > 0 && gradients.firstNonFiniteName == nil)
  }
}
