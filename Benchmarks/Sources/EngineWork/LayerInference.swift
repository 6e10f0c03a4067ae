internal import Dispatch
internal import SentiRNN
package import SentiTensor
internal import Synchronization

/// Word vectors and one recurrent layer, run forward on several threads: a share of the batch each.
///
/// As in a classifier that has read some texts, the words that are frequent are projected once for all.
package struct LayerInference: Sendable {
  private let embedding: Embedding
  private let stack: RecurrentStack
  private let parameters: Parameters<Float>
  private let weights: StackWeights<Float>
  /// Of the words that are most frequent; with them the workload's numbers begin.
  private let frequent: CachedProjection<Float>
  private let scratch: [Scratch]

  /// Makes a layer with weights drawn from a seed.
  package init(
    _ cell: CellConfiguration, _ shape: NetShape, threadCount: Int,
    precision: WeightPrecision = .full
  ) {
    var layout = ParameterLayout()
    embedding = Embedding(
      vocabularySize: shape.vocabularySize, embeddingSize: shape.hiddenSize, prefix: "embedding.",
      layout: &layout)
    stack = RecurrentStack(
      StackConfiguration(cell, inputSize: shape.hiddenSize, hiddenSize: shape.hiddenSize),
      prefix: "encoder.", layout: &layout)
    var (parameters, generator) = (Parameters<Float>(layout: layout), SeededGenerator(seed: 1))
    embedding.initialize(&parameters, using: &generator)
    stack.initialize(&parameters, using: &generator)
    self.parameters = parameters
    weights = stack.weights(parameters, isForTraining: false, precision: precision)
    let count = CachedProjection<Float>.count(of: shape.vocabularySize, for: stack)
    var rows = Matrix<Float>(rowCount: 0, columnCount: shape.hiddenSize)
    embedding.forward(Array(0..<Int32(count)), parameters, into: &rows)
    frequent = CachedProjection(rows, weights: weights)
    let stack = stack
    scratch = (0..<threadCount).map { _ in Scratch(stack, inputSize: shape.hiddenSize) }
  }

  /// Reads a batch of token ids.
  package func run(_ batch: [[Int32]]) {
    let shares = Shares.deal(batch, to: scratch.count, size: \.count)
    DispatchQueue.concurrentPerform(iterations: shares.count) { index in
      scratch[index].contents.withLock { read(shares[index], &$0) }
    }
  }

  private func read(_ texts: [[Int32]], _ scratch: inout Scratch.Contents) {
    let batch = PackedBatch(texts)
    let words = batch.unique(
      vocabularySize: embedding.vocabularySize, cachedCount: frequent.count)
    embedding.forward(words.values, parameters, into: &scratch.rows)
    stack.forward(
      StackInput(scratch.rows, indices: words.inverse, behind: frequent), over: batch.sequences,
      weights: weights, mode: .inference, workspace: &scratch.workspace)
  }

  /// Reads dense batches, one a thread.
  package func run(_ batches: [DenseBatch]) {
    DispatchQueue.concurrentPerform(iterations: batches.count) { index in
      scratch[index].contents.withLock { scratch in
        stack.forward(
          StackInput(batches[index].input), over: batches[index].sequences, weights: weights,
          mode: .inference, workspace: &scratch.workspace)
      }
    }
  }

  /// The scratch memory of one thread, behind a lock that no other thread ever waits for.
  private final class Scratch: Sendable {
    struct Contents: Sendable {
      var workspace: StackWorkspace<Float>
      var rows: Matrix<Float>
    }

    let contents: Mutex<Contents>

    init(_ stack: RecurrentStack, inputSize: Int) {
      contents = Mutex(
        Contents(
          workspace: StackWorkspace(stack), rows: Matrix(rowCount: 0, columnCount: inputSize)))
    }
  }
}

/// Sequences of equal lengths with an input row for each step.
package struct DenseBatch: Sendable {
  var input: Matrix<Float>
  var sequences: PackedSequences

  /// A batch in as many shares as there are threads.
  package static func shares(_ shape: NetShape, threadCount: Int) -> [DenseBatch] {
    var generator = SeededGenerator(seed: 2)
    return Shares.deal(Array(0..<shape.batchSize), to: threadCount, size: { _ in 1 }).map { rows in
      var part = shape
      part.batchSize = rows.count
      return DenseBatch(
        input: part.denseInput(&generator), sequences: part.denseSequences)
    }
  }
}

/// The division of a batch among threads.
enum Shares {
  /// Deals elements out, largest first and back and forth, so that shares have alike sizes.
  static func deal<Element>(
    _ elements: [Element], to count: Int, size: (Element) -> Int
  ) -> [[Element]] {
    let order = elements.indices.sorted { size(elements[$1]) < size(elements[$0]) }
    var dealt = [[Element]](repeating: [], count: min(count, elements.count))
    for (index, element) in order.enumerated() {
      let place = index % (2 * dealt.count)
      dealt[place < dealt.count ? place : 2 * dealt.count - 1 - place].append(elements[element])
    }
    return dealt
  }
}
