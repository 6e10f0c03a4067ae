internal import CSentiKernels

// Softmax, attention and masks: what a net that writes sequences needs beside products and steps.

/// Which sequence each query of an attention reads, and where its rows are.
///
/// Row j of sequence s is row `offsets[j] + s` of keys and values, as in a time-major layout.
package struct AttentionIndex: Sendable {
  /// For each query its sequence, `[R]`.
  package var sequences: [Int32]
  /// For each query the number of rows that its sequence has, `[R]`.
  package var counts: [Int32]
  /// For each time step the row of the first sequence, `[W]`.
  package var offsets: [Int32]

  /// Collects the places.
  package init(sequences: [Int32], counts: [Int32], offsets: [Int32]) {
    self.sequences = sequences
    self.counts = counts
    self.offsets = offsets
  }

  func check(rowCount: Int, queryCount: Int) {
    precondition(
      sequences.count == queryCount && counts.count == queryCount,
      "places of \(sequences.count) sequences and \(counts.count) counts for \(queryCount) queries")
    for (sequence, count) in zip(sequences, counts) {
      precondition(
        sequence >= 0 && count >= 0 && Int(count) <= offsets.count
          && (count == 0 || Int(offsets[Int(count) - 1]) + Int(sequence) < rowCount),
        "\(count) rows of sequence \(sequence) in \(offsets.count) steps and \(rowCount) rows")
    }
  }
}

/// What an attention reads and writes, forward and backward.
package struct AttentionBuffers<Scalar: MatrixScalar>: Sendable {
  /// What is asked, `[R, A]`.
  package var queries: Matrix<Scalar>
  /// What queries are compared with, `[*, A]`; no columns: the values.
  package var keys: Matrix<Scalar>
  /// What is summed, `[*, S]`.
  package var values: Matrix<Scalar>
  /// The weights of an additive score, `scoreVector · tanh(query + key)`, `[A]`; empty: the score is
  /// the dot product times ``scale``.
  package var scoreVector: AlignedArray<Scalar>
  /// What a dot product is multiplied by: 1 over the square root of A, whatever the width of the
  /// queries becomes when a bias stands in them.
  package let scale: Double
  /// The softmax of the scores, `[R, W]`; zeros behind a sequence's end.
  package var weights: Matrix<Scalar>
  /// The weighted sums of values, `[R, S]`; zeros for sequences of no rows.
  package var context: Matrix<Scalar>
  /// Gradients of the contexts, `[R, S]`.
  package var contextGradient: Matrix<Scalar>
  /// Gradients of the queries, `[R, A]`.
  package var queryGradient: Matrix<Scalar>
  /// Gradients of the keys, `[*, A]`.
  package var keyGradient: Matrix<Scalar>
  /// Gradients of the values, `[*, S]`.
  package var valueGradient: Matrix<Scalar>
  /// Gradients of the additive score's weights, `[A]`.
  package var scoreVectorGradient: AlignedArray<Scalar>

  /// Creates empty buffers.
  ///
  /// - Parameters:
  ///   - size: The width of queries, A.
  ///   - valueSize: The width of values, S.
  ///   - hasKeys: Whether keys are other rows than values.
  package init(size: Int, valueSize: Int, hasKeys: Bool) {
    precondition(hasKeys || size == valueSize, "queries of \(size) for values of \(valueSize)")
    queries = Matrix(rowCount: 0, columnCount: size)
    keys = Matrix(rowCount: 0, columnCount: hasKeys ? size : 0)
    values = Matrix(rowCount: 0, columnCount: valueSize)
    scoreVector = AlignedArray(zeros: 0)
    scale = 1 / Double(size).squareRoot()
    weights = Matrix(rowCount: 0, columnCount: 0)
    context = values
    contextGradient = values
    queryGradient = queries
    keyGradient = keys
    valueGradient = values
    scoreVectorGradient = scoreVector
  }
}

extension Kernels {
  // MARK: Softmax

  /// Replaces every row by the logarithms of its softmax.
  package func logSoftmax(_ logits: inout Matrix<Scalar>) {
    let (rows, columns) = (logits.rowCount, logits.columnCount)
    guard columns > 0 else { return }
    unsafe functions.logSoftmax(logits.storage.mutableAddress(), rows, columns)
  }

  /// Replaces logits by the gradient of their cross-entropy.
  ///
  /// - Parameters:
  ///   - logits: The logits, `[R, V]`; receives `scale` times the gradient.
  ///   - classes: The right class of each row.
  ///   - smoothing: The fraction of probability spread evenly over all classes.
  ///   - scale: What the loss is multiplied by.
  /// - Returns: The loss of each row in nats, and its most probable column.
  package func crossEntropy(
    _ logits: inout Matrix<Scalar>, classes: [Int32], smoothing: Double, scale: Double
  ) -> (losses: [Double], argmax: [Int32]) {
    let (rows, columns) = (logits.rowCount, logits.columnCount)
    precondition(classes.count == rows, "\(classes.count) classes for \(rows) rows")
    Self.check(classes[...], in: columns)
    var losses = [Double](repeating: 0, count: rows)
    var argmax = [Int32](repeating: 0, count: rows)
    unsafe functions.crossEntropy(
      logits.storage.mutableAddress(), rows, columns, classes, smoothing, scale, &losses, &argmax)
    return (losses, argmax)
  }

  // MARK: Masks

  /// Multiplies rows element by element: `target[i] *= source[rows[i]]`, row i where nil.
  package func multiplyRows(
    _ target: inout Matrix<Scalar>, by source: Matrix<Scalar>, rows: [Int32]? = nil
  ) {
    let width = target.columnCount
    precondition(
      source.columnCount == width && rows?.count ?? source.rowCount == target.rowCount,
      "\(rows?.count ?? source.rowCount) rows of \(source.columnCount) for "
        + "[\(target.rowCount), \(width)]")
    if let rows { Self.check(rows[...], in: source.rowCount) }
    let rowCount = target.rowCount
    let (to, from) = unsafe (target.storage.mutableAddress(), source.storage.address)
    guard let rows else {
      unsafe functions.multiplyElements(to, from, rowCount * width)
      return
    }
    for (index, row) in rows.enumerated() {
      unsafe functions.multiplyElements(to + index * width, from + Int(row) * width, width)
    }
  }

  // MARK: Attention

  /// Weighs the values of each query's sequence by the softmax of their scores.
  package func attention(
    _ buffers: inout AttentionBuffers<Scalar>, _ places: AttentionIndex
  ) {
    let rows = buffers.queries.rowCount
    buffers.weights = Matrix(rowCount: rows, columnCount: Int(places.counts.max() ?? 0))
    buffers.context.resize(rowCount: rows)
    buffers.check(places)
    unsafe buffers.withAttention(places, buffers.context.storage.mutableAddress()) {
      unsafe functions.attention(&$0)
    }
  }

  /// Propagates the gradient of contexts to queries; those of keys, values and the additive score's
  /// weights are added.
  package func attentionBackward(
    _ buffers: inout AttentionBuffers<Scalar>, _ places: AttentionIndex
  ) {
    buffers.queryGradient.resize(rowCount: buffers.queries.rowCount)
    buffers.check(places)
    buffers.checkGradients()
    let (values, hasKeys) = unsafe (
      buffers.valueGradient.storage.mutableAddress(), buffers.keys.columnCount > 0
    )
    let width = max(1, buffers.weights.columnCount)
    unsafe withUnsafeTemporaryAllocation(of: Scalar.self, capacity: width) { scratch in
      guard let scratch = scratch.baseAddress else { return }
      let context = unsafe buffers.contextGradient.storage.mutableAddress()
      var gradient = unsafe CSentiKernels_AttentionGradient(
        context: context, queries: buffers.queryGradient.storage.mutableAddress(),
        keys: hasKeys ? buffers.keyGradient.storage.mutableAddress() : values, values: values,
        direction: buffers.scoreVectorGradient.mutableAddress(), scratch: scratch)
      unsafe buffers.withAttention(places, context) {
        unsafe functions.attentionBackward(&$0, &gradient)
      }
    }
  }
}

extension AttentionBuffers {
  /// Describes an attention to a kernel.
  ///
  /// - Parameters:
  ///   - places: The sequence of each query.
  ///   - context: The contexts, or backward their gradient.
  ///   - body: Calls the kernel.
  fileprivate mutating func withAttention(
    _ places: AttentionIndex, _ context: UnsafeMutablePointer<Scalar>,
    _ body: (inout CSentiKernels_Attention) -> Void
  ) {
    let keys = unsafe keys.columnCount > 0 ? keys.storage.address : values.storage.address
    let written = unsafe weights.storage.mutableAddress()
    func run(
      _ sequences: UnsafePointer<Int32>, _ counts: UnsafePointer<Int32>,
      _ offsets: UnsafePointer<Int32>
    ) {
      var attention = unsafe CSentiKernels_Attention(
        rowCount: queries.rowCount, keySize: queries.columnCount, valueSize: values.columnCount,
        stride: weights.columnCount, sequences: sequences, counts: counts, offsets: offsets,
        queries: queries.storage.address, keys: keys, values: values.storage.address,
        direction: scoreVector.isEmpty ? nil : scoreVector.address, scale: scale, weights: written,
        context: context)
      unsafe body(&attention)
    }
    unsafe run(places.sequences, places.counts, places.offsets)
  }

  fileprivate func check(_ places: AttentionIndex) {
    places.check(rowCount: values.rowCount, queryCount: queries.rowCount)
    precondition(
      keys.columnCount == 0 || keys.rowCount == values.rowCount,
      "\(keys.rowCount) keys beside \(values.rowCount) values")
    precondition(
      scoreVector.isEmpty || scoreVector.count == queries.columnCount,
      "\(scoreVector.count) weights of a score for queries of \(queries.columnCount)")
    precondition(
      weights.rowCount == queries.rowCount && context.rowCount == queries.rowCount,
      "\(weights.rowCount) weights and \(context.rowCount) contexts of \(queries.rowCount) queries")
    let compared = keys.columnCount > 0 ? keys.columnCount : values.columnCount
    precondition(
      queries.columnCount == compared && context.columnCount == values.columnCount,
      "queries of \(queries.columnCount) for keys of \(compared), contexts of "
        + "\(context.columnCount) for values of \(values.columnCount)")
  }

  fileprivate func checkGradients() {
    precondition(
      contextGradient.rowCount == queries.rowCount
        && contextGradient.columnCount == values.columnCount
        && keyGradient.elementCount == keys.elementCount
        && valueGradient.elementCount == values.elementCount
        && scoreVectorGradient.count == scoreVector.count,
      "gradients of contexts [\(contextGradient.rowCount), \(contextGradient.columnCount)] for "
        + "[\(queries.rowCount), \(values.columnCount)], of \(keyGradient.rowCount) keys, "
        + "\(valueGradient.rowCount) values and \(scoreVectorGradient.count) weights of a score")
  }
}
