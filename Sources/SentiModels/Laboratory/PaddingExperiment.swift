import SentiRNN
import SentiTensor

/// Zero padding with a mask against packing: the same outputs at another cost.
struct PaddingExperiment {
  /// The steps of real tokens.
  let tokenCount: Int
  /// The steps that padding computes.
  let paddedCount: Int
  /// Seconds of both.
  let (packedSeconds, paddedSeconds): (Double, Double)
  /// The greatest difference of an output of a real step.
  let difference: Double
  /// The greatest difference of the last outputs where padding is read as if it were text.
  let unmaskedDifference: Double

  init(_ settings: LabSettings) {
    var generator = SeededGenerator(seed: settings.seed)
    let (inputSize, count) = (16, 64)
    let model = SequenceModel<Float>(
      StackConfiguration(.gru, inputSize: inputSize, hiddenSize: 64), outputSize: 8,
      seed: settings.seed)
    let inputs = (0..<count).map { _ in
      let length = 2 + generator.number(below: generator.uniform() < 0.1 ? 120 : 30)
      return Matrix<Float>(
        rowCount: length, columnCount: inputSize,
        elements: (0..<length * inputSize).map { _ in Float(generator.normal()) })
    }
    let longest = inputs.map(\.rowCount).max() ?? 0
    let padded = inputs.map { $0.padded(to: longest) }
    let clock = ContinuousClock()
    var (packedOutputs, paddedOutputs) = ([Matrix<Float>](), [Matrix<Float>]())
    packedSeconds = clock.measure { packedOutputs = model.outputs(of: inputs) }.seconds
    paddedSeconds = clock.measure { paddedOutputs = model.outputs(of: padded) }.seconds
    tokenCount = inputs.reduce(0) { $0 + $1.rowCount }
    paddedCount = longest * count
    var (difference, unmasked) = (0.0, 0.0)
    for (packed, padded) in zip(packedOutputs, paddedOutputs) {
      for row in 0..<packed.rowCount {
        difference = max(difference, packed.distance(row, padded, row))
      }
      unmasked = max(unmasked, packed.distance(packed.rowCount - 1, padded, longest - 1))
    }
    (self.difference, unmaskedDifference) = (difference, unmasked)
  }

  var report: LabReport {
    let rows: [[LabValue]] = [
      [
        .text("packed"), .number(Double(tokenCount), digits: 0),
        .number(1000 * packedSeconds, digits: 2), .number(0, digits: 1),
      ],
      [
        .text("padded, real steps (a mask)"), .number(Double(paddedCount), digits: 0),
        .number(1000 * paddedSeconds, digits: 2), .magnitude(difference),
      ],
      [
        .text("padded, last step (no mask)"), .number(Double(paddedCount), digits: 0),
        .number(1000 * paddedSeconds, digits: 2), .magnitude(unmaskedDifference),
      ],
    ]
    return LabReport(tables: [
      LabTable(
        "A batch of 64 sequences of different lengths, filled up with zeros or packed. Without a mask the "
          + "last output is that of the zeros.",
        columns: ["batch", "steps computed", "milliseconds", "greatest difference"], rows: rows)
    ])
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}

extension Matrix<Float> {
  /// The same rows with zeros behind them.
  fileprivate func padded(to count: Int) -> Matrix {
    let zeros = [Float](repeating: 0, count: (count - rowCount) * columnCount)
    return Matrix(rowCount: count, columnCount: columnCount, elements: elements + zeros)
  }

  /// The greatest difference between a row and one of another matrix.
  fileprivate func distance(_ row: Int, _ other: Matrix, _ otherRow: Int) -> Double {
    zip(self.row(row), other.row(otherRow)).map { Double(abs($0 - $1)) }.max() ?? 0
  }
}
