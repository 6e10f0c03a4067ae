public import SentiTensor

/// The distinct inputs of a batch that is divided among threads.
///
/// So that no word is projected twice, forward or backward, all are projected before the threads begin,
/// by all threads together. Backward, a thread takes care of those that it alone reads; gradients of
/// the common ones are summed when the threads are done:
///
///     batch.input = …  // the common ones first, then each thread's own
///     batch.exclusive = [3..<5, 5..<9]
///     batch.project(weights: weights, threadCount: 2)
///     // on each thread, with sequences and a workspace of its own
///     let input = StackInput(batch, shard: thread, indices: rows)
///     stack.forward(input, over: sequences, …)
///     stack.backward(input, over: sequences, …)
///     // and when all are done
///     batch.backward(from: workspaces, weights: weights, gradients: &gradients, threadCount: 2)
///
/// It keeps its memory from batch to batch.
public struct BatchProjection<Scalar: MatrixScalar>: Sendable {
  /// The distinct inputs, `[D, I]`.
  public var input: Matrix<Scalar>

  /// The inputs that one thread alone reads, a range a thread, each right behind the last.
  ///
  /// Before them are the common ones. Where there is no range, all are common.
  public var exclusive: [Range<Int>] = []

  /// The gradient of ``input``, `[D, I]`, that the last backward pass came to.
  public var gradient: Matrix<Scalar>

  private let isNormalized: Bool
  /// The two ends of the projection, one for each direction.
  private var workspaces: [RecurrentWorkspace<Scalar>]

  /// Creates empty memory.
  ///
  /// - Parameter stack: The stack that will read the inputs.
  public init(_ stack: RecurrentStack) {
    input = Matrix(rowCount: 0, columnCount: stack.inputSize)
    gradient = input
    isNormalized = stack.configuration.cell.isNormalized
    workspaces = stack.layers[0].map(RecurrentWorkspace.init)
  }

  /// Projects ``input`` for the lowest layer.
  ///
  /// - Parameters:
  ///   - weights: The stack's packed weights.
  ///   - threadCount: The number of threads; the result does not depend on it.
  /// - Complexity: O(D·I·G·H).
  /// - Precondition: ``exclusive`` ends where the inputs end.
  public mutating func project(weights: StackWeights<Scalar>, threadCount: Int) {
    precondition(
      zip(exclusive, exclusive.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound }
        && exclusive.last.map { $0.upperBound == input.rowCount } ?? true,
      "\(input.rowCount) inputs, of which threads alone read \(exclusive)")
    for (index, weights) in weights[0].enumerated() {
      weights.project(
        input, rows: 0..<input.rowCount, into: &workspaces[index], threadCount: threadCount)
    }
  }

  /// Whether threads can take care of their own inputs: the gradient of a normalized projection needs
  /// the products, which are here.
  private var hasOwners: Bool { !exclusive.isEmpty && !isNormalized }

  /// The inputs whose gradients are summed over threads.
  var common: Range<Int> { 0..<(hasOwners ? exclusive[0].lowerBound : input.rowCount) }

  /// The inputs whose gradients a thread takes care of.
  func own(_ shard: Int) -> Range<Int> { hasOwners ? exclusive[shard] : 0..<0 }

  /// The projections, `[D, G·H]`, one for each direction.
  var projections: [Matrix<Scalar>] { workspaces.map(\.buffers.projection) }

  /// Takes the gradients of the lowest layer's gates to its input weights, and to ``gradient``.
  ///
  /// - Parameters:
  ///   - threads: What the stack's backward pass left on each thread, in the order of ``exclusive``.
  ///   - weights: The stack's packed weights, made for training.
  ///   - gradients: Receives the parameters' gradients, added.
  ///   - threadCount: The number of threads; the result does not depend on it.
  /// - Complexity: O(D·I), and O(D·I·G·H) for the common inputs.
  /// - Precondition: There is a thread for each of ``exclusive``.
  public mutating func backward(
    from threads: [StackWorkspace<Scalar>], weights: StackWeights<Scalar>,
    gradients: inout Parameters<Scalar>, threadCount: Int
  ) {
    precondition(
      !hasOwners || threads.count == exclusive.count,
      "\(threads.count) threads, of which \(exclusive.count) own inputs")
    let common = common
    // Room for all before anything is written: a matrix that grows loses its rows.
    gradient.resize(rowCount: input.rowCount)
    gradient.resizeToZeros(rowCount: common.count)
    for (index, weights) in weights[0].enumerated() where !common.isEmpty {
      workspaces[index].sumGates(
        of: threads.map { $0.layers[0][index] }, weights.kernels, threadCount: threadCount)
      weights.addInputGradients(
        of: .init(input: input, rows: common, gradientRow: 0), to: &gradient,
        gradients: &gradients, &workspaces[index], threadCount: threadCount)
    }
    gradient.resize(rowCount: input.rowCount)
    for (shard, thread) in threads.enumerated() {
      let own = own(shard)
      Kernels.gather(
        Array(0..<Int32(own.count)), of: thread.inputGradient.storage, into: &gradient,
        at: own.lowerBound, threadCount: threadCount)
    }
  }
}

extension StackInput {
  /// Inputs of which other threads read some too.
  ///
  /// - Parameters:
  ///   - batch: The distinct inputs of all threads, projected.
  ///   - shard: Which of ``BatchProjection/exclusive`` this thread alone reads.
  ///   - indices: For each position its input, `[N]`.
  /// - Precondition: Backward the stack is not residual.
  public init(_ batch: BatchProjection<Scalar>, shard: Int, indices: [Int32]) {
    self.init(batch.input, indices, projections: batch.projections, unprojectedCount: 0)
    common = batch.common
    own = batch.own(shard)
  }
}
