public import SentiTensor

/// What lies between two layers of a stack: residual connection, batch normalization, dropout, in
/// this order.
///
///     input[l + 1] = mask * norm(output[l] + input[l])
extension RecurrentStack {
  /// The running statistics of batch normalization, which have no gradient.
  public var statistics: [ParameterSlot] {
    batchNormalizations.flatMap { [$0.runningMean, $0.runningVariance] }
  }

  /// Moves the running statistics of batch normalization towards those of the last batch.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - workspaces: What `forward` left on each thread that had a part of the batch, where it kept
  ///     activations.
  ///   - momentum: The share of the new statistics; PyTorch's.
  public func updateRunningStatistics<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, _ workspaces: [StackWorkspace<Scalar>],
    momentum: Double = 0.1
  ) {
    for (level, normalization) in batchNormalizations.enumerated() {
      normalization.updateRunningStatistics(
        &parameters, workspaces.map { $0.normalBatches[level] }, momentum: momentum)
    }
  }

  /// Whether what a layer read is added to what it gave.
  private func isAddedTo<Scalar: MatrixScalar>(
    _ level: Int, _ input: Matrix<Scalar>
  ) -> Bool {
    isResidual && (level > 0 || input.columnCount == outputSize)
  }

  /// Makes the input of the layer above a level from that level's outputs.
  func join<Scalar: MatrixScalar>(
    _ level: Int, _ input: Matrix<Scalar>, _ inputRows: [Int32]?, _ sequences: PackedSequences,
    _ weights: [[RecurrentWeights<Scalar>]], keepsActivations: Bool,
    _ workspace: inout StackWorkspace<Scalar>
  ) {
    workspace.merge(level: level, sequences)
    if isAddedTo(level, input) {
      let read = level == 0 ? input : workspace.merged[level - 1]
      Kernels.best.addColumns(
        of: read, column: 0, rows: level == 0 ? inputRows : nil, to: &workspace.merged[level],
        rows: 0..<sequences.tokenCount)
    }
    if let normalization = weights[level + 1][0].inputNormalization {
      if keepsActivations {
        BatchNormalization.apply(
          normalization, to: &workspace.merged[level], keeping: &workspace.normalBatches[level])
      } else {
        BatchNormalization.apply(normalization, to: &workspace.merged[level])
      }
    }
    workspace.drop(level, sequences, of: &workspace.merged[level])
  }

  /// Propagates the gradient of the input of the layer above a level to that level.
  func joinBackward<Scalar: MatrixScalar>(
    _ level: Int, _ input: Matrix<Scalar>, _ sequences: PackedSequences,
    _ weights: [[RecurrentWeights<Scalar>]], _ gradients: inout Parameters<Scalar>,
    _ inputGradient: inout Matrix<Scalar>, _ workspace: inout StackWorkspace<Scalar>
  ) {
    let kernels = weights[level + 1][0].recurrent.kernels
    workspace.drop(level, sequences, of: &workspace.mergedGradients[level])
    if let normalization = weights[level + 1][0].inputNormalization {
      batchNormalizations[level].backward(
        &workspace.mergedGradients[level], normalization, workspace.normalBatches[level],
        &gradients)
    }
    workspace.split(level: level, sequences, kernels)
    guard isAddedTo(level, input) else { return }
    let gradient = workspace.mergedGradients[level]
    if level > 0 {
      kernels.addRows(
        of: gradient, rows: 0..<gradient.rowCount, to: &workspace.mergedGradients[level - 1])
    } else {
      let rows = workspace.layers[0][0].projectionRows ?? (0..<Int32(gradient.rowCount)).map { $0 }
      kernels.scatterAdd(gradient, to: rows, of: &inputGradient)
    }
  }
}
