import Benchmark
internal import EngineWork
internal import SentiRNN
internal import SentiTensor
internal import Synchronization

/// The works of `recurrent` in the harness.
///
/// It gives percentiles over many runs, and baselines to compare a change with. Ratios to other engines
/// are `Benchmarks/run`'s, since those are not programs in Swift.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock], warmupIterations: 2, maxDuration: .seconds(3),
    maxIterations: 10_000, thresholds: [.wallClock: .init(relative: [.p50: 10])])
  let (shape, reviews) = (NetShape(), drawnReviews(count: 4))
  let dense = DenseBatch.shares(shape, threadCount: 1)
  let review = [Array(reviews[0].joined().prefix(230))]

  /// Inference of what a closure makes of a layer.
  func inference(
    _ name: String, _ cell: CellConfiguration, threadCount: Int = 1,
    precision: WeightPrecision = .full,
    _ run: @escaping @Sendable (LayerInference) -> Void
  ) {
    Benchmark(
      "inference, \(name), \(cell)",
      closure: { benchmark, layer in for _ in benchmark.scaledIterations { run(layer) } },
      setup: { LayerInference(cell, shape, threadCount: threadCount, precision: precision) })
  }

  for cell in [CellConfiguration.gru, .lstm] {
    inference("dense", cell) { $0.run(dense) }
    inference("dense, 8-bit integers", cell, precision: .integer8) { $0.run(dense) }
    inference("one review", cell) { $0.run(review) }
    Benchmark(
      "training, dense, \(cell)",
      closure: { benchmark, layer in
        for _ in benchmark.scaledIterations { layer.value.withLock { $0.run() } }
      },
      setup: { Shared(LayerTraining(cell, shape)) })
    for threadCount in 1...2 {
      inference("reviews, threads: \(threadCount)", cell, threadCount: threadCount) { layer in
        for batch in reviews { layer.run(batch) }
      }
      Benchmark(
        "training, reviews, threads: \(threadCount), \(cell)",
        closure: { benchmark, net in
          for _ in benchmark.scaledIterations { try net.value.withLock { try $0.run() } }
        },
        setup: { Shared(NetTraining(cell, shape, reviews, threadCount: threadCount)) })
    }
  }
}

/// What is made once and goes on from run to run.
private final class Shared<Value: Sendable>: Sendable {
  let value: Mutex<Value>
  init(_ value: Value) { self.value = Mutex(value) }
}

/// Batches of reviews with the words of Zipf's law.
private func drawnReviews(count: Int) -> [[[Int32]]] {
  var generator = SeededGenerator(seed: 1)
  var words = WordSource.zipf(
    vocabularySize: NetShape().vocabularySize, count: 1 << 18, &generator)
  return (0..<count).map { _ in ReviewLengths.batch(size: 64, of: &words, &generator) }
}
