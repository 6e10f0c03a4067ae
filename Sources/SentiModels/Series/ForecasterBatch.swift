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

/// Windows that all members of an ensemble read.
///
/// The numbers of a window are scaled by the times before its first output, so that no output knows more
/// than the past.
struct ForecasterBatch<Scalar: MatrixScalar> {
  let shape: ForecasterConfiguration
  let sequences: PackedSequences
  /// What is read of each time but the series' vector, `[N, F]`.
  let features: Matrix<Scalar>
  /// What the output layer reads beside the state of each output, `[P, D]`.
  let direct: Matrix<Scalar>
  /// The positions whose series have a vector, and the vector of each.
  let embedded: (rows: [Int32], indices: [Int32])
  /// For each output its position and its packed window, `[P]`.
  let outputRows: [Int32]
  let outputSequences: [Int32]
  private let series: [PreparedSeries]
  /// In packed order.
  private let examples: [ForecasterExample]
  /// For each packed window what its numbers are scaled by.
  private let scales: [WindowScale]
  /// The scaled distances of what came from the base, and which of them count, `[P, horizon]`.
  private let targets: (values: Matrix<Scalar>, weights: Matrix<Scalar>)

  init(
    _ shape: ForecasterConfiguration, _ examples: [ForecasterExample], of series: [PreparedSeries]
  ) {
    let sequences = PackedSequences(
      lengths: examples.map { shape.windowSize + $0.outputCount - 1 })
    let examples = sequences.order.map { examples[$0] }
    let scales = examples.map { example in
      series[example.series].scale(
        shape.scaling, window: example.origin - shape.windowSize..<example.origin)
    }
    let outputs = examples.enumerated().flatMap { index, example in
      (0..<example.outputCount).map { output in
        (
          Int32(sequences.position(step: shape.windowSize - 1 + output, sequence: index)),
          Int32(index)
        )
      }
    }
    self.shape = shape
    self.series = series
    self.sequences = sequences
    self.examples = examples
    self.scales = scales
    outputRows = outputs.map(\.0)
    outputSequences = outputs.map(\.1)
    let indices = examples.map { series[$0.series].embeddingIndex }
    let known = sequences.sequenceRows.enumerated().compactMap { row, sequence in
      indices[Int(sequence)].map { (Int32(row), $0) }
    }
    embedded = (known.map(\.0), known.map(\.1))
    features = Self.features(
      of: examples, in: series, shape, sequences: sequences, scales: scales)
    direct = Self.direct(shape, examples, series, scales: scales)
    targets = Self.targets(shape, examples, series, scales: scales)
  }

  /// The number of windows.
  var windowCount: Int { examples.count }

  private static func features(
    of examples: [ForecasterExample], in series: [PreparedSeries],
    _ shape: ForecasterConfiguration, sequences: PackedSequences, scales: [WindowScale]
  ) -> Matrix<Scalar> {
    var elements: [Scalar] = []
    elements.reserveCapacity(sequences.tokenCount * shape.featureCount)
    for (step, size) in sequences.stepSizes.enumerated() {
      for index in 0..<size {
        let example = examples[index]
        series[example.series].appendFeatures(
          at: example.origin - shape.windowSize + step, scales[index], to: &elements)
      }
    }
    return Matrix(
      rowCount: sequences.tokenCount, columnCount: shape.featureCount, elements: elements)
  }

  /// The last numbers of each output, and what is known of the times that it forecasts.
  private static func direct(
    _ shape: ForecasterConfiguration, _ examples: [ForecasterExample],
    _ series: [PreparedSeries], scales: [WindowScale]
  ) -> Matrix<Scalar> {
    var elements: [Scalar] = []
    forEachOutput(of: examples) { example, index, origin in
      let (series, scale) = (series[example.series], scales[index])
      for time in origin - shape.lagCount..<origin {
        let value = scale.deviation > 0 ? series[time] : nil
        elements.append(value.map { Scalar(scale.scaled($0)) } ?? 0)
      }
      series.appendKnownAhead(origin..<origin + shape.horizon, to: &elements)
    }
    return Matrix(
      rowCount: examples.reduce(0) { $0 + $1.outputCount }, columnCount: shape.directCount,
      elements: elements)
  }

  private static func forEachOutput(
    of examples: [ForecasterExample],
    _ body: (_ example: ForecasterExample, _ sequence: Int, _ origin: Int) -> Void
  ) {
    for (index, example) in examples.enumerated() {
      for output in 0..<example.outputCount { body(example, index, example.origin + output) }
    }
  }

  // MARK: Loss

  private static func targets(
    _ shape: ForecasterConfiguration, _ examples: [ForecasterExample],
    _ series: [PreparedSeries], scales: [WindowScale]
  ) -> (values: Matrix<Scalar>, weights: Matrix<Scalar>) {
    let horizon = shape.horizon
    var (values, weights): ([Scalar], [Scalar]) = ([], [])
    forEachOutput(of: examples) { example, index, origin in
      let (series, deviation) = (series[example.series], scales[index].deviation)
      for time in origin..<origin + horizon {
        let value = time < example.end && deviation > 0 ? series[time] : nil
        values.append(
          value.map { Scalar(($0 - series.base(at: time, from: origin)) / deviation) } ?? 0)
        weights.append(value == nil ? 0 : 1)
      }
    }
    let rows = examples.reduce(0) { $0 + $1.outputCount }
    return (
      Matrix(rowCount: rows, columnCount: horizon, elements: values),
      Matrix(rowCount: rows, columnCount: horizon, elements: weights)
    )
  }

  private var loss: QuantileLoss { QuantileLoss(levels: shape.levels.values) }

  /// The quantile loss of what is predicted for all outputs, `[P, horizon·Q]`.
  func tally(of predictions: Matrix<Scalar>) -> EpochMetrics {
    EpochMetrics(
      lossSum: loss.lossSum(predictions, targets.values, weights: targets.weights),
      exampleCount: targets.weights.elements.count { $0 != 0 }, tokenCount: sequences.tokenCount)
  }

  /// The gradient of `scale` times the quantile loss.
  func gradient(of predictions: Matrix<Scalar>, scale: Double) -> Matrix<Scalar> {
    loss.gradient(predictions, targets.values, weights: targets.weights, scale: scale)
  }

  // MARK: Quantiles

  /// Predictions as quantiles of the first output of each window, in the caller's order.
  ///
  /// - Returns: For each window the base and the scale, and the sorted scaled distances of each step.
  func quantiles(of predictions: Matrix<Scalar>) -> [WindowQuantiles] {
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
