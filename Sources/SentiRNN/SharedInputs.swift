public import SentiTensor

/// The distinct inputs of a batch that is divided among threads.
///
/// Most words of a batch that one thread reads, another reads too. So that none is projected twice,
/// forward or backward, all of them are projected before the threads begin, and their gradients are
/// summed when the threads are done, each by all threads together:
///
///     inputs.project(weights: weights, threadCount: 2)
///     // on each thread, with sequences and a workspace of its own
///     stack.forward(inputs, inputRows: rows, …)
///     stack.backward(inputs, …)
///     // and when all are done
///     inputs.backward(from: workspaces, weights: weights, gradients: &gradients, threadCount: 2)
///
/// It keeps its memory from batch to batch.
public struct SharedInputs<Scalar: MatrixScalar>: Sendable {
  /// The distinct inputs, `[D, I]`.
  public var input: Matrix<Scalar>

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
  public mutating func project(weights: [[RecurrentWeights<Scalar>]], threadCount: Int) {
    for (index, layer) in layers.enumerated() {
      layer.project(
        input, rows: 0..<input.rowCount, weights[0][index], &workspaces[index],
        threadCount: threadCount)
    }
  }

  /// The projection for one direction, `[D, G·H]`.
  func projection(_ index: Int) -> Matrix<Scalar> { workspaces[index].buffers.projection }

  /// Takes the gradients of the lowest layer's gates to its input weights, and to ``gradient``.
  ///
  /// - Parameters:
  ///   - threads: What the stack's backward pass left on each thread.
  ///   - weights: The stack's packed weights, made for training.
  ///   - gradients: Receives the parameters' gradients, added.
  ///   - threadCount: The number of threads; the result does not depend on it.
  /// - Complexity: O(N·G·H + D·I·G·H).
  public mutating func backward(
    from threads: [StackWorkspace<Scalar>], weights: [[RecurrentWeights<Scalar>]],
    gradients: inout Parameters<Scalar>, threadCount: Int
  ) {
    gradient.resizeToZeros(rowCount: input.rowCount)
    for (index, layer) in layers.enumerated() {
      workspaces[index].sumGates(
        of: threads.map { $0.layers[0][index] }, weights[0][index].recurrent.kernels,
        threadCount: threadCount)
      layer.addInputGradients(
        input, rows: 0..<input.rowCount, weights[0][index],
        RecurrentLayer.transposed(weights[0][index]), &gradients, &gradient, &workspaces[index],
        threadCount: threadCount)
      if threads.count == 1 { workspaces[index].forgetSums() }
    }
  }
}
