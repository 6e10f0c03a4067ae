public import SentiTensor

/// A table of word vectors: one row for each token id.
///
/// A batch looks up each *distinct* token once; layers then name rows by position.
public struct Embedding: Hashable, Sendable {
  static let weightsKey = "weight"

  /// The table, `[V, E]`.
  public let weights: ParameterSlot

  /// The number of token ids, V.
  public var vocabularySize: Int { weights.rowCount }

  /// The width of a word vector, E.
  public var embeddingSize: Int { weights.columnCount }

  /// Creates a table and reserves its parameters.
  ///
  /// - Parameters:
  ///   - vocabularySize: The number of token ids, V.
  ///   - embeddingSize: The width of a word vector, E.
  ///   - prefix: What the parameter's name begins with, such as `embedding.`.
  ///   - layout: The model's layout.
  public init(
    vocabularySize: Int, embeddingSize: Int, prefix: String, layout: inout ParameterLayout
  ) {
    weights = layout.add(prefix + Self.weightsKey, shape: [vocabularySize, embeddingSize])
  }

  /// Fills the table from a normal distribution.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - deviation: The standard deviation; 0.1 keeps the first projections small beside the gates'
  ///     linear range.
  ///   - generator: The source of randomness.
  public func initialize<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, deviation: Double = 0.1,
    using generator: inout SeededGenerator
  ) {
    parameters.initialize(weights, .normal(deviation: deviation), using: &generator)
  }

  /// Looks up word vectors.
  ///
  /// - Parameters:
  ///   - tokens: Token ids below `vocabularySize`.
  ///   - parameters: The model's arena.
  ///   - threadCount: The number of threads.
  ///   - rows: Receives one word vector a token, `[D, E]`.
  /// - Complexity: O(D·E).
  public func forward<Scalar: MatrixScalar>(
    _ tokens: [Int32], _ parameters: Parameters<Scalar>, threadCount: Int = 1,
    into rows: inout Matrix<Scalar>
  ) {
    precondition(
      tokens.allSatisfy { $0 >= 0 && $0 < vocabularySize },
      "token ids \(tokens.min() ?? 0) to \(tokens.max() ?? 0) of \(vocabularySize)")
    precondition(
      rows.columnCount == embeddingSize,
      "rows of \(rows.columnCount) columns for word vectors of \(embeddingSize)")
    rows.resize(rowCount: tokens.count)
    Kernels.gather(
      tokens, of: parameters.storage, from: weights.range.lowerBound, into: &rows,
      threadCount: threadCount)
  }

  /// Adds the gradient of looked-up rows to the table's gradient.
  ///
  /// - Parameters:
  ///   - tokens: The token ids that were looked up.
  ///   - rowGradient: The gradient of their vectors, `[D, E]`.
  ///   - gradients: Receives the table's gradient, added.
  ///   - threadCount: The number of threads; the result does not depend on it.
  public func backward<Scalar: MatrixScalar>(
    _ tokens: [Int32], _ rowGradient: Matrix<Scalar>, gradients: inout Parameters<Scalar>,
    threadCount: Int = 1
  ) {
    Kernels.best.scatterAdd(
      rowGradient, to: tokens, of: &gradients, weights, threadCount: threadCount)
  }
}
