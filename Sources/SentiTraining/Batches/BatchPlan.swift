internal import SentiTensor

/// Which examples an epoch trains on together, and in which order: batches by a budget of tokens.
///
/// The examples are shuffled, sorted by length inside of windows so that a batch holds similar
/// lengths, cut into batches, and the batches are shuffled. The plan follows from its arguments
/// alone, so that a resumed training finds the very same batches.
public struct BatchPlan: Equatable, Sendable {
  /// The examples of each batch, by index.
  public let batches: [[Int]]

  /// The number of batches whose examples are sorted together.
  static let windowBatchCount = 50

  /// Plans an epoch.
  ///
  /// - Parameters:
  ///   - lengths: The number of tokens of each example.
  ///   - tokenBudget: The most tokens in a batch; a longer example is a batch of its own.
  ///   - exampleLimit: The most examples in a batch; nil: as many as the tokens allow.
  ///   - seed: The training's seed.
  ///   - epoch: The epoch, counted from 0.
  /// - Complexity: O(n log n).
  public init(
    lengths: [Int], tokenBudget: Int, exampleLimit: Int? = nil, seed: UInt64, epoch: Int
  ) {
    precondition(
      tokenBudget > 0 && exampleLimit ?? 1 > 0,
      "token budget \(tokenBudget), limit of \(exampleLimit ?? 0) examples")
    var generator = SeededGenerator(seed: seed, stream: .batchOrder(epoch: epoch))
    let shuffled = lengths.indices.shuffled(using: &generator)
    var batches: [[Int]] = []
    let (product, isTooMany) = tokenBudget.multipliedReportingOverflow(by: Self.windowBatchCount)
    let windowBudget = BatchBudget(tokenCount: isTooMany ? Int.max : product)
    let budget = BatchBudget(tokenCount: tokenBudget, exampleCount: exampleLimit ?? .max)
    for window in windowBudget.cut(shuffled, lengths: lengths) {
      let sorted = window.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
      batches += budget.cut(sorted, lengths: lengths)
    }
    self.batches = batches.shuffled(using: &generator)
  }
}

/// The most that a batch holds.
private struct BatchBudget {
  var tokenCount: Int
  var exampleCount = Int.max

  /// Cuts a list of examples where the next one would exceed the budget.
  func cut(_ examples: [Int], lengths: [Int]) -> [[Int]] {
    var (batches, batch, total) = ([[Int]](), [Int](), 0)
    for example in examples {
      let isFull = total + lengths[example] > tokenCount || batch.count == exampleCount
      if !batch.isEmpty && isFull {
        batches.append(batch)
        batch = []
        total = 0
      }
      batch.append(example)
      total += lengths[example]
    }
    return batch.isEmpty ? batches : batches + [batch]
  }
}
