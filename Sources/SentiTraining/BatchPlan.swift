public import SentiTensor

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
    var generator = SeededGenerator(seed: seed, stream: [0, epoch])
    let shuffled = lengths.indices.shuffled(using: &generator)
    var batches: [[Int]] = []
    let (product, isTooMany) = tokenBudget.multipliedReportingOverflow(by: Self.windowBatchCount)
    for window in Self.windows(shuffled, lengths, isTooMany ? Int.max : product, .max) {
      let sorted = window.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
      batches += Self.windows(sorted, lengths, tokenBudget, exampleLimit ?? .max)
    }
    self.batches = batches.shuffled(using: &generator)
  }

  /// Cuts a list of examples where the next one would exceed a budget of tokens or a limit.
  private static func windows(
    _ examples: [Int], _ lengths: [Int], _ budget: Int, _ limit: Int
  ) -> [[Int]] {
    var (windows, window, total) = ([[Int]](), [Int](), 0)
    for example in examples {
      if !window.isEmpty && (total + lengths[example] > budget || window.count == limit) {
        windows.append(window)
        (window, total) = ([], 0)
      }
      window.append(example)
      total += lengths[example]
    }
    return window.isEmpty ? windows : windows + [window]
  }
}

extension SeededGenerator {
  /// A generator of its own for one purpose of a training, such as one shard of one batch.
  ///
  /// - Parameters:
  ///   - seed: The training's seed.
  ///   - stream: Numbers that name the purpose.
  public init(seed: UInt64, stream: [Int]) {
    var mixed = seed
    for number in stream {
      var mixer = SeededGenerator(seed: mixed ^ UInt64(bitPattern: Int64(number)))
      mixed = mixer.next()
    }
    self.init(seed: mixed)
  }
}
