/// A batch of token sequences, packed: their lengths, their order and their tokens as one value.
///
///     let batch = PackedBatch([[3, 1, 4], [1, 5]])
///     batch.sequences.lengths   // [3, 2]
///     batch.ids                 // [3, 1, 1, 5, 4]
///
/// - SeeAlso: `PackedSequence` in PyTorch, `Padded` in thinc.
public struct PackedBatch: Hashable, Sendable {
  /// The lengths and the order of the sequences.
  public let sequences: PackedSequences

  /// The token at each position, `[N]`.
  public var ids: [Int32]

  /// Packs sequences.
  ///
  /// - Parameter tokens: The token ids of each sequence.
  /// - Complexity: O(B log B + N).
  public init(_ tokens: [[Int32]]) {
    sequences = PackedSequences(lengths: tokens.map(\.count))
    ids = sequences.packed(tokens)
  }

  /// The number of sequences, B.
  public var batchSize: Int { sequences.batchSize }

  /// The number of tokens, N.
  public var tokenCount: Int { ids.count }

  /// The distinct tokens, and for each position which of them it holds.
  ///
  /// - Parameters:
  ///   - vocabularySize: The number of token ids, V.
  ///   - cachedCount: T: of tokens below it there is a cache, so they are not among the distinct ones.
  /// - Returns: The distinct tokens.
  public func unique(vocabularySize: Int, cachedCount: Int = 0) -> UniqueTokens {
    UniqueTokens(ids, vocabularySize: vocabularySize, cachedCount: cachedCount)
  }
}
