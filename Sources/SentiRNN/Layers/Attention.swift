public import SentiTensor

/// How an attention compares what is asked with what is there.
public enum AttentionKind: String, CaseIterable, Codable, Sendable {
  /// `scoreVector · tanh(W·query + U·row)`: Bahdanau et al. 2015, <https://arxiv.org/abs/1409.0473>.
  case additive
  /// `(W·query) · row`, over the square root of the width: Luong et al. 2015,
  /// <https://arxiv.org/abs/1508.04025>, scaled as in Vaswani et al. 2017,
  /// <https://arxiv.org/abs/1706.03762>.
  case dot
}

/// What an attention reads: the outputs of an encoder, and what they are compared by.
public struct AttentionMemory<Scalar: MatrixScalar>: Sendable {
  /// The rows that are summed, in packed order, `[N, S]`.
  public let values: Matrix<Scalar>

  /// The lengths of the sequences.
  public let sequences: PackedSequences

  let keys: Matrix<Scalar>

  /// Whether the keys hold the queries' weights already, and a bias for a query's last element, 1.
  var holdsQueryWeights = false
}

/// Attention: for each query the mean of a sequence's rows, weighted by how well they fit.
///
///     weights = softmax of the scores over the rows of the query's sequence
///     context = Σ weights · rows
///
/// Rows of other sequences and rows behind a sequence's end take no part.
public struct Attention: Hashable, Sendable {
  static let scoreVectorKey = "direction"

  /// How queries and rows are compared.
  public let kind: AttentionKind

  /// What queries go through, H to A.
  public let query: Dense

  /// What rows go through for an additive score, S to A.
  public let key: Dense?

  /// The weights of an additive score, `[A]`.
  public let scoreVector: ParameterSlot?

  /// The width of the rows, S.
  public let valueSize: Int

  /// The packed weights, made once an update.
  public struct Weights<Scalar: MatrixScalar>: Sendable {
    var query: Dense.Weights<Scalar>
    var key: Dense.Weights<Scalar>?
    var scoreVector: AlignedArray<Scalar>
    /// The queries' weights and bias as rows are multiplied by them, `[S, H]` and `[S, 1]`; empty:
    /// queries are.
    var foldedQuery: [PackedMatrix<Scalar>] = []
  }

  /// Creates an attention and reserves its parameters.
  ///
  /// - Parameters:
  ///   - kind: How queries and rows are compared.
  ///   - querySize: The width of a query, H.
  ///   - valueSize: The width of a row, S.
  ///   - size: The width in which an additive score compares, A; a dot product compares in S.
  ///   - prefix: What parameter names begin with, such as `attention.`.
  ///   - layout: The model's layout.
  public init(
    _ kind: AttentionKind, querySize: Int, valueSize: Int, size: Int, prefix: String,
    layout: inout ParameterLayout
  ) {
    let isAdditive = kind == .additive
    self.kind = kind
    self.valueSize = valueSize
    query = Dense(
      inputSize: querySize, outputSize: isAdditive ? size : valueSize, prefix: prefix + "query.",
      layout: &layout)
    key =
      isAdditive
      ? Dense(inputSize: valueSize, outputSize: size, prefix: prefix + "key.", layout: &layout)
      : nil
    scoreVector = isAdditive ? layout.add(prefix + Self.scoreVectorKey, shape: [size]) : nil
  }

  /// Fills the parameters before training.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - generator: The source of randomness.
  public func initialize<Scalar: MatrixScalar>(
    _ parameters: inout Parameters<Scalar>, using generator: inout SeededGenerator
  ) {
    query.initialize(&parameters, using: &generator)
    key?.initialize(&parameters, using: &generator)
    if let scoreVector { parameters.initialize(scoreVector, .glorotUniform, using: &generator) }
  }

  /// Packs the weights.
  ///
  /// - Parameters:
  ///   - parameters: The model's arena.
  ///   - isForTraining: Whether `backward` will be called.
  ///   - precision: How matrices are rounded; full for training.
  ///   - foldsProjections: Whether ``memory(_:_:_:multipliedBy:)`` will be called.
  /// - Returns: The packed weights.
  public func weights<Scalar: MatrixScalar>(
    _ parameters: Parameters<Scalar>, isForTraining: Bool, precision: WeightPrecision = .full,
    foldsProjections: Bool = false
  ) -> Weights<Scalar> {
    var weights = Weights(
      query: query.weights(parameters, isForTraining: isForTraining, precision: precision),
      key: key?.weights(parameters, isForTraining: isForTraining, precision: precision),
      scoreVector: AlignedArray(scoreVector.map { parameters[$0] } ?? []))
    guard foldsProjections && kind == .dot else { return weights }
    var transposed = PackedMatrix<Scalar>(
      depth: query.outputSize, columnCount: query.inputSize, precision: precision)
    transposed.packTransposed(parameters, query.weights)
    let bias = PackedMatrix(
      parameters, query.bias, columns: 0..<query.outputSize, precision: precision)
    weights.foldedQuery = [transposed, bias]
    return weights
  }

  /// Prepares rows for any number of queries.
  ///
  /// - Parameters:
  ///   - values: The rows in packed order, `[N, S]`.
  ///   - sequences: The lengths of the sequences.
  ///   - weights: The packed weights.
  /// - Returns: The rows and what they are compared by.
  public func memory<Scalar: MatrixScalar>(
    _ values: Matrix<Scalar>, _ sequences: PackedSequences, _ weights: Weights<Scalar>
  ) -> AttentionMemory<Scalar> {
    var keys = Matrix<Scalar>(rowCount: 0, columnCount: 0)
    if let key, let keyWeights = weights.key { keys = key.forward(values, keyWeights) }
    return AttentionMemory(values: values, sequences: sequences, keys: keys)
  }

  /// Prepares rows of which only products with matrices are asked for, such as a later layer's gates.
  ///
  /// A product with a mean of rows is the mean of the products, `W · Σ w v = Σ w (W · v)`, so each row
  /// is multiplied once, and not what each query finds. Nor is each query multiplied for a dot
  /// product: `(W · q + b) · v = q · (Wᵀ · v) + b · v`.
  ///
  /// - Parameters:
  ///   - values: The rows in packed order, `[N, S]`.
  ///   - sequences: The lengths of the sequences.
  ///   - weights: The packed weights, made for products.
  ///   - matrices: What rows are multiplied by, `[S, X]` each.
  /// - Returns: A memory whose contexts are the products with all matrices, side by side.
  public func memory<Scalar: MatrixScalar>(
    _ values: Matrix<Scalar>, _ sequences: PackedSequences, _ weights: Weights<Scalar>,
    multipliedBy matrices: [PackedMatrix<Scalar>]
  ) -> AttentionMemory<Scalar> {
    let moved = weights.foldedQuery
    return AttentionMemory(
      values: Self.products(values, matrices), sequences: sequences,
      keys: moved.isEmpty
        ? memory(values, sequences, weights).keys : Self.products(values, moved),
      holdsQueryWeights: !moved.isEmpty)
  }

  /// The products of rows with matrices, side by side.
  private static func products<Scalar: MatrixScalar>(
    _ rows: Matrix<Scalar>, _ matrices: [PackedMatrix<Scalar>]
  ) -> Matrix<Scalar> {
    var products = Matrix<Scalar>(
      rowCount: rows.rowCount, columnCount: matrices.reduce(0) { $0 + $1.columnCount })
    var column = 0
    for matrix in matrices {
      matrix.kernels.multiply(
        MatrixBlock(rows), by: matrix, into: &products, at: MatrixPosition(column: column))
      column += matrix.columnCount
    }
    return products
  }

  /// The memory of one thread: what is computed forward and needed backward.
  public struct Workspace<Scalar: MatrixScalar>: Sendable {
    var buffers: AttentionBuffers<Scalar>
    var index = AttentionIndex(sequences: [], counts: [], offsets: [])

    /// Creates an empty workspace.
    ///
    /// - Parameters:
    ///   - attention: The attention that it is for.
    ///   - productSize: The width of a memory's products, X; nil: its rows are summed as they are.
    public init(_ attention: Attention, productSize: Int? = nil) {
      buffers = AttentionBuffers(
        size: attention.query.outputSize, valueSize: productSize ?? attention.valueSize,
        hasKeys: attention.key != nil || productSize != nil)
    }

    /// What was found for each query, `[R, S]`, or its products, `[R, X]`.
    public var context: Matrix<Scalar> { buffers.context }

    /// How much each row of the query's sequence counts, `[R, T]`; zeros behind its end.
    public var weights: Matrix<Scalar> { buffers.weights }
  }

  /// Finds what queries ask for; contexts and weights stay in the workspace.
  ///
  /// - Parameters:
  ///   - queries: The queries, `[R, H]`.
  ///   - sources: For each query the packed sequence of the memory that it reads.
  ///   - memory: The rows.
  ///   - weights: The packed weights.
  ///   - workspace: Scratch; receives contexts and weights.
  /// - Complexity: O(R·A·(H + T)).
  public func forward<Scalar: MatrixScalar>(
    _ queries: Matrix<Scalar>, sources: [Int32], memory: AttentionMemory<Scalar>,
    _ weights: Weights<Scalar>, _ workspace: inout Workspace<Scalar>
  ) {
    workspace.index = AttentionIndex(
      sequences: sources, counts: sources.map { Int32(memory.sequences.lengths[Int($0)]) },
      offsets: memory.sequences.stepOffsets.map { Int32($0) })
    workspace.buffers.queries =
      memory.holdsQueryWeights
      ? Self.withOnes(queries) : query.forward(queries, weights.query)
    workspace.buffers.values = memory.values
    workspace.buffers.keys = memory.keys
    workspace.buffers.scoreVector = weights.scoreVector
    Kernels<Scalar>.best.attention(&workspace.buffers, workspace.index)
  }

  /// Queries with a last element of 1, which a bias is multiplied by.
  private static func withOnes<Scalar: MatrixScalar>(_ queries: Matrix<Scalar>) -> Matrix<Scalar> {
    let count = queries.rowCount
    return Matrix(concatenating: [
      queries,
      Matrix(rowCount: count, columnCount: 1, elements: Array(repeating: 1, count: count)),
    ])
  }

  /// Propagates the gradient of the contexts to parameters, queries and rows.
  ///
  /// - Parameters:
  ///   - contextGradient: The gradient of the contexts, `[R, S]`.
  ///   - queries: What `forward` was given, `[R, H]`.
  ///   - weights: The packed weights.
  ///   - gradients: Receives the parameters' gradients, added.
  ///   - workspace: What `forward` left.
  /// - Returns: The gradients of the queries, `[R, H]`, and of the rows, `[N, S]`.
  public func backward<Scalar: MatrixScalar>(
    _ contextGradient: Matrix<Scalar>, queries: Matrix<Scalar>, _ weights: Weights<Scalar>,
    gradients: inout Parameters<Scalar>, _ workspace: inout Workspace<Scalar>
  ) -> (queries: Matrix<Scalar>, values: Matrix<Scalar>) {
    let kernels = Kernels<Scalar>.best
    workspace.buffers.contextGradient = contextGradient
    workspace.buffers.keyGradient.resizeToZeros(rowCount: workspace.buffers.keys.rowCount)
    workspace.buffers.valueGradient.resizeToZeros(rowCount: workspace.buffers.values.rowCount)
    workspace.buffers.scoreVectorGradient = AlignedArray(zeros: weights.scoreVector.count)
    kernels.attentionBackward(&workspace.buffers, workspace.index)
    var values = workspace.buffers.valueGradient
    if let key, let keyWeights = weights.key, let scoreVector {
      let throughKeys = key.backward(
        workspace.buffers.keyGradient, input: workspace.buffers.values, keyWeights,
        gradients: &gradients)
      kernels.addRows(of: throughKeys, rows: 0..<throughKeys.rowCount, to: &values)
      gradients.add(workspace.buffers.scoreVectorGradient.elements, to: scoreVector)
    }
    let queries = query.backward(
      workspace.buffers.queryGradient, input: queries, weights.query, gradients: &gradients)
    return (queries, values)
  }
}
