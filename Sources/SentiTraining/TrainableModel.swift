public import SentiTensor

/// A model that a ``Trainer`` can train: it adds the gradient of a few examples to an arena.
///
/// A batch is divided into shards, one a thread. What all of them need can be prepared before the
/// threads begin, and its gradient be taken when they are done, in a ``Batch`` that they share; most
/// models have nothing of the kind and leave it `Void`.
///
///     model.prepare(&batch, …)
///     for pass in 0..<model.passesPerBatch {
///       if pass > 0 { model.prepareNextPass(&batch, …) }
///       // on each thread
///       model.addGradients(of: shard, …)
///       // and when all are done
///       model.addSharedGradients(of: &batch, …)
///     }
public protocol TrainableModel: Sendable {
  /// One example, ready for the net.
  associatedtype Example: Sendable
  /// What is made from the parameters once an update and shared by all threads.
  associatedtype Weights: Sendable
  /// The scratch memory of one thread.
  associatedtype Workspace: Sendable
  /// What the threads share of a batch, in memory that is kept from step to step.
  associatedtype Batch: Sendable = Void

  /// Where the parameters are.
  var layout: ParameterLayout { get }

  /// Parameters without a gradient, such as running means: the optimizer and its average leave them
  /// alone, and ``updateBuffers(_:from:momentum:)`` moves them. PyTorch's word for them.
  var buffers: [ParameterSlot] { get }

  /// How many times the threads go over a batch before an update.
  var passesPerBatch: Int { get }

  /// The number of real tokens of an example, which a batch's budget counts.
  func tokenCount(of example: Example) -> Int

  /// The number of terms of an example's loss: a batch's loss is the mean of all terms.
  func lossTermCount(of example: Example) -> Int

  /// Prepares the parameters for one step.
  func trainingWeights(_ parameters: Parameters<Float>) -> Weights

  /// Prepares the parameters for one step of training, some of them dropped by chance.
  func trainingWeights(
    _ parameters: Parameters<Float>, using generator: inout SeededGenerator
  ) -> Weights

  /// Makes empty scratch memory.
  func makeWorkspace() -> Workspace

  /// Makes an empty batch.
  func makeBatch() -> Batch

  /// Prepares what the threads share.
  ///
  /// - Parameters:
  ///   - batch: What was shared of another batch before, or nothing.
  ///   - shards: Each thread's examples.
  ///   - parameters: The parameters.
  ///   - weights: What ``trainingWeights(_:)`` made of them.
  ///   - generator: The source of randomness for dropout.
  ///   - threadCount: The number of threads.
  func prepare(
    _ batch: inout Batch, shards: [[Example]], parameters: Parameters<Float>, weights: Weights,
    generator: inout SeededGenerator, threadCount: Int)

  /// Prepares what the threads share for another pass over the same batch.
  ///
  /// - Parameters:
  ///   - batch: What the threads shared in the pass before.
  ///   - weights: What ``trainingWeights(_:)`` made of the parameters.
  ///   - threadCount: The number of threads.
  func prepareNextPass(_ batch: inout Batch, weights: Weights, threadCount: Int)

  /// Computes a loss and adds its gradient.
  ///
  /// - Parameters:
  ///   - shard: A thread's part of a batch.
  ///   - workspace: Scratch.
  ///   - gradients: Receives the gradient, added.
  ///   - generator: The source of randomness for dropout.
  /// - Returns: Sums over the examples.
  func addGradients(
    of shard: BatchShard<Self>, workspace: inout Workspace, gradients: inout Parameters<Float>,
    generator: inout SeededGenerator
  ) -> EpochMetrics

  /// Adds the gradient of what the threads share, once all of them are done with a pass.
  ///
  /// - Parameters:
  ///   - batch: What the threads share.
  ///   - workspaces: What each thread left.
  ///   - weights: What ``trainingWeights(_:)`` made of the parameters.
  ///   - gradients: Receives the gradient, added.
  ///   - threadCount: The number of threads.
  func addSharedGradients(
    of batch: inout Batch, workspaces: [Workspace], weights: Weights,
    gradients: inout Parameters<Float>, threadCount: Int)

  /// Moves the buffers towards the statistics of a batch, after its step.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, of which nothing but ``buffers`` is changed.
  ///   - workspaces: What ``addGradients(of:workspace:gradients:generator:)`` left on each thread.
  ///   - momentum: The fraction of the new statistics.
  func updateBuffers(
    _ parameters: inout Parameters<Float>, from workspaces: [Workspace], momentum: Double)
}

/// A thread's part of a batch.
public struct BatchShard<Model: TrainableModel>: Sendable {
  /// The examples, at least one.
  public let examples: [Model.Example]
  /// Which shard it is, counted from 0.
  public let index: Int
  /// What the threads share.
  public let batch: Model.Batch
  /// What each term of the loss is multiplied by: 1 / terms of the whole batch.
  public let scale: Double
  /// The parameters.
  public let parameters: Parameters<Float>
  /// What ``TrainableModel/trainingWeights(_:)`` made of them.
  public let weights: Model.Weights

  /// Collects a shard.
  ///
  /// - Parameters:
  ///   - examples: The examples, at least one.
  ///   - index: Which shard it is, counted from 0.
  ///   - batch: What the threads share.
  ///   - scale: What each term of the loss is multiplied by.
  ///   - parameters: The parameters.
  ///   - weights: What was made of them.
  public init(
    _ examples: [Model.Example], index: Int, of batch: Model.Batch, scale: Double,
    parameters: Parameters<Float>, weights: Model.Weights
  ) {
    self.examples = examples
    self.index = index
    self.batch = batch
    self.scale = scale
    self.parameters = parameters
    self.weights = weights
  }
}

extension TrainableModel {
  /// None.
  public var buffers: [ParameterSlot] { [] }

  /// Once.
  public var passesPerBatch: Int { 1 }

  /// Prepares nothing: one pass follows from ``prepare(_:shards:parameters:weights:generator:threadCount:)``.
  public func prepareNextPass(_ batch: inout Batch, weights: Weights, threadCount: Int) {}

  /// Changes nothing.
  public func updateBuffers(
    _ parameters: inout Parameters<Float>, from workspaces: [Workspace], momentum: Double
  ) {}

  /// One term an example.
  ///
  /// - Parameter example: The example.
  /// - Returns: 1.
  public func lossTermCount(of example: Example) -> Int { 1 }

  /// Prepares the parameters without dropping any.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - generator: A source of randomness, which is not asked.
  /// - Returns: What ``trainingWeights(_:)`` makes of them.
  public func trainingWeights(
    _ parameters: Parameters<Float>, using generator: inout SeededGenerator
  ) -> Weights {
    trainingWeights(parameters)
  }
}

extension TrainableModel where Batch == Void {
  /// Nothing.
  public func makeBatch() {}

  /// Prepares nothing.
  public func prepare(
    _ batch: inout Void, shards: [[Example]], parameters: Parameters<Float>, weights: Weights,
    generator: inout SeededGenerator, threadCount: Int
  ) {}

  /// Adds nothing: the threads did it all.
  public func addSharedGradients(
    of batch: inout Void, workspaces: [Workspace], weights: Weights,
    gradients: inout Parameters<Float>, threadCount: Int
  ) {}
}
