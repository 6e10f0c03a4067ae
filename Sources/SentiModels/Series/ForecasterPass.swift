internal import SentiRNN
internal import SentiTensor
internal import SentiTraining

/// One member of a forecaster's ensemble over a batch of windows.
struct ForecasterPass<Scalar: MatrixScalar> {
  private let member: ForecasterNetwork.Member
  private let batch: ForecasterBatch<Scalar>
  /// What is read, `[N, I]`.
  private let input: Matrix<Scalar>
  private var outputMask: Matrix<Scalar>?

  init(
    _ member: ForecasterNetwork.Member, over batch: ForecasterBatch<Scalar>,
    parameters: Parameters<Scalar>
  ) {
    self.member = member
    self.batch = batch
    input = Self.input(member.embedding, batch, parameters)
  }

  /// The features of each time, and the vector of its series; zeros where that has none.
  private static func input(
    _ embedding: Embedding?, _ batch: ForecasterBatch<Scalar>, _ parameters: Parameters<Scalar>
  ) -> Matrix<Scalar> {
    guard let embedding else { return batch.features }
    let (rows, indices) = batch.embedded
    var found = Matrix<Scalar>(rowCount: rows.count, columnCount: embedding.embeddingSize)
    embedding.forward(indices, parameters, into: &found)
    var vectors = Matrix<Scalar>(
      rowCount: batch.sequences.tokenCount, columnCount: embedding.embeddingSize)
    Kernels.best.scatterAdd(found, to: rows, of: &vectors)
    return Matrix(concatenating: [batch.features, vectors])
  }

  /// Chooses which states are dropped, the same at all outputs of a window.
  mutating func drop(_ dropout: Dropout, using generator: inout SeededGenerator) {
    outputMask = dropout.lockedMask(
      batchSize: batch.windowCount, width: batch.shape.hiddenSize, using: &generator)
  }

  // MARK: Forward

  /// What the net says of each output: its quantiles in scaled distances from the base,
  /// `[P, horizon·Q]`.
  func forward(
    _ weights: ForecasterNetwork.Weights<Scalar>, mode: PassMode,
    _ workspace: inout StackWorkspace<Scalar>
  ) -> Matrix<Scalar> {
    member.head.forward(readout(weights, mode: mode, &workspace), weights.head)
  }

  /// The states and direct numbers that the output layer reads, `[P, H + D]`.
  private func readout(
    _ weights: ForecasterNetwork.Weights<Scalar>, mode: PassMode,
    _ workspace: inout StackWorkspace<Scalar>
  ) -> Matrix<Scalar> {
    member.encoder.forward(
      StackInput(input), over: batch.sequences, weights: weights.stack, mode: mode,
      workspace: &workspace)
    var states = workspace.outputs(batch.sequences).rows(batch.outputRows)
    Dropout.apply(outputMask, to: &states, rows: batch.outputSequences)
    return batch.direct.columnCount > 0
      ? Matrix(concatenating: [states, batch.direct]) : states
  }

  // MARK: Backward

  /// Adds the gradient of the quantile loss.
  ///
  /// - Returns: The loss.
  func addGradients(
    _ weights: ForecasterNetwork.Weights<Scalar>, scale: Double,
    _ workspace: inout StackWorkspace<Scalar>, gradients: inout Parameters<Scalar>
  ) -> EpochMetrics {
    let read = readout(weights, mode: .training, &workspace)
    let predictions = member.head.forward(read, weights.head)
    let readGradient = member.head.backward(
      batch.gradient(of: predictions, scale: scale), input: read, weights.head,
      gradients: &gradients)
    backward(readGradient, weights, &workspace, gradients: &gradients)
    return batch.tally(of: predictions)
  }

  private func backward(
    _ readGradient: Matrix<Scalar>, _ weights: ForecasterNetwork.Weights<Scalar>,
    _ workspace: inout StackWorkspace<Scalar>, gradients: inout Parameters<Scalar>
  ) {
    let (width, sequences) = (batch.shape.hiddenSize, batch.sequences)
    var states = readGradient.columns(0..<width)
    Dropout.apply(outputMask, to: &states, rows: batch.outputSequences)
    // [N, H]
    var outputs = Matrix<Scalar>(rowCount: sequences.tokenCount, columnCount: width)
    Kernels.best.scatterAdd(states, to: batch.outputRows, of: &outputs)
    workspace.resetGradients()
    workspace.addOutputGradient(outputs, sequences)
    member.encoder.backward(
      StackInput(input), over: sequences, weights: weights.stack, gradients: &gradients,
      workspace: &workspace)
    guard let embedding = member.embedding else { return }
    let first = batch.shape.featureCount
    let vectors = workspace.inputGradient.columns(first..<first + embedding.embeddingSize)
    let (rows, indices) = batch.embedded
    embedding.backward(indices, vectors.rows(rows), gradients: &gradients)
  }
}
