public import SentiTensor

/// What a stack's lowest layer makes of inputs that come back in many batches.
///
/// The input part of the gates depends on nothing but the input. Where a text is read for its result
/// alone, the parts of the words that are frequent can lie ready, and no batch projects them again:
///
///     let cache = CachedProjection(vectorsOfFrequentWords, weights: weights)
///     let words = UniqueTokens(ids, vocabularySize: 30_000, cachedCount: cache.count)
///     // the vectors of words.values, which are the rare ones
///     let input = StackInput(vectors, indices: words.inverse, behind: cache)
///
/// - SeeAlso: <doc:WordVectorsAndOutputs>
public struct CachedProjection<Scalar: MatrixScalar>: Sendable {
  /// The projections, `[T, G·H]`, one for each direction.
  let projections: [Matrix<Scalar>]

  /// The number of inputs, T.
  public var count: Int { projections[0].rowCount }

  /// Projects inputs.
  ///
  /// - Parameters:
  ///   - input: The inputs, `[T, I]`.
  ///   - weights: The packed weights of the stack that will read them.
  ///   - threadCount: The number of threads; the result does not depend on it.
  /// - Complexity: O(T·I·G·H) for each direction, in memory O(T·G·H).
  public init(
    _ input: Matrix<Scalar>, weights: StackWeights<Scalar>, threadCount: Int = 1
  ) {
    projections = weights[0].map { weights in
      var workspace = RecurrentWorkspace<Scalar>(weights.cell)
      weights.project(
        input, rows: 0..<input.rowCount, into: &workspace, threadCount: threadCount)
      return workspace.buffers.takeProjection()
    }
  }

  /// The most elements that a cache should have: 64 MB in single precision.
  public static var mostElements: Int { 16 << 20 }

  /// How many of a vocabulary's first words a cache has room for.
  ///
  /// - Parameters:
  ///   - vocabularySize: The number of words, V.
  ///   - stack: The stack that reads them; a word has G·H elements for each of its directions.
  ///   - mostElements: The most elements.
  /// - Returns: At most V.
  public static func count(
    of vocabularySize: Int, for stack: RecurrentStack, mostElements: Int = mostElements
  ) -> Int {
    min(vocabularySize, mostElements / stack.layers[0].reduce(0) { $0 + $1.cell.gatesWidth })
  }
}

extension StackInput {
  /// Inputs of which some come back in many batches and were projected before; for inference.
  ///
  /// States have the bits that they have without a cache.
  ///
  /// - Parameters:
  ///   - rows: The other distinct inputs, `[D, I]`.
  ///   - indices: For each position its row of the cache's T, and from T on of `rows`, `[N]`.
  ///   - cache: The inputs that were projected before, with the stack's weights.
  /// - Precondition: The stack is not residual: its inputs may be added to the first layer's outputs.
  public init(_ rows: Matrix<Scalar>, indices: [Int32], behind cache: CachedProjection<Scalar>) {
    self.init(
      rows, indices, projections: cache.projections, unprojectedCount: rows.rowCount)
    isCached = true
  }
}
