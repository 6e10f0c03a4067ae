internal import SentiRNN
internal import SentiTensor
internal import SentiTraining

/// A window of a series that a net reads, with outputs after its last times.
struct ForecasterExample: Hashable, Sendable {
  /// The index of the series.
  let series: Int
  /// The first time that the first output forecasts; the window ends before it.
  let origin: Int
  /// The number of outputs: the second one has read one time more, and so on.
  let outputCount: Int
  /// The times from here on are not to be learned from.
  let end: Int
}

/// A forecaster's net over a batch of windows.
///
/// The numbers of a window are scaled by the times before its first output, so that no output knows more
/// than the past.
struct ForecasterPass<Scalar: MatrixScalar> {
  private let network: ForecasterNetwork
  private let series: [PreparedSeries]
  /// In packed order.
  private let examples: [ForecasterExample]
  private let sequences: PackedSequences
  private let parameters: Parameters<Scalar>
  /// What is read, `[N, I]`.
  private let input: Matrix<Scalar>
  /// For each packed window what its numbers are scaled by.
  private let scales: [WindowScale]
  /// For each output its position and its packed window.
  private var outputRows: [Int32] = []
  private var outputSequences: [Int32] = []
  private var outputMask: Matrix<Scalar>?

  init(
    _ network: ForecasterNetwork, _ examples: [ForecasterExample], of series: [PreparedSeries],
    parameters: Parameters<Scalar>
  ) {
    let shape = network.configuration
    self.network = network
    self.series = series
    self.parameters = parameters
    sequences = PackedSequences(
      lengths: examples.map { shape.windowSize + $0.outputCount - 1 })
    self.examples = sequences.order.map { examples[$0] }
    scales = self.examples.map { example in
      series[example.series].scale(
        shape.scaling, window: example.origin - shape.windowSize..<example.origin)
    }
    input = Self.input(
      network, of: self.examples, in: series, packing: (sequences, scales),
      parameters: parameters)
    for (index, example) in self.examples.enumerated() {
      for output in 0..<example.outputCount {
        let step = shape.windowSize - 1 + output
        outputRows.append(Int32(sequences.position(step: step, sequence: index)))
        outputSequences.append(Int32(index))
      }
    }
  }

  // MARK: Input

  private static func input(
    _ network: ForecasterNetwork, of examples: [ForecasterExample], in series: [PreparedSeries],
    packing: (sequences: PackedSequences, scales: [WindowScale]),
    parameters: Parameters<Scalar>
  ) -> Matrix<Scalar> {
    let (shape, sequences) = (network.configuration, packing.sequences)
    var elements: [Scalar] = []
    elements.reserveCapacity(sequences.tokenCount * shape.inputSize)
    let vectors = examples.map {
      vector(of: series[$0.series], network.embedding, parameters)
    }
    for (step, size) in sequences.stepSizes.enumerated() {
      for index in 0..<size {
        let example = examples[index]
        series[example.series].appendFeatures(
          at: example.origin - shape.windowSize + step, packing.scales[index], to: &elements)
        elements += vectors[index]
      }
    }
    return Matrix(
      rowCount: sequences.tokenCount, columnCount: shape.inputSize, elements: elements)
  }

  /// The vector of a series; zeros where it has none, and nothing where no series has.
  private static func vector(
    of series: PreparedSeries, _ embedding: Embedding?, _ parameters: Parameters<Scalar>
  ) -> [Scalar] {
    guard let embedding else { return [] }
    var vector = Matrix<Scalar>(rowCount: 1, columnCount: embedding.embeddingSize)
    if let index = series.embeddingIndex {
      embedding.forward([index], parameters, into: &vector)
    }
    return vector.row(0)
  }

  /// The last numbers of each output, `[P, lags]`.
  private var lags: Matrix<Scalar> {
    let shape = network.configuration
    var elements: [Scalar] = []
    forEachOutput { example, index, origin in
      let scale = scales[index]
      for time in origin - shape.lagCount..<origin {
        let value = scale.deviation > 0 ? series[example.series][time] : nil
        elements.append(value.map { Scalar(scale.scaled($0)) } ?? 0)
      }
    }
    return Matrix(
      rowCount: outputRows.count, columnCount: shape.lagCount, elements: elements)
  }

  private func forEachOutput(
    _ body: (_ example: ForecasterExample, _ sequence: Int, _ origin: Int) -> Void
  ) {
    for (index, example) in examples.enumerated() {
      for output in 0..<example.outputCount { body(example, index, example.origin + output) }
    }
  }

  /// Chooses which states are dropped, the same at all outputs of a window.
  mutating func drop(_ dropout: Dropout, using generator: inout SeededGenerator) {
    outputMask = dropout.lockedMask(
      batchSize: examples.count, width: network.configuration.hiddenSize, using: &generator)
  }

  // MARK: Forward

  /// What the net says of each output: its quantiles in scaled distances from the base,
  /// `[P, horizon·Q]`.
  func forward(
    _ weights: ForecasterNetwork.Weights<Scalar>, mode: PassMode,
    _ workspace: inout StackWorkspace<Scalar>
  ) -> Matrix<Scalar> {
    network.head.forward(readout(weights, mode: mode, &workspace), weights.head)
  }

  /// The states and last numbers that the output layer reads, `[P, H + lags]`.
  private func readout(
    _ weights: ForecasterNetwork.Weights<Scalar>, mode: PassMode,
    _ workspace: inout StackWorkspace<Scalar>
  ) -> Matrix<Scalar> {
    network.encoder.forward(
      StackInput(input), over: sequences, weights: weights.stack, mode: mode,
      workspace: &workspace)
    var states = workspace.outputs(sequences).rows(outputRows)
    Dropout.apply(outputMask, to: &states, rows: outputSequences)
    let lags = lags
    return lags.columnCount > 0 ? Matrix(concatenating: [states, lags]) : states
  }

  /// The scaled distances of what came from the base, and which of them count, `[P, horizon]`.
  private var targets: (values: Matrix<Scalar>, weights: Matrix<Scalar>) {
    let horizon = network.configuration.horizon
    var (values, weights): ([Scalar], [Scalar]) = ([], [])
    forEachOutput { example, index, origin in
      let (series, deviation) = (series[example.series], scales[index].deviation)
      for time in origin..<origin + horizon {
        let value = time < example.end && deviation > 0 ? series[time] : nil
        values.append(
          value.map { Scalar(($0 - series.base(at: time, from: origin)) / deviation) } ?? 0)
        weights.append(value == nil ? 0 : 1)
      }
    }
    let rows = outputRows.count
    return (
      Matrix(rowCount: rows, columnCount: horizon, elements: values),
      Matrix(rowCount: rows, columnCount: horizon, elements: weights)
    )
  }

  private var loss: QuantileLoss { QuantileLoss(levels: network.configuration.levels.values) }

  /// The quantile loss of all outputs.
  func tally(
    _ weights: ForecasterNetwork.Weights<Scalar>, _ workspace: inout StackWorkspace<Scalar>
  ) -> EpochMetrics {
    let predictions = forward(weights, mode: .inference, &workspace)
    return tally(of: predictions, targets)
  }

  private func tally(
    of predictions: Matrix<Scalar>, _ targets: (values: Matrix<Scalar>, weights: Matrix<Scalar>)
  ) -> EpochMetrics {
    EpochMetrics(
      lossSum: loss.lossSum(predictions, targets.values, weights: targets.weights),
      exampleCount: targets.weights.elements.count { $0 != 0 }, tokenCount: sequences.tokenCount)
  }

  // MARK: Backward

  /// Adds the gradient of the quantile loss.
  func addGradients(
    _ weights: ForecasterNetwork.Weights<Scalar>, scale: Double,
    _ workspace: inout StackWorkspace<Scalar>, gradients: inout Parameters<Scalar>
  ) -> EpochMetrics {
    let read = readout(weights, mode: .training, &workspace)
    let predictions = network.head.forward(read, weights.head)
    let targets = targets
    let gradient = loss.gradient(
      predictions, targets.values, weights: targets.weights, scale: scale)
    let readGradient = network.head.backward(
      gradient, input: read, weights.head, gradients: &gradients)
    backward(readGradient, weights, &workspace, gradients: &gradients)
    return tally(of: predictions, targets)
  }

  private func backward(
    _ readGradient: Matrix<Scalar>, _ weights: ForecasterNetwork.Weights<Scalar>,
    _ workspace: inout StackWorkspace<Scalar>, gradients: inout Parameters<Scalar>
  ) {
    let width = network.configuration.hiddenSize
    var states = readGradient.columns(0..<width)
    Dropout.apply(outputMask, to: &states, rows: outputSequences)
    // [N, H]
    var outputs = Matrix<Scalar>(rowCount: sequences.tokenCount, columnCount: width)
    Kernels.best.scatterAdd(states, to: outputRows, of: &outputs)
    workspace.resetGradients()
    workspace.addOutputGradient(outputs, sequences)
    network.encoder.backward(
      StackInput(input), over: sequences, weights: weights.stack, gradients: &gradients,
      workspace: &workspace)
    guard let embedding = network.embedding else { return }
    let first = network.configuration.featureCount
    let vectors = workspace.inputGradient.columns(first..<first + embedding.embeddingSize)
    let known = sequences.sequenceRows.enumerated().compactMap { row, index in
      series[examples[Int(index)].series].embeddingIndex.map { (Int32(row), $0) }
    }
    embedding.backward(known.map(\.1), vectors.rows(known.map(\.0)), gradients: &gradients)
  }

  // MARK: Quantiles

  /// What the net says, as quantiles of the first output of each window, in the caller's order.
  ///
  /// - Returns: For each window the base and the scale, and the sorted scaled distances of each step.
  func quantiles(
    _ weights: ForecasterNetwork.Weights<Scalar>, _ workspace: inout StackWorkspace<Scalar>
  ) -> [WindowQuantiles] {
    let predictions = forward(weights, mode: .inference, &workspace)
    let shape = network.configuration
    let count = shape.levels.count
    var results: [(order: Int, quantiles: WindowQuantiles)] = []
    for (index, example) in examples.enumerated() {
      precondition(example.outputCount == 1, "\(example.outputCount) outputs of a forecast")
      let row = predictions.row(index).map { Double($0) }
      let steps = (0..<shape.horizon).map { step in
        WindowQuantiles.Step(
          base: series[example.series].base(at: example.origin + step, from: example.origin),
          distances: row[step * count..<(step + 1) * count].sorted())
      }
      results.append(
        (sequences.order[index], WindowQuantiles(scale: scales[index].deviation, steps: steps)))
    }
    return results.sorted { $0.order < $1.order }.map(\.quantiles)
  }
}

/// What a net says after a window, in transformed numbers.
struct WindowQuantiles: Sendable {
  /// The forecast of one time.
  struct Step: Sendable {
    /// What the base forecasts.
    var base: Double
    /// The distances of the quantiles from it, divided by the scale, in order.
    var distances: [Double]
  }

  /// What distances are multiplied by.
  var scale: Double
  /// The forecasts, first time first.
  var steps: [Step]
}
