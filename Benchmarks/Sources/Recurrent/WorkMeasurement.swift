internal import EngineWork
internal import Measurement
internal import SentiRNN
internal import SentiTensor

/// Measures one work for all cells and numbers of threads.
struct WorkMeasurement {
  let work: Work
  let shape: NetShape
  let batches: [[[Int32]]]
  let sampling: Sampling
  let labelled: String?

  /// The figures; works that know no threads or cells have one figure for all of them.
  func figures(cells: [CellConfiguration], threads: [Int]) throws -> [Figure] {
    switch work {
    case .peak: return [peak]
    case .inferenceOne: return cells.map(inferenceOne)
    case .trainingFixed: return cells.flatMap(trainingFixed)
    case .accuracy: return try accuracies
    case .trainingMemory: return try cells.prefix(1).map(trainingMemory)
    case .inferenceFixed:
      return pairs(cells, threads).map { inferenceFixed($0.cell, threadCount: $0.threadCount) }
    case .inferenceInteger8, .inferenceBfloat16:
      let precision: WeightPrecision = work == .inferenceInteger8 ? .integer8 : .bfloat16
      return pairs(cells, threads).map {
        inferenceFixed($0.cell, threadCount: $0.threadCount, precision: precision)
      }
    case .inferenceReviews, .inferenceLevel:
      return pairs(cells, threads).map { inference($0.cell, threadCount: $0.threadCount) }
    case .trainingReviews, .trainingLevel:
      return try pairs(cells, threads).map { try training($0.cell, threadCount: $0.threadCount) }
    }
  }

  private func pairs(
    _ cells: [CellConfiguration], _ threads: [Int]
  ) -> [(cell: CellConfiguration, threadCount: Int)] {
    cells.flatMap { cell in threads.map { (cell, $0) } }
  }

  // MARK: Inference

  private func inferenceFixed(
    _ cell: CellConfiguration, threadCount: Int, precision: WeightPrecision = .full
  ) -> Figure {
    let layer = LayerInference(cell, shape, threadCount: threadCount, precision: precision)
    let shares = DenseBatch.shares(shape, threadCount: threadCount)
    let times = sampling.times { layer.run(shares) }
    return rate(cell, threadCount, tokenCount: shape.batchSize * shape.stepCount, times)
  }

  private func inference(_ cell: CellConfiguration, threadCount: Int) -> Figure {
    let layer = LayerInference(cell, shape, threadCount: threadCount)
    let times = sampling.times { for batch in batches { layer.run(batch) } }
    return rate(cell, threadCount, tokenCount: tokenCount, times)
  }

  private func inferenceOne(_ cell: CellConfiguration) -> Figure {
    let layer = LayerInference(cell, shape, threadCount: 1)
    let times = sampling.times { layer.run(batches[0]) }
    return Figure(
      work.rawValue, cell: cell.name, threads: 1, value: times.median * 1000, unit: "ms")
  }

  // MARK: Training

  private func training(_ cell: CellConfiguration, threadCount: Int) throws -> Figure {
    var net = NetTraining(cell, shape, batches, threadCount: threadCount)
    let times = try sampling.times { try net.run() }
    return rate(cell, threadCount, tokenCount: net.tokenCount, times)
  }

  /// Tokens a second, and the products' operations a second.
  private func trainingFixed(_ cell: CellConfiguration) -> [Figure] {
    var layer = LayerTraining(cell, shape)
    let times = sampling.times { layer.run() }
    let isUsual = shape.hiddenSize == NetShape.usualHiddenSize
    let name = work.rawValue + (isUsual ? "" : "-\(shape.hiddenSize)")
    return [
      Figure(
        name, cell: cell.name, threads: 1, value: Double(layer.tokenCount) / times.median,
        unit: "tokens/s"),
      Figure(
        name, cell: cell.name, threads: 1,
        value: Double(layer.operationCount) / times.median / 1e9, unit: "GFLOP/s"),
    ]
  }

  private func trainingMemory(_ cell: CellConfiguration) throws -> Figure {
    let padded = batches.max { Self.paddedSize($0) < Self.paddedSize($1) } ?? []
    let before = Memory.byteCount ?? Memory.peakByteCount
    var net = NetTraining(cell, shape, [padded], threadCount: 1)
    for _ in 0..<2 { try net.run() }
    let added = Double(Memory.peakByteCount - before) / 1e6
    return Figure(work.rawValue, cell: cell.name, threads: 1, value: added, unit: "MB")
  }

  private static func paddedSize(_ batch: [[Int32]]) -> Int {
    batch.count * (batch.map(\.count).max() ?? 0)
  }

  // MARK: Accuracy

  private var accuracies: [Figure] {
    get throws {
      guard let labelled else { return [] }
      let accuracy = try RoundedAccuracy(labelled)
      return [("accuracy", WeightPrecision.full), ("accuracy-int8", .integer8)].map {
        Figure($0, threads: 1, value: accuracy.percent($1), unit: "%")
      }
    }
  }

  // MARK: Machine

  private var peak: Figure {
    let rate = MachinePeak.operationsPerSecond(seconds: sampling.seconds)
    return Figure(work.rawValue, threads: 1, value: rate / 1e9, unit: "GFLOP/s")
  }

  private var tokenCount: Int { batches.joined().reduce(0) { $0 + $1.count } }

  private func rate(
    _ cell: CellConfiguration, _ threadCount: Int, tokenCount: Int, _ times: [Double]
  ) -> Figure {
    Figure(
      work.rawValue, cell: cell.name, threads: threadCount,
      value: Double(tokenCount) / times.median, unit: "tokens/s")
  }
}
