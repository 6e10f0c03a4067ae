public import SentiTensor

/// Backward by chords: exact contributions to the change from one sequence to another.
///
/// The first sequence of the batch is the reference. Where a gradient has the slope f'(a) of a nonlinearity,
/// this has that of its chord, (f(a) - f(a0)) / (a - a0), and where a gradient of a product u·v has v, this
/// has the mean of v in both sequences:
///
///     f(a) - f(a0) = chord · (a - a0)
///     u v - u0 v0  = (v + v0) / 2 · (u - u0) + (u + u0) / 2 · (v - v0)
///
/// Both are exact, and sums are linear, so that the change of what is asked for is that of the inputs times
/// what comes back to them. It is a gradient whose finite difference is not small: the integral of the
/// gradient along a path of one step, in which every operation is taken along a path of its own.
///
/// - SeeAlso: the rule of chords: Shrikumar et al. 2017, <https://arxiv.org/abs/1704.02685>; discrete
///   gradients: Gonzalez 1996, <https://doi.org/10.1007/BF02440162>.
extension RecurrentStack {
  /// Whether there is a backward pass by chords: for gated cells that do not normalize, read in one
  /// direction.
  public var hasChords: Bool {
    configuration.cell.hasChords && !isBidirectional && !isResidual && batchNormalizations.isEmpty
  }

  /// What each input gives to the change of the states from the first sequence to its own, weighted by the
  /// gradients of the top layer's states.
  ///
  /// The first sequence is the longest. After `forward` with ``PassMode/chords`` and the states' gradients,
  /// those of the first sequence zero, the products of a sequence sum to
  ///
  ///     Σ gradient · (state - first sequence's state at the same step)
  ///
  /// but for rounding, whatever the distance. Inputs are projected already, so that no product leads back to
  /// them: a position's gates' gradient is multiplied by the change of its projection.
  ///
  /// - Parameters:
  ///   - input: What `forward` was given.
  ///   - sequences: The lengths, as they are packed.
  ///   - weights: The packed weights, made for training.
  ///   - workspace: What `forward` left, with the states' gradients; then the gradients of the initial states.
  /// - Returns: One product a position, `[N]`; those of the first sequence are 0.
  /// - Precondition: ``hasChords``.
  /// - Complexity: That of `forward` without its projection.
  public func chordProducts<Scalar: MatrixScalar>(
    _ input: StackInput<Scalar>, over sequences: PackedSequences, weights: StackWeights<Scalar>,
    workspace: inout StackWorkspace<Scalar>
  ) -> [Scalar] {
    precondition(hasChords, "chords of \(configuration)")
    for level in layers.indices.reversed().dropLast() {
      let layer = layers[level][0]
      var gradient = workspace.takeMergedGradient(level - 1)
      workspace.layers[level][0].buffers.chordProducts.resize(rowCount: 0)
      layer.stepsBackward(over: sequences, weights[level][0], &workspace.layers[level][0]) {
        positions, workspace in
        weights.kernels.multiply(
          MatrixBlock(workspace.buffers.inputGateGradient, rows: 0..<positions.count),
          by: weights[level][0].backward.input, adding: .target, into: &gradient,
          at: MatrixPosition(row: positions.lowerBound))
      }
      workspace.mergedGradients[level - 1] = gradient
      workspace.split(level: level - 1, sequences, weights.kernels)
    }
    return layers[0][0].chordProducts(
      input, over: sequences, weights[0][0], &workspace.layers[0][0])
  }
}

extension RecurrentLayer {
  /// The products of the lowest layer.
  fileprivate func chordProducts<Scalar: MatrixScalar>(
    _ input: StackInput<Scalar>, over sequences: PackedSequences,
    _ weights: RecurrentWeights<Scalar>, _ workspace: inout RecurrentWorkspace<Scalar>
  ) -> [Scalar] {
    var products = [Scalar](repeating: 0, count: sequences.tokenCount)
    if let projection = input.projections.first { workspace.buffers.cachedProjection = projection }
    defer { workspace.buffers.dropCachedProjection() }
    let longest = sequences.tokenCount
    workspace.buffers.chordProducts.resize(rowCount: longest)
    stepsBackward(over: sequences, weights, &workspace) { positions, workspace in
      let found = workspace.buffers.chordProducts.storage[0..<positions.count]
      products.replaceSubrange(positions, with: found)
    }
    return products
  }
}

extension StackWorkspace {
  /// Hands the gradient of a layer's merged outputs over, so that it has one owner.
  fileprivate mutating func takeMergedGradient(_ level: Int) -> Matrix<Scalar> {
    let taken = mergedGradients[level]
    mergedGradients[level] = Matrix(rowCount: 0, columnCount: taken.columnCount)
    return taken
  }
}
