public import SentiTensor

/// A model that a ``Trainer`` can train: it adds the gradient of a few examples to an arena.
///
/// A batch is divided into shares, one a thread. What all of them need can be prepared before the
/// threads begin, and its gradient be taken when they are done, in a ``Batch`` that they share; most
/// models have nothing of the kind and leave it `Void`.
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

  /// Parameters that are statistics of batches, such as running means: the optimizer and its average
  /// leave them alone, and ``updateStatistics(_:from:momentum:)`` moves them.
  var statistics: [ParameterSlot] { get }

  /// The number of real tokens of an example, which a batch's budget counts.
  func tokenCount(of example: Example) -> Int

  /// The number of terms of an example's cost: a batch's cost is the mean of all terms.
  func termCount(of example: Example) -> Int

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
  ///   - shares: Each thread's examples.
  ///   - parameters: The parameters.
  ///   - weights: What ``trainingWeights(_:)`` made of them.
  ///   - generator: The source of randomness for dropout.
  ///   - threadCount: The number of threads.
  func prepare(
    _ batch: inout Batch, shares: [[Example]], parameters: Parameters<Float>, weights: Weights,
    generator: inout SeededGenerator, threadCount: Int)

  /// Computes a cost and adds its gradient.
  ///
  /// - Parameters:
  ///   - examples: A thread's share of a batch, at least one.
  ///   - share: Which share it is, counted from 0.
  ///   - batch: What the threads share.
  ///   - scale: What each term of the cost is multiplied by: 1 / terms of the whole batch.
  ///   - parameters: The parameters.
  ///   - weights: What ``trainingWeights(_:)`` made of them.
  ///   - workspace: Scratch.
  ///   - gradients: Receives the gradient, added.
  ///   - generator: The source of randomness for dropout.
  /// - Returns: Sums over the examples.
  func addGradients(
    of examples: [Example], share: Int, of batch: Batch, scale: Double,
    parameters: Parameters<Float>, weights: Weights, workspace: inout Workspace,
    gradients: inout Parameters<Float>, generator: inout SeededGenerator
  ) -> TrainingTally

  /// Adds the gradient of what the threads share, once all of them are done.
  ///
  /// - Parameters:
  ///   - batch: What the threads share.
  ///   - workspaces: What each thread left.
  ///   - weights: What ``trainingWeights(_:)`` made of the parameters.
  ///   - gradients: Receives the gradient, added.
  ///   - threadCount: The number of threads.
  /// - Returns: Whether the threads are to go over their shares of the batch, as it now is, once more.
  func addSharedGradients(
    of batch: inout Batch, workspaces: [Workspace], weights: Weights,
    gradients: inout Parameters<Float>, threadCount: Int
  ) -> Bool

  /// Moves the statistics towards those of a batch, after its step.
  ///
  /// - Parameters:
  ///   - parameters: The parameters, of which nothing but ``statistics`` is changed.
  ///   - workspaces: What
  ///     ``addGradients(of:share:of:scale:parameters:weights:workspace:gradients:generator:)`` left on
  ///     each thread.
  ///   - momentum: The share of the new statistics.
  func updateStatistics(
    _ parameters: inout Parameters<Float>, from workspaces: [Workspace], momentum: Double)
}

extension TrainableModel {
  /// None.
  public var statistics: [ParameterSlot] { [] }

  /// Changes nothing.
  public func updateStatistics(
    _ parameters: inout Parameters<Float>, from workspaces: [Workspace], momentum: Double
  ) {}

  /// One term an example.
  ///
  /// - Parameter example: The example.
  /// - Returns: 1.
  public func termCount(of example: Example) -> Int { 1 }

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
    _ batch: inout Void, shares: [[Example]], parameters: Parameters<Float>, weights: Weights,
    generator: inout SeededGenerator, threadCount: Int
  ) {}

  /// Adds nothing: the threads did it all.
  public func addSharedGradients(
    of batch: inout Void, workspaces: [Workspace], weights: Weights,
    gradients: inout Parameters<Float>, threadCount: Int
  ) -> Bool { false }
}

/// Sums over examples that were trained on; where an example has several terms, each counts as one.
public struct TrainingTally: Hashable, Codable, Sendable {
  /// The sum of the losses, in nats.
  public var lossSum: Double
  /// How many examples were classified rightly.
  public var correctCount: Int
  /// The number of examples.
  public var exampleCount: Int
  /// The number of real tokens.
  public var tokenCount: Int

  /// Creates a tally.
  ///
  /// - Parameters:
  ///   - lossSum: The sum of the losses, in nats.
  ///   - correctCount: How many examples were classified rightly.
  ///   - exampleCount: The number of examples.
  ///   - tokenCount: The number of real tokens.
  public init(
    lossSum: Double = 0, correctCount: Int = 0, exampleCount: Int = 0, tokenCount: Int = 0
  ) {
    self.lossSum = lossSum
    self.correctCount = correctCount
    self.exampleCount = exampleCount
    self.tokenCount = tokenCount
  }

  /// The mean loss of an example, in nats; NaN of none.
  public var meanLoss: Double { lossSum / Double(exampleCount) }

  /// The share of examples that were classified rightly; NaN of none.
  public var accuracy: Double { Double(correctCount) / Double(exampleCount) }

  /// Adds another tally.
  ///
  /// - Parameter other: The other tally.
  public mutating func add(_ other: TrainingTally) {
    lossSum += other.lossSum
    correctCount += other.correctCount
    exampleCount += other.exampleCount
    tokenCount += other.tokenCount
  }
}
