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

/// The distinct tokens of a batch, and for each position which of them it holds.
public struct DistinctTokens: Equatable, Sendable {
  /// The distinct token ids, `[D]`: in order of first appearance, those first that several shares of
  /// the batch hold, then each share's own.
  public private(set) var tokens: [Int32] = []

  /// For each position the index of its token in ``tokens``, behind those of a table, `[N]`.
  public private(set) var rows: [Int32] = []

  /// The tokens that one share of the batch alone holds, as indices into ``tokens``, a range a share.
  public private(set) var owned: [Range<Int>] = []

  /// Finds the distinct tokens, but for the first T of the vocabulary where these have a table.
  ///
  /// - Parameters:
  ///   - ids: The token of each position.
  ///   - vocabularySize: The number of token ids, V.
  ///   - tabulatedCount: T, at most V: tokens below it are their own ``rows``, and the distinct others'
  ///     rows begin at it.
  /// - Precondition: All tokens are in `0..<V`.
  /// - Complexity: O(N + V).
  public init(_ ids: [Int32], vocabularySize: Int, tabulatedCount: Int = 0) {
    Self.check(ids[...], vocabularySize)
    var places = [Int32](repeating: -1, count: vocabularySize - tabulatedCount)
    rows.reserveCapacity(ids.count)
    for id in ids {
      let other = Int(id) - tabulatedCount
      guard other >= 0 else {
        rows.append(id)
        continue
      }
      if places[other] < 0 {
        places[other] = Int32(tabulatedCount + tokens.count)
        tokens.append(id)
      }
      rows.append(places[other])
    }
    owned = [0..<tokens.count]
  }

  private static func check(_ ids: ArraySlice<Int32>, _ vocabularySize: Int) {
    if let stray = ids.first(where: { $0 < 0 || Int($0) >= vocabularySize }) {
      preconditionFailure("token \(stray) of \(vocabularySize)")
    }
  }

  /// Finds the distinct tokens of a batch that is divided.
  ///
  /// - Parameters:
  ///   - shares: The token of each position, of each share.
  ///   - vocabularySize: The number of token ids, V.
  /// - Precondition: All tokens are in `0..<V`.
  /// - Complexity: O(N + V).
  public init(shares: [ArraySlice<Int32>], vocabularySize: Int) {
    for ids in shares { Self.check(ids, vocabularySize) }
    let (unseen, common) = (Int32(-1), Int32(shares.count))
    var owners = [Int32](repeating: unseen, count: vocabularySize)
    var found: [Int32] = []
    for (share, ids) in shares.enumerated() {
      for id in ids {
        if owners[Int(id)] == unseen {
          owners[Int(id)] = Int32(share)
          found.append(id)
        } else if owners[Int(id)] != share {
          owners[Int(id)] = common
        }
      }
    }
    tokens = found.filter { owners[Int($0)] == common }
    for share in shares.indices {
      let start = tokens.count
      tokens += found.filter { owners[Int($0)] == share }
      owned.append(start..<tokens.count)
    }
    // No longer owners: where each token is.
    for (place, token) in tokens.enumerated() { owners[Int(token)] = Int32(place) }
    rows.reserveCapacity(shares.reduce(0) { $0 + $1.count })
    for ids in shares {
      for id in ids { rows.append(owners[Int(id)]) }
    }
  }
}
