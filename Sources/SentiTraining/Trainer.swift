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

  /// How many gradients of the epoch so far were scaled down to ``TrainingSettings/clippingNorm``.
  public internal(set) var clippedCount = 0

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
  /// Whether that gradient was scaled down to ``TrainingSettings/clippingNorm``.
  public var isClipped: Bool
  /// How many gradients of this epoch were.
  public var clippedCount: Int
  /// Real tokens a second since this run began.
  public var tokensPerSecond: Double
  /// The time that the rest of all epochs will take at this rate, in seconds.
  public var secondsLeft: Double
}

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

  /// What the training has come to.
  public private(set) var state: TrainingState

  private var shards: [Shard<Model>]
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
    shards = (0..<settings.threadCount).map { _ in Shard(model) }
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
  ) throws -> TrainingTally? {
    guard !examples.isEmpty else { throw TrainingError.noExamples }
    separateShards()
    try requireFiniteParameters()
    let lengths = examples.map(model.tokenCount)
    let plan = BatchPlan(
      lengths: lengths, tokenBudget: settings.tokenBudget,
      exampleLimit: settings.batchExampleLimit, seed: settings.seed, epoch: state.epoch)
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
      let isClipped = settings.clippingNorm.map { norm > $0 } ?? false
      state.batch += 1
      state.clippedCount += isClipped ? 1 : 0
      pace.add(state.tally.tokenCount - tokensBefore)
      let left = pace.secondsLeft(
        epochTokens: state.tally.tokenCount, epochsLeft: settings.epochCount - state.epoch)
      let progress = TrainingProgress(
        epoch: state.epoch, epochCount: settings.epochCount, batch: state.batch,
        batchCount: plan.batches.count, tally: state.tally, learningRate: learningRate,
        gradientNorm: norm, isClipped: isClipped, clippedCount: state.clippedCount,
        tokensPerSecond: pace.tokensPerSecond, secondsLeft: left)
      if !report(progress) && state.batch < plan.batches.count { return nil }
    }
    try requireFiniteParameters()
    return finishEpoch()
  }

  private func requireFiniteParameters() throws(TrainingError) {
    guard let name = state.parameters.firstNonFiniteName else { return }
    throw .nonFiniteParameter(parameter: name, step: state.optimizer.stepCount)
  }

  /// Takes shards of its own where a copy of this trainer has the same ones.
  private mutating func separateShards() {
    for index in shards.indices where !isKnownUniquelyReferenced(&shards[index]) {
      shards[index] = Shard(model)
    }
  }

  private mutating func finishEpoch() -> TrainingTally {
    let tally = state.tally
    state.epochLosses.append(tally.meanLoss)
    state.epoch += 1
    state.batch = 0
    state.clippedCount = 0
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

  /// The share of a batch in its running statistics; PyTorch's.
  private static var momentum: Double { 0.1 }

  /// One step: gradients of all shards, their sum, clipping, update.
  ///
  /// - Returns: The norm of the gradient before clipping.
  private mutating func runStep(
    _ batch: [Model.Example], learningRate: Double, rateFactors: [Double]?, isFrozen: [Bool]
  ) throws -> Double {
    let (step, threadCount) = (state.optimizer.stepCount, settings.threadCount)
    var parts = try runShards(batch, isFrozen)
    defer { for (shard, part) in zip(shards, parts) { shard.giveBack(part) } }
    let tally = parts.reduce(into: TrainingTally()) { $0.add($1.tally) }
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
    state.optimizer.update(
      &state.parameters, parts[0].gradients, learningRate: learningRate,
      gradientScale: GradientClipping.scale(norm: norm, limit: settings.clippingNorm),
      gradientLimit: settings.clippingValue, rateFactors: rateFactors,
      isLazy: settings.isLazy, threadCount: threadCount)
    if !model.statistics.isEmpty {
      model.updateStatistics(
        &state.parameters, from: parts.map(\.workspace), momentum: Self.momentum)
    }
    state.tally.add(tally)
    return norm
  }

  /// Computes the gradient of a batch on all shards at once, and of what they share.
  ///
  /// - Returns: What the shards that had something to do came to; to be given back to them.
  /// - Throws: A `CancellationError`.
  private mutating func runShards(
    _ batch: [Model.Example], _ isFrozen: [Bool]
  ) throws(CancellationError) -> [Shard<Model>.Contents] {
    let (cancellation, settings) = (Cancellation(), settings)
    let shares = BatchDivision.shares(lengths: batch.map(model.tokenCount), count: shards.count)
      .map { $0.map { batch[$0] } }
    let (model, shards, parameters) = (model, shards[..<shares.count], state.parameters)
    let place = [state.epoch, state.batch]
    var generator = SeededGenerator(seed: settings.seed, stream: [2] + place)
    let weights = model.trainingWeights(parameters, using: &generator)
    let scale = 1 / Double(batch.reduce(0) { $0 + model.termCount(of: $1) })

    func run(_ pass: Int, _ batch: Model.Batch) {
      let stream = [1] + place + (pass == 0 ? [] : [pass])
      DispatchQueue.concurrentPerform(iterations: shares.count) { index in
        var generator = SeededGenerator(seed: settings.seed, stream: stream + [index])
        cancellation.watch {
          shards[index].run(freezing: pass == 0 ? isFrozen : nil) { part in
            model.addGradients(
              of: shares[index], share: index, of: batch, scale: scale, parameters: parameters,
              weights: weights, workspace: &part.workspace, gradients: &part.gradients,
              generator: &generator)
          }
        }
      }
    }

    generator = SeededGenerator(seed: settings.seed, stream: [3] + place)
    model.prepare(
      &shared, shares: shares, parameters: parameters, weights: weights, generator: &generator,
      threadCount: settings.threadCount)
    var pass = 0
    while true {
      run(pass, shared)
      guard !cancellation.isRequested else { throw CancellationError() }
      var parts = shards.map { $0.take() }
      let goesOn = model.addSharedGradients(
        of: &shared, workspaces: parts.map(\.workspace), weights: weights,
        gradients: &parts[0].gradients, threadCount: settings.threadCount)
      guard goesOn else { return parts }
      for (shard, part) in zip(shards, parts) { shard.giveBack(part) }
      pass += 1
    }
  }
}

/// One thread's share of a step: scratch memory and a gradient arena, which one owner at a time takes.
private final class Shard<Model: TrainableModel>: Sendable {
  struct Contents: Sendable {
    var workspace: Model.Workspace
    var gradients: Parameters<Float>
    /// Sums over the examples of the last run.
    var tally = TrainingTally()
  }

  private let contents: Mutex<Contents?>

  init(_ model: Model) {
    contents = Mutex(
      Contents(workspace: model.makeWorkspace(), gradients: Parameters(layout: model.layout)))
  }

  /// The contents, which are then the caller's alone until ``giveBack(_:)``.
  func take() -> Contents {
    let taken = contents.withLock { contents in
      defer { contents = nil }
      return contents
    }
    guard let taken else { preconditionFailure("a shard that another thread has") }
    return taken
  }

  /// Takes the memory of ``take()`` back.
  func giveBack(_ part: Contents) { contents.withLock { $0 = part } }

  /// Adds gradients.
  ///
  /// - Parameters:
  ///   - isFrozen: What is left out of gradients that then begin at zero; nil: they and the sums over
  ///     the examples stay as they are.
  ///   - body: Adds to the gradients, and answers the sums.
  func run(freezing isFrozen: [Bool]?, _ body: (inout Contents) -> TrainingTally) {
    var part = take()
    if let isFrozen {
      part.gradients.setToZero(freezing: isFrozen)
      part.tally = body(&part)
    } else {
      _ = body(&part)
    }
    giveBack(part)
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
