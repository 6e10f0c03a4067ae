public import SentiTensor

/// What lies between two layers of a stack: residual connection, batch normalization, dropout, in
/// this order.
///
///     input[l + 1] = mask * norm(output[l] + input[l])
extension RecurrentStack {
  /// The running statistics of batch normalization, which have no gradient.
  public var buffers: [ParameterSlot] {
    batchNormalizations.flatMap { [$0.runningMean, $0.runningVariance] }
  }

  /// Moves the running statistics of batch normalization towards those of the last batch.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - workspaces: What `forward` left on each thread that had a part of the batch, in training.
  ///   - momentum: The fraction of the new statistics; PyTorch's.
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
  private func isAdded(_ level: Int) -> Bool {
    isResidual && (level > 0 || inputSize == outputSize)
  }

  /// Makes the input of the layer above a level from that level's outputs.
  func connect<Scalar: MatrixScalar>(
    _ level: Int, _ input: StackInput<Scalar>, over sequences: PackedSequences,
    weights: StackWeights<Scalar>, mode: PassMode, _ workspace: inout StackWorkspace<Scalar>
  ) {
    workspace.merge(level: level, sequences)
    if isAdded(level) {
      let read = level == 0 ? input.rows : workspace.merged[level - 1]
      Kernels.best.addColumns(
        of: read, column: 0, rows: level == 0 ? input.indices : nil,
        to: &workspace.merged[level], rows: 0..<sequences.tokenCount)
    }
    if !weights.batchNormalizations.isEmpty {
      let normalization = weights.batchNormalizations[level]
      switch mode {
      case .training:
        BatchNormalization.apply(
          normalization, to: &workspace.merged[level], keeping: &workspace.normalBatches[level])
      case .chords, .inference:
        BatchNormalization.apply(normalization, to: &workspace.merged[level])
      }
    }
    workspace.drop(level, sequences, of: &workspace.merged[level])
  }

  /// Propagates the gradient of the input of the layer above a level to that level.
  func connectBackward<Scalar: MatrixScalar>(
    _ level: Int, _ input: StackInput<Scalar>, over sequences: PackedSequences,
    weights: StackWeights<Scalar>, gradients: inout Parameters<Scalar>,
    _ workspace: inout StackWorkspace<Scalar>
  ) {
    let kernels = weights.kernels
    workspace.drop(level, sequences, of: &workspace.mergedGradients[level])
    if !weights.batchNormalizations.isEmpty {
      batchNormalizations[level].backward(
        &workspace.mergedGradients[level], weights.batchNormalizations[level],
        workspace.normalBatches[level], gradients: &gradients)
    }
    workspace.split(level: level, sequences, kernels)
    guard isAdded(level) else { return }
    let gradient = workspace.mergedGradients[level]
    if level > 0 {
      kernels.addRows(
        of: gradient, rows: 0..<gradient.rowCount, to: &workspace.mergedGradients[level - 1])
    } else {
      let rows = input.indices ?? (0..<Int32(gradient.rowCount)).map { $0 }
      kernels.scatterAdd(gradient, to: rows, of: &workspace.inputGradient)
    }
  }
}
