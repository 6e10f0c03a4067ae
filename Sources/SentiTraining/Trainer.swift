internal import Dispatch
internal import SentiTensor

/// Trains a model on batches by a budget of tokens, on several threads.
///
/// A batch is divided into shards, one a thread; each adds its gradient to an arena of its own. What
/// they share comes before and after them, the arenas are summed in order, and then comes the update,
/// each by all threads together. All randomness follows from the seed, the epoch, the batch and the
/// shard, so that the same seed, data and thread count give the same weights, also when the training
/// was interrupted and resumed.
///
/// Statistics of batches, which batch normalization needs when it does not train, are moved a tenth of
/// the way to each batch's; they are those of all of its tokens, whichever thread had them.
public struct Trainer<Model: TrainableModel>: Sendable {
  /// The model.
  public let model: Model

  /// The settings.
  public let settings: TrainingSettings

  /// The state of the training.
  public private(set) var state: TrainingState

  private var threads: [ThreadMemory<Model>]
  private var shared: Model.Batch

  /// Creates a trainer.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - settings: The settings.
  ///   - state: The state to start from: a fresh one or a checkpoint's.
  public init(_ model: Model, settings: TrainingSettings, state: TrainingState) {
    precondition(settings.threadCount > 0, "thread count \(settings.threadCount)")
    precondition(
      state.parameters.layout == model.layout,
      "a state of \(state.parameters.layout) for a model of \(model.layout)")
    self.model = model
    self.settings = settings
    self.state = state
    threads = (0..<settings.threadCount).map { _ in ThreadMemory(model) }
    shared = model.makeBatch()
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
  /// - Throws: ``TrainingError``, where there is no example, or a loss, a gradient or a parameter is not
  ///   finite; a `CancellationError`, where the task is cancelled, within a few time steps. The state is
  ///   then that before the step. Parameters are also searched before the first batch of a run and after
  ///   the last one of an epoch, since saturated units hide from a loss what is infinite: then the state
  ///   holds such a parameter, and its epoch is not over.
  public mutating func runEpoch(
    _ examples: [Model.Example], report: (TrainingProgress) -> Bool
  ) throws -> EpochMetrics? {
    guard !examples.isEmpty else { throw TrainingError.noExamples }
    separateThreads()
    try requireFiniteParameters()
    let lengths = examples.map(model.tokenCount)
    let plan = BatchPlan(
      lengths: lengths, tokenBudget: settings.tokenBudget,
      exampleLimit: settings.batchExampleLimit, seed: settings.seed, epoch: state.epoch)
    let rates = rates(batchCount: plan.batches.count)
    var throughput = Throughput(totalTokens: lengths.reduce(0, +))
    while state.batch < plan.batches.count {
      let learningRate = rates.learningRate(settings, state)
      let tokensBefore = state.tally.tokenCount
      let norm = try runStep(
        plan.batches[state.batch].map { examples[$0] }, learningRate: learningRate, rates: rates)
      let isClipped = settings.clippingNorm.map { norm > $0 } ?? false
      state.batch += 1
      state.clippedCount += isClipped ? 1 : 0
      throughput.add(state.tally.tokenCount - tokensBefore)
      let progress = TrainingProgress(
        epoch: state.epoch, epochCount: settings.epochCount, batch: state.batch,
        batchCount: plan.batches.count, tally: state.tally, learningRate: learningRate,
        gradientNorm: norm, isClipped: isClipped, clippedCount: state.clippedCount,
        tokensPerSecond: throughput.tokensPerSecond,
        secondsLeft: throughput.secondsLeft(
          epochTokens: state.tally.tokenCount, epochsLeft: settings.epochCount - state.epoch))
      if !report(progress) && state.batch < plan.batches.count { return nil }
    }
    try requireFiniteParameters()
    return finishEpoch()
  }

  /// The learning rates of an epoch's parameters.
  private struct Rates {
    /// The number of steps of all epochs.
    let stepCount: Int
    /// What the rate is multiplied by, for each parameter; nil: 1.
    let factors: [Double]?
    /// For each parameter whether it is left alone.
    let isFrozen: [Bool]

    func learningRate(_ settings: TrainingSettings, _ state: TrainingState) -> Double {
      settings.learningRate
        * settings.schedule.factor(
          step: state.optimizer.stepCount, of: stepCount, epochLosses: state.epochLosses)
    }
  }

  private func rates(batchCount: Int) -> Rates {
    let (steps, isTooMany) = settings.epochCount.multipliedReportingOverflow(by: batchCount)
    var factors = settings.groups.rateFactors(model.layout, epoch: state.epoch)
    for slot in model.buffers { factors[slot.index] = nil }
    return Rates(
      stepCount: isTooMany ? Int.max : steps,
      factors: settings.groups.isEmpty ? nil : factors.map { $0 ?? 0 },
      isFrozen: factors.map { $0 == nil })
  }

  private func requireFiniteParameters() throws(TrainingError) {
    guard let name = state.parameters.firstNonFiniteName else { return }
    throw .nonFiniteParameter(parameter: name, step: state.optimizer.stepCount)
  }

  /// Makes memory of its own where a copy of this trainer has the same.
  private mutating func separateThreads() {
    for index in threads.indices where !isKnownUniquelyReferenced(&threads[index]) {
      threads[index] = ThreadMemory(model)
    }
  }

  private mutating func finishEpoch() -> EpochMetrics {
    let tally = state.tally
    state.epochLosses.append(tally.meanLoss)
    state.epoch += 1
    state.batch = 0
    state.clippedCount = 0
    state.tally = EpochMetrics()
    return tally
  }

  /// Records the validation loss of the last epoch, by which the learning rate may be scheduled.
  ///
  /// - Parameter loss: The mean loss of a validation example, in nats.
  public mutating func recordValidationLoss(_ loss: Double) {
    guard !state.epochLosses.isEmpty else { return }
    state.epochLosses[state.epochLosses.count - 1] = loss
  }

  /// The fraction of a batch in the running statistics; PyTorch's.
  private static var momentum: Double { 0.1 }

  /// One step: gradients of all shards, their sum, clipping, update.
  ///
  /// - Returns: The norm of the gradient before clipping.
  private mutating func runStep(
    _ batch: [Model.Example], learningRate: Double, rates: Rates
  ) throws -> Double {
    let (step, threadCount) = (state.optimizer.stepCount, settings.threadCount)
    var parts = try runShards(batch, freezing: rates.isFrozen)
    defer { for (thread, part) in zip(threads, parts) { thread.release(part) } }
    let tally = parts.reduce(into: EpochMetrics()) { $0.add($1.tally) }
    guard tally.lossSum.isFinite else {
      try requireFiniteParameters()
      throw TrainingError.nonFiniteLoss(step: step)
    }
    for index in parts.indices.dropFirst() {
      parts[0].gradients.add(parts[index].gradients, threadCount: threadCount)
    }
    let norm = parts[0].gradients.norm(threadCount: threadCount)
    guard norm.isFinite else {
      let name = parts[0].gradients.firstNonFiniteName ?? "all parameters together"
      throw TrainingError.nonFiniteGradient(parameter: name, step: step)
    }
    var update = OptimizerStep(learningRate: learningRate)
    update.gradientScale = GradientClipping.scale(norm: norm, limit: settings.clippingNorm)
    update.gradientLimit = settings.clippingValue
    update.rateFactors = rates.factors
    update.isLazy = settings.isLazy
    state.optimizer.update(
      &state.parameters, by: parts[0].gradients, update, threadCount: threadCount)
    if !model.buffers.isEmpty {
      model.updateBuffers(
        &state.parameters, from: parts.map(\.workspace), momentum: Self.momentum)
    }
    state.tally.add(tally)
    return norm
  }

  /// Computes the gradient of a batch on all shards at once, and of what they share.
  ///
  /// - Returns: The memory of the threads that had something to do; to be released.
  /// - Throws: A `CancellationError`.
  private mutating func runShards(
    _ batch: [Model.Example], freezing isFrozen: [Bool]
  ) throws(CancellationError) -> [ThreadMemory<Model>.Contents] {
    let (settings, epoch, number) = (settings, state.epoch, state.batch)
    let shards = ShardBalancer.shards(lengths: batch.map(model.tokenCount), count: threads.count)
      .map { $0.map { batch[$0] } }
    let threads = threads[..<shards.count]
    var generator = SeededGenerator(
      seed: settings.seed, stream: .weightDropout(epoch: epoch, batch: number))
    let step = StepContext(
      model: model, shards: shards, isFrozen: isFrozen, parameters: state.parameters,
      weights: model.trainingWeights(state.parameters, using: &generator),
      scale: 1 / Double(batch.reduce(0) { $0 + model.lossTermCount(of: $1) }))
    generator = SeededGenerator(
      seed: settings.seed, stream: .sharedDropout(epoch: epoch, batch: number))
    model.prepare(
      &shared, shards: shards, parameters: step.parameters, weights: step.weights,
      generator: &generator, threadCount: settings.threadCount)
    for pass in 0..<model.passesPerBatch {
      if pass > 0 {
        model.prepareNextPass(&shared, weights: step.weights, threadCount: settings.threadCount)
      }
      try step.run(pass, over: shared, on: threads) { shard in
        SeededGenerator(
          seed: settings.seed,
          stream: .dropout(epoch: epoch, batch: number, shard: shard, pass: pass))
      }
      var parts = threads.map { $0.acquire() }
      model.addSharedGradients(
        of: &shared, workspaces: parts.map(\.workspace), weights: step.weights,
        gradients: &parts[0].gradients, threadCount: settings.threadCount)
      for (thread, part) in zip(threads, parts) { thread.release(part) }
    }
    return threads.map { $0.acquire() }
  }
}

/// What all threads read in one step.
private struct StepContext<Model: TrainableModel>: Sendable {
  let model: Model
  let shards: [[Model.Example]]
  let isFrozen: [Bool]
  let parameters: Parameters<Float>
  let weights: Model.Weights
  let scale: Double

  /// One pass of all threads over their shards of a batch.
  ///
  /// - Parameters:
  ///   - pass: Which pass it is, counted from 0.
  ///   - batch: What the threads share.
  ///   - threads: Their memory, one for each shard.
  ///   - generator: Makes the source of randomness of a shard.
  /// - Throws: A `CancellationError`.
  func run(
    _ pass: Int, over batch: Model.Batch, on threads: ArraySlice<ThreadMemory<Model>>,
    generator: @Sendable (Int) -> SeededGenerator
  ) throws(CancellationError) {
    let cancellation = Cancellation()
    DispatchQueue.concurrentPerform(iterations: shards.count) { index in
      var generator = generator(index)
      let shard = BatchShard<Model>(
        shards[index], index: index, of: batch, scale: scale, parameters: parameters,
        weights: weights)
      cancellation.watch {
        threads[index].run(freezing: pass == 0 ? isFrozen : nil) { part in
          model.addGradients(
            of: shard, workspace: &part.workspace, gradients: &part.gradients,
            generator: &generator)
        }
      }
    }
    guard !cancellation.isRequested else { throw CancellationError() }
  }
}
