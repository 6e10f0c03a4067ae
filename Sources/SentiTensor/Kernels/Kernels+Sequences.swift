internal import CSentiKernels

// Softmax, attention and masks: what a net that writes sequences needs beside products and steps.

/// Which sequence each query of an attention reads, and where its rows are.
///
/// Row j of sequence s is row `offsets[j] + s` of keys and values, as in a time-major layout.
package struct AttentionPlaces: Sendable {
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
  /// The weights of an additive score, `direction · tanh(query + key)`, `[A]`; empty: the score is
  /// the dot product times ``scale``.
  package var direction: [Scalar]
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
  package var directionGradient: [Scalar]

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
    direction = []
    scale = 1 / Double(size).squareRoot()
    weights = Matrix(rowCount: 0, columnCount: 0)
    context = values
    contextGradient = values
    queryGradient = queries
    keyGradient = keys
    valueGradient = values
    directionGradient = []
  }
}

extension Kernels {
  // MARK: Softmax

  /// Replaces every row by the logarithms of its softmax.
  package func logSoftmax(_ logits: inout Matrix<Scalar>) {
    let (rows, columns) = (logits.rowCount, logits.columnCount)
    guard columns > 0 else { return }
    unsafe logits.storage.withUnsafeMutableBufferPointer {
      guard let start = $0.baseAddress else { return }
      unsafe functions.logSoftmax(start, rows, columns)
    }
  }

  /// Replaces logits by the gradient of their cross-entropy.
  ///
  /// - Parameters:
  ///   - logits: The logits, `[R, V]`; receives `scale` times the gradient.
  ///   - classes: The right class of each row.
  ///   - smoothing: The share of probability spread evenly over all classes.
  ///   - scale: What the loss is multiplied by.
  /// - Returns: The loss of each row in nats, and its greatest column.
  package func crossEntropy(
    _ logits: inout Matrix<Scalar>, classes: [Int32], smoothing: Double, scale: Double
  ) -> (losses: [Double], greatest: [Int32]) {
    let (rows, columns) = (logits.rowCount, logits.columnCount)
    precondition(classes.count == rows, "\(classes.count) classes for \(rows) rows")
    Self.check(classes[...], in: columns)
    var losses = [Double](repeating: 0, count: rows)
    var greatest = [Int32](repeating: 0, count: rows)
    unsafe logits.storage.withUnsafeMutableBufferPointer { logits in
      unsafe classes.withUnsafeBufferPointer { classes in
        unsafe losses.withUnsafeMutableBufferPointer { losses in
          unsafe greatest.withUnsafeMutableBufferPointer { greatest in
            guard let start = logits.baseAddress, let classes = classes.baseAddress,
              let losses = losses.baseAddress
            else { return }
            unsafe functions.crossEntropy(
              start, rows, columns, classes, smoothing, scale, losses, greatest.baseAddress)
          }
        }
      }
    }
    return (losses, greatest)
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
    unsafe source.storage.withUnsafeBufferPointer { source in
      unsafe target.storage.withUnsafeMutableBufferPointer { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        guard let rows else {
          unsafe functions.multiplyElements(to, from, rowCount * width)
          return
        }
        for (index, row) in rows.enumerated() {
          unsafe functions.multiplyElements(to + index * width, from + Int(row) * width, width)
        }
      }
    }
  }

  // MARK: Attention

  /// Weighs the values of each query's sequence by the softmax of their scores.
  package func attention(
    _ buffers: inout AttentionBuffers<Scalar>, _ places: AttentionPlaces
  ) {
    let rows = buffers.queries.rowCount
    buffers.weights = Matrix(rowCount: rows, columnCount: Int(places.counts.max() ?? 0))
    buffers.context.resize(rowCount: rows)
    buffers.check(places)
    let readings = [
      buffers.queries.storage, buffers.keys.storage, buffers.values.storage,
      AlignedArray(buffers.direction),
    ]
    unsafe Self.withAttention(readings, buffers.shape, places) { attention in
      unsafe buffers.weights.storage.withUnsafeMutableBufferPointer { weights in
        unsafe buffers.context.storage.withUnsafeMutableBufferPointer { context in
          guard let weights = weights.baseAddress, let context = context.baseAddress else { return }
          unsafe attention.weights = UnsafeMutableRawPointer(weights)
          unsafe attention.context = UnsafeMutableRawPointer(context)
          unsafe functions.attention(&attention)
        }
      }
    }
  }

  /// Propagates the gradient of contexts to queries; those of keys, values and the additive score's
  /// weights are added.
  package func attentionBackward(
    _ buffers: inout AttentionBuffers<Scalar>, _ places: AttentionPlaces
  ) {
    buffers.queryGradient.resize(rowCount: buffers.queries.rowCount)
    buffers.check(places)
    buffers.checkGradients()
    let readings = [
      buffers.queries.storage, buffers.keys.storage, buffers.values.storage,
      AlignedArray(buffers.direction),
      buffers.weights.storage, buffers.contextGradient.storage,
    ]
    let (hasKeys, stride) = (buffers.keys.columnCount > 0, buffers.weights.columnCount)
    unsafe Self.withAttention(readings, buffers.shape, places) { attention in
      unsafe buffers.queryGradient.storage.withUnsafeMutableBufferPointer { queries in
        unsafe buffers.keyGradient.storage.withUnsafeMutableBufferPointer { keys in
          unsafe buffers.valueGradient.storage.withUnsafeMutableBufferPointer { values in
            unsafe buffers.directionGradient.withUnsafeMutableBufferPointer { direction in
              unsafe withUnsafeTemporaryAllocation(of: Scalar.self, capacity: max(1, stride)) {
                scratch in
                guard let queries = queries.baseAddress, let values = values.baseAddress,
                  let scratch = scratch.baseAddress
                else { return }
                var gradient = unsafe CSentiKernels_AttentionGradient(
                  context: attention.context, queries: queries,
                  keys: hasKeys ? keys.baseAddress ?? values : values, values: values,
                  direction: direction.baseAddress, scratch: scratch)
                unsafe functions.attentionBackward(&attention, &gradient)
              }
            }
          }
        }
      }
    }
  }

  /// Calls a closure with a description of an attention.
  ///
  /// - Parameters:
  ///   - readings: Queries, keys, values and the additive score's weights; for backward also the
  ///     weights and the gradient that are read.
  ///   - shape: The sizes.
  ///   - places: The sequence of each query.
  ///   - body: The closure; forward, it puts in what is written.
  private static func withAttention(
    _ readings: [AlignedArray<Scalar>], _ shape: AttentionShape, _ places: AttentionPlaces,
    _ body: (inout CSentiKernels_Attention) -> Void
  ) {
    let isAdditive = readings[3].count > 0
    let numbers = [places.sequences, places.counts, places.offsets]
    unsafe withAddresses(readings[...]) { addresses in
      unsafe withAddresses(numbers[...]) { numbers in
        let written = unsafe UnsafeMutableRawPointer(mutating: addresses[addresses.count - 2])
        let last = unsafe UnsafeMutableRawPointer(mutating: addresses[addresses.count - 1])
        var attention = unsafe CSentiKernels_Attention(
          rowCount: shape.rowCount, keySize: shape.size, valueSize: shape.valueSize,
          stride: shape.stride, sequences: numbers[0], counts: numbers[1], offsets: numbers[2],
          queries: addresses[0], keys: shape.hasKeys ? addresses[1] : addresses[2],
          values: addresses[2], direction: isAdditive ? addresses[3] : nil,
          scale: shape.scale, weights: written, context: last)
        unsafe body(&attention)
      }
    }
  }

  /// Calls a closure with the addresses of several arrays.
  private static func withAddresses<Element>(
    _ arrays: ArraySlice<some ContiguousElements<Element>>,
    _ found: [UnsafePointer<Element>] = unsafe [],
    _ body: ([UnsafePointer<Element>]) -> Void
  ) {
    guard let first = arrays.first else { return unsafe body(found) }
    unsafe first.withUnsafeBufferPointer { buffer in
      guard let address = buffer.baseAddress else {
        preconditionFailure("an array without an address")
      }
      unsafe withAddresses(arrays.dropFirst(), found + [address], body)
    }
  }
}

/// The sizes of an attention.
private struct AttentionShape {
  let rowCount: Int
  let size: Int
  let valueSize: Int
  let stride: Int
  let hasKeys: Bool
  let scale: Double
}

extension AttentionBuffers {
  fileprivate var shape: AttentionShape {
    AttentionShape(
      rowCount: queries.rowCount, size: queries.columnCount, valueSize: values.columnCount,
      stride: weights.columnCount, hasKeys: keys.columnCount > 0, scale: scale)
  }

  fileprivate func check(_ places: AttentionPlaces) {
    places.check(rowCount: values.rowCount, queryCount: queries.rowCount)
    precondition(
      keys.columnCount == 0 || keys.rowCount == values.rowCount,
      "\(keys.rowCount) keys beside \(values.rowCount) values")
    precondition(
      direction.isEmpty || direction.count == queries.columnCount,
      "\(direction.count) weights of a score for queries of \(queries.columnCount)")
    precondition(
      weights.rowCount == queries.rowCount && context.rowCount == queries.rowCount,
      "\(weights.rowCount) weights and \(context.rowCount) contexts of \(queries.rowCount) queries")
  }

  fileprivate func checkGradients() {
    precondition(
      contextGradient.rowCount == queries.rowCount
        && keyGradient.elementCount == keys.elementCount
        && valueGradient.elementCount == values.elementCount
        && directionGradient.count == direction.count,
      "gradients of \(contextGradient.rowCount) contexts, \(keyGradient.rowCount) keys, "
        + "\(valueGradient.rowCount) values and \(directionGradient.count) weights of a score")
  }
}
