public import SentiTensor

/// What a stack's lowest layer makes of inputs that come back in many batches.
///
/// The input part of the gates depends on nothing but the input. Where a text is read for its result
/// alone, the parts of the words that are frequent can lie ready, and no batch projects them again:
///
///     let table = TabulatedInputs(vectorsOfFrequentWords, stack, weights: weights)
///     let words = DistinctTokens(ids, vocabularySize: 30_000, tabulatedCount: table.count)
///     // the vectors of words.tokens, which are the rare ones
///     stack.forward(table, rows, inputRows: words.rows, …)
///
/// - SeeAlso: <doc:WordVectorsAndOutputs>
public struct TabulatedInputs<Scalar: MatrixScalar>: Sendable {
  /// The projections, `[T, G·H]`, one for each direction.
  let projections: [Matrix<Scalar>]

  /// The number of inputs, T.
  public var count: Int { projections[0].rowCount }

  /// Projects inputs.
  ///
  /// - Parameters:
  ///   - input: The inputs, `[T, I]`.
  ///   - stack: The stack that will read them.
  ///   - weights: The stack's packed weights.
  ///   - threadCount: The number of threads; the result does not depend on it.
  /// - Complexity: O(T·I·G·H) for each direction, in memory O(T·G·H).
  public init(
    _ input: Matrix<Scalar>, _ stack: RecurrentStack, weights: [[RecurrentWeights<Scalar>]],
    threadCount: Int = 1
  ) {
    projections = zip(stack.layers[0], weights[0]).map { layer, weights in
      var workspace = RecurrentWorkspace<Scalar>(layer)
      layer.project(
        input, rows: 0..<input.rowCount, weights, &workspace, threadCount: threadCount)
      return workspace.buffers.takeProjection()
    }
  }

  /// The most elements that a table should have: 64 MB in single precision.
  public static var mostElements: Int { 16 << 20 }

  /// How many of a vocabulary's first words a table has room for.
  ///
  /// - Parameters:
  ///   - vocabularySize: The number of words, V.
  ///   - stack: The stack that reads them; a word has G·H elements for each of its directions.
  ///   - mostElements: The most elements.
  /// - Returns: At most V.
  public static func count(
    of vocabularySize: Int, for stack: RecurrentStack, mostElements: Int = mostElements
  ) -> Int {
    let width = stack.layers[0].reduce(0) { $0 + $1.cell.gateCount * $1.cell.hiddenSize }
    return min(vocabularySize, mostElements / width)
  }
}
