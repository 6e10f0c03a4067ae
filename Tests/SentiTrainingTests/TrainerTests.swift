import SentiRNN
import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@Suite("Trainer")
struct TrainerTests {
  static let rules: [OptimizerRule] = [
    .sgd(), .sgd(momentum: 0.9, isNesterov: true), .rmsProp(), .adam(), .adamW(),
    .averagedSGD(start: 5),
  ]

  static func trainer(
    _ settings: TrainingSettings = .toy(), model: ToyModel = ToyModel()
  ) -> Trainer<ToyModel> {
    Trainer(
      model, settings: settings,
      state: TrainingState(parameters: model.initialParameters(), settings: settings))
  }

  /// Trains to the end and answers the epochs' tallies.
  static func finish(
    _ trainer: inout Trainer<ToyModel>, _ examples: [ToyModel.Example]
  ) throws -> [EpochMetrics] {
    var tallies: [EpochMetrics] = []
    while !trainer.isFinished {
      tallies.append(try #require(try trainer.runEpoch(examples) { _ in true }))
    }
    return tallies
  }

  static func trained(
    _ settings: TrainingSettings, _ examples: [ToyModel.Example]
  ) throws -> TrainingState {
    var trainer = trainer(settings)
    _ = try finish(&trainer, examples)
    return trainer.state
  }

  // MARK: Learning

  @Test(arguments: [1, 2, 3])
  func learnsARule(_ threadCount: Int) throws {
    let examples = ToyModel.Example.list(200)
    var trainer = Self.trainer(.toy(threadCount: threadCount))
    let tallies = try Self.finish(&trainer, examples)
    #expect(tallies.count == 4)
    #expect(tallies[0].meanLoss > 2 * tallies[3].meanLoss)
    #expect(tallies[3].accuracy > 0.95)
    for tally in tallies {
      #expect(tally.exampleCount == 200)
      #expect(tally.tokenCount == examples.reduce(0) { $0 + $1.tokens.count })
    }
  }

  @Test func theGradientOfABatchDoesNotDependOnItsShards() throws {
    var settings = TrainingSettings.toy(epochCount: 1, optimizer: .sgd())
    settings.schedule = .constant
    var model = ToyModel()
    model.dropout = .init(rate: 0)
    var results: [[Float]] = []
    for threadCount in 1...4 {
      settings.threadCount = threadCount
      var trainer = Self.trainer(settings, model: model)
      _ = try Self.finish(&trainer, ToyModel.Example.list(50))
      results.append(trainer.state.parameters.values)
    }
    for result in results.dropFirst() {
      #expect(mismatch(result, results[0], absolute: 1e-6) == nil)
    }
  }

  @Test(arguments: rules)
  func theSameSeedGivesTheSameWeights(_ rule: OptimizerRule) throws {
    let (settings, examples) = (TrainingSettings.toy(optimizer: rule), ToyModel.Example.list(60))
    let (one, other) = (
      try Self.trained(settings, examples), try Self.trained(settings, examples)
    )
    #expect(bits(one.parameters.values) == bits(other.parameters.values))
    var reseeded = settings
    reseeded.seed = 2
    let third = try Self.trained(reseeded, examples)
    #expect(one.parameters.values != third.parameters.values)
  }

  /// Each of two shards learns the same text; what the first one learns, one alone learns too.
  @Test func shardsDropDifferentFeatures() throws {
    var model = ToyModel(embeddingSize: 32)
    model.dropout = Dropout(rate: 0.5)
    func learned(_ threadCount: Int) throws -> Set<Int> {
      var settings = TrainingSettings.toy(threadCount: threadCount, optimizer: .sgd())
      settings.schedule = .constant
      var trainer = Self.trainer(settings, model: model)
      let before = trainer.state.parameters[model.output.weights]
      let example = ToyModel.Example(tokens: [2, 3], label: 0)
      _ = try trainer.runEpoch(Array(repeating: example, count: threadCount)) { _ in true }
      let after = trainer.state.parameters[model.output.weights]
      return Set(before.indices.filter { before[$0] != after[$0] }.map { $0 % 32 })
    }
    #expect(try learned(2).isStrictSuperset(of: learned(1)))
  }

  // MARK: Reports

  @Test func reportsEveryBatch() throws {
    let examples = ToyModel.Example.list(60)
    var settings = TrainingSettings.toy()
    settings.clippingNorm = 0.25
    var trainer = Self.trainer(settings)
    let model = trainer.model
    let plan = BatchPlan(
      lengths: examples.map(model.tokenCount), tokenBudget: 40, seed: 1, epoch: 0)
    var reports: [TrainingProgress] = []
    _ = try trainer.runEpoch(examples) {
      reports.append($0)
      return true
    }
    let count = plan.batches.count
    #expect(reports.map(\.batch) == Array(1...count))
    #expect(reports.allSatisfy { $0.epoch == 0 && $0.epochCount == 4 && $0.batchCount == count })
    let rates = (0..<count).map {
      0.05 * trainer.settings.schedule.factor(step: $0, of: 4 * count)
    }
    #expect(reports.map(\.learningRate) == rates)
    #expect(reports.last?.tally.exampleCount == 60)
    #expect(reports.allSatisfy { $0.gradientNorm > 0 && $0.tokensPerSecond > 0 })
    #expect(reports.map(\.isClipped) == reports.map { $0.gradientNorm > 0.25 })
    #expect(Set(reports.map(\.isClipped)) == [false, true])
    #expect(
      reports.map(\.clippedCount)
        == reports.indices.map { reports[...$0].count { $0.isClipped } })
    #expect(trainer.state.clippedCount == 0)
    #expect(reports.allSatisfy { $0.secondsLeft > 0 && $0.secondsLeft.isFinite })
    #expect(trainer.state.epoch == 1)
    #expect(trainer.state.batch == 0)
    #expect(trainer.state.tally == EpochMetrics())
  }

  @Test func averagesTheWeights() throws {
    let state = try Self.trained(.toy(epochCount: 1), ToyModel.Example.list(60))
    let average = try #require(state.average)
    #expect(average.values != state.parameters.values)
    #expect(state.bestParameters.values == average.values)
    #expect(mismatch(average.values, state.parameters.values, absolute: 0.5) == nil)
    var settings = TrainingSettings.toy(epochCount: 1)
    settings.averagingDecay = nil
    let plain = try Self.trained(settings, ToyModel.Example.list(60))
    #expect(plain.average == nil)
    #expect(plain.bestParameters.values == plain.parameters.values)
    #expect(bits(plain.parameters.values) == bits(state.parameters.values))
  }

  /// With a rate of 1 and plain descent the update is the gradient, clipped to the limit.
  @Test func clipsGradients() throws {
    var settings = TrainingSettings.toy(epochCount: 1, threadCount: 1, optimizer: .sgd())
    (settings.learningRate, settings.schedule, settings.clippingNorm) = (1, .constant, 1e-3)
    settings.tokenBudget = 10_000
    var trainer = Self.trainer(settings)
    let before = trainer.state.parameters.values
    var norm = 0.0
    _ = try trainer.runEpoch(ToyModel.Example.list(20)) {
      norm = $0.gradientNorm
      #expect($0.isClipped)
      return true
    }
    let moved = zip(trainer.state.parameters.values, before).map { Double($0 - $1) }
    #expect(norm > 1e-2)
    #expect(abs(weightedSum(moved, moved).squareRoot() - 1e-3) < 1e-6)
  }

  /// The limit holds for each element, so plain descent moves none of them further.
  @Test func cutsElementsOfGradients() throws {
    var settings = TrainingSettings.toy(epochCount: 1, threadCount: 1, optimizer: .sgd())
    (settings.learningRate, settings.schedule, settings.clippingNorm) = (1, .constant, nil)
    (settings.tokenBudget, settings.clippingValue) = (10_000, 1e-3)
    var trainer = Self.trainer(settings)
    let before = trainer.state.parameters.values
    _ = try trainer.runEpoch(ToyModel.Example.list(20)) { _ in true }
    let moved = zip(trainer.state.parameters.values, before).map { abs($0 - $1) }
    #expect(moved.allSatisfy { $0 <= 1.0001e-3 })
    #expect(moved.count { $0 > 0.999e-3 } > 3)
  }

  // MARK: Groups

  @Test func frozenParametersStayAsTheyAre() throws {
    var settings = TrainingSettings.toy()
    settings.groups = [ParameterGroup("embedding.", isFrozen: true)]
    let state = try Self.trained(settings, ToyModel.Example.list(60))
    let (model, initial) = (ToyModel(), ToyModel().initialParameters())
    #expect(
      bits(state.parameters[model.embedding.weights]) == bits(initial[model.embedding.weights]))
    #expect(
      bits(state.bestParameters[model.embedding.weights]) == bits(initial[model.embedding.weights]))
    #expect(state.parameters[model.output.weights] != initial[model.output.weights])
    let places = model.embedding.weights.range
    #expect(state.optimizer.secondMoments[places].allSatisfy { $0 == 0 })
  }

  @Test func gradualUnfreezingFreesALayerAnEpoch() throws {
    var settings = TrainingSettings.toy(epochCount: 2)
    settings.groups = ParameterGroup.layers(
      ["embedding.", "output."], divisor: 1, isGradual: true)
    let (model, initial) = (ToyModel(), ToyModel().initialParameters())
    var trainer = Self.trainer(settings)
    _ = try trainer.runEpoch(ToyModel.Example.list(60)) { _ in true }
    let slot = model.embedding.weights
    #expect(bits(trainer.state.parameters[slot]) == bits(initial[slot]))
    _ = try trainer.runEpoch(ToyModel.Example.list(60)) { _ in true }
    #expect(trainer.state.parameters[slot] != initial[slot])
  }

  /// A group of factor 1 for everything changes nothing; a factor of zero is as good as frozen, but for
  /// the norm.
  @Test func factorsReachTheOptimizer() throws {
    let (examples, plain) = (ToyModel.Example.list(60), TrainingSettings.toy())
    var settings = plain
    settings.groups = [ParameterGroup("")]
    #expect(
      bits(try Self.trained(settings, examples).parameters.values)
        == bits(try Self.trained(plain, examples).parameters.values))
    settings.groups = [ParameterGroup(""), ParameterGroup("output.bias", rateFactor: 0)]
    let state = try Self.trained(settings, examples)
    #expect(state.parameters[ToyModel().output.bias] == [0, 0])
    settings.groups = [ParameterGroup("", rateFactor: 0.25)]
    let slow = try Self.trained(settings, examples)
    settings = plain
    settings.learningRate /= 4
    #expect(
      bits(slow.parameters.values) == bits(try Self.trained(settings, examples).parameters.values))
    #expect(slow.parameters.values != (try Self.trained(plain, examples).parameters.values))
  }

  @Test func anEpochsLossCanBeJudged() throws {
    var trainer = Self.trainer()
    trainer.recordValidationLoss(7)
    #expect(trainer.state.epochLosses.isEmpty)
    let tally = try #require(try trainer.runEpoch(ToyModel.Example.list(60)) { _ in true })
    #expect(trainer.state.epochLosses == [tally.meanLoss])
    trainer.recordValidationLoss(7)
    #expect(trainer.state.epochLosses == [7])
  }

  /// Two epochs that are no better than the first halve the rate of the third.
  @Test func aPlateauLowersTheRate() throws {
    var settings = TrainingSettings.toy()
    settings.schedule = .onPlateau(factor: 0.5, patience: 0)
    var (trainer, rates) = (Self.trainer(settings), [Double]())
    while !trainer.isFinished {
      _ = try trainer.runEpoch(ToyModel.Example.list(60)) {
        if $0.batch == 1 { rates.append($0.learningRate) }
        return true
      }
      trainer.recordValidationLoss([3, 1, 2, 0][trainer.state.epoch - 1])
    }
    #expect(rates == [0.05, 0.05, 0.05, 0.025])
  }

  // MARK: What stops a training

  @Test func stopsAtALossThatIsNotFinite() throws {
    try expectStop(.loss) { .nonFiniteLoss(step: $0) }
  }

  @Test func stopsAtAGradientThatIsNotFiniteAndNamesIt() throws {
    try expectStop(.gradient) { .nonFiniteGradient(parameter: "output.bias", step: $0) }
  }

  @Test func stopsAtAParameterThatIsNotFiniteAndNamesIt() {
    let (model, settings) = (ToyModel(), TrainingSettings.toy())
    for poison in [Float.nan, .infinity] {
      var parameters = model.initialParameters()
      parameters[model.output.bias] = [poison, 0]
      var trainer = Trainer(
        model, settings: settings, state: TrainingState(parameters: parameters, settings: settings))
      #expect(throws: TrainingError.nonFiniteParameter(parameter: "output.bias", step: 0)) {
        _ = try trainer.runEpoch(ToyModel.Example.list(60)) { _ in true }
      }
    }
  }

  /// No word of the texts has the row, so that no loss and no gradient knows of it.
  @Test func stopsAtAParameterThatNoLossKnowsOf() {
    let (model, settings) = (ToyModel(), TrainingSettings.toy())
    var parameters = model.initialParameters()
    var rows = parameters[model.embedding.weights]
    rows[0] = -.infinity
    parameters[model.embedding.weights] = rows
    var trainer = Trainer(
      model, settings: settings, state: TrainingState(parameters: parameters, settings: settings))
    let examples = ToyModel.Example.list(60).filter { !$0.tokens.contains(0) }
    #expect(throws: TrainingError.nonFiniteParameter(parameter: "embedding.weight", step: 0)) {
      _ = try trainer.runEpoch(examples) { _ in true }
    }
  }

  /// Nothing computes a loss after the last update of an epoch.
  @Test func stopsAtTheEndOfAnEpochWhoseLastUpdateDiverged() {
    var settings = TrainingSettings.toy(epochCount: 1, optimizer: .sgd())
    (settings.learningRate, settings.schedule, settings.clippingNorm) = (1e300, .constant, nil)
    settings.tokenBudget = 10_000
    var trainer = Self.trainer(settings)
    #expect(throws: TrainingError.nonFiniteParameter(parameter: "embedding.weight", step: 1)) {
      _ = try trainer.runEpoch(ToyModel.Example.list(60)) { _ in true }
    }
    #expect(trainer.state.epoch == 0 && trainer.state.epochLosses.isEmpty)
  }

  /// The last batch of the epoch is poisoned; all before it were trained on.
  private func expectStop(
    _ poison: ToyModel.Poison, _ error: (Int) -> TrainingError,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var examples = ToyModel.Example.list(60)
    let plan = BatchPlan(
      lengths: examples.map(\.tokens.count), tokenBudget: 40, seed: 1, epoch: 0)
    let last = plan.batches.count - 1
    examples[try #require(plan.batches[last].first)].poison = poison
    var trainer = Self.trainer()
    #expect(throws: error(last), sourceLocation: sourceLocation) {
      _ = try trainer.runEpoch(examples) { _ in true }
    }
    var healthy = Self.trainer()
    _ = try healthy.runEpoch(ToyModel.Example.list(60)) { $0.batch < last }
    #expect(
      bits(trainer.state.parameters.values) == bits(healthy.state.parameters.values),
      sourceLocation: sourceLocation)
    #expect(trainer.state.optimizer.stepCount == last, sourceLocation: sourceLocation)
    #expect(trainer.state.batch == last, sourceLocation: sourceLocation)
    #expect(trainer.state.tally == healthy.state.tally, sourceLocation: sourceLocation)
  }

  // MARK: Copies

  /// Copies have shards of their own, so that both may run at once.
  @Test func copiesTrainOnTheirOwn() async throws {
    let examples = ToyModel.Example.list(60)
    var first = Self.trainer()
    _ = try first.runEpoch(examples) { _ in true }
    let copy = first
    let other = Task {
      var copy = copy
      _ = try copy.runEpoch(examples) { _ in true }
      return bits(copy.state.parameters.values)
    }
    _ = try first.runEpoch(examples) { _ in true }
    #expect(try await other.value == bits(first.state.parameters.values))
    #expect(bits(copy.state.parameters.values) != bits(first.state.parameters.values))
  }

  // MARK: Cancellation

  /// The task is cancelled while the third batch is computed, after its gradients were: by the one
  /// thread, which is the task's own.
  @Test func aTaskCancelledInTheMiddleOfABatchLeavesTheStateBeforeIt() async throws {
    var examples = ToyModel.Example.list(60)
    let plan = BatchPlan(
      lengths: examples.map(\.tokens.count), tokenBudget: 40, seed: 1, epoch: 0)
    examples[try #require(plan.batches[2].first)].poison = .cancellation
    let poisoned = examples
    let task = Task {
      var trainer = Self.trainer(.toy(threadCount: 1))
      #expect(throws: CancellationError.self) { _ = try trainer.runEpoch(poisoned) { _ in true } }
      return trainer.state
    }
    let state = await task.value
    var healthy = Self.trainer(.toy(threadCount: 1))
    _ = try healthy.runEpoch(ToyModel.Example.list(60)) { $0.batch < 2 }
    #expect(bits(state.parameters.values) == bits(healthy.state.parameters.values))
    #expect(bits(state.optimizer.firstMoments) == bits(healthy.state.optimizer.firstMoments))
    #expect(state.optimizer.stepCount == 2)
    #expect(state.batch == 2)
    #expect(state.tally == healthy.state.tally)
  }

  @Test(arguments: [1, 2, 3])
  func aCancelledTrainingGoesOnToTheSameWeights(_ threadCount: Int) async throws {
    let examples = ToyModel.Example.list(60)
    let settings = TrainingSettings.toy(threadCount: threadCount)
    let whole = try Self.trained(settings, examples)
    let task = Task {
      var trainer = Self.trainer(settings)
      #expect(throws: CancellationError.self) {
        _ = try trainer.runEpoch(examples) { progress in
          if progress.batch == 1 { withUnsafeCurrentTask { $0?.cancel() } }
          return true
        }
      }
      return trainer.state
    }
    let state = await task.value
    #expect(state.batch == 1)
    var trainer = Trainer(ToyModel(), settings: settings, state: state)
    _ = try Self.finish(&trainer, examples)
    #expect(bits(trainer.state.parameters.values) == bits(whole.parameters.values))
  }

  @Test func stopsWithoutExamples() {
    var trainer = Self.trainer()
    #expect(throws: TrainingError.noExamples) { _ = try trainer.runEpoch([]) { _ in true } }
  }

  // MARK: Interruptions

  @Test(arguments: [1, 2, 3])
  func anInterruptedTrainingComesToTheSameWeights(_ every: Int) throws {
    let examples = ToyModel.Example.list(60)
    let whole = try Self.trained(.toy(), examples)
    var trainer = Self.trainer()
    var interruptions = 0
    while !trainer.isFinished {
      var count = 0
      let tally = try trainer.runEpoch(examples) { _ in
        count += 1
        return count < every
      }
      if tally == nil { interruptions += 1 }
      trainer = Trainer(ToyModel(), settings: .toy(), state: trainer.state)
    }
    #expect(interruptions >= 4)
    #expect(bits(trainer.state.parameters.values) == bits(whole.parameters.values))
    #expect(
      bits(trainer.state.bestParameters.values) == bits(whole.bestParameters.values))
  }

  // MARK: Preconditions

  @Test func stopsWithoutThreads() async {
    await #expect(processExitsWith: .failure) { _ = TrainerTests.trainer(.toy(threadCount: 0)) }
  }

  @Test func stopsAtTheParametersOfAnotherModel() async {
    await #expect(processExitsWith: .failure) {
      let state = TrainingState(
        parameters: ToyModel(embeddingSize: 4).initialParameters(), settings: .toy())
      _ = Trainer(ToyModel(), settings: .toy(), state: state)
    }
  }
}
