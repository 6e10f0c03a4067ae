public import SentiTensor

/// The distinct inputs of a batch that is divided among threads.
///
/// So that no word is projected twice, forward or backward, all are projected before the threads begin,
/// by all threads together. Backward, a thread takes care of those that it alone reads; gradients of
/// the common ones are summed when the threads are done:
///
///     inputs.input = …  // the common ones first, then each thread's own
///     inputs.owned = [3..<5, 5..<9]
///     inputs.project(weights: weights, threadCount: 2)
///     // on each thread, with sequences and a workspace of its own
///     stack.forward(inputs, inputRows: rows, …)
///     stack.backward(inputs, share: index, …)
///     // and when all are done
///     inputs.backward(from: workspaces, weights: weights, gradients: &gradients, threadCount: 2)
///
/// It keeps its memory from batch to batch.
public struct SharedInputs<Scalar: MatrixScalar>: Sendable {
  /// The distinct inputs, `[D, I]`.
  public var input: Matrix<Scalar>

  /// The inputs that one thread alone reads, a range a thread, each right behind the last.
  ///
  /// Before them are the common ones. Where there is no range, all are common.
  public var owned: [Range<Int>] = []

  /// The gradient of ``input``, `[D, I]`, that the last backward pass came to.
  public var gradient: Matrix<Scalar>

  private let layers: [RecurrentLayer]
  /// The two ends of the projection, one for each direction.
  private var workspaces: [RecurrentWorkspace<Scalar>]

  /// Creates empty memory.
  ///
  /// - Parameter stack: The stack that will read the inputs.
  public init(_ stack: RecurrentStack) {
    input = Matrix(rowCount: 0, columnCount: stack.inputSize)
    gradient = input
    layers = stack.layers[0]
    workspaces = layers.map(RecurrentWorkspace.init)
  }

  /// Projects ``input`` for the lowest layer.
  ///
  /// - Parameters:
  ///   - weights: The stack's packed weights.
  ///   - threadCount: The number of threads; the result does not depend on it.
  /// - Complexity: O(D·I·G·H).
  /// - Precondition: ``owned`` ends where the inputs end.
  public mutating func project(weights: [[RecurrentWeights<Scalar>]], threadCount: Int) {
    precondition(
      zip(owned, owned.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound }
        && owned.last.map { $0.upperBound == input.rowCount } ?? true,
      "\(input.rowCount) inputs, of which threads own \(owned)")
    for (index, layer) in layers.enumerated() {
      layer.project(
        input, rows: 0..<input.rowCount, weights[0][index], &workspaces[index],
        threadCount: threadCount)
    }
  }

  /// Whether threads can take care of their own inputs: the gradient of a normalized projection needs
  /// the products, which are here.
  private var hasOwners: Bool {
    !owned.isEmpty && layers.allSatisfy { $0.cell.parameters.normalization == nil }
  }

  /// The inputs whose gradients are summed over threads.
  var common: Range<Int> { 0..<(hasOwners ? owned[0].lowerBound : input.rowCount) }

  /// The inputs whose gradients a thread takes care of.
  func own(_ share: Int) -> Range<Int> { hasOwners ? owned[share] : 0..<0 }

  /// The projections, `[D, G·H]`, one for each direction.
  var projections: [Matrix<Scalar>] { workspaces.map(\.buffers.projection) }

  /// Takes the gradients of the lowest layer's gates to its input weights, and to ``gradient``.
  ///
  /// - Parameters:
  ///   - threads: What the stack's backward pass left on each thread, in the order of ``owned``.
  ///   - weights: The stack's packed weights, made for training.
  ///   - gradients: Receives the parameters' gradients, added.
  ///   - threadCount: The number of threads; the result does not depend on it.
  /// - Complexity: O(D·I), and O(D·I·G·H) for the common inputs.
  /// - Precondition: There is a thread for each of ``owned``.
  public mutating func backward(
    from threads: [StackWorkspace<Scalar>], weights: [[RecurrentWeights<Scalar>]],
    gradients: inout Parameters<Scalar>, threadCount: Int
  ) {
    precondition(
      !hasOwners || threads.count == owned.count,
      "\(threads.count) threads, of which \(owned.count) own inputs")
    let common = common
    // Room for all before anything is written: a matrix that grows loses its rows.
    gradient.resize(rowCount: input.rowCount)
    gradient.resizeToZeros(rowCount: common.count)
    for (index, layer) in layers.enumerated() where !common.isEmpty {
      workspaces[index].sumGates(
        of: threads.map { $0.layers[0][index] }, weights[0][index].recurrent.kernels,
        threadCount: threadCount)
      layer.addInputGradients(
        input, rows: common, weights[0][index], RecurrentLayer.transposed(weights[0][index]),
        &gradients, &gradient, at: 0, &workspaces[index], threadCount: threadCount)
    }
    gradient.resize(rowCount: input.rowCount)
    for (share, thread) in threads.enumerated() {
      let own = own(share)
      Kernels.gather(
        Array(0..<Int32(own.count)), of: thread.ownInputGradient.storage, into: &gradient,
        at: own.lowerBound, threadCount: threadCount)
    }
  }
}
