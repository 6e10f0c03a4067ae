import SentiTensor
import SentiTestSupport
import SentiTraining
import Testing

@Suite("Trainer: statistics of batches")
struct TrainerStatisticsTests {
  static let model = NormalizedModel()
  static let examples = ToyModel.Example.list(60)

  /// Trains with one batch an epoch.
  static func trained(
    epochCount: Int = 1, threadCount: Int = 1, learningRate: Double = 0,
    optimizer: OptimizerRule = .sgd(), tokenBudget: Int = 10_000
  ) throws -> TrainingState {
    var settings = TrainingSettings.toy(
      epochCount: epochCount, threadCount: threadCount, optimizer: optimizer)
    settings.schedule = .constant
    (settings.learningRate, settings.tokenBudget) = (learningRate, tokenBudget)
    var trainer = Trainer(
      model, settings: settings,
      state: TrainingState(parameters: model.initialParameters(), settings: settings))
    while !trainer.isFinished { _ = try #require(try trainer.runEpoch(examples) { _ in true }) }
    return trainer.state
  }

  static func mean(_ state: TrainingState) -> [Float] { state.parameters[model.buffers[0]] }
  static func variance(_ state: TrainingState) -> [Float] { state.parameters[model.buffers[1]] }

  /// Where the weights stand still, every step brings the statistics a tenth of the rest nearer.
  @Test func everyStepMovesThemATenthOfTheWay() throws {
    let (one, many) = (try Self.trained(), try Self.trained(epochCount: 7))
    let (first, left) = (Self.mean(one), Float(0.4782969))
    #expect(first.contains { abs($0) > 0.001 })
    #expect(
      mismatch(Self.mean(many), first.map { $0 * 10 * (1 - left) }, absolute: 1e-6) == nil)
    let target = Self.variance(one).map { ($0 - 0.9) * 10 }
    #expect(
      mismatch(Self.variance(many), target.map { left + (1 - left) * $0 }, absolute: 1e-5) == nil)
  }

  @Test(arguments: [2, 3, 7])
  func everyTokenCountsAlikeWhicheverThreadHasIt(_ threadCount: Int) throws {
    let (one, shared) = (try Self.trained(), try Self.trained(threadCount: threadCount))
    #expect(mismatch(Self.mean(shared), Self.mean(one), absolute: 1e-6) == nil)
    #expect(mismatch(Self.variance(shared), Self.variance(one), absolute: 1e-6) == nil)
  }

  /// The forward pass of the first step is the same whatever the optimizer does after it.
  @Test(arguments: [
    OptimizerRule.adamW(weightDecay: 10), .averagedSGD(decay: 10), .sgd(momentum: 0.9),
  ])
  func theOptimizerLeavesThemAlone(_ rule: OptimizerRule) throws {
    let still = try Self.trained()
    let moved = try Self.trained(learningRate: 0.05, optimizer: rule)
    #expect(still.parameters.values != moved.parameters.values)
    for slot in Self.model.buffers {
      #expect(bits(moved.parameters[slot]) == bits(still.parameters[slot]))
    }
  }

  @Test func theAverageOfTheWeightsHasThemAsTheyAre() throws {
    let state = try Self.trained(epochCount: 3, learningRate: 0.05, tokenBudget: 40)
    let average = try #require(state.average)
    #expect(average.values != state.parameters.values)
    for slot in Self.model.buffers {
      #expect(bits(average[slot]) == bits(state.parameters[slot]))
    }
  }

  @Test func aTrainedNetNeedsThemWhenItNoLongerTrains() throws {
    let state = try Self.trained(
      epochCount: 12, threadCount: 2, learningRate: 0.02, optimizer: .adam(), tokenBudget: 40)
    let tally = Self.model.tally(Self.examples, state.parameters)
    #expect(tally.accuracy > 0.95)
    var forgotten = state.parameters
    let fresh = Self.model.initialParameters()
    for slot in Self.model.buffers { forgotten[slot] = fresh[slot] }
    #expect(Self.model.tally(Self.examples, forgotten).meanLoss > 1.2 * tally.meanLoss)
  }
}
