public import SentiTensor

/// The memory of a ``RecurrentStack``.
public struct StackWorkspace<Scalar: MatrixScalar>: Sendable {
  /// The layers' workspaces, lowest layer first, one for each direction.
  public var layers: [[RecurrentWorkspace<Scalar>]]

  /// The inputs of each layer but the lowest, both directions side by side, `[N, 2H]`.
  var merged: [Matrix<Scalar>]

  /// The gradients of ``merged``.
  var mergedGradients: [Matrix<Scalar>]

  /// The gradient of the inputs that the last backward pass took care of: of all that it was given,
  /// `[D, I]`, or of those that only its thread reads.
  public internal(set) var inputGradient: Matrix<Scalar>

  /// What batch normalization between layers keeps of a batch.
  var normalBatches: [BatchNormalization.Batch<Scalar>]

  /// What the outputs of each layer but the highest are multiplied by on their way up, the same at
  /// every step.
  ///
  /// One mask a layer, with one row a packed sequence, `[B, 2H]`; empty: nothing is dropped. The forward
  /// pass stops at others.
  ///
  /// - SeeAlso: Gal and Ghahramani 2016, <https://arxiv.org/abs/1512.05287>.
  public var masks: [Matrix<Scalar>] = []

  /// Creates an empty workspace of layers that are made.
  init(_ configuration: StackConfiguration, layers: [[RecurrentWorkspace<Scalar>]]) {
    self.layers = layers
    let empty = Matrix<Scalar>(rowCount: 0, columnCount: configuration.outputSize)
    merged = layers.dropLast().map { _ in empty }
    mergedGradients = merged
    inputGradient = Matrix(rowCount: 0, columnCount: configuration.inputSize)
    let normalized = configuration.normalizesBatches ? merged : []
    normalBatches = normalized.map {
      BatchNormalization.Batch(normal: $0, mean: [], variance: [])
    }
  }

  /// The state in which every sequence ends, of all layers.
  ///
  /// - Parameter sequences: The lengths that the states were computed for.
  /// - Returns: The states in packed order.
  public func finalState(_ sequences: PackedSequences) -> StackState<Scalar> {
    StackState(layers: layers.map { $0.map { $0.finalState(sequences) } })
  }

  /// The outputs of the highest layer in packed order, both directions side by side, `[N, 2H]`.
  ///
  /// - Parameter sequences: The lengths that the states were computed for.
  /// - Returns: The outputs, `[N, 2H]`.
  /// - Complexity: O(N·H).
  public func outputs(_ sequences: PackedSequences) -> Matrix<Scalar> {
    let top = layers[layers.count - 1]
    let width = top.count * top[0].hidden.columnCount
    var outputs = Matrix<Scalar>(rowCount: sequences.tokenCount, columnCount: width)
    Self.merge(top, sequences, into: &outputs)
    return outputs
  }

  /// Draws ``masks`` of a batch.
  ///
  /// - Parameters:
  ///   - dropout: What is dropped; at a rate of 0 there are no masks, and nothing is drawn.
  ///   - batchSize: The number of sequences, B.
  ///   - generator: The source of randomness.
  public mutating func drawMasks(
    _ dropout: Dropout, batchSize: Int, using generator: inout SeededGenerator
  ) {
    let width = layers[0].count * layers[0][0].hidden.columnCount
    masks = layers.dropLast().compactMap { _ in
      dropout.lockedMask(batchSize: batchSize, width: width, using: &generator)
    }
  }

  /// The number of numbers that the workspace holds, whether the last batch used them or not.
  public var elementCount: Int {
    let matrices = merged + mergedGradients + [inputGradient] + normalBatches.map(\.normal)
    return matrices.reduce(layers.joined().reduce(0) { $0 + $1.elementCount }) {
      $0 + $1.storage.count
    }
  }

  /// Sets the gradients of all layers' states to zero.
  public mutating func resetGradients() {
    for level in layers.indices {
      for index in layers[level].indices { layers[level][index].resetGradients() }
    }
    for level in merged.indices {
      mergedGradients[level].resizeToZeros(rowCount: merged[level].rowCount)
    }
  }

  /// Adds the gradient of the highest layer's outputs, laid out as ``outputs(_:)``.
  ///
  /// - Parameters:
  ///   - gradient: The gradient, `[N, 2H]`.
  ///   - sequences: The lengths that the states were computed for.
  public mutating func addOutputGradient(
    _ gradient: Matrix<Scalar>, _ sequences: PackedSequences
  ) {
    let level = layers.count - 1
    let width = layers[level].count * layers[level][0].buffers.hidden.columnCount
    precondition(
      gradient.rowCount == sequences.tokenCount && gradient.columnCount == width,
      "gradient [\(gradient.rowCount), \(gradient.columnCount)] of outputs "
        + "[\(sequences.tokenCount), \(width)]")
    Self.split(gradient, sequences, into: &layers[level], .best)
  }

  mutating func merge(level: Int, _ sequences: PackedSequences) {
    merged[level].resize(rowCount: sequences.tokenCount)
    Self.merge(layers[level], sequences, into: &merged[level])
  }

  /// Multiplies outputs of a layer, or their gradient, by the layer's mask.
  func drop(
    _ level: Int, _ sequences: PackedSequences, of outputs: inout Matrix<Scalar>
  ) {
    guard !masks.isEmpty else { return }
    Kernels.best.multiplyRows(&outputs, by: masks[level], rows: sequences.sequenceRows)
  }

  mutating func split(level: Int, _ sequences: PackedSequences, _ kernels: Kernels<Scalar>) {
    Self.split(mergedGradients[level], sequences, into: &layers[level], kernels)
  }

  private static func merge(
    _ directions: [RecurrentWorkspace<Scalar>], _ sequences: PackedSequences,
    into target: inout Matrix<Scalar>
  ) {
    let states = sequences.batchSize..<sequences.stateRowCount
    for (index, direction) in directions.enumerated() {
      Kernels.copyColumns(
        of: MatrixBlock(direction.hidden, rows: states), into: &target,
        at: MatrixPosition(column: index * direction.hidden.columnCount),
        rows: index == 0 ? nil : sequences.reversedPositions)
    }
  }

  private static func split(
    _ gradient: Matrix<Scalar>, _ sequences: PackedSequences,
    into directions: inout [RecurrentWorkspace<Scalar>], _ kernels: Kernels<Scalar>
  ) {
    let states = sequences.batchSize..<sequences.stateRowCount
    for index in directions.indices {
      kernels.addColumns(
        of: gradient, column: index * directions[index].hidden.columnCount,
        rows: index == 0 ? nil : sequences.reversedPositions,
        to: &directions[index].hiddenGradient, rows: states)
    }
  }
}
