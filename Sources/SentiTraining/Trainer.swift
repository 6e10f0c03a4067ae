internal import Dispatch
public import SentiTensor
internal import Synchronization

/// Everything that a training has come to: enough to go on to the very same weights.
public struct TrainingState: Sendable {
  /// The parameters.
  public var parameters: Parameters<Float>

  /// The optimizer with its moments, and the moving average where one is kept.
  public var optimizer: Optimizer<Float>

  /// The epoch, counted from 0.
  public var epoch = 0

  /// The next batch of the epoch, counted from 0.
  public var batch = 0

  /// Sums over the epoch so far.
  public var tally = TrainingTally()

  /// The loss of every epoch that is over, for ``LearningRateSchedule/onPlateau(factor:patience:threshold:)``:
  /// the mean training loss, unless ``Trainer/judgeLastEpoch(loss:)`` was told another.
  public internal(set) var epochLosses: [Double] = []

  /// Creates the state before the first step.
  ///
  /// - Parameters:
  ///   - parameters: The initial parameters.
  ///   - settings: The settings.
  public init(parameters: Parameters<Float>, settings: TrainingSettings) {
    self.parameters = parameters
    optimizer = Optimizer(
      settings.optimizer, layout: parameters.layout, averagingDecay: settings.averagingDecay)
  }

  /// The moving average of the parameters, where one is kept.
  ///
  /// - Complexity: O(parameters).
  public var average: Parameters<Float>? { optimizer.average(of: parameters) }

  /// The parameters to evaluate and keep: the average where there is one.
  public var bestParameters: Parameters<Float> { average ?? parameters }
}

/// What a training reports after every batch.
public struct TrainingProgress: Sendable {
  /// The epoch, counted from 0.
  public var epoch: Int
  /// The number of epochs.
  public var epochCount: Int
  /// The number of batches of this epoch that are done.
  public var batch: Int
  /// The number of batches of this epoch.
  public var batchCount: Int
  /// Sums over the epoch so far.
  public var tally: TrainingTally
  /// The learning rate of the last step.
  public var learningRate: Double
  /// The norm of the last gradient before clipping.
  public var gradientNorm: Double
  /// Real tokens a second since this run began.
  public var tokensPerSecond: Double
  /// The time that the rest of all epochs will take at this rate, in seconds.
  public var secondsLeft: Double
}

/// Trains a model on batches by a budget of tokens, on several threads.
///
/// A batch is dealt out to shards, one a thread; each adds its gradient to an arena of its own, and
/// the arenas are summed in order, by ranges on all threads, and so is the update. All randomness
/// follows from the seed, the epoch, the batch and the shard, so that the same seed, data and thread
/// count give the same weights, also when the training was interrupted and resumed.
///
/// Statistics of batches, which batch normalization needs when it does not train, are moved a tenth of
/// the way to each batch's; every token of the batch counts alike, whichever thread had it.
public struct Trainer<Model: TrainableModel>: Sendable {
  /// The model.
  public let model: Model

  /// The settings.
  public let settings: TrainingSettings

  /// What the training has come to.
  public private(set) var state: TrainingState

  private let shards: [Shard<Model>]

  /// Creates a trainer.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - settings: The settings.
  ///   - state: The state to start from: a fresh one or a checkpoint's.
  public init(_ model: Model, settings: TrainingSettings, state: TrainingState) {
    precondition(settings.threadCount > 0, "thread count \(settings.threadCount)")
    precondition(
      state.parameters.layout == model.layout, "the state's parameters are another model's")
    self.model = model
    self.settings = settings
    self.state = state
    shards = (0..<settings.threadCount).map { _ in Shard(model) }
  }

  /// Whether all epochs are done.
  public var isFinished: Bool { state.epoch >= settings.epochCount }

  /// Trains from where the state stands to the end of its epoch.
  ///
  /// - Parameters:
  ///   - examples: The examples; always the same ones in the same order.
  ///   - report: Called after every batch; where it answers false, the training stops there and
  ///     the state can be saved.
  /// - Returns: The epoch's sums, or nil where `report` stopped it.
  /// - Throws: ``TrainingError``, where there is no example, or a loss or gradient is not finite; a
  ///   `CancellationError`, where the task is cancelled, within a few time steps. The state is then
  ///   that before the step.
  public mutating func runEpoch(
    _ examples: [Model.Example], report: (TrainingProgress) -> Bool
  ) throws -> TrainingTally? {
    guard !examples.isEmpty else { throw TrainingError.noExamples }
    let lengths = examples.map(model.tokenCount)
    let plan = BatchPlan(
      lengths: lengths, tokenBudget: settings.tokenBudget, seed: settings.seed, epoch: state.epoch)
    let (steps, isTooMany) = settings.epochCount.multipliedReportingOverflow(
      by: plan.batches.count)
    let stepCount = isTooMany ? Int.max : steps
    var factors = settings.groups.rateFactors(model.layout, epoch: state.epoch)
    for slot in model.statistics { factors[slot.index] = nil }
    let isFrozen = factors.map { $0 == nil }
    let rateFactors = settings.groups.isEmpty ? nil : factors.map { $0 ?? 0 }
    var pace = Pace(totalTokens: lengths.reduce(0, +))
    while state.batch < plan.batches.count {
      let step = state.optimizer.stepCount
      let learningRate =
        settings.learningRate
        * settings.schedule.factor(step: step, of: stepCount, epochLosses: state.epochLosses)
      let batch = plan.batches[state.batch].map { examples[$0] }
      let tokensBefore = state.tally.tokenCount
      let norm = try runStep(
        batch, learningRate: learningRate, rateFactors: rateFactors, isFrozen: isFrozen)
      state.batch += 1
      pace.add(state.tally.tokenCount - tokensBefore)
      let left = pace.secondsLeft(
        epochTokens: state.tally.tokenCount, epochsLeft: settings.epochCount - state.epoch)
      let progress = TrainingProgress(
        epoch: state.epoch, epochCount: settings.epochCount, batch: state.batch,
        batchCount: plan.batches.count, tally: state.tally, learningRate: learningRate,
        gradientNorm: norm, tokensPerSecond: pace.tokensPerSecond, secondsLeft: left)
      if !report(progress) && state.batch < plan.batches.count { return nil }
    }
    return finishEpoch()
  }

  private mutating func finishEpoch() -> TrainingTally {
    let tally = state.tally
    state.epochLosses.append(tally.meanLoss)
    state.epoch += 1
    state.batch = 0
    state.tally = TrainingTally()
    return tally
  }

  /// Notes what the last epoch came to on other examples than those that were trained on.
  ///
  /// - Parameter loss: The mean loss of an example, in nats.
  public mutating func judgeLastEpoch(loss: Double) {
    guard !state.epochLosses.isEmpty else { return }
    state.epochLosses[state.epochLosses.count - 1] = loss
  }

  /// One step: gradients of all shards, their sum, clipping, update.
  ///
  /// - Returns: The norm of the gradient before clipping.
  private mutating func runStep(
    _ batch: [Model.Example], learningRate: Double, rateFactors: [Double]?, isFrozen: [Bool]
  ) throws -> Double {
    let (step, threadCount) = (state.optimizer.stepCount, settings.threadCount)
    let busy = try runShards(batch, isFrozen)
    let tally = busy.reduce(into: TrainingTally()) { $0.add($1.tally) }
    guard tally.lossSum.isFinite else {
      if let name = state.parameters.firstNonFiniteName {
        throw TrainingError.nonFiniteParameter(parameter: name, step: step)
      }
      throw TrainingError.nonFiniteLoss(step: step)
    }
    var arenas = busy.map { $0.takeGradients() }
    defer { for (shard, arena) in zip(busy, arenas) { shard.giveBack(arena) } }
    // By index: a slice would hold on to the first arena too, which would then be copied.
    for index in arenas.indices.dropFirst() {
      arenas[0].add(arenas[index], threadCount: threadCount)
    }
    let norm = arenas[0].norm(threadCount: threadCount)
    guard norm.isFinite else {
      let name = arenas[0].firstNonFiniteName ?? "all parameters together"
      throw TrainingError.nonFiniteGradient(parameter: name, step: step)
    }
    state.optimizer.update(
      &state.parameters, arenas[0], learningRate: learningRate,
      gradientScale: GradientClipping.scale(norm: norm, limit: settings.clippingNorm),
      gradientLimit: settings.clippingValue, rateFactors: rateFactors,
      isLazy: settings.isLazy, threadCount: threadCount)
    updateStatistics(busy)
    state.tally.add(tally)
    return norm
  }

  /// The share of a batch in its running statistics; PyTorch's.
  private static var momentum: Double { 0.1 }

  /// Moves the model's statistics towards those of all shards, one after the other.
  ///
  /// A shard with the share c of the new statistics is given the momentum c / (1 - the shares of those
  /// that follow), so that what they do to it leaves it with c.
  private mutating func updateStatistics(_ shards: ArraySlice<Shard<Model>>) {
    guard !model.statistics.isEmpty else { return }
    let counts = shards.map { Double($0.tally.tokenCount) }
    let total = max(1, counts.reduce(0, +))
    var kept = 1 - Self.momentum
    for (shard, count) in zip(shards, counts) {
      let share = Self.momentum * count / total
      kept += share
      shard.updateStatistics(of: model, &state.parameters, momentum: share / kept)
    }
  }

  /// Computes the gradient of a batch on all shards at once.
  ///
  /// - Returns: The shards that had something to do.
  /// - Throws: A `CancellationError`; the shards' gradients then mean nothing.
  private func runShards(
    _ batch: [Model.Example], _ isFrozen: [Bool]
  ) throws(CancellationError) -> ArraySlice<Shard<Model>> {
    let (dealt, cancellation) = (deal(batch), Cancellation())
    let (parameters, epoch, number) = (state.parameters, state.epoch, state.batch)
    var generator = SeededGenerator(seed: settings.seed, stream: [2, epoch, number])
    let weights = model.trainingWeights(state.parameters, using: &generator)
    let terms = batch.reduce(0) { $0 + model.termCount(of: $1) }
    DispatchQueue.concurrentPerform(iterations: dealt.count) { index in
      var generator = SeededGenerator(seed: settings.seed, stream: [1, epoch, number, index])
      cancellation.watch {
        shards[index].run(
          model, dealt[index], scale: 1 / Double(terms), parameters: parameters,
          weights: weights, isFrozen: isFrozen, generator: &generator)
      }
    }
    guard !cancellation.isRequested else { throw CancellationError() }
    return shards[..<dealt.count]
  }

  /// Deals examples out, longest first and back and forth, so that shards have alike token counts.
  private func deal(_ batch: [Model.Example]) -> [[Model.Example]] {
    let lengths = batch.map(model.tokenCount)
    let order = batch.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    var dealt = [[Model.Example]](repeating: [], count: min(shards.count, batch.count))
    for (index, example) in order.enumerated() {
      let place = index % (2 * dealt.count)
      dealt[place < dealt.count ? place : 2 * dealt.count - 1 - place].append(batch[example])
    }
    return dealt
  }
}

/// One thread's share of a step: scratch memory and a gradient arena, behind a lock that no other
/// thread ever waits for.
private final class Shard<Model: TrainableModel>: Sendable {
  struct Contents: Sendable {
    var workspace: Model.Workspace
    var gradients: Parameters<Float>
    var tally = TrainingTally()
  }

  let contents: Mutex<Contents>

  init(_ model: Model) {
    contents = Mutex(
      Contents(workspace: model.makeWorkspace(), gradients: Parameters(layout: model.layout)))
  }

  func run(
    _ model: Model, _ examples: [Model.Example], scale: Double, parameters: Parameters<Float>,
    weights: Model.Weights, isFrozen: [Bool], generator: inout SeededGenerator
  ) {
    contents.withLock { contents in
      contents.gradients.setToZero(freezing: isFrozen)
      contents.tally = model.addGradients(
        of: examples, scale: scale, parameters: parameters, weights: weights,
        workspace: &contents.workspace, gradients: &contents.gradients, generator: &generator)
    }
  }

  /// Sums over the examples of the last run.
  var tally: TrainingTally { contents.withLock { $0.tally } }

  /// Moves statistics towards those of the last run.
  func updateStatistics(
    of model: Model, _ parameters: inout Parameters<Float>, momentum: Double
  ) {
    contents.withLock {
      model.updateStatistics(&parameters, from: $0.workspace, momentum: momentum)
    }
  }

  /// The gradients of the last run, which are then the caller's alone until ``giveBack(_:)``.
  func takeGradients() -> Parameters<Float> {
    contents.withLock { contents in
      var taken = Parameters<Float>(layout: ParameterLayout())
      swap(&taken, &contents.gradients)
      return taken
    }
  }

  /// Takes the memory of ``takeGradients()`` back.
  func giveBack(_ gradients: Parameters<Float>) {
    contents.withLock { $0.gradients = gradients }
  }
}

/// The rate of a run and what is left of it.
private struct Pace {
  let totalTokens: Int
  private let start = ContinuousClock.now
  private var tokens = 0

  init(totalTokens: Int) { self.totalTokens = totalTokens }

  mutating func add(_ count: Int) { tokens += count }

  var tokensPerSecond: Double {
    let elapsed = ContinuousClock.now - start
    return Double(tokens) / max(1e-9, elapsed / .seconds(1))
  }

  func secondsLeft(epochTokens: Int, epochsLeft: Int) -> Double {
    (Double(epochsLeft) * Double(totalTokens) - Double(epochTokens)) / max(1, tokensPerSecond)
  }
}
